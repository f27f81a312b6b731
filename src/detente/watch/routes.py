"""What was declared, laid out for predictions: paths as the engine's legs, volumes as outlines."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Flights, Reference, Separation, Trajectory, Volume
from detente.detect.encounter import ROW
from detente.detect.legs import Legs, legs_of, room
from detente.detect.outlines import Outlines, outlines_of
from detente.watch.declared import Declared

__all__ = ["GEOMETRIC", "OTHER", "PRESSURE", "UNBOUNDED", "Laid", "Routes", "numbered"]

PRESSURE, GEOMETRIC, OTHER, UNBOUNDED = 0, 1, 2, 3
"""What an altitude is measured from: a track has the first two, and nothing compares with others.
A volume without limits has none."""

_DAY = 86_400_000_000_000
_CODES = {Reference.PRESSURE: PRESSURE, Reference.WGS84: GEOMETRIC}


@dataclass(frozen=True, eq=False, slots=True)
class Laid:
    """All that is declared at a moment.

    Parameters
    ----------
    paths : (n,) those of timed positions, by name.
    legs : of their paths.
    first : (n + 1,) where each one's rows begin in ``legs``.
    reference : (n,) int8, what each one's altitudes are measured from.
    horizontal, vertical : (n,) metres and feet, the minima of each.
    volumes : (m,) volumes of those that have any, off-nominal ones too.
    outlines : of those volumes.
    owner : (m,) whose each is.
    bound : (m,) int8, what each one's altitudes are measured from.
    """

    paths: list[Declared]
    legs: Legs
    first: NDArray[np.int64]
    reference: NDArray[np.int8]
    horizontal: NDArray[np.float64]
    vertical: NDArray[np.float64]
    volumes: list[Volume]
    outlines: Outlines
    owner: list[Declared]
    bound: NDArray[np.int8]


class Routes:
    """Intents that others are kept clear of, by name; laid out when they are needed.

    Parameters
    ----------
    separation : the minima of those that have none of their own.
    """

    def __init__(self, separation: Separation) -> None:
        self._separation = separation
        self._declared: dict[str, Declared] = {}
        self._laid: Laid | None = None

    def __len__(self) -> int:
        """Count them."""
        return len(self._declared)

    def get(self, name: str) -> Declared | None:
        """Give the one of this name, if there is one."""
        return self._declared.get(name)

    def put(self, declared: Declared) -> None:
        """Add one, in place of one of its name."""
        self._declared[declared.name] = declared
        self._laid = None

    def drop(self, name: str) -> None:
        """Take one out, if it is there."""
        if self._declared.pop(name, None) is not None:
            self._laid = None

    def laid(self, now: int) -> Laid:
        """Give all; ``now`` in nanoseconds. Times count from a whole day, at most two ago."""
        laid = self._laid
        if laid is None or not 0 <= now - laid.legs.epoch < 2 * _DAY:
            laid = self._laid = self._lay(now - now % _DAY)
        return laid

    def _lay(self, epoch: int) -> Laid:
        every = [self._declared[name] for name in sorted(self._declared)]
        paths = [d for d in every if isinstance(d.extent, Trajectory)]
        flights = [d.extent for d in paths if isinstance(d.extent, Trajectory)]
        own = [flight.protection or self._separation for flight in flights]
        legs, first = _legs(flights, epoch, self._separation)
        volumes: list[Volume] = []
        owner: list[Declared] = []
        for d in every:
            its = (*(() if isinstance(d.extent, Trajectory) else d.extent), *d.off_nominal)
            volumes.extend(its)
            owner.extend([d] * len(its))
        return Laid(
            paths=paths,
            legs=legs,
            first=first,
            reference=np.array([_CODES.get(f.reference, OTHER) for f in flights], dtype=np.int8),
            horizontal=np.array([s.horizontal for s in own], dtype=np.float64),
            vertical=np.array([s.vertical for s in own], dtype=np.float64),
            volumes=volumes,
            outlines=outlines_of(volumes, epoch, None),
            owner=owner,
            bound=np.array(
                [
                    UNBOUNDED if v.reference is None else _CODES.get(v.reference, OTHER)
                    for v in volumes
                ],
                dtype=np.int8,
            ),
        )


def _legs(
    flights: list[Trajectory], epoch: int, separation: Separation
) -> tuple[Legs, NDArray[np.int64]]:
    """Lay out paths, whatever their altitudes are measured from: they are not compared here."""
    if not flights:
        return room(0, epoch), np.zeros(1, dtype=np.int64)
    sizes = np.array([len(flight.time) for flight in flights], dtype=np.int64)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    gaps = [f.gap if len(f.gap) else np.zeros(len(f.time), dtype=np.bool_) for f in flights]
    together = Flights(
        ids=[flight.id for flight in flights],
        parties=[flight.party for flight in flights],
        offsets=offsets,
        time=np.concatenate([flight.time for flight in flights]),
        lat=np.concatenate([flight.lat for flight in flights]),
        lon=np.concatenate([flight.lon for flight in flights]),
        alt=np.concatenate([flight.alt for flight in flights]),
        reference=Reference.PRESSURE,
        priority=np.zeros(len(flights), dtype=np.int16),
        protection_h=np.full(int(offsets[-1]), np.nan),
        protection_v=np.full(int(offsets[-1]), np.nan),
        gap=np.concatenate(gaps),
    )
    legs, fix = numbered(together, separation, epoch)
    return legs, np.searchsorted(fix, offsets)


def numbered(
    flights: Flights, separation: Separation, epoch: int
) -> tuple[Legs, NDArray[np.int64]]:
    """Lay out flights, and say of each row which fix it is, or which one it comes after.

    Long legs are cut, so there may be more rows than fixes. The number of the fix is kept where
    the vertical minimum is, which is not used here.
    """
    count = np.arange(flights.fixes, dtype=np.float64)
    legs = legs_of(replace(flights, protection_v=count), separation, epoch=epoch)
    fix = np.rint(legs.rows.reshape(-1, ROW)[:, 6]).astype(np.int64)
    return legs, fix
