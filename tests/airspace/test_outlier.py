"""What no aircraft flew goes and is counted; what one may have flown stays."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from detente import Flights, Reference, Trajectory
from detente.airspace.outlier import BROKEN, JUMP, OUT_OF_RANGE, SHORT, STILL, drop_outliers

BUNDLE = Path(__file__).parents[2] / "data" / "switzerland-2018-08-01.parquet"
SECOND = 1_000_000_000


def cruise(n=40, *, name="A", lon=8.0, alt=35000.0, step=10):
    """Fly north at about 432 kt, a fix every ``step`` seconds."""
    return Trajectory(
        id=name,
        time=np.arange(n, dtype=np.int64) * step * SECOND,
        lat=46.0 + 0.002 * step * np.arange(n),
        lon=np.full(n, lon),
        alt=np.full(n, alt),
    )


def one(track):
    return Flights.from_trajectories([track])


def same(a, b):
    return a.ids == b.ids and all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for name in ("offsets", "time", "lat", "lon", "alt", "gap")
    )


def test_a_clean_flight_is_untouched():
    flights = Flights.from_trajectories([cruise(), cruise(name="B", lon=9.0)])
    clean = drop_outliers(flights)
    assert same(clean, flights)
    assert dict(clean.dropped) == {}


@pytest.mark.parametrize("alt", [123_100.0, -2_500.0])
def test_altitude_out_of_range(alt):
    track = cruise()
    track.alt[17] = alt
    clean = drop_outliers(one(track))
    assert dict(clean.dropped) == {OUT_OF_RANGE: 1}
    assert 17 * 10 * SECOND not in clean.time
    assert not clean.gap.any()


@pytest.mark.parametrize("first", [0, 1, 20, 37])
@pytest.mark.parametrize("length", [1, 3])
def test_a_jump_sideways_and_back(first, length):
    track = cruise()
    track.lon[first : first + length] += 2.0
    clean = drop_outliers(one(track))
    assert dict(clean.dropped) == {JUMP: length}
    assert (clean.lon == 8.0).all()
    assert clean.fixes == 40 - length


def test_a_jump_in_altitude_and_back():
    track = cruise()
    track.alt[20] = 20_000.0
    clean = drop_outliers(one(track))
    assert dict(clean.dropped) == {JUMP: 1}
    assert (clean.alt == 35_000.0).all()


def test_a_held_position_and_the_catching_up_are_no_jump():
    track = cruise(240, step=1)
    track.lat[120:124] = track.lat[120]  # 222 m/s, so the next leg goes 889 m in a second
    assert dict(drop_outliers(one(track)).dropped) == {}
    assert dict(drop_outliers(one(track), held=0.0).dropped) == {BROKEN: 1}


def test_two_jumps_near_each_other():
    track = cruise()
    track.lon[20] += 2.0
    track.lon[22] -= 2.0
    clean = drop_outliers(one(track))
    assert dict(clean.dropped) == {JUMP: 2}
    assert (clean.lon == 8.0).all()


def test_a_jump_across_the_antimeridian_is_none():
    track = cruise(lon=180.0)
    track.lon[::2] = -180.0
    assert dict(drop_outliers(one(track)).dropped) == {}


def test_two_long_runs_that_do_not_meet_keep_all_fixes_and_get_a_gap():
    track = cruise()
    track.lon[20:] += 2.0
    clean = drop_outliers(one(track))
    assert clean.fixes == 40
    assert np.flatnonzero(clean.gap).tolist() == [19]
    assert dict(clean.dropped) == {BROKEN: 1}


def test_a_long_hole_becomes_a_gap_and_a_short_one_does_not():
    track = cruise()
    track.alt[10:13] = 99_000.0
    assert not drop_outliers(one(track)).gap.any()
    assert drop_outliers(one(track), max_gap=30.0).gap.sum() == 1


def test_an_older_gap_survives_the_loss_of_its_fix():
    track = cruise()
    gap = np.zeros(40, dtype=np.bool_)
    gap[11] = True
    track = replace(track, gap=gap)
    track.alt[11] = 99_000.0
    clean = drop_outliers(one(track))
    assert clean.time[np.flatnonzero(clean.gap)].tolist() == [100 * SECOND]


def test_a_flight_left_with_one_fix_goes():
    lost = cruise(3, name="lost")
    lost.alt[1:] = 99_000.0
    clean = drop_outliers(Flights.from_trajectories([cruise(), lost, cruise(name="C", lon=9.0)]))
    assert clean.ids == ["A", "C"]
    assert dict(clean.dropped) == {OUT_OF_RANGE: 2, SHORT: 1}
    assert clean.offsets.tolist() == [0, 40, 80]


def test_hovering_is_flight_and_standing_at_fl350_is_not():
    hover = cruise(name="drone", alt=300.0)
    hover.lat[:] = 46.0
    parked = cruise(name="parked")
    parked.lat[:] = 46.0
    clean = drop_outliers(Flights.from_trajectories([hover, parked]))
    assert clean.ids == ["drone"]
    assert dict(clean.dropped) == {STILL: 40, SHORT: 1}
    both = drop_outliers(Flights.from_trajectories([hover, parked]), slowest=0.0)
    assert both.ids == ["drone", "parked"]


def test_older_counts_are_kept():
    track = cruise()
    track.alt[5] = 99_000.0
    flights = replace(one(track), dropped={OUT_OF_RANGE: 4, "rows without a time": 2})
    assert dict(drop_outliers(flights).dropped) == {OUT_OF_RANGE: 5, "rows without a time": 2}


def test_nothing_in_nothing_out():
    assert len(drop_outliers(one(cruise()).take([]))) == 0


def test_random_spikes_are_found_and_nothing_else():
    rng = np.random.default_rng(7)
    tracks, expected = [], 0
    for i in range(200):
        track = cruise(60, name=str(i))
        at = rng.choice(np.arange(2, 58, 6), size=rng.integers(0, 4), replace=False)
        track.lat[at] += rng.choice([-1.0, 1.0], size=len(at)) * rng.uniform(0.2, 3.0, len(at))
        expected += len(at)
        tracks.append(track)
    clean = drop_outliers(Flights.from_trajectories(tracks))
    assert dict(clean.dropped) == {JUMP: expected}
    for track in clean:
        assert np.allclose(track.lat, 46.0 + 2e-3 * (track.time / SECOND))


@pytest.fixture(scope="module")
def switzerland():
    table = pq.read_table(BUNDLE)
    ids = table["flight_id"].to_numpy(zero_copy_only=False)
    first = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
    offsets = np.append(first, len(ids)).astype(np.int64)
    n, m = len(first), len(ids)
    return Flights(
        ids=ids[first].tolist(),
        parties=[""] * n,
        offsets=offsets,
        time=table["timestamp"].to_numpy().astype("datetime64[ns]").astype(np.int64),
        lat=table["latitude"].to_numpy().astype(np.float64),
        lon=table["longitude"].to_numpy().astype(np.float64),
        alt=table["altitude"].to_numpy().astype(np.float64),
        reference=Reference.PRESSURE,
        priority=np.zeros(n, np.int16),
        protection_h=np.full(m, np.nan),
        protection_v=np.full(m, np.nan),
        gap=np.zeros(m, np.bool_),
    )


def test_the_bundle_is_whole_and_loses_one_parked_aircraft(switzerland):
    assert len(switzerland) == len(set(switzerland.ids)) == 1244
    assert switzerland.fixes == 139_098
    steps = np.diff(switzerland.time)
    steps = np.delete(steps, switzerland.offsets[1:-1] - 1)
    assert (steps == 10 * SECOND).all()

    clean = drop_outliers(switzerland)
    gone = sorted(set(switzerland.ids) - set(clean.ids))
    # a stand at Basel (47.598 N, 7.528 E), reported at 31,075 to 39,400 ft for 19 minutes
    assert gone == ["VLG64MN_076"]
    assert dict(clean.dropped) == {JUMP: 3, STILL: 114, SHORT: 1}
    assert clean.fixes == 139_098 - 117
    assert not clean.gap.any()
