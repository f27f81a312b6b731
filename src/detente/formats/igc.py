"""IGC flight recorder files.

Source: FAI, "Technical Specification for GNSS Flight Recorders", appendix A (the IGC data
format): B records hold time, position, pressure altitude above 1013.25 hPa and GNSS altitude,
both in whole metres; ``HFALG`` says whether the latter is above the ellipsoid or the geoid.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from aerofiles.igc import Reader
from aerofiles.igc.reader import LowLevelReader

from detente.errors import InputError
from detente.formats.altitudes import Wanted
from detente.formats.faults import Faults
from detente.formats.source import Chunk, Source, open_binary

__all__ = ["open_igc"]


def open_igc(path: Path, faults: Faults, wanted: Wanted | None = None) -> Source:
    """Open a flight of one recorder: pressure altitude where it has one, else GNSS altitude.

    The flight is called after the glider's registration, else its competition sign, else the
    file.

    Raises
    ------
    InputError : no date, no fixes, or a B record that cannot be read.
    """
    file = str(path)
    with open_binary(path) as stream:
        lines = stream.read().decode("latin-1").splitlines(keepends=True)
    try:
        read = Reader().read(iter(lines))
    except KeyError as error:
        raise InputError("no date", file=file, mend="add its HFDTE record") from error
    errors, fixes = read["fix_records"]
    if errors:
        _refuse_record(lines, faults, file)
    if not fixes:
        raise InputError("no fixes", file=file, mend="give a file with B records")
    header = read["header"][1]
    name = (header.get("glider_registration") or header.get("competition_id") or "").strip()
    rows = np.arange(1, len(fixes) + 1, dtype=np.int64)
    pressure = any(fix["pressure_alt"] for fix in fixes)
    if wanted is not None and wanted.reference.value != "pressure":
        pressure = False
    if pressure:
        column, values = "pressure_alt_m", [fix["pressure_alt"] for fix in fixes]
    else:
        # a "V" record has no GNSS altitude, only a position
        fine = np.array([fix["validity"] == "A" for fix in fixes])
        faults.count("fix: no GNSS altitude (validity V)", int((~fine).sum()))
        fixes = [fix for fix, ok in zip(fixes, fine, strict=True) if ok]
        rows = rows[fine]
        geoid = header.get("gnss_altitude") == "GEO"
        column = "gnss_alt_m_msl" if geoid else "gnss_alt_m_wgs84"
        if wanted is not None:
            column = "gnss_alt_m"
        values = [fix["gps_alt"] for fix in fixes]
    columns = {
        "flight_id": [name or path.stem] * len(fixes),
        "time": _times(fixes, rows, faults, file),
        "lat": [fix["lat"] for fix in fixes],
        "lon": [fix["lon"] for fix in fixes],
        column: values,
    }
    batch = pa.record_batch(columns)

    def chunks(_: list[str] | None) -> Iterator[Chunk]:
        yield Chunk(batch, path.stat().st_size, rows)

    return Source(chunks, list(columns), total=path.stat().st_size)


def _times(fixes: list[dict[str, Any]], rows: Any, faults: Faults, file: str) -> Any:
    times: list[datetime] = [fix["datetime"] for fix in fixes]
    for i in range(1, len(times)):
        # the library takes a clock that steps back for the next midnight
        if times[i] - times[i - 1] > timedelta(hours=12):
            raise InputError(
                "time does not increase within the flight",
                file=file,
                row=int(rows[i]),
                field="time",
                mend="put the B records in order of time",
            )
    return pa.array(times, pa.timestamp("ns", tz="UTC"))


def _refuse_record(lines: list[str], faults: Faults, file: str) -> None:
    row = 0
    for kind, record, error in LowLevelReader(iter(lines)):
        if kind == "B":
            row += 1
            if record is None:
                faults.refuse(
                    InputError(
                        f"a B record that cannot be read: {error}",
                        file=file,
                        row=row,
                        mend="remove it (skip_bad leaves it out)",
                    ),
                    "fix: a B record that cannot be read",
                )
