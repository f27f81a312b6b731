"""What the simulation found, each as a short story."""

from datetime import timedelta
from math import inf, nan

import pytest
from msgspec.structs import replace

from detente.authority import IntentState, Path4D, Volume4D
from detente.authority import command as c
from detente.authority.disclosure import Refusal
from tests.authority.scene import HOUR, MINUTE, NOON, Scene, box, east, told_of
from tests.authority.watch import digest


def aloft() -> Scene:
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.now = NOON + HOUR
    scene.own("A", c.Activate)
    return scene


def test_off_its_intent_it_does_not_get_out_of_the_authoritys_hand():
    scene = aloft()
    scene.by_hand(c.Hold, "A/x")
    scene.own("A", c.ReportNonconforming, off_nominal=box(end=NOON + 2 * HOUR))
    for kind, more in ((c.Activate, {}), (c.Amend, {"extent": east(37_000.0)})):
        refused = scene.own("A", kind, **more)
        assert isinstance(refused, Refusal)
        assert refused.what == "the authority holds it"
    released = scene.by_hand(c.Release, "A/x")
    assert released.state is IntentState.NONCONFORMING
    assert scene.intent("A/x").off_nominal
    assert scene.own("A", c.Activate).state is IntentState.ACTIVATED


def test_in_spite_of_a_constraint_ends_where_the_intent_is_amended():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    scene.ask(c.PublishConstraint, constraint="fire", volumes=box())
    scene.by_hand(c.Override, "A/x")
    assert scene.intent("A/x").accepted
    again = scene.own("A", c.Amend, extent=east(start=NOON + HOUR + MINUTE))
    assert again.because == "constraint"
    assert scene.intent("A/x").extent == east()


@pytest.mark.parametrize(
    "extent",
    [
        replace(east(), start=NOON.replace(tzinfo=None)),
        replace(east(), start=NOON.replace(year=9999)),
        replace(east(), seconds=(0.0, 300.0, inf)),
        replace(east(), seconds=(0.0, 300.0, 1e300)),
        replace(east(), seconds=(0.0, nan, 600.0)),
        box(start=(NOON + HOUR).replace(tzinfo=None)),
        box(start=NOON.replace(year=2300), end=NOON.replace(year=2301)),
        box(lower=nan),
        box(upper=inf),
        (replace(box()[0], buffer=(nan, 0.0)),),
    ],
)
def test_what_is_no_time_or_no_number_is_refused(extent):
    scene = Scene()
    for kind in (c.File, c.File):
        refused = scene.own("A", kind, extent=extent)
        assert isinstance(refused, Refusal)
        assert refused.code == "invalid"
        assert refused.mend or refused.field
    assert not scene.desk.state.intents


def test_a_cycle_has_times_that_are_some():
    scene = Scene()
    naive = (NOON + HOUR).replace(tzinfo=None)
    answer = scene.ask(c.OpenCycle, cycle="noon", start=naive, end=naive + HOUR, cutoff=naive)
    assert answer.events[0].code == "invalid"


def test_what_is_not_due_is_answered_too():
    scene = Scene()
    scene.own("A", c.File, extent=east())
    assert scene.ask(c.Reexamine, name="A/x").events[0].code == "state"


def test_a_retry_together_with_the_sweep_that_forgets_it():
    scene = Scene()
    file = scene.make(c.File, by="A", intent="x", extent=east())
    first = scene.desk.submit(file)
    later = NOON + timedelta(days=2)
    sweep = c.Sweep(at=later, key="sweep")
    again, swept = scene.desk.submit_all([replace(file, at=later), sweep])
    assert again == first
    assert told_of(first, "x").state is IntentState.ACCEPTED
    assert swept.events[-1].before < later


def test_a_desk_knows_what_others_will_read():
    # whole numbers where the form says float: as good, and written otherwise
    scene = Scene()
    whole = replace(box()[0], buffer=(100, 50), lower=34_000, upper=36_000)
    file = scene.make(c.File, by="A", intent="x", extent=(whole,))
    first = scene.desk.submit(file)
    assert repr(scene.desk.submit(file)) == repr(first)
    other = type(scene.desk)(scene.ledger.another())
    assert digest(other.state) == digest(scene.desk.state)


def test_alternatives_among_volumes_alone_are_found():
    """No flight stands: seconds began in 1970, and what was left of a height was divided by 0."""
    scene = Scene()
    start = NOON + timedelta(seconds=417.050602)
    for party, lat, lon, radius, lower, begin in (
        ("A", 89.8876298, -153.2088331, 20149.32, 33_000.0, 452.586846),
        ("B", 89.8355565, -82.3768167, 22169.14, 34_000.0, 347.999134),
    ):
        since = NOON + timedelta(seconds=begin)
        volume = Volume4D(centre=(lat, lon), radius=radius, lower=lower, start=since,
                          end=since + timedelta(seconds=97))  # fmt: skip
        scene.own(party, c.File, extent=(volume,))
    path = Path4D(
        start, (0.0, 259.612, 750.415), (89.7516307, 89.4822655, 89.6544401),
        (-34.5819307, 32.282061, -151.1896346), (34_000.0, 35_000.0, 33_000.0),
    )  # fmt: skip
    told = scene.own("C", c.File, extent=path)
    assert told.state.value in ("accepted", "refused")
