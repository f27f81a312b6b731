"""Flight recorders' files."""

import datetime

import pytest
from aerofiles.igc import Writer

from detente import InputError, Reference, read_flights


def write(path, fixes, *, registration="D-1234", pressure=True):
    """Write a file with the field's own library."""
    with path.open("wb") as stream:
        writer = Writer(stream)
        writer.write_headers(
            {
                "manufacturer_code": "XCS",
                "logger_id": "TBX",
                "date": datetime.date(2026, 7, 1),
                "fix_accuracy": 50,
                "pilot": "A. Pilot",
                "glider_type": "LS 8",
                "glider_id": registration,
                "firmware_version": "1",
                "hardware_version": "1",
                "logger_type": "X",
                "gps_receiver": "u-blox",
                "pressure_sensor": "intersema",
            }
        )
        for time, lat, lon, baro, gnss, valid in fixes:
            writer.write_fix(
                datetime.time.fromisoformat(time),
                latitude=lat,
                longitude=lon,
                valid=valid,
                pressure_alt=baro if pressure else 0,
                gps_alt=gnss,
            )
    return path


FIXES = [
    ("23:59:50", 50.0, 8.0, 1000, 1100, True),
    ("23:59:58", 50.001, 8.0, 1010, 0, False),
    ("00:00:06", 50.002, 8.0, 1020, 1120, True),
]
MIDNIGHT = 1782950400 * 10**9


def test_pressure_altitude_is_preferred(tmp_path):
    flights = read_flights(write(tmp_path / "a.igc", FIXES))
    assert flights.ids == ["D-1234"]
    assert flights.reference is Reference.PRESSURE
    assert flights.alt == pytest.approx([3280.84, 3313.648, 3346.457], abs=1e-3)
    assert (flights.time - MIDNIGHT).tolist() == [-10 * 10**9, -2 * 10**9, 6 * 10**9]
    assert flights.lat == pytest.approx([50.0, 50.001, 50.002], abs=1e-5)


def test_gnss_altitude_where_there_is_no_other_or_it_is_wanted(tmp_path):
    without = write(tmp_path / "a.igc", FIXES, pressure=False)
    for flights in (
        read_flights(without),
        read_flights(write(tmp_path / "b.igc", FIXES), altitude="m:wgs84"),
    ):
        assert flights.reference is Reference.WGS84
        assert flights.alt == pytest.approx([3608.924, 3674.541], abs=1e-3)
        assert flights.dropped == {"fix: no GNSS altitude (validity V)": 1}


def test_gnss_altitude_above_the_geoid_needs_its_name(tmp_path):
    path = write(tmp_path / "a.igc", FIXES, pressure=False)
    path.write_text(path.read_text().replace("HFFTY", "HFALGALTGPS:GEO\r\nHFFTY", 1))
    with pytest.raises(InputError, match="without the geoid"):
        read_flights(path)
    assert read_flights(path, altitude="m:msl-egm96").reference is Reference.MSL_EGM96


def test_the_file_names_a_flight_that_has_no_registration(tmp_path):
    assert read_flights(write(tmp_path / "671abc.igc", FIXES, registration="")).ids == ["671abc"]


def test_bad_records(tmp_path):
    path = write(tmp_path / "a.igc", FIXES)
    text = path.read_text()
    path.write_text(text.replace("B235958", "B23x958"))
    with pytest.raises(InputError, match="B record") as caught:
        read_flights(path)
    assert caught.value.row == 2
    assert read_flights(path, skip_bad=True).fixes == 2
    path.write_text("".join(li for li in text.splitlines(True) if not li.startswith("HFDTE")))
    with pytest.raises(InputError, match="no date"):
        read_flights(path)
    path.write_text("".join(li for li in text.splitlines(True) if not li.startswith("B")))
    with pytest.raises(InputError, match="no fixes"):
        read_flights(path)


def test_a_clock_that_steps_back_is_no_midnight(tmp_path):
    fixes = [("12:00:00", 50.0, 8.0, 1000, 1100, True), ("11:59:59", 50.0, 8.0, 1000, 1100, True)]
    with pytest.raises(InputError, match="does not increase") as caught:
        read_flights(write(tmp_path / "a.igc", fixes))
    assert caught.value.row == 2
