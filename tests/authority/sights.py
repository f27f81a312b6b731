"""What is seen and said in two worlds: the same of it for A, and whatever else for all others."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

from msgspec.structs import replace

from detente.authority import AUTHORITY, Command, State, Volume4D
from detente.authority import command as c
from detente.authority.register import Aircraft, Alert, Avoid
from detente.record.occurrence import Occurrence
from detente.record.statement import Grade, Position, Speaker, Statement, Subject, SubjectKind
from detente.watch.track import Conformance, Fix, Indication, Track, Unseen
from tests.authority.worlds import NOON, Ask, off_nominal

HIDDEN = "pqr"
"""What nobody but the authority may read begins with one of these, and is found by any leak."""

_Maker = Callable[[State, Ask, Random, dict[str, Any]], Command | None]


def seen(kind: str, state: State, ask: Ask, stamp: dict[str, Any]) -> Command | None:
    """Give what the authority's watch and record enter; ``ask.noise`` is what A must not see."""
    return _MAKERS[kind](state, ask, Random(ask.noise), stamp)


def of_a(state: State, ask: Ask, stamp: dict[str, Any]) -> Command:
    """Give what A says of what it may know, and of what it may not."""
    serial = ask.noise
    if ask.kind == "name":
        known = state.intents.get(f"A/{ask.intent}")
        aircraft = Aircraft(f"A{serial}", f"{serial % 4096:06x}", "", "B738")
        version = known.version if known else 1
        return c.NameAircraft(by="A", intent=ask.intent, version=version, aircraft=aircraft,
                              **stamp)  # fmt: skip
    if ask.kind == "tell":
        own = sorted(s.statement.id for s in state.statements.values() if s.by == "A")
        name = own[ask.pick % len(own)] if own else "none"
        return c.ShareStatement(by="A", statement=name, public=ask.pick % 2 == 0, **stamp)
    about = (
        Subject(SubjectKind.EVENT, f"e{ask.plan.lane % 2}"),
        Subject(SubjectKind.EVENT, "p1"),
        Subject(SubjectKind.INTENT, f"A/{ask.intent}"),
        Subject(SubjectKind.INTENT, f"C/{ask.intent}"),
        Subject(SubjectKind.STATEMENT, f"C/{'hv'[ask.plan.slot % 2]}{ask.plan.lane}"),
        Subject(SubjectKind.TRACK, "t1"),
    )[ask.pick % 6]
    statement = Statement(f"a{serial}", about, Speaker("A"), Position.CANNOT_CONFIRM)
    return c.EnterStatement(by="A", statement=statement, public=ask.plan.level == 0, **stamp)


def _observe(state: State, ask: Ask, rng: Random, stamp: dict[str, Any]) -> Command:
    """See others, warn them, and let A hear of its own warning only."""
    at: datetime = stamp["at"]
    alerts = [
        Alert(
            f"n{rng.randrange(3)}", f"track:{_secret(rng)}", "intent:C/x", at, rng.random(),
            avoid=(Avoid(rng.choice("CD"), "x", _anywhere(rng, at)),), over=rng.random() < 0.3,
        )
        for _ in range(rng.choice((0, 0, 1)))
    ]  # fmt: skip
    if ask.kind != "sky":
        alerts.append(_warning(state, ask, rng, at))
    tracks = tuple(
        Track(
            f"t{rng.randrange(4)}", rng.choice(list(Conformance)), NOON,
            Fix(at, 47.0 + rng.random(), 8.0, 35_000.0, None, 50.0), callsign=_secret(rng),
        )
        for _ in range(rng.choice((0, 1, 3)))
    )  # fmt: skip
    names = sorted(state.intents)
    unseen = tuple(
        Unseen(rng.choice(names), at, over=rng.random() < 0.3)
        for _ in range(rng.choice((0, 0, 1)))
        if names
    )
    return c.Observe(tracks=tracks, unseen=unseen, alerts=tuple(alerts), **stamp)


def _warning(state: State, ask: Ask, rng: Random, at: datetime) -> Alert:
    """Warn A, mostly of what it is warned of already; or say that this is over."""
    id = f"w{ask.pick % 2}"
    known = state.alerts.get(id)
    own = Avoid("A", ask.intent, off_nominal(ask.plan)[0])
    if known is not None and ask.pick > 1:
        own = next(replace(a, handle="") for a in known.avoid if a.party == "A")
        if rng.random() < 0.5:
            # just as it was
            plain = tuple(replace(a, handle="") for a in known.avoid)
            return replace(known, avoid=plain, over=ask.kind == "clear")
    others = (Avoid("D", "x", _anywhere(rng, at)),) if rng.random() < 0.5 else ()
    return Alert(
        id, f"track:{_secret(rng)}", f"intent:{_secret(rng)}", at, 1_000.0 * rng.random(),
        rng.choice((None, 100.0 * rng.random())),
        avoid=(own, *others) if rng.random() < 0.5 else (*others, own),
        over=ask.kind == "clear",
    )  # fmt: skip


def _indicate(state: State, ask: Ask, rng: Random, stamp: dict[str, Any]) -> Command:
    what = Indication(_secret(rng), "an outlet", NOON, rng.random())
    return c.Indicate(track=f"t{rng.randrange(4)}", indication=what, **stamp)


def _enter(state: State, ask: Ask, rng: Random, stamp: dict[str, Any]) -> Command:
    """Enter or amend an event that A may see; not what was seen and declared of it."""
    known = state.occurrences.get(id := f"e{ask.pick % 2}")
    what: dict[str, Any] = {
        "occurrence": _event(id, f"Of lane {ask.plan.lane} it is said.", rng),
        "public": ask.pick % 3 == 0, "shared": (("A",), ("A", "D"))[ask.plan.lane % 2], **stamp,
    }  # fmt: skip
    if known is None:
        return c.EnterOccurrence(**what)
    return c.AmendOccurrence(version=known.version, **what)


def _hide(state: State, ask: Ask, rng: Random, stamp: dict[str, Any]) -> Command:
    """Enter an event that A may not see."""
    known = state.occurrences.get(id := f"p{rng.randrange(3)}")
    what: dict[str, Any] = {
        "occurrence": _event(id, _secret(rng), rng), "shared": rng.choice(((), ("C", "D"))),
        **stamp,
    }  # fmt: skip
    if known is None:
        return c.EnterOccurrence(**what)
    return c.AmendOccurrence(version=known.version, **what)


def _voice(state: State, ask: Ask, rng: Random, stamp: dict[str, Any]) -> Command:
    """Say what A may hear: the same in both worlds."""
    by = (AUTHORITY, "C", "D")[ask.pick % 3]
    statement = Statement(
        f"v{ask.plan.lane}", Subject(SubjectKind.EVENT, f"e{ask.plan.slot % 2}"),
        Speaker("" if by != AUTHORITY else "a ministry"), list(Position)[ask.pick % 6],
        claim=f"it was at level {ask.plan.level}",
    )  # fmt: skip
    return c.EnterStatement(
        by=by, statement=statement, public=ask.plan.level == 0, shared=("A",), **stamp
    )


def _publish(state: State, ask: Ask, rng: Random, stamp: dict[str, Any]) -> Command | None:
    """Make public what A may hear."""
    heard = sorted(n for n, s in state.statements.items() if s.statement.id.startswith("v"))
    if not heard:
        return None
    by, _, id = heard[ask.pick % len(heard)].partition("/")
    return c.ShareStatement(by=by, statement=id, public=True, **stamp)


def _whisper(state: State, ask: Ask, rng: Random, stamp: dict[str, Any]) -> Command:
    """Say what A may not hear, name an aircraft, or share with others what was whispered."""
    by = rng.choice((AUTHORITY, "C", "D"))
    others = tuple({"C", "D"} - {by})
    dice = rng.random()
    whispered = sorted(
        s.statement.id for s in state.statements.values()
        if s.by == by and s.statement.id.startswith("h")
    )  # fmt: skip
    if dice < 0.2 and whispered:
        return c.ShareStatement(by=by, statement=whispered[0], shared=others, **stamp)
    if dice < 0.4:
        own = [i for i in state.of_party("C") if i.id == "x"]
        return c.NameAircraft(by="C", intent="x", version=own[0].version if own else 1,
                              aircraft=Aircraft(_secret(rng)[:8]), **stamp)  # fmt: skip
    about = rng.choice(
        (
            Subject(SubjectKind.INTENT, "C/x"), Subject(SubjectKind.EVENT, "e0"),
            Subject(SubjectKind.EVENT, "p1"), Subject(SubjectKind.TRACK, "t1"),
        )
    )  # fmt: skip
    side = "a neighbour" if by == AUTHORITY else ""
    statement = Statement(f"h{rng.randrange(9)}", about, Speaker(side), claim=_secret(rng),
                          position=rng.choice(list(Position)))  # fmt: skip
    return c.EnterStatement(by=by, statement=statement, shared=rng.choice(((), others)), **stamp)


def _grade(state: State, ask: Ask, rng: Random, stamp: dict[str, Any]) -> Command | None:
    names = sorted(state.statements)
    if not names:
        return None
    grade = Grade(rng.choice("ABCDEF"), rng.randint(1, 6), _secret(rng))
    return c.GradeStatement(statement=rng.choice(names), grade=grade, **stamp)


def _event(id: str, description: str, rng: Random) -> Occurrence:
    names = [f"t{k}" for k in range(4) if rng.random() < 0.3]
    return Occurrence(
        id, description, NOON, NOON + timedelta(hours=3), centre=(47.0, 8.0), radius=20_000.0,
        questions=(("flown", "Did it fly?"),), tracks=tuple(names), intents=("C/x",),
    )  # fmt: skip


def _anywhere(rng: Random, at: datetime) -> Volume4D:
    return Volume4D(
        centre=(round(47.0 + rng.random(), 3), 8.0), radius=9_260.0, lower=30_000.0,
        upper=40_000.0, start=at, end=at + timedelta(minutes=rng.randint(1, 5)),
    )  # fmt: skip


def _secret(rng: Random) -> str:
    return "".join(rng.choice(HIDDEN) for _ in range(12))


_MAKERS: dict[str, _Maker] = {
    "sky": _observe, "warn": _observe, "clear": _observe, "indicate": _indicate, "enter": _enter,
    "hide": _hide, "voice": _voice, "publish": _publish, "whisper": _whisper, "grade": _grade,
}  # fmt: skip
