"""Recordings: what they are, and the steps that come of them."""

import gzip
import json
import struct
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.airspace.sighting import Sighting
from detente.errors import InputError
from detente.feeds.intake import Counts
from detente.feeds.recording import Recording, kind_of
from detente.feeds.replay import LEAP, STILL, steps
from tests.feeds.reports import NOON, cat021, msg

SECOND = 10**9
START = int(NOON.timestamp()) * SECOND


def seen(*seconds: float) -> list[Sighting]:
    times = [START + round(s * SECOND) for s in seconds]
    return [Sighting(source="a", time=time, number=str(k)) for k, time in enumerate(times)]


def cut(sightings: Sequence[Sighting], **options) -> tuple[list[tuple[float, list[str]]], Counts]:
    """The steps in seconds after noon, with the numbers of what is in each."""
    counts = Counts("a")
    found = steps(iter(sightings), counts, **options)
    return [((now - START) / SECOND, [s.number for s in batch]) for now, batch in found], counts


def test_a_step_has_what_was_seen_until_then() -> None:
    found, counts = cut(seen(0.0, 0.2, 1.0, 1.1, 4.0))
    assert found == [(0, ["0"]), (1, ["1", "2"]), (2, ["3"]), (3, []), (4, ["4"])]
    assert (counts.received, counts.state, counts.heard) == (5, "ended", START + 4 * SECOND)


def test_one_that_comes_late_goes_with_the_next() -> None:
    found, _ = cut(seen(0.0, 2.5, 0.5, 2.9))
    assert found == [(0, ["0"]), (1, []), (2, []), (3, ["1", "2", "3"])]


def test_a_beginning_and_another_time() -> None:
    found, counts = cut(seen(0.0, 1.0, 2.0), begin=START + SECOND, shift=10 * SECOND)
    assert found == [(11, ["1"]), (12, ["2"])]
    assert counts.received == 2
    (_, batch), *_ = steps(seen(0.0), Counts("a"), shift=SECOND)
    assert batch[0].time == START + SECOND


def test_nothing() -> None:
    assert cut([])[0] == []


def test_a_long_gap_is_stepped_into_and_leapt_over() -> None:
    hours = 3 * LEAP // SECOND
    found, counts = cut(seen(0.0, hours, hours, hours, hours + 1))
    assert counts.refused.total() == 0
    assert len(found) == 1 + STILL // SECOND + 2
    assert found[-2:] == [(hours, ["1", "2", "3"]), (hours + 1, ["4"])]


@pytest.mark.parametrize("place", [0, 1, 5, 9])
def test_one_wrong_time_does_not_end_the_rest(place: int) -> None:
    seconds = list(range(10))
    seconds[place] += 400 * 86_400
    found, counts = cut(seen(*seconds))
    assert counts.refused == {"time: far ahead": 1}
    assert counts.received == 9
    assert len(found) <= 10


@given(st.lists(st.floats(0.0, 800.0), max_size=20), st.integers(1, 60))
def test_nothing_is_lost_and_time_goes_forward(seconds: list[float], every: int) -> None:
    found, counts = cut(seen(*seconds), every=every * SECOND)
    assert [n for _, batch in found for n in batch] == [str(k) for k in range(len(seconds))]
    assert counts.received == len(seconds)
    times = [now for now, _ in found]
    assert all(b - a == every for a, b in pairwise(times))
    done = -1.0
    for now, batch in found:
        assert all(seconds[int(n)] <= now + 1e-6 for n in batch)
        done = now
    assert all(s <= done + 1e-6 for s in seconds)


def states(at: datetime, *addresses: str) -> bytes:
    seconds = int(at.timestamp())
    rows = [
        [a, "TEST1   ", "", seconds, seconds, 5.0, 50.0, 10_668.0, False, 230.0, 90.0, 0.0, None,
         10_900.0, "1000", False, 0]
        for a in addresses
    ]  # fmt: skip
    return json.dumps({"time": seconds, "states": rows}).encode()


def flights(at: datetime, indent: int | None) -> bytes:
    state = {
        "timestamp": {"value": f"{at.isoformat()}", "format": "RFC3339"},
        "position": {"lat": 50.0, "lng": 5.0, "alt": 120.0, "accuracy_h": "HA10m"},
        "speed": 10.0, "track": 90.0, "vertical_speed": 0.0, "operational_status": "Airborne",
    }  # fmt: skip
    found = [{"id": "drone-1", "aircraft_type": "Helicopter", "current_state": state}]
    return json.dumps({"flights": found}, indent=indent).encode()


def capture(*blocks: bytes) -> bytes:
    made = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)
    for k, block in enumerate(blocks):
        length = 28 + len(block)
        packet = struct.pack(">BBHHHBBH8x", 0x45, 0, length, 0, 0, 9, 17, 0)
        packet += struct.pack(">HHHH", 8600, 8600, 8 + len(block), 0) + block
        made += struct.pack("<IIII", START // SECOND + k, 0, length, length) + packet
    return made


LATER = NOON + timedelta(seconds=1)
TABLE = (
    "timestamp,icao24,latitude,longitude,alt_baro_ft\n"
    "2026-07-01T12:00:01Z,aaaaaa,50,5,35000\n2026-07-01T12:00:00Z,aaaaaa,50,5,35000\n"
)
FILES = {
    "lines": ("sbs", msg("aaaaaa") + b"garbage\n" + msg("aaaaaa", at=LATER)[:-2], {"utc": True}),
    "blocks": (
        "asterix", cat021("aaaaaa") + cat021("aaaaaa", at=LATER), {"day": date(2026, 7, 1)},
    ),
    "capture": ("asterix", capture(cat021("aaaaaa"), cat021("aaaaaa", at=LATER)), {}),
    "states": ("opensky", states(NOON, "aaaaaa") + b"\n" + states(LATER, "aaaaaa") + b"\n", {}),
    "one state": ("opensky", states(NOON, "aaaaaa", "bbbbbb"), {}),
    "flights": ("remote-id", flights(NOON, None) + b"\n" + flights(LATER, None), {}),
    "one flight": ("remote-id", flights(NOON, 2), {}),
    "table": ("tracks", TABLE.encode(), {}),
}  # fmt: skip


@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file(tmp_path: Path, name: str, zipped: bool) -> None:
    kind, data, options = FILES[name]
    path = tmp_path / "recorded"
    path.write_bytes(gzip.compress(data) if zipped else data)
    assert kind_of(path) == kind
    recording = Recording(path, **options)
    found = [(now, batch) for now, batch in steps(recording.sightings(), recording.counts)]
    times = [one.time for _, batch in found for one in batch]
    two = [START, START] if name == "one state" else [START, START + SECOND]
    assert times == (two[:1] if name == "one flight" else two)
    one = found[0][1][0]
    assert one.source == "recorded"
    assert (one.lat, one.lon) == pytest.approx((50.0, 5.0), abs=2e-5)
    assert kind == "remote-id" or one.address == "aaaaaa"
    assert recording.counts.refused.total() == (name == "lines")


@pytest.mark.parametrize(
    ("data", "options", "field"),
    [
        (b"", {}, None),
        (b'{"time": 1}', {}, None),
        (cat021("aaaaaa"), {}, "day"),
        (msg("aaaaaa"), {}, "utc"),
        (b"a,b\n1,2\n", {}, None),
        (b"\x15\x00\x00" + bytes(9), {"day": date(2026, 7, 1)}, None),
    ],
)
def test_what_is_no_recording(tmp_path: Path, data: bytes, options: dict, field) -> None:
    path = tmp_path / "recorded"
    path.write_bytes(data)
    with pytest.raises(InputError) as error:
        list(Recording(path, **options).sightings())
    assert error.value.file == str(path)
    if field is not None:
        assert error.value.field == field


STARTS = [
    b"", b"PAR1", b"MSG,3,", b"{", b'{"states":', b'{"flights": [', b"\x15\x00\x20", b"\x1f\x8b",
    b"\x1f\x8b\x08" + bytes(7), b"timestamp,latitude,longitude\n", capture(cat021("aaaaaa"))[:40],
]  # fmt: skip


@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_anything_is_read_or_refused(start: bytes, rest: bytes) -> None:
    with NamedTemporaryFile() as file:
        file.write(start + rest)
        file.flush()
        path = Path(file.name)
        with suppress(InputError):
            recording = Recording(path, day=date(2026, 7, 1), utc=True)
            assert len(list(steps(recording.sightings(), recording.counts))) < 10_000


def test_a_packed_recording_that_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "lines.gz"
    lines = b"".join(msg(f"{k + 1:06x}", lat=k / 1e3) for k in range(20_000))
    packed = gzip.compress(lines)
    path.write_bytes(packed[: len(packed) // 2])
    recording = Recording(path, utc=True)
    found = []
    with pytest.raises(InputError, match="to its end"):
        found.extend(recording.sightings())
    assert len(found) > 1_000


def test_the_bundled_day_is_in_its_order() -> None:
    recording = Recording(Path("data/switzerland-2018-08-01.parquet"))
    last, count = 0, 0
    for one in recording.sightings():
        assert one.time >= last
        last, count = one.time, count + 1
        if count == 20_000:
            break
    assert datetime.fromtimestamp(last // SECOND, UTC).date() == date(2018, 8, 1)
