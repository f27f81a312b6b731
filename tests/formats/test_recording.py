"""Recorded feeds: captures of a network, data blocks, lines and documents."""

import gzip
import json
import struct
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from detente.errors import InputError
from detente.formats.decoded import Decoded
from detente.formats.recording import read_asterix, read_opensky, read_remote_id, read_sbs
from tests.formats.decoding import CORPUS, OPENSKY, REMOTE_ID

NOON = int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp())
BLOCK = (CORPUS / "asterix" / "cat021").read_bytes()
"""A report of 12:00:00."""
LINES = (CORPUS / "sbs" / "lines").read_bytes()[1:]


def all_of(pieces: Any) -> Decoded:
    whole = Decoded()
    for decoded in pieces:
        whole.sightings += decoded.sightings
        whole.refused += decoded.refused
        whole.unwanted += decoded.unwanted
    return whole


def udp(payload: bytes, port: int = 8600) -> bytes:
    return struct.pack(">HHHH", 4000, port, 8 + len(payload), 0) + payload


def pcap(path: Path, *payloads: bytes) -> Path:
    """Write a capture of Ethernet, IPv4 and UDP, a packet a second."""
    data = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    for k, payload in enumerate(payloads):
        packet = bytes(12) + b"\x08\x00\x45" + bytes(8) + b"\x11" + bytes(10) + payload
        data += struct.pack("<IIII", NOON + k, 0, len(packet), len(packet)) + packet
    path.write_bytes(data)
    return path


def test_asterix_from_a_capture_has_the_capture_s_days(tmp_path: Path) -> None:
    path = pcap(tmp_path / "a.pcap", udp(BLOCK, 8600), udp(BLOCK, 8601))
    whole = all_of(read_asterix(path, source="s", port=8600))
    assert [seen.time for seen in whole.sightings] == [NOON * 10**9]
    assert dict(whole.unwanted) == {"packet of another port": 1}
    assert len(all_of(read_asterix(path, source="s")).sightings) == 2


@pytest.mark.parametrize("packed", [False, True])
def test_asterix_of_blocks_alone_needs_its_day(packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "day.ast"
    data = BLOCK * 3 + b"\x30\x00\x04\x00" + BLOCK
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(InputError, match="a recording without its day"):
        all_of(read_asterix(path, source="s"))
    whole = all_of(read_asterix(path, source="s", day=date(2026, 7, 1)))
    assert [seen.time for seen in whole.sightings] == [NOON * 10**9] * 4
    assert dict(whole.unwanted) == {"CAT048": 1}


def test_a_last_block_that_is_cut_short_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "day.ast"
    for n in (1, 2, 3, len(BLOCK) - 1):
        path.write_bytes(BLOCK + BLOCK[:n])
        whole = all_of(read_asterix(path, source="s", day=date(2026, 7, 1)))
        assert (len(whole.sightings), dict(whole.refused)) == (1, {"block: cut short": 1})


def test_what_is_not_asterix_is_said_where(tmp_path: Path) -> None:
    path = tmp_path / "day.ast"
    path.write_bytes(BLOCK + bytes(100))
    with pytest.raises(InputError, match=f"no data block of ASTERIX at byte {len(BLOCK)}"):
        all_of(read_asterix(path, source="s", day=date(2026, 7, 1)))


def test_lines_need_it_said_that_they_are_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "lines.sbs"
    path.write_bytes(LINES * 500)
    with pytest.raises(InputError, match="the receiver's own clock"):
        all_of(read_sbs(path, source="s"))
    whole = all_of(read_sbs(path, source="s", utc=True))
    assert len(whole.sightings) == 4 * 500
    assert {seen.time for seen in whole.sightings} == {NOON * 10**9 + 1_250_000_000}
    assert not whole.refused


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    path = tmp_path / "lines.sbs"
    path.write_bytes(LINES.split(b"\r\n")[0])
    assert len(all_of(read_sbs(path, source="s", utc=True)).sightings) == 1


def test_lines_from_a_capture_have_its_times(tmp_path: Path) -> None:
    path = pcap(tmp_path / "a.pcap", udp(LINES))
    assert {s.time for s in all_of(read_sbs(path, source="s")).sightings} == {NOON * 10**9}


@pytest.mark.parametrize("indent", [None, 2])
def test_a_document_alone(indent: int | None, tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps(OPENSKY, indent=indent))
    assert len(all_of(read_opensky(path, source="s")).sightings) == 1
    path.write_text(json.dumps(REMOTE_ID, indent=indent))
    assert len(all_of(read_remote_id(path, source="s")).sightings) == 2


def test_a_document_a_line(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    later = json.loads(json.dumps(OPENSKY))
    later["states"][0][3] += 10
    many = {"time": 0, "states": [later["states"][0]] * 200}  # a line longer than the head read
    path.write_text("\n".join(json.dumps(d) for d in (OPENSKY, later, OPENSKY, many)) + "\n\n")
    whole = all_of(read_opensky(path, source="s"))
    at = OPENSKY["states"][0][3]
    assert [seen.time // 10**9 for seen in whole.sightings][:3] == [at, at + 10, at]
    path.write_text(json.dumps(many) + "\n" + json.dumps(OPENSKY) + "\n")
    assert not all_of(read_opensky(path, source="s")).refused


def test_no_such_file(tmp_path: Path) -> None:
    for read in (read_asterix, read_sbs, read_opensky, read_remote_id):
        with pytest.raises(InputError, match="no such file"):
            all_of(read(tmp_path / "none", source="s"))
