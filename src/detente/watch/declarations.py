"""All that is declared, in columns that the kernels take; added to and removed from in place."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Reference, Separation, Trajectory, Volume
from detente.detect.encounter import ROW
from detente.detect.legs import Desk, room
from detente.detect.nearness import GEOMETRIC, PRESSURE
from detente.detect.outlines import Outlines, outlines_of
from detente.detect.register import Places
from detente.watch.declared import Declared

__all__ = ["Declarations", "address_of", "callsign_of"]

_REFERENCES: Final = {Reference.PRESSURE: PRESSURE, Reference.WGS84: GEOMETRIC}
_SEPARATION: Final = Separation()  # the rows hold minima, which nobody asks for here
_NOTHING: Final = (0, 0)
_COLUMNS: Final = ("route", "volumes", "reference", "room", "address", "callsign", "airborne")


def address_of(address: str) -> str:
    """Give an address as it is compared."""
    return address.strip().lower()


def callsign_of(callsign: str) -> str:
    """Give a callsign as it is compared."""
    return callsign.strip().upper()


class Declarations:
    """What is declared; each intent has a number, which another gets when it is withdrawn.

    Seconds in the kernels' rows are since 1970 (a double holds them to 0.3 microseconds).

    Attributes
    ----------
    numbers : the number of each name.
    names : the name of each number; "" for one that is free.
    route : (k, 2) int64 where the rows of each begin, and how many they are.
    reference : (k,) int64 of the route's altitudes; 0 where they cannot be compared.
    room : (k, 2) metres and feet, half of the route's own protection; infinite for none.
    volumes : (k, 2) int64 where the volumes of each begin, and how many they are.
    own : (v,) int64 reference of each volume.
    address, callsign : (k,) int64, numbers of these; 0 for none.
    airborne : (k,) bool.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.names: list[str] = []
        self.route = np.zeros((64, 2), dtype=np.int64)
        self.volumes = np.zeros((64, 2), dtype=np.int64)
        self.reference = np.zeros(64, dtype=np.int64)
        self.room = np.full((64, 2), np.inf)
        self.address = np.zeros(64, dtype=np.int64)
        self.callsign = np.zeros(64, dtype=np.int64)
        self.airborne = np.zeros(64, dtype=np.bool_)
        self.own = np.zeros(64, dtype=np.int64)
        self.outlines = Outlines.room(64, 256)
        self._points_of: dict[int, tuple[int, int]] = {}
        self._legs = room(1024)
        self._rows, self._places, self._points = Places(step=4), Places(), Places()
        self._free: list[int] = []
        self._codes: dict[str, int] = {}
        self._named: dict[int, set[int]] = {}
        self._desk = Desk()
        self._order: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        """Count the intents."""
        return len(self.numbers)

    def put(self, declared: Declared) -> int:
        """Let an intent stand, in place of the one of its name; give its number.

        Raises
        ------
        InputError : a trajectory that the engine cannot lay out.
        """
        number = self.numbers.get(declared.name)
        if number is None:
            number = self._number(declared.name)
        else:
            self._clear(number)
        extent = declared.extent
        volumes = declared.off_nominal
        if isinstance(extent, Trajectory):
            self._lay_route(number, extent)
        else:
            volumes = (*extent, *volumes)
        if volumes:
            self._lay_volumes(number, volumes)
        self.airborne[number] = declared.airborne
        for codes, code in (
            (self.address, self.code(address_of(declared.address))),
            (self.callsign, self.code(callsign_of(declared.callsign))),
        ):
            codes[number] = code
            if code:
                self._named.setdefault(code, set()).add(number)
        return number

    def take(self, name: str) -> int:
        """Take an intent out; its number is not given to another before :meth:`release`.

        Raises
        ------
        KeyError : none of this name stands.
        """
        number = self.numbers.pop(name)
        self._clear(number)
        self.names[number] = ""
        self._order = None
        return number

    def release(self, number: int) -> None:
        """Let another intent have a number."""
        self._free.append(number)

    def code(self, said: str) -> int:
        """Give the number of an address or a callsign; 0 for none."""
        return self._codes.setdefault(said, len(self._codes) + 1) if said else 0

    def known(self, said: str) -> int:
        """Give the number of an address or a callsign of a track; -1 where no intent had it."""
        return self._codes.get(said, -1) if said else 0

    def of(self, code: int) -> set[int]:
        """Give the intents whose aircraft has this address or callsign."""
        return self._named.get(code, set())

    def holds(self, number: int, seconds: float) -> bool:
        """Tell whether an intent says where it is at a time, seconds since 1970."""
        at, n = self.route[number].tolist()
        if n and self.rows[ROW * at] <= seconds <= self.rows[ROW * (at + n - 1)]:
            return True
        at, n = self.volumes[number].tolist()
        bounds = self.outlines.bounds[at : at + n]
        return bool(((bounds[:, 0] <= seconds) & (bounds[:, 1] >= seconds)).any())

    @property
    def order(self) -> NDArray[np.int64]:
        """The place of each number among the names sorted, so that no answer hangs on arrival."""
        if self._order is None:
            self._order = np.empty(len(self.names), dtype=np.int64)
            self._order[sorted(range(len(self.names)), key=self.names.__getitem__)] = np.arange(
                len(self.names)
            )
        return self._order

    @property
    def rows(self) -> NDArray[np.float64]:
        """The routes' rows; see :mod:`detente.detect.encounter`."""
        return self._legs.rows

    @property
    def leg(self) -> NDArray[np.int32]:
        """Whether a row begins a leg: 0, else -1."""
        return self._legs.flight

    @property
    def lat(self) -> NDArray[np.float64]:
        """Degrees, an anchor near each leg's middle."""
        return self._legs.lat

    @property
    def lon(self) -> NDArray[np.float64]:
        """Degrees of the anchor, in [0, 360)."""
        return self._legs.lon

    @property
    def reach(self) -> NDArray[np.float64]:
        """Metres from the anchor that hold all of the leg."""
        return self._legs.reach

    def _number(self, name: str) -> int:
        if self._free:
            number = self._free.pop()
            self.names[number] = name
        else:
            number = len(self.names)
            self.names.append(name)
            if number == len(self.route):
                for column in _COLUMNS:
                    setattr(self, column, _doubled(getattr(self, column)))
        self.numbers[name] = number
        self._order = None
        return number

    def _clear(self, number: int) -> None:
        at, n = self.route[number].tolist()
        if n:
            self._rows.give(at, n)
        at, n = self.volumes[number].tolist()
        if n:
            self._places.give(at, n)
            self._points.give(*self._points_of.pop(number))
        self.route[number] = self.volumes[number] = _NOTHING
        for codes in (self.address, self.callsign):
            named = self._named.get(int(codes[number]))
            if named is not None:
                named.discard(number)
            codes[number] = 0
        self.airborne[number] = False

    def _lay_route(self, number: int, route: Trajectory) -> None:
        legs, n = self._desk.lay(route, 0, _SEPARATION)
        at = self._rows.take(n)
        before = self._legs
        if self._rows.end > len(before):
            self._legs = room(max(2 * len(before), self._rows.end))
            self._legs.rows[: len(before.rows)] = before.rows
            for column in ("flight", "lat", "lon", "reach"):
                getattr(self._legs, column)[: len(before)] = getattr(before, column)
        self._legs.rows[ROW * at : ROW * (at + n)] = legs.rows[: ROW * n]
        for column in ("flight", "lat", "lon", "reach"):
            getattr(self._legs, column)[at : at + n] = getattr(legs, column)[:n]
        self.route[number] = at, n
        self.reference[number] = _REFERENCES.get(route.reference, 0)
        own = route.protection
        self.room[number] = (0.5 * own.horizontal, 0.5 * own.vertical) if own else np.inf

    def _lay_volumes(self, number: int, volumes: tuple[Volume, ...]) -> None:
        laid = outlines_of(volumes, 0, None)
        at, point = self._places.take(len(volumes)), self._points.take(len(laid.border))
        if self._places.end > len(self.outlines) or self._points.end > len(self.outlines.border):
            most = max(self._places.end, len(self.outlines))
            self.outlines = self.outlines.grown(
                2 * most, 2 * max(self._points.end, len(self.outlines.border))
            )
            self.own = np.concatenate([self.own, np.zeros(2 * most - len(self.own), np.int64)])
        self.outlines.put(laid, at, point)
        self.own[at : at + len(volumes)] = [
            0 if volume.reference is None else _REFERENCES.get(volume.reference, 0)
            for volume in volumes
        ]
        self.volumes[number] = at, len(volumes)
        self._points_of[number] = point, len(laid.border)


def _doubled(column: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([column, np.zeros_like(column)])
