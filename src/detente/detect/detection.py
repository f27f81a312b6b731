"""One call: every loss of separation in a set of flights, and against closed airspace."""

import os
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from detente.airspace import Conflicts, Constraint, Flights, Separation, Volume
from detente.detect.interval import conflicts_of, merged, no_conflicts
from detente.detect.intrusion import intrusions
from detente.detect.legs import legs_of
from detente.detect.overlap import overlaps
from detente.detect.sweep import sweep
from detente.errors import InputError

__all__ = ["detect_conflicts"]


def detect_conflicts(
    flights: Flights,
    *,
    against: Flights | None = None,
    volumes: Sequence[Volume | Constraint] = (),
    separation: Separation | None = None,
    time_buffer: float = 0.0,
    same_party: bool = True,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Conflicts:
    """Find every conflict, exactly: flights with flights, with volumes, volumes with volumes.

    Why one call: a day of flights, one filing and a plan's check must mean the same by a
    conflict. Horizontal distance is on WGS84; both minima must be infringed for longer than a
    microsecond, and equality (to 1 cm, 1e-6 ft) is separation.

    Parameters
    ----------
    flights : the set; compared with itself, or with ``against`` only.
    against : a second set.
    volumes : closed airspace, compared with ``flights`` and with one another.
    separation : the minima of flights that carry none; by default 5 NM and 1,000 ft.
    time_buffer : seconds; two flights also conflict if they are too near when one of them
        is up to this much earlier or later.
    same_party : whether pairs of one party count ("" is nobody's and always counts).
    threads : how many; by default all processors. The answer is the same with any number.
    progress : called with (done, total) as the work goes on.

    Raises
    ------
    InputError : altitude references that cannot be compared, a negative time buffer.

    Examples
    --------
    >>> import numpy as np
    >>> from detente import Flights, Trajectory, detect_conflicts
    >>> def flight(id, lat, lon):
    ...     return Trajectory(id, np.array([0, 600_000_000_000]), np.array(lat), np.array(lon),
    ...                       np.array([35000.0, 35000.0]))
    >>> crossing = Flights.from_trajectories([
    ...     flight("east", [50.0, 50.0], [4.0, 6.0]), flight("north", [49.4, 50.6], [5.0, 5.0])])
    >>> [(c.a, c.b, round(c.severity, 2)) for c in detect_conflicts(crossing)]
    [('east', 'north', 0.96)]

    See Also
    --------
    Index : one new flight against a standing set.
    """
    separation = separation or Separation()
    threads = threads or os.cpu_count() or 1
    if not 0.0 <= time_buffer < float("inf"):
        raise InputError(
            f"a time buffer of {time_buffer:g} s", field="time_buffer", mend="give 0 or more"
        )
    both = flights
    side = np.empty(0, dtype=np.int8)
    if against is not None:
        if against.reference is not flights.reference:
            raise InputError(
                f"altitudes above {flights.reference.value} against {against.reference.value}",
                field="altitude",
                mend="give both sets in one reference",
            )
        both = joined(flights, against)
        side = np.repeat(np.array([0, 1], dtype=np.int8), [len(flights), len(against)])
    parts = [_flight_pairs(both, separation, side, time_buffer, same_party, threads, progress)]
    if volumes:
        parts.append(intrusions(flights, volumes, same_party=same_party, threads=threads))
        parts.append(overlaps(volumes, same_party=same_party))
    return Conflicts(pa.concat_tables([part.table for part in parts]))


def joined(flights: Flights, against: Flights) -> Flights:
    """Put two sets of one reference behind one another."""
    return Flights(
        ids=flights.ids + against.ids,
        parties=flights.parties + against.parties,
        offsets=np.concatenate([flights.offsets, against.offsets[1:] + flights.offsets[-1]]),
        time=np.concatenate([flights.time, against.time]),
        lat=np.concatenate([flights.lat, against.lat]),
        lon=np.concatenate([flights.lon, against.lon]),
        alt=np.concatenate([flights.alt, against.alt]),
        reference=flights.reference,
        priority=np.concatenate([flights.priority, against.priority]),
        protection_h=np.concatenate([flights.protection_h, against.protection_h]),
        protection_v=np.concatenate([flights.protection_v, against.protection_v]),
        gap=np.concatenate([flights.gap, against.gap]),
    )


def _flight_pairs(
    flights: Flights,
    separation: Separation,
    side: np.ndarray[tuple[int], np.dtype[np.int8]],
    time_buffer: float,
    same_party: bool,
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> Conflicts:
    if not flights.fixes:
        return no_conflicts()
    legs = legs_of(flights, separation, threads=threads)
    party = np.empty(0, dtype=np.int32)
    if not same_party:
        party = party_numbers(flights.parties)
    hits = sweep(
        legs, party=party, side=side, time_buffer=time_buffer, threads=threads, progress=progress
    )
    names = (flights.ids, flights.parties)
    return conflicts_of(merged(hits), "flight-flight", names, names, legs.epoch)


def party_numbers(parties: list[str]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Give each party a number, and each "" one of its own."""
    known: dict[str, int] = {}
    return np.array(
        [known.setdefault(p, len(known)) if p else -1 - i for i, p in enumerate(parties)],
        dtype=np.int32,
    )
