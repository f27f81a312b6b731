"""What the tracker goes by."""

from dataclasses import dataclass

from detente.errors import InputError

__all__ = ["Tracking"]


@dataclass(frozen=True, slots=True)
class Tracking:
    """How sightings become tracks. docs/tracks.md says why each is what it is.

    Parameters
    ----------
    coast : seconds after its last position that a track is ended.
    lateness : seconds that a sighting may be older than the picture; an older one is dropped.
    ahead : seconds that a sighting's time may be after the present: clocks differ.
    held : seconds for which a position that is repeated to the metre says nothing new.
    wander : m²/s³, how much a velocity wanders in each direction across: the process noise.
    accuracy : metres (95 of 100 times) of positions that do not say how accurate they are.
    finest : metres; no position is believed to be more accurate.
    velocity : metres per second that a reported velocity is within in each direction
        (standard deviation).
    fastest : metres per second; no aircraft goes faster over ground.
    hardest : metres per second squared; no aircraft accelerates or turns harder.
    climb_wander : ft²/s³, as ``wander``, of the rate of climb.
    altimetry : feet that an altitude is within (standard deviation).
    climb_rate : feet per minute that a reported rate of climb is within (standard deviation).
    steepest : feet per minute; no aircraft climbs or descends faster.
    lowest, highest : feet; altitudes outside are left out.
    persistent : positions out of reach of every track of their aircraft that start another.
    stray : seconds after its last that a position out of reach is forgotten.
    most : tracks that are followed at once; more aircraft are counted and not followed.

    Raises
    ------
    InputError : a value that is not above 0, or one that does not fit another.
    """

    coast: float = 60.0
    lateness: float = 30.0
    ahead: float = 10.0
    held: float = 15.0
    wander: float = 6.0
    accuracy: float = 400.0
    finest: float = 10.0
    velocity: float = 3.0
    fastest: float = 900.0
    hardest: float = 60.0
    climb_wander: float = 10.0
    altimetry: float = 20.0
    climb_rate: float = 150.0
    steepest: float = 60_000.0
    lowest: float = -2_000.0
    highest: float = 150_000.0
    persistent: int = 3
    stray: float = 30.0
    most: int = 100_000

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if name != "lowest" and not 0.0 < value < float("inf"):
                raise InputError(f"{value:g}", field=name, mend="give a number above 0")
        if self.lateness >= self.coast:
            raise InputError(
                f"sightings may be {self.lateness:g} s late, and tracks end after {self.coast:g} s",
                field="lateness",
                mend="give less than coast",
            )
        if self.lowest >= self.highest:
            raise InputError(f"{self.lowest:g} ft is not below {self.highest:g} ft", field="lowest")
