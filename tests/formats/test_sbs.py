"""BaseStation lines: every field, lines cut anywhere, times, and what is not a line."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.formats.sbs import LONGEST, SbsDecoder

RECEIVED = int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()) * 10**9
EMPTY = {"kind": "3", "hex": "4CA7B6", "day": "2026/07/01", "clock": "12:00:01.250"}


ORDER = """
    callsign altitude speed course lat lon climb squawk alert emergency spi ground
"""


def line(**fields: str) -> bytes:
    f = {**EMPTY, **fields}
    head = f"MSG,{f['kind']},1,1,{f['hex']},1,{f['day']},{f['clock']},2026/07/01,12:00:01.300"
    return (",".join([head, *(f.get(name, "") for name in ORDER.split())]) + "\r\n").encode()


def one(data: bytes, **options: bool):
    decoded = SbsDecoder("hill", **options).decode(data, RECEIVED)
    assert not decoded.refused
    assert not decoded.unwanted
    (sighting,) = decoded.sightings
    return sighting


def refused(data: bytes, **options: bool) -> dict[str, int]:
    return dict(SbsDecoder("hill", **options).decode(data, RECEIVED).refused)


def test_an_airborne_position() -> None:
    seen = one(line(lat="50.10000", lon="-8.20000", altitude="35000", ground="0", alert="0"))
    assert (seen.source, seen.address, seen.key) == ("hill", "4ca7b6", "4ca7b6")
    assert (seen.lat, seen.lon, seen.pressure, seen.geometric) == (50.1, -8.2, 35_000.0, None)
    assert not seen.on_ground


def test_a_velocity_has_no_position() -> None:
    seen = one(line(kind="4", speed="450", course="359.5", climb="-640"))
    assert seen.speed == pytest.approx(231.5)
    assert (seen.course, seen.climb, seen.lat, seen.lon) == (359.5, -640.0, None, None)


def test_identity_squawk_and_altitude_come_alone() -> None:
    assert one(line(kind="1", callsign="DLH8JW  ")).callsign == "DLH8JW"
    assert one(line(kind="6", squawk="21", alert="0")).squawk == "0021"
    seen = one(line(kind="5", altitude="-125"))
    assert (seen.pressure, seen.lat) == (-125.0, None)


def test_an_altitude_with_an_h_is_geometric() -> None:
    seen = one(line(altitude="35125H", climb="64H"))
    assert (seen.pressure, seen.geometric, seen.climb) == (None, 35_125.0, 64.0)


def test_on_the_ground() -> None:
    assert one(line(ground="-1")).on_ground
    assert one(line(ground="1")).on_ground
    assert one(line(kind="2", lat="50", lon="8")).on_ground
    assert not one(line(ground="")).on_ground


def test_an_address_that_is_not_icao_s_is_a_number() -> None:
    seen = one(line(hex="~2A0B1C", lat="1", lon="2"))
    assert (seen.address, seen.number, seen.key) == ("", "~2a0b1c", "hill/~2a0b1c")


def test_fields_may_follow_the_22() -> None:
    data = line(lat="50", lon="8").replace(b"\r\n", b",-21.5,A3\r\n")
    assert one(data).lat == 50.0


def test_the_time_is_that_of_reception_unless_the_lines_are_in_utc() -> None:
    data = line(lat="50", lon="8")
    assert one(data).time == RECEIVED
    assert one(data, utc=True).time == RECEIVED + 1_250_000_000
    next_day = line(day="2026/07/02", clock="00:00:00.000")
    assert one(next_day, utc=True).time == RECEIVED + 12 * 3600 * 10**9


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("", ""),
        ("2026/02/30", "12:00:00"),
        ("2026/07/01", "24:00:00"),
        ("2026/07/01", "1:2"),
        ("2026/07/01", "12:00:nan"),
        ("01.07.2026", "12:00:00"),
        ("2026/07/01", "-1:00:00"),
    ],
)
def test_a_time_that_is_none(day: str, clock: str) -> None:
    assert refused(line(day=day, clock=clock), utc=True) == {"time: not one": 1}
    # where it is not looked at, it does no harm
    assert one(line(day=day, clock=clock)).time == RECEIVED


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"lat": "50"}, "position: half of it"),
        ({"lat": "90.1", "lon": "8"}, "position: out of range"),
        ({"lat": "50", "lon": "-180.5"}, "position: out of range"),
        ({"lat": "nan", "lon": "8"}, "position: out of range"),
        ({"lat": "north", "lon": "8"}, "position: not a number"),
    ],
)
def test_a_line_with_a_wrong_position_is_left_out(fields: dict[str, str], reason: str) -> None:
    decoded = SbsDecoder("hill").decode(line(**fields), RECEIVED)
    assert (decoded.sightings, dict(decoded.refused)) == ([], {reason: 1})


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("altitude", "1e6", "pressure: out of range"),
        ("altitude", "inf", "pressure: out of range"),
        ("altitude", "ground", "pressure: not a number"),
        ("altitude", "-9999H", "geometric: out of range"),
        ("speed", "-1", "speed: out of range"),
        ("speed", "4000", "speed: out of range"),
        ("course", "360.5", "course: out of range"),
        ("course", "nan", "course: out of range"),
        ("climb", "1e300", "climb: out of range"),
        ("squawk", "7800", "squawk: not four octal digits"),
        ("callsign", "AB\x01", "callsign: not one"),
        ("callsign", "NINECHARS", "callsign: not one"),
        ("hex", "000000", "address: not one"),
    ],
)
def test_a_wrong_value_is_left_out_and_named(field: str, value: str, reason: str) -> None:
    given = {"lat": "50", "lon": "8", "callsign": "DLH1", field: value}
    decoded = SbsDecoder("hill").decode(line(**given), RECEIVED)
    (seen,) = decoded.sightings
    assert dict(decoded.refused) == {reason: 1}
    assert (seen.lat, seen.lon) == (50.0, 8.0)
    wrong = (seen.pressure, seen.geometric, seen.speed, seen.course, seen.climb, seen.squawk)
    assert wrong == (None, None, None, None, None, "")


def test_a_course_of_360_is_north() -> None:
    assert one(line(course="360")).course == 0.0


def test_what_is_no_line() -> None:
    assert refused(b"GET / HTTP/1.1\r\n") == {"line: not BaseStation's": 1}
    assert refused(b"MSG,3,1,1,4CA7B6\n") == {"line: fewer than 22 fields": 1}
    assert refused(b"\xff\xfe,3\n") == {"line: not text": 1}
    assert refused(line(kind="9")) == {"line: not of the kinds 1 to 8": 1}
    assert refused(line(hex="xyz")) == {"address: not one": 1, "identity: none": 1}
    assert refused(b"\r\n\n\r\n") == {}


def test_other_lines_of_basestation_are_not_wanted() -> None:
    decoded = SbsDecoder("hill").decode(b"STA,,5,179,400AE7,10103,,,,,RM\r\nAIR,,1\n", RECEIVED)
    assert dict(decoded.unwanted) == {"SBS STA": 1, "SBS AIR": 1}
    assert not decoded.refused


def test_a_line_that_never_ends_is_not_kept() -> None:
    decoder = SbsDecoder("hill")
    reasons = [
        dict(decoder.decode(b"x" * 700, RECEIVED).refused),
        dict(decoder.decode(b"x" * 700, RECEIVED).refused),
        dict(decoder.decode(b"x" * 100_000, RECEIVED).refused),
    ]
    assert reasons == [{}, {"line: too long": 1}, {}]
    assert len(decoder._rest) <= LONGEST
    decoded = decoder.decode(b"xx\n" + line(lat="50", lon="8"), RECEIVED)
    assert len(decoded.sightings) == 1
    assert not decoded.refused


def test_a_half_line_is_forgotten_with_its_connection() -> None:
    decoder = SbsDecoder("hill")
    decoder.decode(line(lat="50", lon="8")[:30], RECEIVED)
    decoder.reset()
    assert len(decoder.decode(line(lat="51", lon="8"), RECEIVED).sightings) == 1


@given(st.lists(st.integers(0, 400), max_size=12))
def test_where_the_stream_is_cut_changes_nothing(cuts: list[int]) -> None:
    data = line(lat="50", lon="8") + b"junk\n" + line(kind="1", callsign="A1") + line(hex="")
    whole = SbsDecoder("hill").decode(data, RECEIVED)
    decoder = SbsDecoder("hill")
    at = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    parts = [decoder.decode(data[a:b], RECEIVED) for a, b in pairwise(at)]
    assert [s for part in parts for s in part.sightings] == whole.sightings
    assert sum((part.refused for part in parts), start=type(whole.refused)()) == whole.refused
