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
from detente.authority.register import Aircraft, Alert, Avoid
from detente.ledger import MemoryLedger
from detente.ledger.desk import Desk
from detente.ledger.export import export_ledger
from detente.record.occurrence import Occurrence
from detente.record.statement import Grade, Position, Speaker, Statement, Subject, SubjectKind
from detente.watch.track import Conformance, Deviation, Fix, Indication, Track, Unseen

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


def watched() -> list[c.Command]:
    """Tell what was seen and said meanwhile."""
    at: dict[str, Any] = {"at": NOON + HOUR}
    when = NOON + HOUR
    fix = Fix(when, 50.0, 5.0, pressure=35_100.0, geometric=35_900.0, accuracy=40.0)
    stranger = Track(
        "t1",
        Conformance.UNDECLARED,
        NOON,
        fix,
        speed=230.5,
        course=90.0,
        climb=-100.0,
        squawk="7000",
        kind="F4",
        sources=("radar",),
        coasted=1.5,
        synthetic=True,
    )
    strays = Track(
        "t2",
        Conformance.NONCONFORMING,
        NOON,
        fix,
        intent="C/rescue",
        address="4ca1fa",
        deviation=Deviation(900.0, 400.0, 12.5),
        callsign="RESCUE1",
    )
    there = Volume4D(centre=(50.0, 5.0), radius=15_928.0, lower=34_000.0, upper=37_000.0,
                     start=when, end=when + HOUR / 60)  # fmt: skip
    warned = Alert("w1", "track:t1", "track:t2", when, 1_500.0, 200.0,
                   avoid=(Avoid("C", "rescue", there), Avoid("A", "", there)))  # fmt: skip
    event = Occurrence(
        "strikes", "Strikes were reported.", NOON, when, "A province", centre=(50.0, 5.0),
        radius=20_000.0, questions=(("flown", "Was it flown?"),), tracks=("t1",),
        intents=("C/rescue",), synthetic=True,
    )  # fmt: skip
    of_event = Subject(SubjectKind.EVENT, "strikes")
    said = Statement(
        "s1", of_event, Speaker("B", "a spokesman", "N. N."), Position.DENIES,
        claim="that it flew", hedge="as far as is known", outlet="a paper", via=("an agency",),
        said=NOON, published=when, citation="a title, a date", synthetic=True,
    )  # fmt: skip
    doubts = Statement(
        "s1", Subject(SubjectKind.STATEMENT, "authority/s1"), Speaker(""),
        Position.CANNOT_CONFIRM, scope="coordination", on_record=False,
    )  # fmt: skip
    return [
        c.NameAircraft(by="C", intent="rescue", version=2,
                       aircraft=Aircraft("rescue1", "4CA1FA", "OO-ABC", "B412"), **at),
        c.Observe(tracks=(stranger, strays), unseen=(Unseen("A/planned", NOON),),
                  alerts=(warned,), **at),
        c.Indicate(track="t1", indication=Indication("F-4", "an outlet", NOON, 0.7, "by its tail"),
                   **at),
        c.Observe(alerts=(replace(warned, avoid=warned.avoid[:1]),), **at),
        c.Observe(tracks=(replace(stranger, ended=True),), alerts=(replace(warned, over=True),),
                  **at),
        c.EnterOccurrence(occurrence=event, shared=("A",), **at),
        c.AmendOccurrence(occurrence=event, version=1, public=True, **at),
        c.EnterStatement(statement=said, shared=("A", "C"), **at),
        c.EnterStatement(by="A", statement=doubts, **at),
        c.ShareStatement(by="A", statement="s1", shared=("B",), **at),
        c.ShareStatement(statement="s1", public=True, **at),
        c.GradeStatement(statement="authority/s1", grade=Grade("B", 3, "one source"), **at),
    ]  # fmt: skip


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
        *watched(),
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
