"""What was declared, as the watch compares tracks with it."""

from dataclasses import dataclass

from detente.airspace import Trajectory, Volume

__all__ = ["Declared"]


@dataclass(frozen=True, slots=True)
class Declared:
    """An intent that others are kept clear of, and who is to fly it.

    Parameters
    ----------
    name : "party/id".
    party : whose.
    extent : timed positions, or volumes.
    off_nominal : where else it may be, by its party's own word.
    address, callsign : of the aircraft, where its party has said so; evidence, not proof.
    airborne : its party says that it is in the air.
    """

    name: str
    party: str
    extent: Trajectory | tuple[Volume, ...]
    off_nominal: tuple[Volume, ...] = ()
    address: str = ""
    callsign: str = ""
    airborne: bool = False
