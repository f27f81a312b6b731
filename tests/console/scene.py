"""An hour over the Alps, written into a ledger as it would have come: flights, tracks, a record."""

from datetime import datetime, timedelta
from math import atan2, cos, degrees, hypot, radians

from detente.authority import Charter, Path4D, Volume4D
from detente.authority import command as c
from detente.authority.register import Alert, Avoid, IntentState
from detente.ledger.desk import Desk
from detente.record.occurrence import Occurrence
from detente.record.statement import Position, Speaker, Statement, Subject, SubjectKind
from detente.watch.track import Conformance, Deviation, Fix, Indication, Track, Unseen

__all__ = ["FLIGHT", "LATE", "Clerk", "begin", "flight"]

PARTIES = ("north", "south", "east")
LATE = "west"
"""A party that came when something was closed already; it flies nothing."""
FLIGHT = "SOUTH-77"
"""A flight of the south's whose name nobody else may learn; it crosses from west to east."""

WAYS = (
    ((46.0, 6.2), (47.6, 9.4)), ((47.5, 6.4), (46.2, 10.2)), ((46.6, 5.8), (46.9, 10.4)),
    ((47.9, 7.6), (45.8, 8.9)), ((45.7, 7.0), (47.8, 8.2)), ((47.2, 10.3), (46.8, 5.9)),
)  # fmt: skip


def flight(start, way, *, level=35_000.0, seconds=1500.0):
    """Give a path along a way."""
    (lat0, lon0), (lat1, lon1) = way
    return Path4D(
        start=start, seconds=(0.0, seconds), lat=(lat0, lat1), lon=(lon0, lon1), alt=(level, level)
    )


class Clerk:
    """Writes commands down, each under a key of its own."""

    def __init__(self, desk, now):
        self.desk = desk
        self.now = now
        self._count = 0

    def at(self, minutes):
        return self.now + timedelta(minutes=minutes)

    def say(self, kind, minutes, **what):
        self._count += 1
        return self.desk.submit(kind(at=self.at(minutes), key=f"k{self._count}", **what))


def begin(path, now: datetime):
    """Write the hour up to now into a new ledger."""
    with Desk.open(path, create=True) as desk:
        clerk = Clerk(desk, now)
        clerk.say(c.Found, -60, charter=Charter(name="alps"))
        for party in PARTIES:
            clerk.say(c.RegisterParty, -59, party=party, highest="emergency")
        _file(clerk)
        _plan(clerk)
        _close(clerk)
        clerk.say(c.RegisterParty, -4, party=LATE)
        _see(clerk)
        _record(clerk)


def _file(clerk):
    clerk.say(
        c.File,
        -50,
        by="south",
        intent=FLIGHT,
        extent=flight(clerk.at(60), ((47.3, 6.0), (47.3, 10.0)), level=41_000.0),
    )
    for k in range(24):
        party, start = PARTIES[k % 3], -8 + 3 * (k // 2)
        clerk.say(
            c.File,
            -48 + 0.1 * k,
            by=party,
            intent=f"{party.upper()}-{k + 1}",
            extent=flight(clerk.at(start), WAYS[k % 6], level=31_000.0 + 2000 * (k % 5)),
        )
    for name, intent in sorted(clerk.desk.state.intents.items()):
        if intent.state is IntentState.ACCEPTED and intent.extent.start <= clerk.now:
            clerk.say(
                c.Activate, -8 + 0.01, by=intent.party, intent=intent.id, version=intent.version
            )
            assert clerk.desk.state.intents[name].state is IntentState.ACTIVATED, name


def _plan(clerk):
    """Six flights in three ways, and their cut-off is over."""
    clerk.say(
        c.OpenCycle,
        -40,
        cycle="afternoon",
        start=clerk.at(120),
        end=clerk.at(180),
        cutoff=clerk.at(-2),
    )
    for k in range(9):
        party = PARTIES[k % 3]
        clerk.say(
            c.File,
            -30 + 0.1 * k,
            by=party,
            intent=f"{party.upper()}-P{k}",
            extent=flight(clerk.at(130 + k // 3), WAYS[k % 4]),
        )


def _close(clerk):
    clerk.say(
        c.PublishConstraint,
        -5,
        constraint="fire-1",
        reason="a forest fire",
        volumes=(Volume4D(centre=(46.45, 9.55), radius=18_000.0, upper=34_000.0),),
    )


def _see(clerk):
    """Those that fly are seen; one of them elsewhere, and another that nobody declared."""
    state, now = clerk.desk.state, clerk.now
    aloft = [i for _, i in sorted(state.intents.items()) if i.state is IntentState.ACTIVATED]
    assert len(aloft) >= 3
    tracks = [_track(k, intent, now) for k, intent in enumerate(aloft[:-1])]
    stranger = Track(
        "t-90",
        Conformance.UNDECLARED,
        clerk.at(-4),
        Fix(now, 46.9, 8.1, 21_000.0, None, 120.0),
        speed=160.0,
        course=75.0,
        climb=-900.0,
        address="3c1a2b",
        sources=("asterix-7", "sbs-1"),
    )
    own = next(intent for intent in aloft if intent.party == "north")
    met = next(track for track in tracks if track.intent == own.name)
    avoid = Volume4D(
        corners=((46.7, 7.9), (47.0, 7.9), (47.0, 8.5), (46.7, 8.5)),
        lower=19_000.0,
        upper=23_000.0,
        start=now,
        end=clerk.at(6),
    )
    alert = Alert(
        "a-1",
        "track:t-90",
        f"track:{met.id}",
        clerk.at(1.5),
        3900.0,
        300.0,
        (Avoid(own.party, own.id, avoid),),
    )
    for minutes in (-1.0, -0.2):
        clerk.say(
            c.Observe,
            minutes,
            tracks=(*tracks, stranger),
            alerts=(alert,),
            unseen=(Unseen(aloft[-1].name, clerk.at(-3)),),
        )
    clerk.say(
        c.Indicate,
        -0.1,
        track="t-90",
        indication=Indication(
            "F-4", "an observer near Lucerne", clerk.at(-2), 0.6, "two engines, smoke"
        ),
    )


def _track(k, intent, now):
    path = intent.extent
    gone = (now - path.start).total_seconds() / path.seconds[-1]
    d_lat, d_lon = path.lat[1] - path.lat[0], path.lon[1] - path.lon[0]
    lat, lon = path.lat[0] + gone * d_lat, path.lon[0] + gone * d_lon
    speed = hypot(d_lat, d_lon * cos(radians(lat))) * 111_195 / path.seconds[-1]
    astray = k == 1
    return Track(
        f"t-{k}", Conformance.NONCONFORMING if astray else Conformance.CONFORMING,
        path.start, Fix(now, lat + 0.12 * astray, lon, path.alt[0], None, 60.0),
        speed=speed, course=degrees(atan2(d_lon * cos(radians(lat)), d_lat)) % 360, climb=0.0,
        intent=intent.name, deviation=Deviation(13_300.0, 0.0, 20.0) if astray else None,
        address=f"4b{k:04x}", callsign=intent.id.replace("-", ""), squawk="1000",
        sources=("sbs-1",),
    )  # fmt: skip


def _record(clerk):
    clerk.say(
        c.EnterOccurrence,
        -3,
        public=True,
        occurrence=Occurrence(
            "valley-1",
            "An aircraft that nobody declared is said to have crossed the valley.",
            clerk.at(-60),
            clerk.now,
            "Reuss valley",
            centre=(46.9, 8.4),
            radius=30_000.0,
            questions=(("flown", "Did an aircraft of the north's fly there?"),),
        ),
    )
    clerk.say(
        c.EnterStatement,
        -2.5,
        public=True,
        statement=Statement(
            "s1",
            Subject(SubjectKind.EVENT, "valley-1"),
            Speaker("east", "spokesman", "A. Keller"),
            Position.INDICATES,
            claim="an aircraft of the north's flew over the valley",
            hedge="indications",
            outlet="Valley Post",
            said=clerk.at(-30),
        ),
    )
