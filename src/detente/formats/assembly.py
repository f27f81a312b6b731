"""From the fixes of a file, in any order of flights, to a set of flights."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.airspace.flights import Flights
from detente.errors import InputError
from detente.formats.faults import KINDS, Code
from detente.formats.fixes import Fixes
from detente.formats.values import NO_TIME

__all__ = ["SPLIT", "assemble"]

SPLIT = 600.0
"""Seconds without a fix after which an aircraft under one callsign is on a new flight, as the
``traffic`` library takes it."""


class _Sorted:
    """The columns in order of flights, and where each came from."""

    def __init__(self, fixes: Fixes) -> None:
        self.fixes = fixes
        code = fixes.take("code")
        if code is None:
            raise InputError("no fixes", file=fixes.file, mend="give at least one flight")
        # a file whose flights come one after the other needs no sorting
        self.order = np.argsort(code, kind="stable") if (np.diff(code) < 0).any() else None
        self.code = code if self.order is None else code[self.order]

    def take(self, name: str) -> NDArray[Any] | None:
        """Give a column, or None where no batch had it."""
        column = self.fixes.take(name)
        return column if column is None or self.order is None else column[self.order]

    def need(self, name: str) -> NDArray[Any]:
        """Give a column that is always there."""
        column = self.take(name)
        if column is None:
            raise KeyError(name)
        return column


def assemble(fixes: Fixes, *, max_gap: float | None = None, party: str | None = None) -> Flights:
    """Sort the fixes into flights and check each flight.

    Parameters
    ----------
    fixes : all that was read.
    max_gap : seconds; a longer leg holds no position.
    party : who flies all of them, instead of what was read.

    Raises
    ------
    InputError : a bad flight, unless bad flights are skipped; no flight left.
    """
    faults = fixes.faults
    rows = _Sorted(fixes)
    columns: dict[str, NDArray[Any]] = {
        name: rows.need(name) for name in ("time", "lat", "lon", "altitude")
    }
    for name in ("party", "priority", "protection_h", "protection_v", "gap", "fault", "row"):
        column = rows.take(name)
        if column is not None:
            columns[name] = column
    code, order = rows.code, rows.order
    if faults.skip:
        keep = ~_repeats(code, columns)
        faults.count("fix: repeated", int((~keep).sum()))
        if not keep.all():
            code = code[keep]
            columns = {name: column[keep] for name, column in columns.items()}
    starts = _starts(fixes, code, columns["time"])
    offsets = np.concatenate([[0], starts, [len(code)]]).astype(np.int64)
    ids = _identifiers(fixes, code[offsets[:-1]])
    parties, differing = _parties(columns.get("party"), offsets)

    def rows_of(where: NDArray[np.intp]) -> NDArray[np.int64]:
        if "row" in columns:
            return columns["row"][where]
        return where + 1 if order is None else order[where] + 1

    bad = _check(fixes, columns, offsets, ids, differing, rows_of)
    flights = Flights(
        ids=ids,
        parties=[fixes.parties.values[c] if party is None else party for c in parties],
        offsets=offsets,
        time=columns["time"],
        lat=columns["lat"],
        lon=columns["lon"],
        alt=columns["altitude"],
        reference=_reference(fixes),
        priority=_per_flight(columns.get("priority"), offsets),
        protection_h=_or_nan(columns.get("protection_h"), len(code)),
        protection_v=_or_nan(columns.get("protection_v"), len(code)),
        gap=columns.get("gap", np.zeros(len(code), dtype=np.bool_)),
    )
    if bad.any():
        flights = flights.take(np.flatnonzero(~bad).tolist())
    if len(flights) == 0:
        worst = max(faults.counts, key=faults.counts.__getitem__, default="none was there")
        raise InputError(
            f"no good flight is left (most often: {worst})",
            file=fixes.file,
            mend="mend the file; read it without skip_bad to see the first fault",
        )
    if max_gap is not None:
        long = _long(flights, max_gap)
        faults.count(f"leg: longer than {max_gap:g} s, left open", int((long & ~flights.gap).sum()))
        flights.gap[long] = True
    return replace(flights, dropped=dict(faults.counts))


def _reference(fixes: Fixes) -> Any:
    if fixes.reference is None:
        raise InputError("no altitude reference", file=fixes.file, field="altitude")
    return fixes.reference


def _or_nan(column: NDArray[Any] | None, n: int) -> NDArray[np.float64]:
    return np.full(n, np.nan) if column is None else column


def _per_flight(column: NDArray[Any] | None, offsets: NDArray[np.int64]) -> NDArray[np.int16]:
    if column is None:
        return np.zeros(len(offsets) - 1, dtype=np.int16)
    first: NDArray[np.int16] = column[offsets[:-1]]
    return first


def _repeats(code: NDArray[np.int32], columns: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    """Mark fixes that the next one of the flight repeats (the last of a run is kept)."""
    same = np.zeros(len(code), dtype=np.bool_)
    if len(code) > 1:
        same[:-1] = code[1:] == code[:-1]
        for name in ("time", "lat", "lon", "altitude"):
            same[:-1] &= columns[name][1:] == columns[name][:-1]
    return same


def _starts(fixes: Fixes, code: NDArray[np.int32], time: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where a flight begins, beyond the first."""
    change = code[1:] != code[:-1]
    if fixes.keyed:
        pause = ~change & (np.diff(time) > int(SPLIT * 1e9))
        pause &= (time[1:] != NO_TIME) & (time[:-1] != NO_TIME)
        fixes.faults.count(
            "leg: over 10 min without a fix, a new flight after it", int(pause.sum())
        )
        change |= pause
    return np.flatnonzero(change) + 1


def _identifiers(fixes: Fixes, code: NDArray[np.int32]) -> list[str]:
    """Name the flights: each its key, and a number from the second on of one key."""
    if not fixes.keyed:
        keys = fixes.keys.values
        return [keys[c] for c in code]
    labels = [" ".join(part for part in key if part) for key in fixes.keys.values]
    taken: set[str] = set()
    last: dict[str, int] = {}
    ids = []
    for c in code:
        label = labels[c]
        name, k = label, last.get(label, 1)
        while name in taken:
            k += 1
            name = f"{label}_{k}"
        last[label] = k
        taken.add(name)
        ids.append(name)
    return ids


def _parties(
    column: NDArray[Any] | None, offsets: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.intp]]:
    """Give each flight's party, and the fix at which another party comes into a flight.

    A fix without a party says nothing about it.
    """
    n = len(offsets) - 1
    if column is None:
        return np.zeros(n, dtype=np.int32), np.zeros(0, dtype=np.intp)
    most = np.maximum.reduceat(column, offsets[:-1])
    spread = np.repeat(most, np.diff(offsets))
    mixed = np.flatnonzero((column != spread) & (column != 0))
    changes = []
    for i in np.unique(np.searchsorted(offsets, mixed, side="right") - 1):
        own = column[offsets[i] : offsets[i + 1]]
        named = np.flatnonzero(own)
        changes.append(offsets[i] + named[np.argmax(own[named] != own[named[0]])])
    return most, np.array(changes, dtype=np.intp)


def _long(flights: Flights, seconds: float) -> NDArray[np.bool_]:
    long = np.zeros(flights.fixes, dtype=np.bool_)
    long[:-1] = np.diff(flights.time) > seconds * 1e9
    long[flights.offsets[1:] - 1] = False
    return long


def _all(where: NDArray[np.intp], kind: int) -> tuple[NDArray[np.intp], NDArray[np.uint8]]:
    return where, np.full(len(where), kind, dtype=np.uint8)


def _check(
    fixes: Fixes,
    columns: dict[str, NDArray[Any]],
    offsets: NDArray[np.int64],
    ids: list[str],
    differing: NDArray[np.intp],
    rows_of: Callable[[NDArray[np.intp]], NDArray[np.int64]],
) -> NDArray[np.bool_]:
    """Refuse the first bad flight; or mark all, telling of each its first fault."""
    inner = np.ones(offsets[-1], dtype=np.bool_)
    inner[offsets[:-1]] = False
    step = np.ones(offsets[-1], dtype=np.bool_)
    step[1:] = columns["time"][1:] > columns["time"][:-1]
    fault = columns.get("fault", np.zeros(0, dtype=np.uint8))
    own = np.flatnonzero(fault)
    found = [
        (own, fault[own]),
        _all(differing, Code.PARTIES),
        _all(np.flatnonzero(inner & ~step), Code.BACKWARDS),
        _all(offsets[:-1][np.diff(offsets) == 1], Code.SINGLE),
    ]
    if "priority" in columns:
        first = np.repeat(columns["priority"][offsets[:-1]], np.diff(offsets))
        found.append(_all(np.flatnonzero(columns["priority"] != first), Code.PRIORITIES))
    where = np.concatenate([w for w, _ in found])
    kinds = np.concatenate([k for _, k in found])
    bad = np.zeros(len(ids), dtype=np.bool_)
    if not len(where):
        return bad
    flight = np.searchsorted(offsets, where, side="right") - 1
    rows = rows_of(where)
    # each flight once, by its first row; flights in the order of those rows
    sequence = np.lexsort((np.arange(len(where)), rows))
    _, first = np.unique(flight[sequence], return_index=True)
    for i in sequence[np.sort(first)]:
        kind = KINDS[Code(kinds[i])]
        fixes.faults.refuse(
            InputError(
                kind.what,
                file=fixes.file,
                row=int(rows[i]),
                field=fixes.names[kind.role],
                flight=ids[flight[i]],
                mend=kind.mend if fixes.faults.skip else f"{kind.mend} (skip_bad leaves it out)",
            ),
            f"flight: {kind.what}",
        )
        bad[flight[i]] = True
    return bad
