"""The forms of the ledger: commands, events and extents come back from JSON as they were."""

import string
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.airspace import Separation, Trajectory
from detente.authority import (
    Charter,
    Grid,
    Outcome,
    Path4D,
    Volume4D,
    decode_command,
    decode_outcome,
    encode_command,
    encode_outcome,
    path_of,
    volume4d_of,
)
from detente.authority import command as c
from detente.authority import event as e
from detente.authority.extent import instant, moment, trajectory_of, volumes_of
from detente.authority.outcome import SCHEMA
from detente.errors import InputError
from tests.authority.scene import NOON, box, east

EXAMPLES = settings(max_examples=8, deadline=None)
KINDS = [*e.Event.__subclasses__(), *e.IntentEvent.__subclasses__()]
EVENTS = [kind for kind in KINDS if kind is not e.IntentEvent]

numbers = st.floats(-1e6, 1e6, allow_nan=False)
times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
names = st.text(string.printable + "äß漢", max_size=8)
places = st.tuples(st.floats(-90.0, 90.0), st.floats(-180.0, 180.0))


@st.composite
def paths(draw: st.DrawFn) -> Path4D:
    n = draw(st.integers(2, 5))
    steps = draw(st.lists(st.integers(1, 10**13), min_size=n, max_size=n))
    column = st.lists(numbers, min_size=n, max_size=n).map(tuple)
    return Path4D(
        start=draw(times),
        seconds=tuple((np.cumsum(steps) * 1e-9).tolist()),
        lat=draw(column), lon=draw(column), alt=draw(column),
        protection=draw(st.none() | st.tuples(numbers, numbers)),
        gap=draw(st.sampled_from(((), (0,)))),
    )  # fmt: skip


volumes = st.builds(
    Volume4D,
    corners=st.lists(places, max_size=4).map(tuple),
    centre=st.none() | places,
    radius=numbers,
    lower=st.none() | numbers,
    upper=st.none() | numbers,
    start=st.none() | times,
    end=st.none() | times,
    buffer=st.tuples(numbers, numbers),
)
st.register_type_strategy(float, numbers)
st.register_type_strategy(datetime, times)
some_volumes = st.lists(volumes, max_size=3).map(tuple)
st.register_type_strategy(Path4D, paths())
st.register_type_strategy(Volume4D, volumes)
st.register_type_strategy(Charter, st.builds(Charter, name=names, grid=st.builds(Grid)))


def of_kind(kind: type) -> st.SearchStrategy:
    """Draw any value of a struct, field by field, of their types."""
    known = {float: numbers, datetime: times, str: names}
    fields = {}
    for field in msgspec.structs.fields(kind):
        if field.name == "extent":
            fields[field.name] = paths() | some_volumes
        elif field.name in ("volumes", "off_nominal"):
            fields[field.name] = some_volumes
        elif field.type in known:
            fields[field.name] = known[field.type]
        else:
            fields[field.name] = _resolved(field.type)
    return st.builds(kind, **fields)


def _resolved(type_: object) -> st.SearchStrategy:
    text = str(type_)
    if "Offer" in text:
        offer = st.builds(
            e.Offer, id=names, delay=st.integers(0, 9999), feet=numbers, offset=numbers,
            speed=numbers, cost=st.integers(0, 10**9), since=st.none() | times,
        )  # fmt: skip
        return (
            st.lists(offer, max_size=3).map(tuple)
            if "tuple" in text
            else (st.none() | offer if "None" in text else offer)
        )
    if "datetime" in text:
        return st.none() | times
    if text.startswith("tuple[str"):
        return st.lists(names, max_size=3).map(tuple)
    if type_ is int:
        return st.integers(0, 2**53)
    return st.from_type(type_)


@pytest.mark.parametrize("kind", c.Command.__subclasses__(), ids=lambda k: k.__name__)
def test_a_command_comes_back(kind):
    @EXAMPLES
    @given(of_kind(kind))
    def check(command):
        body = encode_command(command)
        assert decode_command(body) == command
        assert encode_command(decode_command(body)) == body

    check()


@pytest.mark.parametrize("kind", EVENTS, ids=lambda k: k.__name__)
def test_an_event_comes_back(kind):
    @EXAMPLES
    @given(of_kind(kind), times, names)
    def check(event, at, key):
        outcome = Outcome(SCHEMA, at, "A", key, "00", (event,))
        body = encode_outcome(outcome)
        assert b"\n" not in body
        assert decode_outcome(body) == outcome
        assert type(decode_outcome(body).events[0]) is kind

    check()


def test_a_newer_schema_is_not_read_as_ours():
    outcome = Outcome(SCHEMA + 1, NOON, "A", "", "", (e.Swept(before=NOON),))
    with pytest.raises(msgspec.ValidationError, match="schema"):
        decode_outcome(encode_outcome(outcome))


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b'{"type":"Nothing"}', b'{"type":"Sweep","at":"2026-07-01T12:00:00Z","more":1}'],
)
def test_what_is_no_command_is_refused(body):
    with pytest.raises(msgspec.DecodeError):
        decode_command(body)


@st.composite
def trajectories(draw: st.DrawFn) -> Trajectory:
    n = draw(st.integers(2, 6))
    steps = draw(st.lists(st.integers(1, 10**12), min_size=n, max_size=n))
    first = draw(st.integers(0, 4 * 10**18))
    where = draw(st.lists(places, min_size=n, max_size=n))
    gap = draw(st.lists(st.booleans(), min_size=n - 1, max_size=n - 1))
    return Trajectory(
        id="A/x", party="A",
        time=first + np.cumsum(np.array(steps, dtype=np.int64)),
        lat=np.array([lat for lat, _ in where]), lon=np.array([lon for _, lon in where]),
        alt=np.array(draw(st.lists(st.floats(0, 60_000), min_size=n, max_size=n))),
        protection=draw(st.none() | st.just(Separation(5_000.0, 500.0))),
        gap=np.array([*gap, False]) if any(gap) else np.zeros(0, dtype=np.bool_),
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(trajectories())
def test_a_path_is_its_trajectory_to_the_nanosecond(flight):
    path = path_of(flight)
    again = trajectory_of(path, "A/x", "A")
    for name in ("time", "lat", "lon", "alt", "gap"):
        assert np.array_equal(getattr(again, name), getattr(flight, name)), name
    assert (again.protection, again.reference) == (flight.protection, flight.reference)
    assert path_of(again) == path
    body = msgspec.json.encode(path)
    assert msgspec.json.decode(body, type=Path4D) == path


@given(st.integers(0, 4 * 10**18))
def test_a_moment_is_the_microsecond_before(time):
    assert 0 <= time - instant(moment(time)) < 1_000


@pytest.mark.parametrize("given_", [box()[0], Volume4D(centre=(50.0, 5.0), radius=900.0)])
def test_a_volume_comes_back(given_):
    (made,) = volumes_of((given_,), "A/x", "A")
    assert volume4d_of(made) == given_


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"seconds": (0.0, 0.0, 600.0)}, "time"),
        ({"seconds": (0.0, float("nan"), 600.0)}, "seconds"),
        ({"seconds": (0.0, 300.0, 1e9)}, "seconds"),
        ({"lat": (50.0, 50.0)}, "lat"),
        ({"lat": (50.0, 91.0, 50.0)}, "lat"),
        ({"gap": (2,)}, "gap"),
        ({"start": datetime(2026, 7, 1)}, None),
    ],
)
def test_what_is_no_path_is_refused_with_its_field(changes, field):
    with pytest.raises(InputError) as caught:
        trajectory_of(msgspec.structs.replace(east(), **changes), "A/x", "A")
    assert caught.value.what
    assert field is None or caught.value.field == field


def test_a_volume_that_is_none_is_named_by_its_place():
    crossed = Volume4D(corners=((0.0, 0.0), (1.0, 1.0), (1.0, 0.0), (0.0, 1.0)))
    with pytest.raises(InputError) as caught:
        volumes_of((*box(), crossed), "A/x", "A")
    assert caught.value.field.startswith("volumes[1]")


def test_times_keep_their_instant_whatever_their_offset():
    late = c.Sweep(at=NOON.astimezone(timezone(timedelta(hours=5, minutes=45))))
    assert decode_command(encode_command(late)).at == NOON
