"""What a flight may do to leave a conflict, what that costs, and the flights it would make."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.airspace import Trajectory
from detente.errors import InputError
from detente.resolve.variant import Cruise, keeps_direction

__all__ = ["Manoeuvres", "Variant", "delayed", "variants"]

_SECOND = 1_000_000_000
LONGEST_DELAY = 86_400
"""Seconds; the latest day a flight may be asked to leave on is its own."""
LARGEST_OFFSET = 185_200.0
"""Metres (100 NM): a route further off is another route."""
SPEED_BAND = (0.9, 1.1)
"""The least and the largest factor of ground speed."""


@dataclass(frozen=True, slots=True)
class Manoeuvres:
    """What one flight may do, and what each thing costs.

    Costs are whole numbers, so that every method adds them up to the same sum. By default one
    unit is one euro of 2014; docs/resolve.md says where the numbers come from. A flight whose
    minutes are dearer than another's is given other costs.

    Parameters
    ----------
    delay_step, delay_most : seconds; departure may be 0, 1, 2... steps later, up to the most.
    delay_cost : for each minute.
    level_steps : by how many gaps the cruise may be moved; negative is lower.
    level_gap : feet.
    lower_cost, higher_cost : for each gap.
    semicircular : keep the flight on levels of its direction (ICAO Annex 2, appendix 3).
    floor, ceiling : feet; no cruise is moved below the one, or above the other.
    offsets : metres beside the route, to be flown for the length of the cruise; right is
        positive.
    offset_cost : for each further kilometre flown.
    offset_extra : for leaving and rejoining the route at all.
    speeds : factors of the ground speed in cruise, 0.9 to 1.1.
    speed_cost : for each percent.
    combined : offer each level with each offset too.
    airborne_at : nanoseconds since 1970-01-01T00:00Z; the flight is in the air then, and
        nothing before it can change. Such a flight cannot be delayed.
    fixed : it may do nothing.

    Raises
    ------
    InputError : limits that contradict, each by its name.

    Examples
    --------
    >>> Manoeuvres(delay_step=300, delay_most=900).delays
    (0, 300, 600, 900)
    >>> Manoeuvres(airborne_at=0)
    Traceback (most recent call last):
    detente.errors.InputError: field 'delay_most': a delay for a flight that is in the air; \
give 0, or leave out airborne_at

    See Also
    --------
    variants : the trajectories that these allow.
    """

    delay_step: int = 60
    delay_most: int = 3600
    delay_cost: int = 100
    level_steps: tuple[int, ...] = (-2, -1, 1, 2)
    level_gap: float = 1000.0
    lower_cost: int = 25
    higher_cost: int = 25
    semicircular: bool = False
    floor: float = 3_000.0
    ceiling: float = 41_000.0
    offsets: tuple[float, ...] = (-18_520.0, -9_260.0, 9_260.0, 18_520.0)
    offset_cost: int = 10
    offset_extra: int = 20
    speeds: tuple[float, ...] = ()
    speed_cost: int = 25
    combined: bool = False
    airborne_at: int | None = None
    fixed: bool = False

    def __post_init__(self) -> None:
        _check_delay(self)
        for name in ("delay_cost", "lower_cost", "higher_cost", "offset_cost", "offset_extra",
                     "speed_cost"):  # fmt: skip
            cost = getattr(self, name)
            _need(isinstance(cost, int) and cost >= 0, name, f"a cost of {cost!r}",
                  "give a whole number, 0 or more")  # fmt: skip
        _check_choices(self)
        _need(0.0 < self.level_gap < float("inf"), "level_gap",
              f"a gap of {self.level_gap:g} ft", "give feet above 0")  # fmt: skip
        _need(self.floor < self.ceiling, "floor",
              f"a floor of {self.floor:g} ft and a ceiling of {self.ceiling:g} ft",
              "give a floor below the ceiling")  # fmt: skip

    @classmethod
    def none(cls) -> "Manoeuvres":
        """Let a flight do nothing."""
        return cls(delay_most=0, level_steps=(), offsets=(), fixed=True)

    @classmethod
    def airborne(cls, at: int, **limits: Any) -> "Manoeuvres":
        """Give what a flight in the air may do from ``at`` on: level, lateral, and speed.

        Parameters
        ----------
        at : nanoseconds since 1970-01-01T00:00Z.
        limits : other fields than by default.

        >>> Manoeuvres.airborne(0).speeds
        (0.94, 0.97, 1.03, 1.06)
        """
        return cls(
            airborne_at=at,
            **{"delay_most": 0, "speeds": (0.94, 0.97, 1.03, 1.06), **limits},
        )

    @property
    def delays(self) -> tuple[int, ...]:
        """The delays it may take, in seconds, 0 first."""
        return (0,) if self.fixed else tuple(range(0, self.delay_most + 1, self.delay_step))

    def cost_of_delay(self, seconds: int) -> int:
        """Give the cost of leaving so much later, rounded to a whole number.

        >>> Manoeuvres().cost_of_delay(90)
        150
        """
        return (self.delay_cost * seconds + 30) // 60


@dataclass(frozen=True, eq=False, slots=True)
class Variant:
    """One way to fly a flight, without delay.

    Parameters
    ----------
    trajectory : the flight, flown so.
    level : by how many gaps the cruise is moved.
    offset : metres beside the route, right positive.
    speed : the factor of ground speed in cruise.
    cost : of flying so instead of as filed.
    feet : by which the cruise is moved.
    """

    trajectory: Trajectory
    level: int = 0
    offset: float = 0.0
    speed: float = 1.0
    cost: int = 0
    feet: float = 0.0


def variants(trajectory: Trajectory, manoeuvres: Manoeuvres) -> list[Variant]:
    """Give the ways in which a flight may be flown: as filed first, then the cheaper first.

    What its shape does not allow (a level below the floor, an offset longer than the cruise)
    is not among them. The cruise is what moves; climb and descent keep to the route.

    Parameters
    ----------
    trajectory : the flight as filed.
    manoeuvres : what it may do.

    Examples
    --------
    >>> minutes = 60_000_000_000 * np.array([0, 20, 60, 80])
    >>> flight = Trajectory("A", minutes, np.array([50.0, 50.0, 50.0, 50.0]),
    ...                     np.array([0.0, 3.0, 9.0, 12.0]), np.array([0.0, 35e3, 35e3, 0.0]))
    >>> few = Manoeuvres(level_steps=(-2, 2), offsets=(9260.0,), semicircular=True)
    >>> [(v.level, v.offset, v.cost) for v in variants(flight, few)]
    [(0, 0.0, 0), (-2, 0.0, 50), (2, 0.0, 50), (0, 9260.0, 58)]

    See Also
    --------
    delayed : the same, later.

    Notes
    -----
    Those that differ in altitude only share their arrays of time and place.
    """
    first = Variant(trajectory)
    if manoeuvres.fixed:
        return [first]
    cruise = Cruise.of(trajectory, manoeuvres.airborne_at)
    if cruise is None:
        return [first]
    flight = cruise.flight
    found = []
    levels = [(0, flight.alt)]
    for level in manoeuvres.level_steps:
        alt = _moved(cruise, level * manoeuvres.level_gap, manoeuvres)
        if alt is not None:
            levels.append((level, alt))
            found.append(_variant(replace(flight, alt=alt), manoeuvres, level))
    for offset in manoeuvres.offsets:
        beside = cruise.beside(offset)
        if beside is None:
            continue
        fixes = beside.fixes
        gap = flight.gap[fixes] if len(flight.gap) else flight.gap
        aside = replace(
            flight, time=beside.time, lat=beside.lat, lon=beside.lon, alt=flight.alt[fixes], gap=gap
        )
        found.extend(
            _variant(
                replace(aside, alt=alt[fixes]), manoeuvres, level,
                offset=offset, extra=beside.extra,
            )
            for level, alt in (levels if manoeuvres.combined else levels[:1])
        )  # fmt: skip
    found.extend(
        _variant(replace(flight, time=cruise.at_speed(speed)), manoeuvres, speed=speed)
        for speed in manoeuvres.speeds
    )
    found.sort(key=lambda v: (v.cost, abs(v.level), v.level, abs(v.offset), v.offset, v.speed))
    return [first, *found]


def _moved(cruise: Cruise, feet: float, limits: Manoeuvres) -> NDArray[np.float64] | None:
    """Move the cruise, if that keeps the limits."""
    low, high = cruise.levels
    if (feet < 0.0 and low + feet < limits.floor) or (feet > 0.0 and high + feet > limits.ceiling):
        return None
    if limits.semicircular and not all(keeps_direction(level, feet) for level in cruise.levels):
        return None
    return cruise.at_level(feet)


def _variant(
    trajectory: Trajectory,
    limits: Manoeuvres,
    level: int = 0,
    *,
    offset: float = 0.0,
    extra: float = 0.0,
    speed: float = 1.0,
) -> Variant:
    cost = abs(level) * (limits.lower_cost if level < 0 else limits.higher_cost)
    if offset:
        cost += limits.offset_extra + round(limits.offset_cost * extra / 1000.0)
    cost += round(limits.speed_cost * abs(speed - 1.0) * 100.0)
    return Variant(trajectory, level, offset, speed, cost, level * limits.level_gap)


def delayed(trajectory: Trajectory, seconds: int) -> Trajectory:
    """Give a flight so many seconds later."""
    if not seconds:
        return trajectory
    return replace(trajectory, time=trajectory.time + np.int64(seconds) * _SECOND)


def _need(fine: bool, field: str, what: str, mend: str) -> None:
    if not fine:
        raise InputError(what, field=field, mend=mend)


def _check_delay(limits: Manoeuvres) -> None:
    step, most = limits.delay_step, limits.delay_most
    _need(isinstance(step, int) and step > 0, "delay_step", f"a step of {step!r} s",
          "give whole seconds above 0")  # fmt: skip
    _need(isinstance(most, int) and 0 <= most <= LONGEST_DELAY, "delay_most",
          f"a delay of up to {most!r} s",
          f"give whole seconds from 0 to {LONGEST_DELAY}")  # fmt: skip
    _need(most % step == 0, "delay_most", f"a delay of up to {most} s in steps of {step} s",
          "give a multiple of the step")  # fmt: skip
    on_ground = limits.airborne_at is None
    _need(on_ground or most == 0, "delay_most", "a delay for a flight that is in the air",
          "give 0, or leave out airborne_at")  # fmt: skip


def _check_choices(limits: Manoeuvres) -> None:
    low, high = SPEED_BAND
    for name, fine, mend in (
        ("level_steps", lambda x: isinstance(x, int) and x != 0, "give whole steps, 0 left out"),
        ("offsets", lambda x: 0.0 < abs(x) <= LARGEST_OFFSET,
         f"give metres up to {LARGEST_OFFSET:g}, 0 left out"),
        ("speeds", lambda x: low <= x <= high and x != 1.0,
         f"give factors from {low} to {high}, 1 left out"),
    ):  # fmt: skip
        values = getattr(limits, name)
        for value in values:
            _need(fine(value), name, f"{value!r}", mend)
        _need(len(set(values)) == len(values), name, "a value twice", "give each once")
        if limits.fixed:
            _need(not values, name, "a choice for a flight that is fixed",
                  "leave out one of the two")  # fmt: skip
    _need(not (limits.fixed and limits.delay_most), "delay_most",
          "a delay for a flight that is fixed", "leave out one of the two")  # fmt: skip
