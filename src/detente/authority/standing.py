"""What stands in the airspace, in the engine's indexes: accepted intents and constraints."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
from msgspec import Struct

from detente.airspace import Flights, Trajectory, Volume
from detente.authority.charter import Charter
from detente.authority.extent import Extent, Path4D, Volume4D, instant, trajectory_of, volumes_of
from detente.detect import Index, VolumeIndex
from detente.errors import InputError

__all__ = ["Met", "Standing"]

_OFF = "#off-nominal"

_KEPT = 64
"""Extents whose nouns are kept at most."""


class Met(Struct, frozen=True, gc=False):
    """What an extent conflicts with: names of intents, identifiers of constraints, sorted."""

    intents: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.intents or self.constraints)


class Standing:
    """Intents that others are kept clear of, and constraints in force.

    What is put in is laid out when somebody asks, many at a time: a ledger of a million events
    is folded without laying out what has ended since.

    Parameters
    ----------
    charter : minima and reference.
    """

    def __init__(self, charter: Charter) -> None:
        self._charter = charter
        self._flights = Index(charter.separation, reference=charter.reference)
        self._volumes = VolumeIndex(reference=charter.reference)
        self._constraints = VolumeIndex(reference=charter.reference)
        self._paths_due: dict[str, tuple[str, Path4D]] = {}
        self._volumes_due: dict[str, tuple[str, tuple[Volume4D, ...]]] = {}
        self._made: dict[str, tuple[Extent, Trajectory | tuple[Volume, ...]]] = {}

    def put(
        self, name: str, party: str, extent: Extent, off_nominal: tuple[Volume4D, ...] = ()
    ) -> None:
        """Let an intent stand."""
        if isinstance(extent, Path4D):
            self._paths_due[name] = (party, extent)
        else:
            self._volumes_due[name] = (party, extent)
        if off_nominal:
            self._volumes_due[name + _OFF] = (party, off_nominal)

    def drop(self, name: str) -> None:
        """Let an intent stand no more."""
        if self._paths_due.pop(name, None) is None and name in self._flights:
            self._flights.remove(name)
        for each in (name, name + _OFF):
            if self._volumes_due.pop(each, None) is None and each in self._volumes:
                self._volumes.remove(each)

    def constrain(self, id: str, volumes: tuple[Volume4D, ...]) -> None:
        """Let a constraint hold, in place of one of this identifier."""
        self.unconstrain(id)
        self._constraints.add(id, volumes_of(volumes, id))

    def unconstrain(self, id: str) -> None:
        """Let a constraint hold no more."""
        if id in self._constraints:
            self._constraints.remove(id)

    def met(
        self,
        name: str,
        party: str,
        extent: Extent,
        *,
        permitted: Iterable[str] = (),
        despite: Iterable[str] = (),
    ) -> Met:
        """Tell what an extent would conflict with.

        Parameters
        ----------
        name, party : of the intent; neither it nor its party's others are compared.
        extent : where it would be.
        permitted : constraints that the party may enter.
        despite : names that do not count, as the authority said.

        Raises
        ------
        InputError : an extent that is none, or in another altitude reference.
        """
        if isinstance(extent, Path4D):
            return self.met_by(self.flight(extent, name, party), permitted, despite)
        self._lay()
        volumes = self.volumes(extent, name, party)
        flights, closed = self._flights, self._constraints
        return _met(
            chain(
                (c.a for c in flights.query_volumes(name, volumes, party=party, same_party=False))
                if len(flights) else (),
                (c.b for c in self._volumes.query_volumes(
                    name, volumes, party=party, same_party=False)),
            ),
            (c.b for c in closed.query_volumes("", volumes)) if len(closed) else (),
            name, permitted, despite,
        )  # fmt: skip

    def met_by(
        self, flight: Trajectory, permitted: Iterable[str] = (), despite: Iterable[str] = ()
    ) -> Met:
        """Tell the same of a trajectory, whose identifier is the intent's name."""
        self._lay()
        return _met(
            chain.from_iterable(
                (c.b for c in index.query(flight, same_party=False))
                for index in (self._flights, self._volumes) if len(index)
            ),
            (c.b for c in self._constraints.query(flight)) if len(self._constraints) else (),
            flight.id, permitted, despite,
        )  # fmt: skip

    def entering(self, volumes: tuple[Volume4D, ...], name: str, party: str = "") -> Met:
        """Tell which intents are in volumes that are being closed to them."""
        self._lay()
        made = self.volumes(volumes, name, party) if party else volumes_of(volumes, name)
        a = self._flights.query_volumes(name, made, party=party, same_party=False)
        b = self._volumes.query_volumes(name, made, party=party, same_party=False)
        return _met(chain((c.a for c in a), (c.b for c in b)), (), name, (), ())

    def flight(self, path: Path4D, name: str, party: str) -> Trajectory:
        """Make the engine's noun of a path, in the airspace's reference."""
        known = self._made.get(name)
        if known is not None and isinstance(known[1], Trajectory) and known[0] == path:
            return known[1]
        flight = trajectory_of(path, name, party)
        if flight.reference is not self._charter.reference:
            raise self._other_reference(flight.reference.value)
        self._keep(name, path, flight)
        return flight

    def volumes(self, extent: tuple[Volume4D, ...], name: str, party: str) -> tuple[Volume, ...]:
        """Make the engine's nouns of an intent's volumes, with the buffer that all keep."""
        known = self._made.get(name)
        if known is not None and isinstance(known[1], tuple) and known[0] == extent:
            return known[1]
        h, v = self._charter.volume_buffer
        made = volumes_of(extent, name, party)
        for volume in made:
            if volume.reference not in (None, self._charter.reference):
                raise self._other_reference(str(volume.reference))
        if h or v:
            made = tuple(
                replace(m, buffer_h=max(h, m.buffer_h), buffer_v=max(v, m.buffer_v)) for m in made
            )
        self._keep(name, extent, made)
        return made

    def near(
        self, flight: Trajectory, margin: float, seconds: float, permitted: Iterable[str]
    ) -> tuple[Index, list[Volume]]:
        """Give what the alternatives of a flight must be kept clear of: flights, and volumes.

        Parameters
        ----------
        flight : as asked for. margin : metres to its sides. seconds : that it may leave later.
        """
        self._lay()
        allowed = set(permitted)
        self._flights.since(int(flight.time[0]))
        around = self._volumes.around(flight, margin=margin, later=seconds, same_party=False)
        closed = self._constraints.around(flight, margin=margin, later=seconds)
        own = {flight.id, flight.id + _OFF}
        return self._flights, [
            *(v for name, v in around if name not in own),
            *(v for id, v in closed if id not in allowed),
        ]

    def _keep(self, name: str, extent: Extent, made: Trajectory | tuple[Volume, ...]) -> None:
        """Keep what was made: it is checked, compared and let stand within a few filings."""
        if len(self._made) == _KEPT:
            self._made.clear()
        self._made[name] = extent, made

    def _other_reference(self, given: str) -> InputError:
        own = self._charter.reference.value
        return InputError(
            f"altitudes above {given}; this airspace counts them above {own}",
            field="reference",
            mend=f"give altitudes above {own}",
        )

    def _lay(self) -> None:
        """Lay out what was put in since somebody last asked."""
        if self._paths_due:
            if len(self._paths_due) < 4:
                for name, (party, path) in self._paths_due.items():
                    self._flights.add(self.flight(path, name, party))
            else:
                self._flights.extend(_columns(self._paths_due, self._charter))
            self._paths_due = {}
        if self._volumes_due:
            self._volumes.extend(
                (name, self.volumes(extent, name, party), party)
                for name, (party, extent) in self._volumes_due.items()
            )
            self._volumes_due = {}


def _met(
    names: Iterable[str],
    constraints: Iterable[str],
    own: str,
    permitted: Iterable[str],
    despite: Iterable[str],
) -> Met:
    intents = {name.removesuffix(_OFF) for name in names}
    closed = set(constraints)
    if not intents and not closed:
        return _NOTHING
    intents -= {own, *despite}
    return Met(tuple(sorted(intents)), tuple(sorted(closed - set(permitted))))


_NOTHING = Met()


def _columns(due: dict[str, tuple[str, Path4D]], charter: Charter) -> Flights:
    """Put many paths side by side."""
    paths = [path for _, path in due.values()]
    sizes = np.array([len(p.seconds) for p in paths], dtype=np.int64)

    def column(rows: Sequence[tuple[float, ...]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.fromiter(chain.from_iterable(rows), dtype=np.float64, count=int(sizes.sum()))

    start = np.array([instant(p.start) for p in paths], dtype=np.int64)
    seconds = column([p.seconds for p in paths])
    own = np.array([p.protection or (np.nan, np.nan) for p in paths], dtype=np.float64)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
    gap = np.zeros(int(sizes.sum()), dtype=np.bool_)
    for at, path in zip(offsets.tolist(), paths, strict=False):
        for k in path.gap:
            gap[at + k] = True
    return Flights(
        ids=list(due),
        parties=[party for party, _ in due.values()],
        offsets=offsets,
        time=np.repeat(start, sizes) + np.rint(seconds * 1e9).astype(np.int64),
        lat=column([p.lat for p in paths]),
        lon=column([p.lon for p in paths]),
        alt=column([p.alt for p in paths]),
        reference=charter.reference,
        priority=np.zeros(len(paths), dtype=np.int16),
        protection_h=np.repeat(own[:, 0], sizes),
        protection_v=np.repeat(own[:, 1], sizes),
        gap=gap,
    )
