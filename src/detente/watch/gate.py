"""How far a track may be from an intent: to be compared with it, and to conform to it."""

from dataclasses import dataclass

from detente.airspace import Volume
from detente.errors import InputError
from detente.units import NAUTICAL_MILE

__all__ = ["Gate", "Matching", "Tolerance"]


def _above(value: float, least: float, name: str) -> None:
    if not least < value < float("inf"):
        raise InputError(f"{value:g}", field=name, mend=f"give a number above {least:g}")


@dataclass(frozen=True, slots=True)
class Gate:
    """Further away than this, a track is not compared with an intent.

    Parameters
    ----------
    lateral : metres from the route, or from the nearest volume.
    vertical : feet; only where both altitudes have one reference.
    early, late : seconds along the route.

    Raises
    ------
    InputError : a value that is not above 0.
    """

    lateral: float = 5.0 * NAUTICAL_MILE
    vertical: float = 3000.0
    early: float = 300.0
    late: float = 300.0

    def __post_init__(self) -> None:
        for name in ("lateral", "vertical", "early", "late"):
            _above(getattr(self, name), 0.0, name)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Within this a track conforms.

    Parameters
    ----------
    lateral : metres, beyond what the position itself is uncertain by.
    vertical : feet.
    time : seconds along the route, early or late.

    Raises
    ------
    InputError : a value that is not above 0.
    """

    lateral: float
    vertical: float
    time: float

    def __post_init__(self) -> None:
        for name in ("lateral", "vertical", "time"):
            _above(getattr(self, name), 0.0, name)


@dataclass(frozen=True, slots=True)
class Matching:
    """What the matcher goes by. The defaults are of airliners en route; docs/tracks.md says why.

    Parameters
    ----------
    gate : for a track that does not say who it is, or says that it is another.
    known : for one that says it is just the aircraft that was named for the intent.
    route, volume : within which a track conforms to timed positions, and to volumes. Of a route
        that has a protection of its own, half of that where it is less.
    leave : a conforming track must exceed its tolerance this many times to conform no more.
    spread_lateral, spread_vertical, spread_time : metres, feet and seconds by which flights
        differ from their intents usually (standard deviations): the measure of likeness.
    undeclared : what it costs to leave a track without an intent; a pair must cost less.
    switching : how much cheaper another intent must be before a track goes over to it.
    settle : seconds after which a new verdict replaces the standing one.
    first : seconds after which a track gets its first verdict.
    scans : looks that either takes at least, however far apart.
    memory : seconds over which the likeness of a pair is averaged.
    stale : seconds without a position after which a track's verdict stays what it was.
    unseen : seconds after which a declared flight that nothing matches is told as not seen.
    coverage : where the sensors see; None to learn it from where tracks are.
    learnt : seconds for which a place where tracks were seen counts as covered.
    patch : metres, how wide such a place is; it is 5,000 ft high.

    Raises
    ------
    InputError : a value that is out of range.
    """

    gate: Gate = Gate()
    known: Gate = Gate(30.0 * NAUTICAL_MILE, 20_000.0, 1800.0, 1800.0)
    route: Tolerance = Tolerance(2.0 * NAUTICAL_MILE, 300.0, 180.0)
    volume: Tolerance = Tolerance(30.0, 50.0, 10.0)
    leave: float = 1.25
    spread_lateral: float = 0.5 * NAUTICAL_MILE
    spread_vertical: float = 200.0
    spread_time: float = 45.0
    undeclared: float = 8.0
    switching: float = 1.5
    settle: float = 30.0
    first: float = 15.0
    scans: int = 3
    memory: float = 30.0
    stale: float = 20.0
    unseen: float = 120.0
    coverage: tuple[Volume, ...] | None = None
    learnt: float = 3600.0
    patch: float = 40_000.0

    def __post_init__(self) -> None:
        for name in (
            "spread_lateral",
            "spread_vertical",
            "spread_time",
            "undeclared",
            "learnt",
            "patch",
        ):
            _above(getattr(self, name), 0.0, name)
        for name in ("switching", "settle", "first", "memory", "stale", "unseen"):
            if not 0.0 <= getattr(self, name) < float("inf"):
                raise InputError(
                    f"{getattr(self, name):g}", field=name, mend="give a number of 0 or above"
                )
        _above(self.leave, 1.0 - 1e-12, "leave")
        _above(self.scans, 0, "scans")
        for name in ("lateral", "vertical", "early", "late"):
            if getattr(self.known, name) < getattr(self.gate, name):
                raise InputError(
                    f"the gate of known aircraft is narrower in {name} than that of others",
                    field="known",
                    mend="give it at least as wide",
                )
