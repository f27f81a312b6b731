"""ASTERIX: against libasterix, which shares only its tables; by hand-made bytes; and broken.

What libasterix encodes is decoded here, and what is decoded here libasterix reads as the same.
"""

import math
import random
import runpy
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pytest

from detente.errors import InputError
from detente.formats.asterix import AsterixDecoder
from detente.formats.uap import Profile, RecordError, editions

DAY = 86_400 * 10**9
MIDNIGHT = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp()) * 10**9
NOON = MIDNIGHT + DAY // 2
ALL = [(category, edition) for category in (21, 62) for edition in editions(category)]


@pytest.fixture(scope="module")
def asterix() -> Any:
    """libasterix with all its categories, which takes some seconds to import."""
    return runpy.run_path("scripts/lay_out_asterix.py")


@pytest.fixture(scope="module")
def specs(asterix: Any) -> dict[tuple[int, str], Any]:
    cats = asterix["generated"].manifest["CATS"]
    return {(c, ".".join(map(str, s.cv_edition))): s for c in (21, 62) for s in cats[c]}


def block(category: int, *records: bytes) -> bytes:
    data = b"".join(records)
    return bytes([category]) + (len(data) + 3).to_bytes(2, "big") + data


def decode(data: bytes, received: int = NOON, **options: Any):
    return AsterixDecoder("site", **options).decode(data, received)


def one(data: bytes, received: int = NOON, **options: Any):
    decoded = decode(data, received, **options)
    assert not decoded.refused
    assert not decoded.unwanted
    (sighting,) = decoded.sightings
    return sighting


# --- the tables


def test_the_tables_are_those_of_libasterix(asterix: Any) -> None:
    assert asterix["OUT"].read_text() == asterix["written"]()


def shaped(shape: Any, rng: random.Random) -> bytes:
    """Make an item of a shape, with anything in it."""
    if isinstance(shape, int):
        return rng.randbytes(shape)
    ((kind, size),) = shape.items()
    if kind in ("extended", "closed"):
        n = rng.randint(1, size)
        data = [byte | 1 for byte in rng.randbytes(n)]
        if kind == "extended" or n < size:
            data[-1] &= 0xFE
        return bytes(data)
    if kind == "repeated":
        n = rng.randint(0, 3)
        return bytes([n]) + rng.randbytes(n * size)
    if kind == "chained":
        parts = [bytearray(rng.randbytes(size)) for _ in range(rng.randint(1, 3))]
        for part in parts:
            part[-1] |= 1
        parts[-1][-1] &= 0xFE
        return b"".join(parts)
    if kind == "explicit":
        data = rng.randbytes(rng.randint(0, 5))
        return bytes([len(data) + 1]) + data
    return behind_specification(size, rng)


def behind_specification(items: list[Any], rng: random.Random) -> bytes:
    known = [k for k, item in enumerate(items) if item is not None]
    chosen = sorted(rng.sample(known, rng.randint(1, len(known))))
    flags = [0] * (7 * (chosen[-1] // 7 + 1))
    for k in chosen:
        flags[k] = 1
    head = bytearray()
    for k in range(0, len(flags), 7):
        bits = "".join(map(str, flags[k : k + 7]))
        head.append(int(bits, 2) << 1 | (k + 7 < len(flags)))
    return bytes(head) + b"".join(shaped(items[k][1], rng) for k in chosen)


def raw(record: Any, name: str) -> int | None:
    """Find a field in a record of libasterix."""
    item, *parts = name.split(".")
    found = record.get_item(item)
    for part in parts:
        found = None if found is None else found.variation.get_item(part)
    return None if found is None else found.as_uint()


@pytest.mark.parametrize(("category", "edition"), ALL)
def test_records_are_read_as_libasterix_reads_them(
    category: int, edition: str, asterix: Any, specs: Any
) -> None:
    layout = asterix["layouts"]()[str(category)][edition]
    profile = Profile(category, edition)
    spec = specs[category, edition]
    rng = random.Random(f"{category} {edition}")
    for _ in range(12):
        data = behind_specification(layout["items"], rng)
        (record,) = spec.cv_uap.parse(asterix["base"].Bits.from_bytes(data))
        values, end = profile.record(data + b"\xff\xff", 0)
        assert end == len(data)
        for name in layout["fields"]:
            expected = raw(record, name)
            # of an item whose later bytes did not come, the fields in them are zeros here
            assert profile.field(name).raw(values) == expected or (
                expected is None and profile.field(name).raw(values) == 0
            )


# --- CAT021


FULL_021 = {
    "010": (("SAC", 25), ("SIC", 2)),
    "040": ((("ATP", 0), ("ARC", 1), ("RC", 0), ("RAB", 0), None),),
    "161": (0, ("TRNUM", 1234)),
    "071": (43_200.5, "s"),
    "131": (("LAT", (50.1, "°")), ("LON", (-8.2, "°"))),
    "080": 0x4CA7B6,
    "073": (43_201.0, "s"),
    "140": (36_025.0, "ft"),
    "090": (
        (("NUCRNACV", 1), ("NUCPNIC", 8), None),
        (("NICBARO", 1), ("SIL", 2), ("NACP", 9), None),
    ),
    "210": (0, ("VNS", 0), ("VN", 2), ("LTT", 2)),
    "070": (0, 0o1234),
    "145": (350.25, "FL"),
    "155": (("RE", 0), ("BVR", (-640.0, "ft/min"))),
    "157": (("RE", 0), ("GVR", (-650.0, "ft/min"))),
    "160": (("RE", 0), ("GS", (0.125, "NM/s")), ("TA", (90.0, "°"))),
    "077": (43_202.0, "s"),
    "170": "DLH8JW  ",
}


def changed(**items: Any) -> dict[str, Any]:
    """Put items of FULL_021 otherwise: i131=None leaves one out."""
    given = {**FULL_021, **{name[1:]: item for name, item in items.items()}}
    return {name: item for name, item in given.items() if item is not None}


@pytest.fixture(scope="module")
def cat021(specs: Any) -> Any:
    spec = specs[21, editions(21)[-1]]

    def encode(**items: Any) -> bytes:
        record = spec.cv_record.create(changed(**items))
        return spec.create([record]).unparse().to_bytes()

    return encode


def test_every_field_of_an_ads_b_report(cat021: Any) -> None:
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


def test_the_rough_position_where_there_is_no_fine_one(cat021: Any) -> None:
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
    cat021: Any, items: dict[str, Any], after_noon: float
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
def test_midnight(cat021: Any, of_day: float, received: int, time: int) -> None:
    assert one(cat021(i071=(of_day, "s")), received).time == time


def test_a_recording_goes_on_after_midnight(cat021: Any) -> None:
    decoder = AsterixDecoder("site", day=date(2026, 6, 30))
    times = [
        decoder.decode(cat021(i071=(of_day, "s")), 0).sightings[0].time - MIDNIGHT
        for of_day in (86_399.0, 0.0, 86_399.5, 1.0, 40_000.0, 80_000.0, 2.0)
    ]
    assert [time / 1e9 for time in times] == [-1, 0, -0.5, 1, 40_000, 80_000, 86_402]
    assert decoder.decode(
        cat021(i071=None, i073=None, i077=None), 0
    ).sightings[0].time == MIDNIGHT + 86_402 * 10**9  # fmt: skip


def test_a_time_beyond_a_day_is_refused(cat021: Any) -> None:
    decoded = decode(cat021(i071=(86_400.0, "s")))
    assert (decoded.sightings, dict(decoded.refused)) == ([], {"time: beyond a day": 1})


@pytest.mark.parametrize(
    ("nacp", "metres"),
    [(11, 3.0), (10, 10.0), (9, 30.0), (8, 92.6), (6, 555.6), (1, 18_520.0), (0, None), (12, None)],
)
def test_accuracy_is_of_the_navigation_accuracy_category(
    cat021: Any, nacp: int, metres: float | None
) -> None:
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
    cat021: Any, version: int | None, nucp: int, metres: float | None
) -> None:
    quality = ((("NUCRNACV", 1), ("NUCPNIC", nucp), None),)
    stated = None if version is None else (0, ("VNS", 0), ("VN", version), ("LTT", 2))
    seen = one(cat021(i090=quality, i210=stated))
    assert seen.accuracy == (metres and pytest.approx(metres))


def described(atp: int = 0, rab: int = 0, *more: tuple[Any, ...]) -> Any:
    first = (("ATP", atp), ("ARC", 1), ("RC", 0), ("RAB", rab), None)
    return (first, *more)


def second(gbs: int = 0, sim: int = 0, tst: int = 0, cl: int = 0) -> Any:
    return (("DCR", 0), ("GBS", gbs), ("SIM", sim), ("TST", tst), ("SAA", 0), ("CL", cl), None)


def third(ipc: int = 0, nogo: int = 0, cpr: int = 0, rcf: int = 0) -> Any:
    return (
        0, ("LLC", 0), ("IPC", ipc), ("NOGO", nogo), ("CPR", cpr), ("LDPJ", 0), ("RCF", rcf), None,
    )  # fmt: skip


def test_on_the_ground(cat021: Any) -> None:
    assert one(cat021(i040=described(0, 0, second(gbs=1)))).on_ground


@pytest.mark.parametrize(
    ("descriptor", "name"),
    [
        (described(0, 1), "CAT021 field monitor"),
        (described(0, 0, second(sim=1)), "CAT021 simulated"),
        (described(0, 0, second(tst=1)), "CAT021 test target"),
    ],
)
def test_what_is_not_flying_is_not_wanted(cat021: Any, descriptor: Any, name: str) -> None:
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
def test_a_position_that_its_station_doubts_is_left_out(cat021: Any, descriptor: Any) -> None:
    decoded = decode(cat021(i040=descriptor))
    (seen,) = decoded.sightings
    assert (seen.lat, seen.lon, seen.accuracy, seen.pressure) == (None, None, None, 35_025.0)
    assert dict(decoded.refused) == {"position: doubted by its station": 1}


def test_an_address_that_is_not_unique_is_none(cat021: Any) -> None:
    seen = one(cat021(i040=described(3)))
    assert (seen.address, seen.key) == ("", "site/25.2.1234")
    seen = one(cat021(i040=described(3), i161=None))
    assert (seen.address, seen.key) == ("", "site/25.2.~4ca7b6")


def test_rates_and_speeds_beyond_their_range_are_not_known(cat021: Any) -> None:
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


def test_values_out_of_range_are_left_out_and_named(cat021: Any) -> None:
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


def test_who_is_nobody_is_refused(cat021: Any) -> None:
    decoded = decode(cat021(i161=None, i080=None, i170=None))
    assert (decoded.sightings, dict(decoded.refused)) == ([], {"identity: none": 1})


OLD = {
    "010": (("SAC", 25), ("SIC", 2)),
    "030": (43_200.5, "s"),
    "130": (("LAT", (50.1, "°")), ("LON", (-8.2, "°"))),
    "080": 0x4CA7B6,
    "140": (36_025.0, "ft"),
    "145": (350.0, "FL"),
    "155": (-640.0, "ft/min"),
    "160": (("GS", (0.125, "NM/s")), ("TA", (90.0, "°"))),
    "170": "DLH8JW  ",
}


@pytest.mark.parametrize("edition", ["0.23", "0.24", "0.25", "0.26"])
def test_editions_before_2(specs: Any, edition: str) -> None:
    spec = specs[21, edition]
    descriptor = (
        ("DCR", 0), ("GBS", 1), ("SIM", 0), ("TST", 0), ("RAB", 0), ("SAA", 0), ("SPI", 0), 0,
        ("ATP", 1), ("ARC", 1), 0,
    )  # fmt: skip
    record = spec.cv_record.create({**OLD, "040": descriptor})
    seen = one(spec.create([record]).unparse().to_bytes(), editions={21: edition})
    assert (seen.address, seen.number, seen.callsign) == ("4ca7b6", "", "DLH8JW")
    assert (seen.lat, seen.lon) == pytest.approx((50.1, -8.2), abs=2e-5)
    assert (seen.pressure, seen.geometric, seen.climb) == (35_000.0, 36_025.0, -637.5)
    assert (seen.speed, seen.course, seen.on_ground) == (231.5, 90.0, True)
    assert seen.time == NOON + 500_000_000
    # there 0 is an address that is not unique
    other = spec.cv_record.create({**OLD, "040": (*descriptor[:8], ("ATP", 0), ("ARC", 1), 0)})
    assert one(
        spec.create([other]).unparse().to_bytes(), editions={21: edition}
    ).address == ""  # fmt: skip


# --- CAT062


FULL_062 = {
    "010": (("SAC", 7), ("SIC", 3)),
    "070": (43_200.0, "s"),
    "105": (("LAT", (33.7, "°")), ("LON", (44.9, "°"))),
    "185": (("VX", (-150.0, "m/s")), ("VY", (200.0, "m/s"))),
    "060": (("V", 0), ("G", 0), ("CH", 0), 0, ("MODE3A", 0o4321)),
    "245": (("STI", 0), 0, ("CHR", "IRA712  ")),
    "380": {"ADR": 0x730123, "ID": "IRA71   "},
    "040": 4711,
    "080": ((("MON", 0), ("SPI", 0), ("MRH", 0), ("SRC", 0), ("CNF", 0), None),),
    "136": (240.0, "FL"),
    "130": (24_500.0, "ft"),
    "135": (("QNH", 0), ("CTB", (241.0, "FL"))),
    "220": (-1_250.0, "ft/min"),
    "500": {"APC": (("X", (20.0, "m")), ("Y", (30.0, "m")))},
}


@pytest.fixture(scope="module")
def cat062(specs: Any) -> Any:
    spec = specs[62, editions(62)[-1]]

    def encode(**items: Any) -> bytes:
        given = {**FULL_062, **{name[1:]: item for name, item in items.items()}}
        record = spec.cv_record.create({k: v for k, v in given.items() if v is not None})
        return spec.create([record]).unparse().to_bytes()

    return encode


def test_every_field_of_a_system_track(cat062: Any) -> None:
    seen = one(cat062())
    assert (seen.address, seen.number) == ("730123", "7.3.4711")
    assert (seen.callsign, seen.squawk, seen.time) == ("IRA71", "4321", NOON)
    assert (seen.lat, seen.lon) == pytest.approx((33.7, 44.9), abs=6e-6)
    assert (seen.pressure, seen.geometric, seen.climb) == (24_100.0, 24_500.0, -1_250.0)
    assert seen.speed == 250.0
    assert seen.course == pytest.approx(360.0 - math.degrees(math.atan2(150.0, 200.0)))
    assert seen.accuracy == pytest.approx(30.0 * 2.4477, abs=0.01)
    assert not seen.on_ground


def test_an_altitude_that_was_corrected_for_the_weather_is_no_pressure_altitude(
    cat062: Any,
) -> None:
    corrected = (("QNH", 1), ("CTB", (30.0, "FL")))
    assert one(cat062(i135=corrected)).pressure == 24_000.0
    assert one(cat062(i135=corrected, i136=None)).pressure is None
    assert one(cat062(i135=None)).pressure == 24_000.0
    assert one(cat062(i135=None, i136=(-10.0, "FL"))).pressure == -1_000.0


def test_a_callsign_that_the_aircraft_did_not_send_is_no_evidence(cat062: Any) -> None:
    assert one(cat062(i380=None)).callsign == "IRA712"
    planned = (("STI", 1), 0, ("CHR", "IRA712  "))
    assert one(cat062(i380=None, i245=planned)).callsign == ""
    assert one(cat062(i380=None)).key == "site/7.3.4711"


def test_a_code_that_is_garbled_is_none(cat062: Any) -> None:
    garbled = (("V", 0), ("G", 1), ("CH", 0), 0, ("MODE3A", 0o4321))
    assert one(cat062(i060=garbled)).squawk == ""


def test_accuracy_in_degrees(cat062: Any) -> None:
    unit = 180.0 / 2**25
    deviation = {"APW": (("LAT", (100 * unit, "°")), ("LON", (100 * unit, "°")))}
    metres = 100 * unit * 111_320.0
    assert one(cat062(i500=deviation)).accuracy == pytest.approx(metres * 2.4477, rel=1e-4)
    assert one(cat062(i500=None)).accuracy is None
    assert one(cat062(i500={"APC": (("X", 0), ("Y", 0))})).accuracy is None


def status(sim: int = 0, tse: int = 0, cst: int = 0, sfc: int = 0) -> Any:
    names = (
        ("MON", "SPI", "MRH", "SRC", "CNF"),
        ("SIM", "TSE", "TSB", "FPC", "AFF", "STP", "KOS"),
        ("AMA", "MD4", "ME", "MI", "MD5"),
        ("CST", "PSR", "SSR", "MDS", "ADS", "SUC", "AAC"),
        ("SDS", "EMS", "PFT", "FPLT"),
        ("DUPT", "DUPF", "DUPM", "SFC", "IDD", "IEC", "MLAT"),
    )
    given = {"SIM": sim, "TSE": tse, "CST": cst, "SFC": sfc}
    return tuple((*((name, given.get(name, 0)) for name in part), None) for part in names)


@pytest.mark.parametrize(
    ("flag", "name"),
    [("sim", "CAT062 simulated"), ("tse", "CAT062 ended"), ("cst", "CAT062 coasted")],
)
def test_what_no_sensor_saw_is_not_wanted(cat062: Any, flag: str, name: str) -> None:
    decoded = decode(cat062(i080=status(**{flag: 1})))
    assert (decoded.sightings, dict(decoded.unwanted)) == ([], {name: 1})
    assert len(decode(cat062(i080=status())).sightings) == 1


def test_a_system_track_on_the_ground(cat062: Any) -> None:
    assert one(cat062(i080=status(sfc=1))).on_ground
    for stat, ground in ((0, False), (1, True), (3, True), (4, False)):
        communications = (
            ("COM", 1), ("STAT", stat), 0, ("SSC", 0), ("ARC", 0), ("AIC", 0), ("B1A", 0),
            ("B1B", 0),
        )  # fmt: skip
        assert one(cat062(i380={"ADR": 1, "COM": communications})).on_ground is ground


def test_a_track_that_stands_still_has_no_course(cat062: Any) -> None:
    seen = one(cat062(i185=(("VX", 0), ("VY", 0))))
    assert (seen.speed, seen.course) == (0.0, None)


# --- blocks


def test_a_datagram_of_several_blocks(cat021: Any, cat062: Any) -> None:
    radar = block(48, b"\x00" * 20)
    decoded = decode(cat021() + radar + cat062() + radar + cat021())
    assert [s.address for s in decoded.sightings] == ["4ca7b6", "730123", "4ca7b6"]
    assert dict(decoded.unwanted) == {"CAT048": 2}
    assert not decoded.refused


def test_a_block_of_several_records(cat021: Any) -> None:
    record = cat021()[3:]
    assert len(decode(block(21, record, record, record)).sightings) == 3


@pytest.mark.parametrize("category", [21, 62])
def test_whatever_is_cut_off_costs_only_the_end(category: int, cat021: Any, cat062: Any) -> None:
    whole = cat021() if category == 21 else cat062()
    for n in range(1, len(whole)):
        decoded = decode(whole[:n])
        assert (decoded.sightings, dict(decoded.refused)) == ([], {"block: cut short": 1})
        if n > 3:
            # and where the block itself says that it is so short, with a good one before it
            decoded = decode(whole + block(category, whole[3:n]))
            assert len(decoded.sightings) >= 1
            assert sum(decoded.refused.values()) + len(decoded.sightings) >= 2


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"\x00", "record: empty"),
        (b"\x01" * 9 + b"\x00", "record: an item that the edition has not"),
        (b"\x01\x01\x01\x01\x01\x01\x10", "record: an item that the edition has not"),
        (b"\x01\x01\x01\x01\x01\x01\x04\x00", "record: an item of no length"),
        (b"\x80\x00", "record: cut short"),
    ],
)
def test_a_record_that_cannot_be_read_ends_its_block(record: bytes, reason: str) -> None:
    decoded = decode(block(21, record))
    assert (decoded.sightings, dict(decoded.refused)) == ([], {reason: 1})


def test_a_million_field_specifications_do_not_fill_the_memory() -> None:
    profile = Profile(21)
    for k in range(10_000):
        data = bytes([k >> 6 & 0xFE | 1, k << 1 & 0xFE]) + bytes(300)
        with suppress(RecordError):
            profile.record(data, 0)
    assert len(profile._items._plans) <= 4096


def test_an_edition_that_is_not_known() -> None:
    with pytest.raises(InputError, match=r"'9\.9' of category 021 is not known; give one of 0\.23"):
        AsterixDecoder("site", editions={21: "9.9"})
    with pytest.raises(InputError, match="category 048 is not read"):
        AsterixDecoder("site", editions={48: "1.31"})
