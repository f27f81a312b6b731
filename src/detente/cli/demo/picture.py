"""The map of a scenario: what was filed and what was seen, all of it synthetic, and labelled so."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from detente.airspace import Trajectory
from detente.authority import Outcome, State
from detente.authority.extent import instant
from detente.cli.demo.scenario import Chosen
from detente.cli.rehearsal.picture import draw_authority
from detente.record.entry import Seen
from detente.watch.track import Conformance

__all__ = ["draw"]

_NOBODY = "nobody's"


def draw(path: Path, chosen: Chosen, state: State, outcomes: Iterable[Outcome]) -> None:
    """Draw all that the authority knows of the flights, and the tracks that nobody declared."""
    tracks = [
        _trajectory(seen)
        for seen in state.tracks.values()
        if seen.track.conformance is Conformance.UNDECLARED and len(seen.path) > 1
    ]
    draw_authority(
        path,
        state,
        outcomes,
        title=f"{chosen.title}: synthetic flights",
        note=chosen.label,
        undeclared=tracks,
    )


def _trajectory(seen: Seen) -> Trajectory:
    fixes = [fix for fix in seen.path if fix.pressure is not None]
    return Trajectory(
        id=f"synthetic track {seen.track.id}",
        party=_NOBODY,
        time=np.array([instant(fix.at) for fix in fixes], dtype=np.int64),
        lat=np.array([fix.lat for fix in fixes]),
        lon=np.array([fix.lon for fix in fixes]),
        alt=np.array([fix.pressure for fix in fixes], dtype=np.float64),
    )
