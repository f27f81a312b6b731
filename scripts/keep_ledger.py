"""Make tests/ledger/old/schema-N.jsonl: a small ledger of today's schema, for later code to read.

Run from the repository's top folder, once for each schema, and never again for one that was
released:

    uv run scripts/keep_ledger.py

It holds at least one of every kind of event.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from detente.authority import Charter, Effect, Path4D, Sharing, Volume4D
from detente.authority import command as c
from detente.authority.outcome import SCHEMA
from detente.ledger import MemoryLedger
from detente.ledger.desk import Desk
from detente.ledger.export import export_ledger

OUT = Path(f"tests/ledger/old/schema-{SCHEMA}.jsonl")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def east(hours: int = 1, alt: float = 35_000.0) -> Path4D:
    """Fly along a parallel."""
    return Path4D(
        NOON + hours * HOUR, (0.0, 300.0, 600.0), (50.0,) * 3, (4.0, 5.0, 6.0), (alt,) * 3
    )


def north(hours: int = 1, alt: float = 35_000.0) -> Path4D:
    """Cross it."""
    lat = (49.4, 50.0, 50.6)
    return Path4D(
        NOON + hours * HOUR, (0.0, 300.0, 600.0), lat, (5.0,) * 3, (alt,) * 3,
        protection=(12_000.0, 1_000.0), gap=(0,),
    )  # fmt: skip


def box(lower: float, upper: float) -> tuple[Volume4D, ...]:
    """Give a polygon and a circle about the middle."""
    times: dict[str, Any] = {"start": NOON + HOUR, "end": NOON + 2 * HOUR}
    corners = ((49.9, 4.9), (49.9, 5.1), (50.1, 5.1), (50.1, 4.9))
    return (
        Volume4D(corners=corners, lower=lower, upper=upper, **times),
        Volume4D(centre=(50.0, 5.0), radius=900.0, lower=lower, upper=upper, buffer=(50.0, 100.0),
                 **times),
    )  # fmt: skip


def story() -> list[c.Command]:
    """Tell everything that may happen, in one day."""
    day = {"cycle": "day", "start": NOON + 6 * HOUR, "end": NOON + 8 * HOUR, "cutoff": NOON + HOUR}
    hand: dict[str, Any] = {"reason": "by order"}
    begin: dict[str, Any] = {"at": NOON}
    first: list[c.Command] = [
        c.Found(charter=Charter(name="kept"), **begin),
        *(c.RegisterParty(party=p, name=f"party {p}", highest="emergency", **begin) for p in "ABC"),
        c.Suspend(party="C", reason="unpaid", **begin),
        c.Reinstate(party="C", **begin),
        c.FormCoalition(coalition="g", name="allies", invited=("A",), **begin),
        c.Invite(coalition="g", parties=("B", "C"), **begin),
        c.Join(by="A", coalition="g", shares=Sharing.INTENTS, **begin),
        c.Join(by="B", coalition="g", shares=Sharing.VOLUMES, **begin),
        c.Join(by="C", coalition="g", **begin),
        c.Leave(by="C", coalition="g", **begin),
        c.OpenCycle(**day, **begin),
        c.File(by="A", intent="east", extent=east(), **begin),
        c.File(by="B", intent="north", extent=north(), **begin),
        c.Take(by="B", intent="north", version=1, offer="level+1000ft", **begin),
        c.File(by="C", intent="first", extent=north(), precedence="emergency", **begin),
        c.Withdraw(by="C", intent="first", version=1, **begin),
        c.PublishConstraint(constraint="k", volumes=box(34_500.0, 35_500.0), **begin),
        c.AmendConstraint(constraint="k", version=1, volumes=box(30_000.0, 31_000.0),
                          effect=Effect.LIMITED, permitted=("A",), reason="storm", **begin),
        c.LiftConstraint(constraint="k", version=2, **begin),
        c.PublishConstraint(constraint="stays", volumes=box(20_000.0, 21_000.0), **begin),
        c.File(by="C", intent="rescue", extent=north(), **begin),
        c.Override(party="C", intent="rescue", version=1, **hand, **begin),
        c.Impose(party="B", intent="north", version=2, feet=1_000.0, **hand, **begin),
        c.Hold(party="B", intent="north", version=3, **hand, **begin),
        c.File(by="A", intent="planned", extent=east(6), **begin),
        c.File(by="B", intent="planned", extent=north(6), **begin),
        c.File(by="C", intent="area", extent=(
            Volume4D(centre=(50.0, 5.0), radius=5_000.0, lower=30_000.0, upper=31_000.0,
                     start=NOON + 6 * HOUR, end=NOON + 7 * HOUR),), **begin),
        c.End(by="A", intent="nobody's", version=1, **begin),
    ]  # fmt: skip
    later: dict[str, Any] = {"at": NOON + HOUR}
    return [
        *first,
        c.CloseCycle(cycle="day", **later),
        c.Activate(by="C", intent="rescue", version=2, **later),
        c.ReportNonconforming(
            by="C", intent="rescue", version=3, off_nominal=box(1e4, 1.1e4), **later
        ),
        c.Activate(by="C", intent="rescue", version=4, **later),
        c.DeclareContingency(
            by="C", intent="rescue", version=5, off_nominal=box(1e4, 1.1e4), **later
        ),
        c.End(by="C", intent="rescue", version=6, **later),
        c.Sweep(at=NOON + 3 * HOUR),
    ]


def main() -> None:
    """Write the file."""
    ledger = MemoryLedger()
    with Desk(ledger) as desk:
        for k, command in enumerate(story(), 1):
            desk.submit(c.decode_command(c.encode_command(_keyed(command, k))))
        count = export_ledger(ledger, OUT)
    print(f"{OUT}: {count} entries")


def _keyed(command: c.Command, k: int) -> c.Command:
    return replace(command, key=f"kept-{k}")


if __name__ == "__main__":
    main()
