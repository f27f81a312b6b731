"""A hundred histories of an authority, each with everything that fails; see simulation.py."""

import os
import subprocess
import sys
from collections import Counter

import pytest

from tests.authority.simulation import STEPS, History, run

CHUNK = 25
"""Histories in a test, so that workers share the hundred."""
OFTEN = {
    "AlternativesOffered", "CommandRejected", "ConstraintLifted", "ConstraintPublished",
    "CycleOpened", "CyclePublished", "IntentAccepted", "IntentActivated", "IntentEnded",
    "IntentHeld", "IntentNonconforming", "IntentOverridden", "IntentPending", "IntentRefused",
    "IntentReleased", "PartySuspended", "Swept",
    "AircraftNamed", "AlertEnded", "AlertRaised", "OccurrenceEntered", "StatementEntered",
    "StatementGraded", "StatementShared", "TrackIndicated", "TracksReported",
    "answered again", "crash after", "crash before", "key refused", "overtaken",
    "restarted from a snapshot", "restarted from nothing", "taken at once", "unavailable after",
    "unavailable before", "written together",
}  # fmt: skip
"""What a chunk must hold: else the histories are not what they were made to be."""


@pytest.mark.parametrize("first", range(0, 100, CHUNK))
def test_what_must_hold_holds_after_every_step(first):
    seen: Counter[str] = Counter()
    for seed in range(first, first + CHUNK):
        history = run(seed)
        seen += history.events + history.happened
    assert set(seen) >= OFTEN, OFTEN - set(seen)


def test_a_seed_gives_the_same_history_in_any_process():
    seed = 7
    replayed = subprocess.run(
        [sys.executable, "-m", "tests.authority.simulation", str(seed), str(STEPS)],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": "42"},
    )  # fmt: skip
    history: History = run(seed)
    assert replayed.stdout.strip() == str(history)
    assert history.head == run(seed).head


def test_a_history_that_goes_wrong_says_how_to_replay_it(monkeypatch):
    from tests.authority import simulation

    def out_of_sorts(self, place):
        if self.history.steps == 3:
            raise simulation.Broken("on purpose")

    monkeypatch.setattr(simulation._World, "look", out_of_sorts)
    with pytest.raises(simulation.Broken) as error:
        run(11)
    assert "python -m tests.authority.simulation 11 80" in "".join(error.value.__notes__)
    assert "step 3" in "".join(error.value.__notes__)
