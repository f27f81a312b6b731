"""What a simulated authority sees, and what is said: mostly such as makes sense, and some not."""

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

__all__ = [
    "amend",
    "grade",
    "indicate",
    "name",
    "nonsense",
    "observe",
    "occurrence",
    "say",
    "share",
]

_SCOPES = ("flown", "coordination")


def observe(rng: Random, state: State, now: datetime, parties: list[str]) -> Command:
    """See a few tracks, miss a flight, warn two parties, or say that a warning is over."""
    names = sorted(state.intents)
    tracks = tuple(
        Track(
            f"t{rng.randrange(30)}", rng.choice(list(Conformance)), now - timedelta(minutes=5),
            Fix(now, 47.0 + rng.random(), 8.0 + rng.random(), 30_000.0, None, 60.0),
            intent=rng.choice(names) if names and rng.random() < 0.5 else "",
            ended=rng.random() < 0.1,
        )
        for _ in range(rng.randrange(4))
    )  # fmt: skip
    over = tuple(replace(row, over=True) for _, row in state.unseen.values())
    unseen = (Unseen(rng.choice(names), now),) if names and rng.random() < 0.3 else over[:1]
    alerts = [_alert(rng, now, parties) for _ in range(rng.choice((0, 1, 1, 2)))]
    if state.alerts and rng.random() < 0.6:
        known = state.alerts[rng.choice(sorted(state.alerts))]
        plain = tuple(replace(a, handle="") for a in known.avoid)
        fewer = plain[: rng.randint(1, len(plain))]
        alerts.append(rng.choice((
            replace(known, avoid=plain, over=True), replace(known, avoid=plain),
            replace(known, avoid=fewer, closest=known.closest / 2.0),
        )))  # fmt: skip
    once = {alert.id: alert for alert in alerts}
    twice = (*once.values(), alerts[0]) if alerts and rng.random() < 0.05 else once.values()
    return c.Observe(at=now, tracks=tracks, unseen=unseen, alerts=tuple(twice))


def _alert(rng: Random, now: datetime, parties: list[str]) -> Alert:
    both = rng.sample(parties, rng.choice((1, 2)))
    avoid = tuple(
        Avoid(party, rng.choice(("", "i1")), Volume4D(
            centre=(47.0 + 0.1 * rng.randrange(5), 8.0), radius=9_260.0, lower=30_000.0,
            upper=33_000.0, start=now, end=now + timedelta(minutes=rng.randint(1, 3))))
        for party in both
    )  # fmt: skip
    return Alert(f"w{rng.randrange(12)}", "track:t1", f"intent:{both[0]}/i1", now,
                 1_000.0 * rng.random(), avoid=avoid)  # fmt: skip


def indicate(rng: Random, state: State, now: datetime) -> Command:
    """Attach evidence to a track, now and then to one that is not there."""
    track = f"t{rng.randrange(30)}" if rng.random() < 0.1 else ""
    known = sorted(state.tracks) or ["t0"]
    what = Indication("F-4", "an outlet", now, rng.choice((None, 0.5)))
    return c.Indicate(at=now, track=track or rng.choice(known), indication=what)


def occurrence(rng: Random, state: State, now: datetime, parties: list[str]) -> Command:
    """Enter an event, mostly a new one."""
    event = f"e{min(len(state.occurrences), 5) if rng.random() < 0.8 else rng.randrange(6)}"
    return c.EnterOccurrence(at=now, occurrence=_event(rng, event, now, state),
                             **_readers(rng, parties))  # fmt: skip


def amend(rng: Random, state: State, now: datetime, parties: list[str]) -> Command | None:
    """Enter one anew, now and then at a wrong version."""
    if not state.occurrences:
        return None
    known = state.occurrences[rng.choice(sorted(state.occurrences))]
    version = known.version + (rng.random() < 0.1)
    return c.AmendOccurrence(
        at=now, occurrence=_event(rng, known.occurrence.id, now, state), version=version,
        **_readers(rng, parties),
    )  # fmt: skip


def _event(rng: Random, id: str, now: datetime, state: State) -> Occurrence:
    return Occurrence(
        id, "It is said that aircraft were there.", now - timedelta(hours=1), now,
        centre=(47.5, 8.5), radius=rng.choice((1_000.0, 40_000.0)),
        questions=tuple((scope, f"Is there word on {scope}?") for scope in _SCOPES),
        tracks=tuple(rng.sample(sorted(state.tracks), min(2, len(state.tracks)))),
        intents=tuple(rng.sample(sorted(state.intents), min(1, len(state.intents)))),
    )  # fmt: skip


def say(rng: Random, state: State, now: datetime, party: str, parties: list[str]) -> Command:
    """Let a party or the authority say something of what there is, or is not."""
    by = AUTHORITY if rng.random() < 0.3 else party
    about: list[Subject] = [
        *(Subject(SubjectKind.EVENT, id) for id in state.occurrences),
        # of names that it may know: a refusal says the name again
        *(
            Subject(SubjectKind.STATEMENT, name)
            for name, known in sorted(state.statements.items())
            if by in (AUTHORITY, known.by) or known.public
        ),
        *(Subject(SubjectKind.INTENT, i.name) for i in state.of_party(party)),
        *(Subject(SubjectKind.TRACK, "t1") for _ in range(by == AUTHORITY)),
    ]
    speaker = Speaker(rng.choice(parties), "a spokesman") if by == AUTHORITY else Speaker("")
    said = Statement(
        f"s{rng.randrange(200)}", rng.choice(about[-8:] or [Subject(SubjectKind.EVENT, "none")]),
        speaker, rng.choice(list(Position)), rng.choice(_SCOPES), claim="it was there",
        outlet=rng.choice(("", "a paper")), said=now,
    )  # fmt: skip
    return c.EnterStatement(at=now, by=by, statement=said, **_readers(rng, parties))


def share(rng: Random, state: State, now: datetime, parties: list[str]) -> Command | None:
    """Let more see what somebody said."""
    if not state.statements:
        return None
    said = state.statements[rng.choice(sorted(state.statements))]
    return c.ShareStatement(at=now, by=said.by, statement=said.statement.id,
                            **_readers(rng, parties))  # fmt: skip


def grade(rng: Random, state: State, now: datetime) -> Command | None:
    """Grade what was said."""
    if not state.statements:
        return None
    name = rng.choice(sorted(state.statements))
    return c.GradeStatement(at=now, statement=name, grade=Grade(rng.choice("ABCDEF"),
                                                                rng.randint(1, 6)))  # fmt: skip


def name(rng: Random, now: datetime, about: dict[str, Any] | None) -> Command | None:
    """Say which aircraft flies an intent."""
    address = rng.choice(("", "4ca1fa", "4CA1FB", "no"))
    return about and c.NameAircraft(at=now, **about, aircraft=Aircraft("ab123", address))


def nonsense(rng: Random, now: datetime, party: str) -> Command:
    """Draw what cannot be done."""
    track = Track("t1", Conformance.UNDECLARED, now, Fix(now, 47.0, 8.0))
    subject = Subject(SubjectKind.TRACK, "t1")
    said = Statement("s1", subject, Speaker(""), Position.DENIES)
    there = Volume4D(centre=(47.0, 8.0), radius=-1.0, start=now, end=now + timedelta(minutes=1))
    return rng.choice((
        c.Observe(at=now, by=party, tracks=(track,)),
        c.Observe(at=now, tracks=(track, replace(track, fix=Fix(now, 47.0, 300.0)))),
        c.Observe(at=now, tracks=(replace(track, first=now.replace(tzinfo=None)),)),
        c.Observe(at=now, unseen=(Unseen(f"{party}/none", now),)),
        c.Observe(at=now, alerts=(Alert("w", "a", "b", now, 1.0, avoid=(
            Avoid(party, "i1", there),)),)),
        c.Observe(at=now, alerts=(Alert("w", "a", "b", now, float("nan")),)),
        c.Indicate(at=now, track="none", indication=Indication("F-4", "me", now)),
        c.EnterStatement(at=now, by=party, statement=said),
        c.EnterStatement(at=now, by=party, statement=replace(said, scope=" ")),
        c.EnterStatement(at=now, statement=replace(said, speaker=Speaker("x", anonymous=True,
                                                                         name="y"))),
        c.ShareStatement(at=now, by=party, statement="none", public=True),
        c.GradeStatement(at=now, statement=f"{party}/none", grade=Grade()),
        c.NameAircraft(at=now, by=party, intent="none", version=1, aircraft=Aircraft()),
    ))  # fmt: skip


def _readers(rng: Random, parties: list[str]) -> dict[str, Any]:
    public = rng.random() < 0.2
    return {"public": public, "shared": tuple(rng.sample(parties, rng.choice((0, 1, 3))))}
