"""ASTERIX CAT021: each field of an ADS-B report, its time, and what its station says of it."""

from datetime import date
from typing import Any

import pytest

from detente.formats.asterix import AsterixDecoder
from tests.formats.asterix_bytes import (
    MIDNIGHT,
    NOON,
    OLD,
    block,
    cat021,
    decode,
    described,
    encoded,
    one,
    second,
    third,
)


def test_every_field_of_an_ads_b_report() -> None:
    seen = one(cat021())
    assert (seen.source, seen.address, seen.number) == ("site", "4ca7b6", "25.2.1234")
    assert (seen.callsign, seen.squawk) == ("DLH8JW", "1234")
    assert seen.time == NOON + 500_000_000
    assert seen.lat == pytest.approx(50.1, abs=1e-7)
    assert seen.lon == pytest.approx(-8.2, abs=1e-7)
    assert (seen.pressure, seen.geometric) == (35_025.0, 36_025.0)
    assert (seen.speed, seen.course, seen.climb) == (231.5, 90.0, -637.5)
    assert (seen.accuracy, seen.on_ground, seen.kind) == (30.0, False, "")


def test_by_hand() -> None:
    """Positions of 24 bits count 180 / 2**23 degrees."""
    # which items: 010, 040, 130 (first, second, sixth) and a byte more, with 080 (eleventh)
    record = bytes([0b1100_0101, 0b0001_0000])
    record += bytes([0x19, 0x02])  # SAC 25, SIC 2
    record += bytes([0b0000_1000])  # a 24-bit address, 100 ft
    record += bytes.fromhex("400000") + bytes.fromhex("e00000")  # 90 N, 45 W
    record += bytes.fromhex("abcdef")
    seen = one(block(21, record))
    assert (seen.lat, seen.lon, seen.address) == (90.0, -45.0, "abcdef")
    assert seen.time == NOON  # of reception: it says none


def test_the_rough_position_where_there_is_no_fine_one() -> None:
    seen = one(cat021(i131=None, i130=(("LAT", (50.1, "°")), ("LON", (-8.2, "°")))))
    assert (seen.lat, seen.lon) == pytest.approx((50.1, -8.2), abs=2e-5)


@pytest.mark.parametrize(
    ("items", "after_noon"),
    [
        ({}, 0.5),
        ({"i071": None}, 1.0),
        ({"i071": None, "i074": (("FSI", 0), ("TOMRP", (0.25, "s")))}, 1.25),
        ({"i071": None, "i074": (("FSI", 1), ("TOMRP", (0.25, "s")))}, 2.25),
        ({"i071": None, "i074": (("FSI", 2), ("TOMRP", (0.25, "s")))}, 0.25),
        ({"i071": None, "i074": (("FSI", 3), ("TOMRP", (0.25, "s")))}, 1.0),
        ({"i071": None, "i073": None}, 2.0),
        ({"i071": None, "i073": None, "i077": None}, 0.0),
    ],
)
def test_the_time_is_the_position_s_own_if_that_is_said(
    items: dict[str, Any], after_noon: float
) -> None:
    assert one(cat021(**items)).time == NOON + round(after_noon * 1e9)


@pytest.mark.parametrize(
    ("of_day", "received", "time"),
    [
        (86_399.5, MIDNIGHT + 10**9, MIDNIGHT - 500_000_000),
        (0.5, MIDNIGHT - 10**9, MIDNIGHT + 500_000_000),
        (43_199.0, MIDNIGHT, MIDNIGHT + 43_199 * 10**9),
        (43_201.0, MIDNIGHT, MIDNIGHT - 43_199 * 10**9),
    ],
)
def test_midnight(of_day: float, received: int, time: int) -> None:
    assert one(cat021(i071=(of_day, "s")), received).time == time


def test_a_recording_goes_on_after_midnight() -> None:
    decoder = AsterixDecoder("site", day=date(2026, 6, 30))
    times = [
        decoder.decode(cat021(i071=(of_day, "s")), 0).sightings[0].time - MIDNIGHT
        for of_day in (86_399.0, 0.0, 86_399.5, 1.0, 40_000.0, 80_000.0, 2.0)
    ]
    assert [time / 1e9 for time in times] == [-1, 0, -0.5, 1, 40_000, 80_000, 86_402]
    assert decoder.decode(
        cat021(i071=None, i073=None, i077=None), 0
    ).sightings[0].time == MIDNIGHT + 86_402 * 10**9  # fmt: skip


def test_a_time_beyond_a_day_is_refused() -> None:
    decoded = decode(cat021(i071=(86_400.0, "s")))
    assert (decoded.sightings, dict(decoded.refused)) == ([], {"time: beyond a day": 1})


@pytest.mark.parametrize(
    ("nacp", "metres"),
    [(11, 3.0), (10, 10.0), (9, 30.0), (8, 92.6), (6, 555.6), (1, 18_520.0), (0, None), (12, None)],
)
def test_accuracy_is_of_the_navigation_accuracy_category(nacp: int, metres: float | None) -> None:
    quality = (
        (("NUCRNACV", 1), ("NUCPNIC", 8), None),
        (("NICBARO", 1), ("SIL", 2), ("NACP", nacp), None),
    )
    assert one(cat021(i090=quality)).accuracy == (metres and pytest.approx(metres))


@pytest.mark.parametrize(
    ("version", "nucp", "metres"),
    [(0, 9, 3.0), (0, 7, 92.6), (0, 5, 463.0), (0, 0, None), (2, 9, None), (None, 9, None)],
)
def test_of_version_0_it_is_of_the_navigation_uncertainty_category(
    version: int | None, nucp: int, metres: float | None
) -> None:
    quality = ((("NUCRNACV", 1), ("NUCPNIC", nucp), None),)
    stated = None if version is None else (0, ("VNS", 0), ("VN", version), ("LTT", 2))
    seen = one(cat021(i090=quality, i210=stated))
    assert seen.accuracy == (metres and pytest.approx(metres))


def test_on_the_ground() -> None:
    assert one(cat021(i040=described(0, 0, second(gbs=1)))).on_ground


@pytest.mark.parametrize(
    ("descriptor", "name"),
    [
        (described(0, 1), "CAT021 field monitor"),
        (described(0, 0, second(sim=1)), "CAT021 simulated"),
        (described(0, 0, second(tst=1)), "CAT021 test target"),
    ],
)
def test_what_is_not_flying_is_not_wanted(descriptor: Any, name: str) -> None:
    decoded = decode(cat021(i040=descriptor))
    assert (decoded.sightings, dict(decoded.unwanted)) == ([], {name: 1})
    assert not decoded.refused


@pytest.mark.parametrize(
    "descriptor",
    [
        described(0, 0, second(cl=1)),
        described(0, 0, second(), third(ipc=1)),
        described(0, 0, second(), third(nogo=1)),
        described(0, 0, second(), third(cpr=1)),
        described(0, 0, second(), third(rcf=1)),
    ],
)
def test_a_position_that_its_station_doubts_is_left_out(descriptor: Any) -> None:
    decoded = decode(cat021(i040=descriptor))
    (seen,) = decoded.sightings
    assert (seen.lat, seen.lon, seen.accuracy, seen.pressure) == (None, None, None, 35_025.0)
    assert dict(decoded.refused) == {"position: doubted by its station": 1}


def test_an_address_that_is_not_unique_is_none() -> None:
    seen = one(cat021(i040=described(3)))
    assert (seen.address, seen.key) == ("", "site/25.2.1234")
    seen = one(cat021(i040=described(3), i161=None))
    assert (seen.address, seen.key) == ("", "site/25.2.~4ca7b6")


def test_rates_and_speeds_beyond_their_range_are_not_known() -> None:
    seen = one(
        cat021(
            i155=(("RE", 1), ("BVR", (-640.0, "ft/min"))),
            i160=(("RE", 1), ("GS", (0.125, "NM/s")), ("TA", (90.0, "°"))),
            i140=0x7FFF,
        )
    )
    assert (seen.climb, seen.speed, seen.course, seen.geometric) == (-650.0, None, 90.0, None)
    both = {"i155": (("RE", 1), ("BVR", 1)), "i157": (("RE", 1), ("GVR", 1))}
    assert one(cat021(**both)).climb is None


def test_values_out_of_range_are_left_out_and_named() -> None:
    decoded = decode(
        cat021(
            i131=(("LAT", (91.0, "°")), ("LON", (0.0, "°"))),
        )
    )
    assert (decoded.sightings, dict(decoded.refused)) == ([], {"position: out of range": 1})
    decoded = decode(cat021(i140=-20_000, i145=-32_000, i170=0x0000_3F3F_0000, i080=0))
    assert dict(decoded.refused) == {
        "geometric: out of range": 1,
        "pressure: out of range": 1,
        "callsign: not one": 1,
        "address: not one": 1,
    }
    (seen,) = decoded.sightings
    assert (seen.geometric, seen.pressure, seen.callsign, seen.address) == (None, None, "", "")
    assert seen.key == "site/25.2.1234"


def test_who_is_nobody_is_refused() -> None:
    decoded = decode(cat021(i161=None, i080=None, i170=None))
    assert (decoded.sightings, dict(decoded.refused)) == ([], {"identity: none": 1})


@pytest.mark.parametrize("edition", ["0.23", "0.24", "0.25", "0.26"])
def test_editions_before_2(edition: str) -> None:
    descriptor = (
        ("DCR", 0), ("GBS", 1), ("SIM", 0), ("TST", 0), ("RAB", 0), ("SAA", 0), ("SPI", 0), 0,
        ("ATP", 1), ("ARC", 1), 0,
    )  # fmt: skip
    seen = one(encoded(21, OLD, {"i040": descriptor}, edition), editions={21: edition})
    assert (seen.address, seen.number, seen.callsign) == ("4ca7b6", "", "DLH8JW")
    assert (seen.lat, seen.lon) == pytest.approx((50.1, -8.2), abs=2e-5)
    assert (seen.pressure, seen.geometric, seen.climb) == (35_000.0, 36_025.0, -637.5)
    assert (seen.speed, seen.course, seen.on_ground) == (231.5, 90.0, True)
    assert seen.time == NOON + 500_000_000
    # there 0 is an address that is not unique
    other = (*descriptor[:8], ("ATP", 0), ("ARC", 1), 0)
    data = encoded(21, OLD, {"i040": other}, edition)
    assert one(data, editions={21: edition}).address == ""
