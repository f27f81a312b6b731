"""The names, units and references that this field's tools write."""

import gzip

import numpy as np
import pyarrow as pa
import pytest

from detente import InputError, Reference, Separation, read_flights
from detente.formats.values import NO_TIME, nanoseconds
from tests.formats.tables import GOOD, csv

T = pa.array([1_533_101_250, 1_533_101_310], pa.int64())
STAMPS = pa.array([1_533_101_250, 1_533_101_310], pa.timestamp("s", tz="UTC"))


def table(**columns):
    base = {"flight_id": ["A", "A"], "time": STAMPS, "lat": [50.0, 50.1], "lon": [8.0, 8.1]}
    return pa.table({**base, **columns})


def traffic(**columns):
    base = {
        "timestamp": STAMPS,
        "icao24": ["3003ae"] * 2,
        "callsign": ["DLH8JW"] * 2,
        "latitude": [45.8, 45.9],
        "longitude": [9.2, 9.3],
        "altitude": [34975.0, 35000.0],
    }
    return pa.table({**base, **columns})


@pytest.mark.parametrize(
    ("name", "values", "feet", "reference"),
    [
        ("alt_baro_ft", [35000.0, 36000.0], [35000.0, 36000.0], Reference.PRESSURE),
        ("Alt Baro (ft)", [35000.0, 36000.0], [35000.0, 36000.0], Reference.PRESSURE),
        ("pressureAltitudeFt", [35000.0, 36000.0], [35000.0, 36000.0], Reference.PRESSURE),
        ("FL", [350, 360], [35000.0, 36000.0], Reference.PRESSURE),
        ("flight_level", [350, 360], [35000.0, 36000.0], Reference.PRESSURE),
        ("baroaltitude", [10668.0, 10972.8], [35000.0, 36000.0], Reference.PRESSURE),
        ("baro_altitude", [10668.0, 10972.8], [35000.0, 36000.0], Reference.PRESSURE),
        ("alt_baro", [35000, 36000], [35000.0, 36000.0], Reference.PRESSURE),
        ("geoaltitude", [10668.0, 10972.8], [35000.0, 36000.0], Reference.WGS84),
        ("alt_geom", [35000, 36000], [35000.0, 36000.0], Reference.WGS84),
        ("altitude_m_hae", [3048.0, 6096.0], [10000.0, 20000.0], Reference.WGS84),
        ("alt_m_egm96", [3048.0, 6096.0], [10000.0, 20000.0], Reference.MSL_EGM96),
        ("alt_ft_egm2008", [100.0, 200.0], [100.0, 200.0], Reference.MSL_EGM2008),
    ],
)
def test_an_altitude_by_its_name(name, values, feet, reference):
    flights = read_flights(table(**{name: values}))
    assert flights.alt.tolist() == feet
    assert flights.reference is reference


@pytest.mark.parametrize(
    ("name", "argument", "feet", "reference"),
    [
        ("alt", "ft:pressure", 100.0, Reference.PRESSURE),
        ("altitude", "m:wgs84", 100.0 / 0.3048, Reference.WGS84),
        ("altitude_ft_amsl", "msl-egm96", 100.0, Reference.MSL_EGM96),
        ("altitude_m", "pressure", 100.0 / 0.3048, Reference.PRESSURE),
        ("hoehe", "m:msl-egm2008:hoehe", 100.0 / 0.3048, Reference.MSL_EGM2008),
    ],
)
def test_an_altitude_by_the_callers_word(name, argument, feet, reference):
    flights = read_flights(table(**{name: [100.0, 200.0]}), altitude=argument)
    assert flights.alt[0] == pytest.approx(feet, abs=1e-6)
    assert flights.reference is reference


def test_the_callers_word_does_not_overrule_a_name():
    with pytest.raises(InputError, match="no column fits"):
        read_flights(table(alt_baro_ft=[1.0, 2.0]), altitude="m:wgs84")


def test_pressure_is_preferred_and_the_other_can_be_chosen():
    both = table(geoaltitude=[3048.0, 3048.0], baroaltitude=[6096.0, 6096.0])
    assert read_flights(both).reference is Reference.PRESSURE
    chosen = read_flights(both, altitude="wgs84")
    assert (chosen.reference, chosen.alt[0]) == (Reference.WGS84, 10000.0)


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
def test_every_flight_level_comes_back_exact_from_metres(kind):
    levels = np.arange(0, 660, 5)
    metres = pa.array(levels * 30.48).cast(kind)
    rows = pa.table(
        {
            "flight_id": ["A"] * len(levels),
            "time": 1.7e9 + np.arange(len(levels)),
            "lat": np.zeros(len(levels)),
            "lon": np.zeros(len(levels)),
            "baroaltitude": metres,
        }
    )
    assert read_flights(rows).alt.tolist() == (levels * 100.0).tolist()


def test_traffics_altitude_is_in_feet_but_only_in_its_own_frames():
    flights = read_flights(traffic())
    assert flights.alt.tolist() == [34975.0, 35000.0]
    assert flights.reference is Reference.PRESSURE
    with pytest.raises(InputError, match="unknown unit"):
        read_flights(traffic().drop_columns(["callsign"]))


def test_opensky_state_vectors():
    rows = pa.table(
        {
            "time": T,
            "icao24": ["3003ae"] * 2,
            "lat": [45.8, 45.9],
            "lon": [9.2, 9.3],
            "velocity": [200.0, 200.0],
            "callsign": ["DLH8JW  "] * 2,
            "onground": [False, False],
            "baroaltitude": [10668.0, 10668.0],
            "geoaltitude": [10900.0, 10900.0],
        }
    )
    flights = read_flights(rows)
    assert flights.ids == ["DLH8JW 3003ae"]
    assert flights.time.tolist() == [1_533_101_250 * 10**9, 1_533_101_310 * 10**9]
    assert flights.alt.tolist() == [35000.0, 35000.0]


def test_a_new_flight_after_ten_minutes_without_a_fix():
    n = 6
    seconds = np.array([0, 10, 611, 621, 1221, 1231])  # 601 s, then 600 s
    rows = pa.table(
        {
            "timestamp": pa.array(seconds, pa.int64()).cast(pa.timestamp("s", tz="UTC")),
            "icao24": ["3003ae"] * n,
            "callsign": ["DLH8JW"] * n,
            "latitude": np.linspace(45, 46, n),
            "longitude": np.full(n, 9.0),
            "altitude": np.full(n, 30000.0),
        }
    )
    flights = read_flights(rows)
    assert flights.ids == ["DLH8JW 3003ae", "DLH8JW 3003ae_2"]
    assert np.diff(flights.offsets).tolist() == [2, 4]
    assert flights.dropped == {"leg: over 10 min without a fix, a new flight after it": 1}
    named = read_flights(rows.append_column("flight_id", pa.array(["X"] * n)))
    assert (named.ids, named.fixes, named.dropped) == (["X"], n, {})


def test_aircraft_without_a_callsign_are_named_by_their_address():
    rows = traffic(callsign=pa.array([None, None], pa.string()), icao24=["a", "a"])
    assert read_flights(rows).ids == ["a"]


def test_identifiers_that_a_suffix_would_repeat_stay_unique():
    def leg(callsign, seconds):
        return pa.table(
            {
                "timestamp": pa.array(seconds, pa.int64()).cast(pa.timestamp("s", tz="UTC")),
                "callsign": [callsign] * 2,
                "lat": [1.0, 2.0],
                "lon": [1.0, 2.0],
                "fl": [1, 1],
            }
        )

    rows = pa.concat_tables([leg("A_2", [0, 1]), leg("A", [0, 1]), leg("A", [5000, 5001])])
    assert read_flights(rows).ids == ["A_2", "A", "A_3"]


def test_parties():
    assert read_flights(traffic()).parties == [""]
    assert read_flights(traffic(party=["Blue", "Blue"])).parties == ["Blue"]
    assert read_flights(traffic(party=["Blue", None])).parties == ["Blue"]
    assert read_flights(traffic(party=["Blue", "Blue"]), party="Red").parties == ["Red"]
    assert read_flights(traffic(), party="airline").parties == ["DLH"]
    assert read_flights(traffic(callsign=["DEABC"] * 2), party="airline").parties == [""]


def test_protections_priorities_classes_and_gaps():
    rows = table(
        fl=[100, 100],
        priority=[7, 7],
        protection_nm=[3.0, None],
        protection_ft=[500.0, None],
        separation_class=["terminal", "terminal"],
        gap=[True, False],
    )
    flights = read_flights(rows, classes={"terminal": Separation(4000.0, 800.0)})
    assert flights.protection_h.tolist() == [5556.0, 4000.0]
    assert flights.protection_v.tolist() == [800.0, 800.0]
    assert flights.priority.tolist() == [7]
    assert flights.gap.tolist() == [True, False]


def test_a_leg_longer_than_the_largest_gap_is_a_hole():
    flights = read_flights(table(fl=[100, 100]), max_gap=59.0)
    assert flights.gap.tolist() == [True, False]
    assert flights.dropped == {"leg: longer than 59 s, left open": 1}
    assert not read_flights(table(fl=[100, 100]), max_gap=60.0).gap.any()
    with pytest.raises(InputError):
        read_flights(table(fl=[100, 100]), max_gap=0.0)


@pytest.mark.parametrize(
    "column",
    [
        STAMPS,
        T,
        T.cast(pa.float64()),
        T.cast(pa.string()),
        T.cast(pa.decimal128(22, 3)),
        STAMPS.cast(pa.timestamp("ns", tz="Europe/Berlin")),
        STAMPS.cast(pa.string()),
        pa.array(["2018-08-01T05:27:30Z", "2018-08-01T07:28:30+02:00"]),
        pa.array(["2018-08-01 05:27:30.000000000+00:00", " 2018-08-01T05:28:30Z "]),
        pa.array(["2018-08-01T05:27:30Z", "2018-08-01T05:28:30Z"], pa.string_view()),
        pa.array(["2018-08-01T05:27:30Z", "2018-08-01T05:28:30Z"]).dictionary_encode(),
    ],
    ids=lambda column: str(column.type),
)
def test_times(column):
    times, unread, naive = nanoseconds(column, "time", None)
    assert times.tolist() == [1_533_101_250 * 10**9, 1_533_101_310 * 10**9]
    assert len(unread) == len(naive) == 0


def test_times_that_cannot_be_read_are_told_apart():
    column = pa.array(["2018-08-01T05:27:30Z", None, "2018-08-01T05:27:30", "soon"])
    times, unread, naive = nanoseconds(column, "time", None)
    assert (times == NO_TIME).tolist() == [False, True, True, True]
    assert (unread.tolist(), naive.tolist()) == ([3], [2])


def test_fractions_of_unix_seconds_are_good_to_a_microsecond():
    times, _, _ = nanoseconds(pa.array([1_533_101_250.123456]), "time", None)
    assert times[0] == 1_533_101_250_123_456_000


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("zipped", [False, True])
def test_csv_separators_and_gzip(tmp_path, mark, zipped):
    text = GOOD.replace(",", mark)
    if zipped:
        path = tmp_path / "flights.csv.gz"
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path = csv(tmp_path, "\ufeff" + text)
    flights = read_flights(path)
    assert flights.ids == ["A1", "B2"]
    assert flights.parties == ["Blue", "Green"]
    assert flights.time[2] == flights.time[0]
    assert flights.alt.tolist() == [35000.0, 35000.0, 36000.0, 36000.0]


def test_two_columns_of_one_name(tmp_path):
    with pytest.raises(InputError, match="two columns named 'lat'"):
        read_flights(csv(tmp_path, GOOD.replace("party", "LAT")))
