"""What is shown in place of a flight holds all of it, and tells little more than it must.

Inside and outside are judged by the signs of triple products of unit vectors: no plane, no
shapely, no code of the engine's; places come from geographiclib.
"""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente import Circle, Flights, InputError, Polygon, Separation, Trajectory, detect_conflicts
from detente.airspace import occupied_volumes
from tests.detect.intervals import intervals
from tests.detect.strategies import EPOCH, SECOND, WGS84, centres, place, separations, trajectories
from tests.reference.geodesic import Track, legs

FEW = settings(max_examples=40, deadline=None)
DEFAULT = Separation()
CELL = 600 * SECOND


def vector(lat: float, lon: float) -> np.ndarray:
    phi, lam = math.radians(lat), math.radians(lon)
    n = 1.0 / math.sqrt(1.0 - WGS84.f * (2.0 - WGS84.f) * math.sin(phi) ** 2)
    cos, polar = n * math.cos(phi), n * (1.0 - WGS84.f) ** 2 * math.sin(phi)
    v = np.array([cos * math.cos(lam), cos * math.sin(lam), polar])
    return v / np.linalg.norm(v)


def inward(outline: Polygon, lat: float, lon: float) -> float:
    """Metres by which a place lies within the nearest side, below 0 where it is outside."""
    corners = [vector(*corner) for corner in outline.corners]
    normals = [np.cross(a, b) for a, b in zip(corners, corners[1:] + corners[:1], strict=True)]
    heights = [n @ vector(lat, lon) / np.linalg.norm(n) for n in normals]
    turn = np.sign(sum(n @ sum(corners) for n in normals))
    return 6_371_008.8 * float(min(turn * h for h in heights))


def convex(outline: Polygon) -> bool:
    corners = outline.corners
    return all(inward(outline, *corner) > -0.01 for corner in corners)


def samples(flight: Trajectory, per_leg: int = 4):
    """Times in nanoseconds, places and feet along what was flown."""
    track = Track(flight.time, flight.lat, flight.lon, flight.alt, flight.gap)
    for leg in legs(track, EPOCH):
        for t in np.linspace(leg.start, leg.end, per_leg) if not leg.gap else ():
            yield EPOCH + round(t * 1e9), *leg.place(t), leg.height(t)


def check(flight: Trajectory, separation: Separation, **options) -> None:
    volumes = occupied_volumes(flight, separation, **options)
    own = flight.protection or separation
    for now, lat, lon, feet in samples(flight):
        at = [v for v in volumes if v.start <= now <= v.end]
        around = [(lat, lon), *(place((lat, lon), k, own.horizontal) for k in range(0, 360, 30))]
        for volume in at:
            if all(inward(volume.outline, *p) >= 0.0 for p in around):
                assert volume.lower.feet <= feet - own.vertical + 1e-6
                assert volume.upper.feet >= feet + own.vertical - 1e-6
                break
        else:
            raise AssertionError((now, lat, lon, [inward(at[0].outline, *p) for p in around]))


@FEW
@given(centres.flatmap(lambda centre: trajectories("f", centre)), separations)
def test_every_place_and_its_protection_is_inside_at_its_time(flight, separation):
    check(flight, separation)


@FEW
@given(
    st.tuples(st.integers(-90, 90), st.integers(-180, 180)),
    st.integers(0, 359),
    st.sampled_from([0, 40, 3_000, 900_000, 9_000_000]),
    st.integers(1, 4_000),
    st.sampled_from([50.0, 9_260.0, 400_000.0]),
    st.sampled_from([60.0, 600.0, 7_200.0]),
)
def test_one_leg_of_any_length_anywhere(start, azimuth, metres, seconds, horizontal, piece):
    end = place(start, azimuth, metres)
    time = EPOCH + np.array([7, 7 + seconds]) * SECOND
    flight = Trajectory("f", time, *np.array([start, end], dtype=float).T, np.array([0.0, 1234.0]))
    check(flight, Separation(horizontal, 300.0), piece=piece)
    volumes = occupied_volumes(flight, Separation(horizontal, 300.0), piece=piece)
    assert all(convex(volume.outline) for volume in volumes)
    assert len({volume.start for volume in volumes}) <= seconds // piece + 2


@FEW
@given(centres.flatmap(lambda centre: trajectories("f", centre)))
def test_the_engine_finds_the_flight_in_them_all_the_time(flight):
    flight = replace(flight, gap=np.zeros(0, bool))
    volumes = [replace(v, id=f"{k}") for k, v in enumerate(occupied_volumes(flight, DEFAULT))]
    found = intervals(detect_conflicts(Flights.from_trajectories([flight]), volumes=volumes))
    spans = {key[0]: value for key, value in found.items() if "f" in key}
    for volume in volumes:
        ((entry, leave),) = spans[volume.id]
        assert abs(entry - max(volume.start, flight.time[0])) < 1_000
        assert abs(leave - min(volume.end, flight.time[-1])) < 1_000


@FEW
@given(centres.flatmap(lambda centre: trajectories("f", centre)), separations)
def test_they_tell_rounded_things_only(flight, separation):
    volumes = occupied_volumes(flight, separation)
    own = flight.protection or separation
    flown = list(samples(flight, per_leg=25))
    for volume in volumes:
        assert (volume.id, volume.party) == (flight.id, flight.party)
        assert volume.start % CELL == 0
        assert volume.end - volume.start == CELL
        assert volume.lower.feet % 500.0 == volume.upper.feet % 500.0 == 0.0
        heights = [feet for now, _, _, feet in flown if volume.start <= now <= volume.end]
        if heights:  # a piece of a moment may have no sample
            assert volume.upper.feet - max(heights) < own.vertical + 500.0 + 2000.0 * CELL / 20e9
        assert 3 <= len(volume.outline.corners) <= 8
        assert convex(volume.outline)
        for lat, lon in volume.outline.corners:
            assert round(lat * 100) == pytest.approx(lat * 100, abs=1e-7)
            assert round(lon * 100) == pytest.approx(lon * 100, abs=1e-7)


@FEW
@given(centres, st.integers(0, 359), st.integers(0, 100_000), separations)
def test_a_straight_piece_is_enclosed_closely(start, azimuth, metres, separation):
    end = place(start, azimuth, metres)
    time = EPOCH + np.array([10, 590]) * SECOND
    flight = Trajectory("f", time, *np.array([start, end]).T, np.array([9000.0, 9000.0]))
    (volume,) = occupied_volumes(flight, separation)
    along = [place(start, azimuth, metres * k / 40) for k in range(41)]
    furthest = (separation.horizontal + 1000.0) / math.cos(math.pi / 8) + 820.0 + metres / 80
    for corner in volume.outline.corners:
        nearest = min(WGS84.Inverse(*corner, *p)["s12"] for p in along)
        assert nearest < 1.002 * furthest


def hovering(seconds: tuple[int, int]) -> Trajectory:
    time = EPOCH + np.array(seconds) * SECOND
    return Trajectory("h", time, np.full(2, 47.0), np.full(2, 8.0), np.full(2, 1200.0))


def test_when_it_begins_and_ends_does_not_show():
    first = occupied_volumes(hovering((5, 1100)), DEFAULT)
    assert len(first) == 2
    assert first == occupied_volumes(hovering((599, 601)), DEFAULT)
    assert len(occupied_volumes(hovering((600, 1200)), DEFAULT)) == 1


def test_what_was_not_flown_occupies_nothing():
    time = EPOCH + np.arange(4) * CELL * 2
    ends = np.array([46.0, 46.5, 47.5, 48.0]), np.full(4, 8.0), np.full(4, 9000.0)
    flight = Trajectory("g", time, *ends, gap=np.array([False, True, False, False]))
    volumes = occupied_volumes(flight, DEFAULT)
    assert [(v.start - EPOCH) // CELL for v in volumes] == [0, 1, 4, 5]
    check(flight, DEFAULT)
    assert occupied_volumes(replace(flight, gap=np.ones(4, bool)), DEFAULT) == ()


def test_a_piece_round_the_world_is_told_in_parts():
    lon = np.array([0.0, 100.0, -160.0, -60.0])
    flight = Trajectory("w", EPOCH + np.arange(4) * SECOND, np.full(4, 5.0), lon, np.full(4, 9e3))
    volumes = occupied_volumes(flight, DEFAULT)
    assert {(v.start, v.end) for v in volumes} == {(EPOCH, EPOCH + CELL)}
    assert 10 < len(volumes) < 40
    check(flight, DEFAULT)


@pytest.mark.parametrize("piece", [0.0, -600.0, math.nan, math.inf])
def test_a_piece_that_is_no_time_is_refused(piece):
    with pytest.raises(InputError, match="a piece of"):
        occupied_volumes(hovering((0, 60)), DEFAULT, piece=piece)


def test_circles_are_not_needed_at_the_poles():
    for lat in (90.0, -90.0, 89.996):
        flight = replace(hovering((0, 60)), lat=np.full(2, lat), lon=np.array([10.0, -170.0]))
        (volume,) = occupied_volumes(flight, Separation(50.0, 100.0))
        assert not isinstance(volume.outline, Circle)
        # a step of longitude is as long as elsewhere, so no place is told more exactly
        assert all(
            lon / 40.96 == pytest.approx(round(lon / 40.96)) for _, lon in volume.outline.corners
        )
        check(flight, Separation(50.0, 100.0))
