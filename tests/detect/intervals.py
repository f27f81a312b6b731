"""Conflicts as intervals of time, and as bytes, to compare one run with another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyarrow as pa

from detente import Conflict, Conflicts

Intervals = Mapping[tuple[str, str], list[tuple[int, int]]]


def intervals(conflicts: Iterable[Conflict]) -> Intervals:
    """Give each pair's intervals, in nanoseconds; a pair has no order."""
    out: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for c in conflicts:
        out[min(c.a, c.b), max(c.a, c.b)].append((c.entry, c.exit))
    return out


def within(inner: Intervals, outer: Intervals, slack: int = 0) -> bool:
    """Tell whether each interval lies within one of the outer ones, but for ``slack`` ns."""
    return all(
        exit_ - entry <= 2 * slack
        or any(lo - slack <= entry and exit_ <= hi + slack for lo, hi in outer.get(pair, ()))
        for pair, spans in inner.items()
        for entry, exit_ in spans
    )


def ipc(conflicts: Conflicts) -> bytes:
    """Give them as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, conflicts.table.schema) as out:
        out.write_table(conflicts.table.combine_chunks())
    return sink.getvalue().to_pybytes()
