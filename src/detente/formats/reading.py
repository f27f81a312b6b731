"""Reading flights: which format it is, and from its fixes to flights."""

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa

from detente.airspace.flights import Flights
from detente.airspace.separation import Separation
from detente.errors import InputError
from detente.formats.altitudes import THIRD, Wanted
from detente.formats.assembly import assemble
from detente.formats.columns import Columns, recognise
from detente.formats.csv import open_csv
from detente.formats.faults import Faults
from detente.formats.fixes import Fixes
from detente.formats.frame import open_frame
from detente.formats.geojson import open_geojson, open_object
from detente.formats.igc import open_igc
from detente.formats.parquet import open_parquet
from detente.formats.source import Source, head
from detente.resolve.precedence import ORDER

__all__ = ["read_flights"]

AIRLINE = "airline"


def read_flights(
    source: str | PathLike[str] | Mapping[str, Any] | Any,
    *,
    party: str | None = None,
    altitude: str | None = None,
    classes: Mapping[str, Separation] | None = None,
    precedence: Sequence[str] = ORDER,
    skip_bad: bool = False,
    max_gap: float | None = None,
    warn: Callable[[InputError], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Flights:
    """Read a set of flights from a file or a table.

    Parquet, GeoParquet, CSV (also gzipped), GeoJSON and IGC are told apart by what is in
    them. A file is read in batches and never held whole. Which columns are known, in which
    units and above what, is in docs/formats.md.

    Parameters
    ----------
    source : a path; or a table of pyarrow, polars, pandas, DuckDB, or anything with
        ``__arrow_c_stream__``; or a GeoJSON object, as a mapping.
    party : who flies all of them, instead of a column "party"; "airline" takes the three
        letters before the figures of each callsign.
    altitude : what the altitudes are, where their column does not say it:
        ``[unit:]reference[:column]``, as "ft:pressure", "m:wgs84", "m:msl-egm96:height".
    classes : the minima of each separation class, where a column "separation_class" has any.
    precedence : the names that a column "precedence" may hold, the highest class first; the
        lowest is priority 0, and each above it 10 more.
    skip_bad : leave bad flights out instead of refusing them, and count them in ``dropped``.
        Fixes that are repeated or lack a value are left out alone.
    max_gap : seconds; a longer leg is a gap, in which the flight has no position.
    warn : with ``skip_bad``, is given each flight's error when it is left out.
    progress : is told, from time to time, the bytes read and the bytes in all.

    Raises
    ------
    InputError : says which file, row, field and flight, and how to mend it.

    See Also
    --------
    detente.read_volumes : closed airspace.
    detente.write_flights : writes what this reads.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({
    ...     "flight_id": ["A1", "A1"],
    ...     "time": ["2026-07-01T12:00:00Z", "2026-07-01T12:01:00Z"],
    ...     "lat": [50.0, 50.1], "lon": [8.0, 8.0], "flight_level": [350, 350],
    ... })
    >>> flights = read_flights(table, party="Blue")
    >>> flights.ids, flights.parties, flights.alt.tolist()
    (['A1'], ['Blue'], [35000.0, 35000.0])
    """
    wanted = None if altitude is None else Wanted.parse(altitude)
    if max_gap is not None and not max_gap > 0.0:
        raise InputError(f"a gap of {max_gap} s", field="max_gap", mend="give one above 0")
    file = str(source) if isinstance(source, str | PathLike) else None
    faults = Faults(file, skip=skip_bad)
    if warn is not None:
        faults.warn = warn
    if file is not None:
        opened = _open(Path(file), faults, wanted)
    else:
        opened = open_object(source, faults) if isinstance(source, Mapping) else open_frame(source)
    airlines = party == AIRLINE
    fixes = Fixes(faults, classes=classes or {}, airlines=airlines, order=precedence)
    known: dict[tuple[str, ...], Columns] = {}

    def columns_of(names: list[str]) -> Columns:
        key = tuple(names)
        if key not in known:
            own = [name for name in names if name != THIRD]
            third = opened.third if opened.names is not None or THIRD in names else None
            known[key] = recognise(
                own,
                file=file,
                wanted=wanted,
                stated=opened.stated,
                third=third,
                airline=airlines,
            )
        return known[key]

    first = None if opened.names is None else columns_of(opened.names)
    for chunk in opened.chunks(None if first is None else first.names):
        columns = first or columns_of(chunk.batch.schema.names)
        try:
            fixes.append(chunk.batch, columns, chunk.rows)
        except pa.ArrowException as error:
            raise InputError(
                f"a column of a type that cannot be used: {str(error).splitlines()[0]}",
                file=file,
                mend="give identifiers as text, numbers as numbers, and times with their offset",
            ) from error
        if progress is not None and opened.total:
            progress(min(chunk.done, opened.total), opened.total)
    if progress is not None and opened.total:
        progress(opened.total, opened.total)
    return assemble(fixes, max_gap=max_gap, party=None if airlines else party)


def _open(path: Path, faults: Faults, wanted: Wanted | None) -> Source:
    start = head(path)
    kind = path.name.lower()
    if start.startswith(b"PAR1"):
        return open_parquet(path)
    if kind.endswith((".parquet", ".geoparquet", ".pq")):
        raise InputError("no Parquet file", file=str(path), mend="copy or write it again")
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"{"):
        return open_geojson(path, faults)
    if kind.endswith(".igc") or (text[:1] == b"A" and b"\nHFDTE" in start.replace(b"\r", b"")):
        return open_igc(path, faults, wanted)
    if kind.endswith((".json", ".geojson", ".json.gz", ".geojson.gz")):
        raise InputError("no GeoJSON object", file=str(path), mend="give a FeatureCollection")
    line = start.splitlines()[0]
    if b"\0" in start or not any(mark in line for mark in (b",", b";", b"\t")):
        raise InputError(
            "a format that is not known",
            file=str(path),
            mend="give Parquet, GeoParquet, CSV, GeoJSON or IGC",
        )
    return open_csv(path, faults)
