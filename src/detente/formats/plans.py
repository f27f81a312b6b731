"""Writing plans: Parquet or CSV, by the file's ending."""

import json
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from detente.formats.draft import draft
from detente.formats.values import written
from detente.formats.writing import write_table

if TYPE_CHECKING:
    from detente.resolve.plan import Plan

__all__ = ["write_plan"]

_SUFFIXES = (".parquet", ".csv")


def write_plan(plan: "Plan", path: str | PathLike[str]) -> None:
    """Write a row for each flight: what it changes, what that costs, and why.

    Parameters
    ----------
    plan : any.
    path : ends in .parquet or .csv. It appears only when it is whole. CSV has no lists: there
        ``reasons`` is JSON in a cell.

    Raises
    ------
    InputError : another ending, or it cannot be written there.
    """
    path = Path(path)
    with draft(path, _SUFFIXES) as beside:
        table = plan.to_arrow()
        suffix = path.suffix.lower()
        if suffix == ".csv":
            place = table.schema.get_field_index("reasons")
            table = table.set_column(place, "reasons", _as_json(table["reasons"]))
        write_table(beside, table, suffix)


def _as_json(reasons: Any) -> Any:
    """Write each flight's reasons as a JSON list, times as everywhere else in text."""
    flat = pa.concat_arrays([chunk.flatten() for chunk in reasons.chunks])
    times = {name: written(flat.field(name)).to_pylist() for name in ("entry", "exit")}
    names = {name: flat.field(name).to_pylist() for name in ("kind", "other", "party")}
    rows = iter(
        dict(zip((*names, *times), values, strict=True))
        for values in zip(*names.values(), *times.values(), strict=True)
    )
    sizes = [len(own) for own in reasons.to_pylist()]
    return pa.array(
        [json.dumps([next(rows) for _ in range(size)], ensure_ascii=False) for size in sizes],
        pa.string(),
    )
