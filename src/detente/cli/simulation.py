"""``detente simulate``: a synthetic day of European flights."""

from pathlib import Path

from detente.cli.destination import FORMATS, check_destination
from detente.cli.text import count, printable

__all__ = ["simulate"]


def simulate(*, flights: int, seed: int, out: Path, days: int = 1) -> int:
    """Write a synthetic European day of flights: real airports, made-up traffic.

    The same number and seed give the same flights (docs/simulate.md).

    Parameters
    ----------
    flights
        How many flights.
    seed
        Any whole number; another one gives another day.
    out
        The file to write: .parquet, .csv or .geojson.
    days
        Spread them over this many days.
    """
    check_destination(out, "out", FORMATS)
    from detente.formats import write_flights
    from detente.simulate import simulate_flights

    made = simulate_flights(flights=flights, seed=seed, days=days)
    write_flights(made, out)
    fixes = count(made.fixes, "fix", "fixes")
    print(f"written: {printable(str(out))}: {count(len(made), 'flight')} with {fixes}")
    return 0
