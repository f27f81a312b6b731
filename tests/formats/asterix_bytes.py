"""ASTERIX as libasterix encodes it, for the tests of what reads it."""

import runpy
from datetime import UTC, datetime
from functools import cache
from typing import Any

from detente.formats.asterix import AsterixDecoder
from detente.formats.uap import editions

DAY = 86_400 * 10**9
MIDNIGHT = int(datetime(2026, 7, 1, tzinfo=UTC).timestamp()) * 10**9
NOON = MIDNIGHT + DAY // 2


@cache
def asterix() -> dict[str, Any]:
    """Give the script that makes the tables, and with it libasterix, which is slow to import."""
    return runpy.run_path("scripts/lay_out_asterix.py")


@cache
def specs() -> dict[tuple[int, str], Any]:
    """Give libasterix's classes by category and edition."""
    cats = asterix()["generated"].manifest["CATS"]
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


def encoded(category: int, full: dict[str, Any], items: dict[str, Any], edition: str = "") -> bytes:
    """Encode a block of one record; i131=None leaves an item of the full one out."""
    given = {**full, **{name[1:]: item for name, item in items.items()}}
    spec = specs()[category, edition or editions(category)[-1]]
    record = spec.cv_record.create({name: i for name, i in given.items() if i is not None})
    return spec.create([record]).unparse().to_bytes()


def cat021(**items: Any) -> bytes:
    return encoded(21, FULL_021, items)


def cat062(**items: Any) -> bytes:
    return encoded(62, FULL_062, items)


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


def described(atp: int = 0, rab: int = 0, *more: tuple[Any, ...]) -> Any:
    first = (("ATP", atp), ("ARC", 1), ("RC", 0), ("RAB", rab), None)
    return (first, *more)


def second(gbs: int = 0, sim: int = 0, tst: int = 0, cl: int = 0) -> Any:
    return (("DCR", 0), ("GBS", gbs), ("SIM", sim), ("TST", tst), ("SAA", 0), ("CL", cl), None)


def third(ipc: int = 0, nogo: int = 0, cpr: int = 0, rcf: int = 0) -> Any:
    return (
        0, ("LLC", 0), ("IPC", ipc), ("NOGO", nogo), ("CPR", cpr), ("LDPJ", 0), ("RCF", rcf), None,
    )  # fmt: skip


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
