"""Standing volumes answer as the whole run does, however they came to stand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from detente import (
    Altitude,
    Circle,
    Conflict,
    Constraint,
    Flights,
    Index,
    InputError,
    Polygon,
    Reference,
    Trajectory,
    Volume,
    VolumeIndex,
    detect_conflicts,
)
from tests.detect.strategies import EPOCH, SECOND, centres, place, polygons, trajectories

MICROSECOND = 1_000
PARTIES = st.sampled_from(["", "red", "blue"])
BOUNDS = [
    (None, None),
    (29_500.0, None),
    (None, 30_500.0),
    (29_500.0, 31_500.0),
    (30_000.0, 30_300.0),
]
TIMES = [(None, None), (200, None), (None, 900), (100, 160), (500, 1500), (0, 86_400)]


@st.composite
def outlines(draw, centre):
    if draw(st.booleans()):
        return draw(polygons(centre))
    middle = place(centre, draw(st.integers(0, 359)), draw(st.integers(0, 60_000)))
    return Circle(*middle, float(draw(st.sampled_from([50, 700, 6_000, 40_000, 400_000]))))


@st.composite
def volumes(draw, centre, party=""):
    lower, upper = (None if b is None else Altitude(b) for b in draw(st.sampled_from(BOUNDS)))
    start, end = (None if t is None else EPOCH + t * SECOND for t in draw(st.sampled_from(TIMES)))
    wide, tall = draw(st.sampled_from([(0.0, 0.0), (0.0, 0.0), (3_000.0, 200.0)]))
    outline = draw(outlines(centre))
    return Volume("part", outline, lower, upper, start, end, party, wide, tall)


def near(found: list[Conflict], expected: list[Conflict]) -> bool:
    """Tell whether two answers are the same, but for a microsecond and a centimetre."""

    def order(c: Conflict) -> tuple[object, ...]:
        return c.kind, c.a, c.b, c.entry

    def same(c: Conflict, d: Conflict) -> bool:
        return (
            (c.kind, c.a, c.b, c.party_a, c.party_b) == (d.kind, d.a, d.b, d.party_a, d.party_b)
            and abs(c.entry - d.entry) <= 2 * MICROSECOND
            and abs(c.exit - d.exit) <= 2 * MICROSECOND
            and abs(c.horizontal_m - d.horizontal_m) < 0.01
            and abs(c.vertical_ft - d.vertical_ft) < 0.01
            and abs(c.severity - d.severity) < 1e-3
        )

    pairs = zip(sorted(found, key=order), sorted(expected, key=order), strict=False)
    return len(found) == len(expected) and all(same(c, d) for c, d in pairs)


def expected_of(flight: Trajectory, held: dict, same_party: bool) -> list[Conflict]:
    """Ask the whole run about one flight and all volumes."""
    sets = [Constraint(id, tuple(vs)) for id, vs in held.items() if id != flight.id]
    found = detect_conflicts(
        Flights.from_trajectories([flight]), volumes=sets, same_party=same_party
    )
    return [c for c in found if c.kind == "flight-volume"]


class Standing(RuleBasedStateMachine):
    """Adding, removing and asking in any order, against a plain dictionary and detect."""

    @initialize(centre=centres, crowd=st.booleans())
    def begin(self, centre, crowd):
        self.centre = centre
        self.index = VolumeIndex(cell=20_000.0)
        self.flights = Index()
        if crowd:  # with many elsewhere, a question goes by cells and not through all
            self.index.extend(CROWD)
            self.flights.extend(SWARM)
        self.held: dict[str, list[Volume]] = {}
        self.flown: dict[str, Trajectory] = {}
        self.number = 0

    def some(self, data, party):
        return data.draw(st.lists(volumes(self.centre, party), min_size=1, max_size=3))

    def name(self) -> str:
        self.number += 1
        return f"v{self.number}"

    @rule(data=st.data(), party=PARTIES)
    def add(self, data, party):
        id, parts = self.name(), self.some(data, party)
        self.index.add(id, parts, party)
        self.held[id] = parts

    @rule(data=st.data(), parties=st.lists(PARTIES, min_size=2, max_size=4))
    def extend(self, data, parties):
        rows = [(self.name(), self.some(data, party), party) for party in parties]
        self.index.extend(rows)
        self.held.update((id, parts) for id, parts, _ in rows)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remove(self, data):
        gone = data.draw(st.sampled_from(sorted(self.held)))
        self.index.remove(gone)
        del self.held[gone]

    @rule(data=st.data(), several=st.booleans())
    def fly(self, data, several):
        rows = [
            data.draw(trajectories(self.name(), self.centre)) for _ in range(3 if several else 1)
        ]
        if several:
            self.flights.extend(Flights.from_trajectories(rows))
        else:
            self.flights.add(rows[0])
        self.flown.update((row.id, row) for row in rows)

    @precondition(lambda self: self.flown)
    @rule(data=st.data())
    def land(self, data):
        gone = data.draw(st.sampled_from(sorted(self.flown)))
        self.flights.remove(gone)
        del self.flown[gone]

    @rule(data=st.data(), same_party=st.booleans())
    def ask_of_a_flight(self, data, same_party):
        name = data.draw(st.sampled_from(["new", *self.held]))
        new = data.draw(trajectories(name, self.centre))
        expected = expected_of(new, self.held, same_party)
        assert near(self.index.query(new, same_party=same_party), expected)

    @rule(data=st.data(), same_party=st.booleans(), party=PARTIES)
    def ask_of_volumes(self, data, same_party, party):
        name = data.draw(st.sampled_from(["new", *self.held, *self.flown]))
        mine = self.some(data, party)
        flights = [row for id, row in self.flown.items() if id != name]
        sets = {id: vs for id, vs in self.held.items() if id != name}
        new = Constraint(name, tuple(mine))
        expected = [
            c
            for id, vs in sets.items()
            for c in detect_conflicts(
                NOBODY, volumes=[new, Constraint(id, tuple(vs))], same_party=same_party
            )
        ]
        found = self.index.query_volumes(name, mine, party=party, same_party=same_party)
        assert near(found, expected)
        entering = self.flights.query_volumes(name, mine, party=party, same_party=same_party)
        expected = [c for row in flights for c in expected_of(row, {name: mine}, same_party)]
        assert near(entering, expected)

    @rule(data=st.data(), later=st.integers(0, 900), margin=st.sampled_from([0.0, 5_000.0]))
    def look_around(self, data, later, margin):
        new = data.draw(trajectories("new", self.centre))
        around = self.index.around(new, margin=margin, later=float(later))
        assert len({(id, id_of(v)) for id, v in around}) == len(around)
        moved = replace(new, time=new.time + later * SECOND, alt=new.alt + 1_000.0)
        named = {id for id, _ in around}
        assert {c.b for c in expected_of(moved, self.held, True)} <= named
        assert {c.b for c in expected_of(new, self.held, True)} <= named

    @invariant()
    def it_holds_as_many(self):
        if hasattr(self, "held"):
            mine = [id for id in self.index if not id.startswith("crowd")]
            assert mine == list(self.held)
            assert len(self.index) in (len(mine), len(mine) + len(CROWD))
            flown = [id for id in self.flights if not id.startswith("crowd")]
            assert flown == list(self.flown)


NOBODY = Flights.from_trajectories(
    [Trajectory("x", EPOCH + np.array([0, 1]), np.zeros(2), np.zeros(2), np.zeros(2))]
).take([])
id_of = id


def elsewhere(k: int) -> tuple[float, float]:
    return -70.0 + 0.01 * (k // 60), 60.0 + 0.05 * (k % 60)


CROWD = [
    (
        f"crowd{k}",
        [Volume("part", Circle(*elsewhere(k), 5_000.0), None, None, EPOCH, EPOCH + 900 * SECOND)],
        "",
    )
    for k in range(6_000)
]
SWARM = Flights.from_trajectories(
    Trajectory(
        f"crowd{k}",
        EPOCH + np.array([0, 60, 120, 180]) * SECOND,
        np.full(4, elsewhere(k)[0]),
        elsewhere(k)[1] + np.array([0.0, 0.05, 0.1, 0.15]),
        np.full(4, 30_000.0),
    )
    for k in range(6_000)
)

TestStanding = Standing.TestCase
TestStanding.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)


def tile(start: int | None, end: int | None, reference: Reference = Reference.PRESSURE) -> Volume:
    corners = ((47.0, 8.0), (47.0, 8.1), (47.1, 8.1), (47.1, 8.0))
    bound = Altitude(400.0, reference)
    return Volume("v", Polygon(corners), None, bound, start, end)


def test_what_stands_cannot_be_added_again_and_what_does_not_cannot_be_removed():
    index = VolumeIndex()
    index.add("one", [tile(None, None)])
    with pytest.raises(InputError, match="stands already"):
        index.add("one", [tile(None, None)])
    with pytest.raises(InputError, match="stands already"):
        index.extend([("two", [tile(None, None)], ""), ("two", [tile(None, None)], "")])
    assert list(index) == ["one"]
    with pytest.raises(KeyError):
        index.remove("two")


def test_another_reference_is_refused():
    index, flights = VolumeIndex(), Index()
    other = tile(None, None, Reference.WGS84)
    for refused in (
        lambda: index.add("one", [other]),
        lambda: index.query_volumes("one", [other]),
        lambda: flights.query_volumes("one", [other]),
    ):
        with pytest.raises(InputError, match="altitudes"):
            refused()
    assert "one" not in index


def test_what_holds_always_meets_what_came_before_the_first_time_said():
    index = VolumeIndex()
    index.add("always", [tile(None, None)])
    index.add("later", [tile(EPOCH + 86_400 * SECOND, None)])
    early = tile(EPOCH - 86_400 * SECOND, EPOCH)
    assert [c.b for c in index.query_volumes("new", [early])] == ["always"]
    assert [c.b for c in index.query_volumes("new", [tile(None, None)])] == ["always", "later"]


def test_a_country_and_a_drone_stand_side_by_side():
    index = VolumeIndex()
    country = Polygon(((40.0, 0.0), (40.0, 20.0), (55.0, 20.0), (55.0, 0.0)))
    index.add("country", [Volume("v", country)])
    index.add("drone", [Volume("v", Circle(47.0, 8.0, 50.0), None, Altitude(400.0))])
    near_by = Volume("v", Circle(47.0, 8.001, 50.0), None, Altitude(300.0))
    assert [c.b for c in index.query_volumes("new", [near_by])] == ["country", "drone"]
    index.remove("country")
    assert [c.b for c in index.query_volumes("new", [near_by])] == ["drone"]


def test_a_removed_place_is_used_again():
    index = VolumeIndex()
    for k in range(2_000):
        index.add(f"v{k}", [tile(EPOCH, EPOCH + SECOND), tile(None, None)])
        index.remove(f"v{k}")
    assert index.query_volumes("new", [tile(None, None)]) == []
    index.add("last", [tile(EPOCH, EPOCH + SECOND)])
    assert [c.b for c in index.query_volumes("new", [tile(None, None)])] == ["last"]


def scene(seed: int, count: int) -> tuple[list[Volume], list[Trajectory]]:
    """Many small volumes, of all durations and heights, and flights among them, in 8 km."""
    draw = np.random.default_rng(seed)
    volumes, flights = [], []
    for k in range(count):
        at = place((47.0, 8.0), draw.uniform(0, 360), 4_000.0 * draw.uniform() ** 0.5)
        size = float(draw.choice([50.0, 120.0, 400.0]))
        turn = draw.uniform(0, 360)
        tips = tuple(place(at, turn + 90.0 * side, size) for side in range(4))
        low, start = draw.integers(-3, 60) * 40.0, draw.integers(-90, 90) * 20
        long = int(draw.choice([20, 120, 700, 9_000, 100_000, 10_000_000]))
        tall = float(draw.choice([40.0, 300.0, 1_500.0, 20_000.0]))
        volumes.append(
            Volume(
                f"v{k}",
                Circle(*at, size) if k % 2 else Polygon(tips),
                Altitude(low) if k % 7 else None,
                Altitude(low + tall) if k % 11 else None,
                EPOCH + int(start) * SECOND if k % 13 else None,
                EPOCH + int(start + long) * SECOND if k % 17 else None,
            )
        )
        way = np.array([place(at, turn, 150.0 * step) for step in range(4)])
        flights.append(
            Trajectory(
                f"f{k}",
                EPOCH + (int(start) + np.arange(4) * int(draw.choice([5, 40, 300]))) * SECOND,
                way[:, 0],
                way[:, 1],
                low + tall / 10.0 * np.arange(4),
            )
        )
    return volumes, flights


def test_in_a_crowded_place_nothing_is_missed_and_nothing_comes_twice():
    volumes, flights = scene(4, 260)
    rows = Flights.from_trajectories(flights)
    expected = [c for c in detect_conflicts(rows, volumes=volumes) if c.kind != "flight-flight"]
    index, flown = VolumeIndex(), Index()
    index.extend(CROWD)
    index.extend((v.id, [v], "") for v in volumes)
    flown.extend(SWARM)
    flown.extend(rows)
    entering = [c for c in expected if c.kind == "flight-volume"]
    assert len(entering) > 200
    assert len(expected) - len(entering) > 100
    for k in range(0, len(volumes), 3):
        volume, flight = volumes[k], flights[k]
        found = index.query(flight)
        assert near(found, [c for c in entering if c.a == flight.id])
        found = flown.query_volumes(volume.id, [volume])
        assert near(found, [c for c in entering if c.b == volume.id])
        met = {c.b for c in index.query_volumes(volume.id, [volume])}
        pairs = [{c.a, c.b} for c in expected if c.kind == "volume-volume"]
        assert met == {id for pair in pairs if volume.id in pair for id in pair - {volume.id}}
