"""The charter: what an airspace's authority has laid down for all, once, in the open."""

from msgspec import Struct

from detente.airspace import Reference, Separation
from detente.resolve import Manoeuvres
from detente.resolve.precedence import ORDER

__all__ = ["Charter", "Grid"]


class Grid(Struct, frozen=True, forbid_unknown_fields=True):
    """The public grid that all alternatives come from; fields as in ``Manoeuvres``.

    It is the same for every party and every hour, so that an alternative tells no more than
    that this point of it is free.
    """

    delay_step: int = 60
    delay_most: int = 3_600
    level_steps: tuple[int, ...] = (-2, -1, 1, 2)
    level_gap: float = 1_000.0
    semicircular: bool = False
    floor: float = 3_000.0
    ceiling: float = 41_000.0
    offsets: tuple[float, ...] = (-18_520.0, -9_260.0, 9_260.0, 18_520.0)
    speeds: tuple[float, ...] = (0.94, 0.97, 1.03, 1.06)

    def on_ground(self) -> Manoeuvres:
        """Give what a flight may do that has not left."""
        return Manoeuvres(
            delay_step=self.delay_step,
            delay_most=self.delay_most,
            level_steps=self.level_steps,
            level_gap=self.level_gap,
            semicircular=self.semicircular,
            floor=self.floor,
            ceiling=self.ceiling,
            offsets=self.offsets,
        )

    def aloft(self, at: int) -> Manoeuvres:
        """Give what a flight may do that is in the air; ``at`` in nanoseconds since 1970."""
        return Manoeuvres.airborne(
            at,
            level_steps=self.level_steps,
            level_gap=self.level_gap,
            semicircular=self.semicircular,
            floor=self.floor,
            ceiling=self.ceiling,
            offsets=self.offsets,
            speeds=self.speeds,
        )


class Charter(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds in this airspace.

    Parameters
    ----------
    name : of the airspace.
    horizontal, vertical : the minima between flights, metres and feet.
    reference : what every altitude is measured from.
    volume_buffer : metres and feet kept from an intent's volumes, where they ask for less.
    precedence : the classes, the highest first.
    grid : where alternatives come from.
    offers : the most alternatives to a refusal.
    offer_lifetime : seconds for which an alternative may be taken.
    activation_lead : seconds before its start at which an intent may be activated.
    probes, coalition_probes : refused filings that a party, and a coalition's members together,
        may make in a window; then nothing is answered about what stands. 0 for no limit.
    probe_window : seconds; windows begin at whole multiples of it since 1970, for everybody.
    retention : seconds for which what has ended, and first answers, are kept in the state. The
        ledger keeps them for ever.
    """

    name: str = "airspace"
    horizontal: float = Separation().horizontal
    vertical: float = Separation().vertical
    reference: Reference = Reference.PRESSURE
    volume_buffer: tuple[float, float] = (0.0, 0.0)
    precedence: tuple[str, ...] = ORDER
    grid: Grid = Grid()
    offers: int = 5
    offer_lifetime: int = 900
    activation_lead: int = 3_600
    probes: int = 200
    coalition_probes: int = 2_000
    probe_window: int = 3_600
    retention: int = 86_400

    @property
    def separation(self) -> Separation:
        """The minima as the engine takes them."""
        return Separation(self.horizontal, self.vertical)
