"""What every decoder must keep to, whatever comes: used by tests and by scripts/fuzz_decoders.py.

A target takes any bytes and raises where a decoder does what it must not.
"""

import json
import math
import tempfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from detente.errors import InputError
from detente.formats.asterix import AsterixDecoder
from detente.formats.decoded import Decoded, Decoder
from detente.formats.opensky import OpenSkyDecoder
from detente.formats.pcap import read_pcap
from detente.formats.remote_id import RemoteIdDecoder
from detente.formats.sbs import LONGEST, SbsDecoder
from detente.formats.uap import editions

__all__ = ["CORPUS", "TARGETS", "check"]

CORPUS = Path(__file__).with_name("corpus")
NOON = 1_782_907_200_000_000_000
RANGES = {
    "lat": (-90.0, 90.0),
    "lon": (-180.0, 180.0),
    "pressure": (-5_000.0, 200_000.0),
    "geometric": (-5_000.0, 200_000.0),
    "speed": (0.0, 1_500.0),
    "course": (0.0, 360.0),
    "climb": (-100_000.0, 100_000.0),
    "accuracy": (0.0, 1e6),
}
MOST_REASONS = 60

OPENSKY = {
    "time": 1_782_907_200,
    "states": [
        [
            *("4ca7b6", "DLH8JW  ", "Germany", 1_782_907_199, 1_782_907_200, 8.2, 50.1, 10_668.0),
            *(False, 231.5, 90.0, -3.25, None, 10_972.8, "1000", False, 0, 5),
        ]
    ],
}
REMOTE_ID = {
    "timestamp": {"value": "2026-07-01T12:00:00Z", "format": "RFC3339"},
    "flights": [
        {
            "id": "uss1.JA6kHYCcByQ-6AfU",
            "aircraft_type": "Helicopter",
            "simulated": False,
            "current_state": {
                "timestamp": {"value": "2026-07-01T12:00:00.5Z", "format": "RFC3339"},
                "timestamp_accuracy": 0.1,
                "operational_status": "Airborne",
                "position": {
                    "lat": 46.9,
                    "lng": 7.4,
                    "alt": 612.0,
                    "accuracy_h": "HA3m",
                    "accuracy_v": "VA3m",
                    "extrapolated": False,
                    "pressure_altitude": 600.0,
                },
                "track": 181.0,
                "speed": 12.5,
                "speed_accuracy": "SA1mps",
                "vertical_speed": 1.27,
            },
            "recent_positions": [
                {
                    "time": {"value": "2026-07-01T11:59:59.5Z", "format": "RFC3339"},
                    "position": {"lat": 46.8999, "lng": 7.4, "alt": 611.0},
                }
            ],
        }
    ],
}
ODD: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, -1e308, 10**400, 2**63, "", " ", "x" * 256, "ground",
    "\x00", "é", "\u2028", "İ", "4CA7B6", "000000", "ffffff", "7700", "7800", "360", "nan", [], {},
    [[]], {"value": None}, {"value": "2026-07-01T12:00:00"}, "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59", "2026-07-01T12:00:00Z", 255, 361, 63, -1000, 90.0, 180.0, -5000.0,
    1_782_907_200, 1e11, [1, 2, 3], {"lat": 0, "lng": 0}, {"lat": 1, "lng": "2"}, "Ground", "HA30m",
]  # fmt: skip


def check(decoded: Decoded, size: int) -> None:
    """Raise where what was decoded is not as it must be."""
    assert isinstance(decoded, Decoded)
    assert len(decoded.sightings) <= size
    assert all(n > 0 for n in [*decoded.refused.values(), *decoded.unwanted.values()])
    assert len(decoded.refused) < MOST_REASONS
    assert all(len(reason) < 60 and reason.isprintable() for reason in decoded.refused)
    for seen in decoded.sightings:
        assert 10**17 <= seen.time <= 9 * 10**18
        assert seen.address or seen.number or seen.callsign
        assert len(seen.address) in (0, 6)
        assert len(seen.number) <= 255
        assert len(seen.callsign) <= 8
        assert len(seen.squawk) in (0, 4)
        assert (seen.lat is None) == (seen.lon is None)
        for name, (least, most) in RANGES.items():
            value = getattr(seen, name)
            assert value is None or (
                type(value) is float and math.isfinite(value) and least <= value <= most
            )


def stream(decoder: SbsDecoder, data: bytes) -> None:
    """Send bytes in pieces; the first byte says how long these are."""
    step = 1 + data[0] if data else 1
    for at in range(1, len(data), step):
        check(decoder.decode(data[at : at + step], NOON), LONGEST)
    check(decoder.decode(b"\n", NOON), 1)
    assert len(decoder._rest) <= LONGEST


def datagram(decoder: AsterixDecoder, data: bytes) -> None:
    check(decoder.decode(data, NOON), len(data))


def records(category: int) -> Callable[[bytes], None]:
    """Take bytes for a block's records; the first byte says of which edition."""

    def target(data: bytes) -> None:
        known = editions(category)
        edition = known[data[0] % len(known)] if data else known[-1]
        decoder = AsterixDecoder("a", editions={category: edition})
        block = bytes([category]) + (len(data[1:]) + 3).to_bytes(2, "big") + data[1:]
        if len(block) < 65_536:
            check(decoder.decode(block, NOON), len(data))

    return target


def document(decoder: Decoder, data: bytes) -> None:
    check(decoder.decode(data, NOON), len(data))
    check(decoder.decode(data, NOON), len(data))


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the places of a document that something else can be put at."""
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    return [(*path, key) for key in keys] + [
        place for key in keys for place in places(value[key], (*path, key))
    ]


def odd(template: Any, decoder: Callable[[str], Decoder]) -> Callable[[bytes], None]:
    """Put odd values into a good document: each two bytes say where, and which."""
    known = places(template)

    def target(data: bytes) -> None:
        changed = deepcopy(template)
        for where, what in zip(data[::2], data[1::2], strict=False):
            *path, last = known[where % len(known)]
            holder = changed
            try:
                for key in path:
                    holder = holder[key]
                holder[last] = deepcopy(ODD[what % len(ODD)])
            except (TypeError, KeyError, IndexError):
                continue  # what it was in is not there any more
        document(decoder("j"), json.dumps(changed).encode())

    return target


def capture(data: bytes) -> None:
    """Take bytes for a capture; the first says of which form."""
    forms = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.pcap"
        path.write_bytes(forms[data[0] % len(forms) if data else 0] + data[1:])
        try:
            for found in read_pcap(path, Counter()):
                datagram(AsterixDecoder("a"), found.payload)
        except InputError:
            pass  # a file that a user named: it is said what is wrong with it


TARGETS: dict[str, Callable[[bytes], None]] = {
    "sbs": lambda data: stream(SbsDecoder("s"), data),
    "sbs-utc": lambda data: stream(SbsDecoder("s", utc=True), data),
    "asterix": lambda data: datagram(AsterixDecoder("a"), data),
    "asterix-day": lambda data: datagram(AsterixDecoder("a", day=date(2026, 7, 1)), data),
    "cat021": records(21),
    "cat062": records(62),
    "opensky": lambda data: document(OpenSkyDecoder("o"), data),
    "opensky-odd": odd(OPENSKY, OpenSkyDecoder),
    "remote-id": lambda data: document(RemoteIdDecoder("r"), data),
    "remote-id-odd": odd(REMOTE_ID, RemoteIdDecoder),
    "pcap": capture,
}
