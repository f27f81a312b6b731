"""ASTERIX: against libasterix, which shares only its tables; system tracks; and broken blocks.

What libasterix encodes is decoded here, and what is decoded here libasterix reads as the same.
"""

import math
import random
from contextlib import suppress
from typing import Any

import pytest

from detente.errors import InputError
from detente.formats.asterix import AsterixDecoder
from detente.formats.uap import Profile, RecordError, editions
from tests.formats.asterix_bytes import (
    NOON,
    asterix,
    block,
    cat021,
    cat062,
    decode,
    one,
    specs,
    status,
)

ALL = [(category, edition) for category in (21, 62) for edition in editions(category)]


# --- the tables


def test_the_tables_are_those_of_libasterix() -> None:
    assert asterix()["OUT"].read_text() == asterix()["written"]()


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
def test_records_are_read_as_libasterix_reads_them(category: int, edition: str) -> None:
    layout = asterix()["layouts"]()[str(category)][edition]
    profile = Profile(category, edition)
    spec = specs()[category, edition]
    rng = random.Random(f"{category} {edition}")
    for _ in range(12):
        data = behind_specification(layout["items"], rng)
        (record,) = spec.cv_uap.parse(asterix()["base"].Bits.from_bytes(data))
        values, end = profile.record(data + b"\xff\xff", 0)
        assert end == len(data)
        for name in layout["fields"]:
            expected = raw(record, name)
            # of an item whose later bytes did not come, the fields in them are zeros here
            assert profile.field(name).raw(values) == expected or (
                expected is None and profile.field(name).raw(values) == 0
            )


def test_every_field_of_a_system_track() -> None:
    seen = one(cat062())
    assert (seen.address, seen.number) == ("730123", "7.3.4711")
    assert (seen.callsign, seen.squawk, seen.time) == ("IRA71", "4321", NOON)
    assert (seen.lat, seen.lon) == pytest.approx((33.7, 44.9), abs=6e-6)
    assert (seen.pressure, seen.geometric, seen.climb) == (24_100.0, 24_500.0, -1_250.0)
    assert seen.speed == 250.0
    assert seen.course == pytest.approx(360.0 - math.degrees(math.atan2(150.0, 200.0)))
    assert seen.accuracy == pytest.approx(30.0 * 2.4477, abs=0.01)
    assert not seen.on_ground


def test_an_altitude_that_was_corrected_for_the_weather_is_no_pressure_altitude() -> None:
    corrected = (("QNH", 1), ("CTB", (30.0, "FL")))
    assert one(cat062(i135=corrected)).pressure == 24_000.0
    assert one(cat062(i135=corrected, i136=None)).pressure is None
    assert one(cat062(i135=None)).pressure == 24_000.0
    assert one(cat062(i135=None, i136=(-10.0, "FL"))).pressure == -1_000.0


def test_a_callsign_that_the_aircraft_did_not_send_is_no_evidence() -> None:
    assert one(cat062(i380=None)).callsign == "IRA712"
    planned = (("STI", 1), 0, ("CHR", "IRA712  "))
    assert one(cat062(i380=None, i245=planned)).callsign == ""
    assert one(cat062(i380=None)).key == "site/7.3.4711"


def test_a_code_that_is_garbled_is_none() -> None:
    garbled = (("V", 0), ("G", 1), ("CH", 0), 0, ("MODE3A", 0o4321))
    assert one(cat062(i060=garbled)).squawk == ""


def test_accuracy_in_degrees() -> None:
    unit = 180.0 / 2**25
    deviation = {"APW": (("LAT", (100 * unit, "°")), ("LON", (100 * unit, "°")))}
    metres = 100 * unit * 111_320.0
    assert one(cat062(i500=deviation)).accuracy == pytest.approx(metres * 2.4477, rel=1e-4)
    assert one(cat062(i500=None)).accuracy is None
    assert one(cat062(i500={"APC": (("X", 0), ("Y", 0))})).accuracy is None


@pytest.mark.parametrize(
    ("flag", "name"),
    [("sim", "CAT062 simulated"), ("tse", "CAT062 ended"), ("cst", "CAT062 coasted")],
)
def test_what_no_sensor_saw_is_not_wanted(flag: str, name: str) -> None:
    decoded = decode(cat062(i080=status(**{flag: 1})))
    assert (decoded.sightings, dict(decoded.unwanted)) == ([], {name: 1})
    assert len(decode(cat062(i080=status())).sightings) == 1


def test_a_system_track_on_the_ground() -> None:
    assert one(cat062(i080=status(sfc=1))).on_ground
    for stat, ground in ((0, False), (1, True), (3, True), (4, False)):
        communications = (
            ("COM", 1), ("STAT", stat), 0, ("SSC", 0), ("ARC", 0), ("AIC", 0), ("B1A", 0),
            ("B1B", 0),
        )  # fmt: skip
        assert one(cat062(i380={"ADR": 1, "COM": communications})).on_ground is ground


def test_a_track_that_stands_still_has_no_course() -> None:
    seen = one(cat062(i185=(("VX", 0), ("VY", 0))))
    assert (seen.speed, seen.course) == (0.0, None)


# --- blocks


def test_a_datagram_of_several_blocks() -> None:
    radar = block(48, b"\x00" * 20)
    decoded = decode(cat021() + radar + cat062() + radar + cat021())
    assert [s.address for s in decoded.sightings] == ["4ca7b6", "730123", "4ca7b6"]
    assert dict(decoded.unwanted) == {"CAT048": 2}
    assert not decoded.refused


def test_a_block_of_several_records() -> None:
    record = cat021()[3:]
    assert len(decode(block(21, record, record, record)).sightings) == 3


@pytest.mark.parametrize("category", [21, 62])
def test_whatever_is_cut_off_costs_only_the_end(
    category: int,
) -> None:
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
