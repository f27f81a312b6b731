"""An airspace where flat maps are cut: flights, areas, tracks at the antimeridian and the poles."""

from datetime import datetime
from typing import Final

from detente.authority import Charter, Path4D, Volume4D
from detente.authority import command as c
from detente.authority.register import Alert, Avoid, IntentState
from detente.earth import GEOD
from detente.ledger.desk import Desk
from detente.watch.track import Conformance, Deviation, Fix, Track
from tests.console.scene import Clerk

__all__ = ["AREAS", "TRACKS", "WAYS", "begin"]

WAYS: Final = {
    "DATE-1": ((10.0, 177.0), (11.0, -178.0)),
    "DATE-2": ((-13.0, -177.5), (-9.0, 178.0)),
    "POLE-N": ((87.0, 30.0), (86.0, -150.0)),
    "POLE-S": ((-86.5, 10.0), (-86.5, 165.0)),
    "HIGH-N": ((86.5, -20.0), (86.5, 60.0)),
    "LATER-1": ((16.0, 178.5), (16.0, -178.5)),
    "OVER-1": ((4.0, -178.0), (4.0, 178.0)),
}
"""Each is flown in an hour; most began 20 minutes ago."""
_STARTS: Final = {"LATER-1": 10.0, "OVER-1": -58.0}

AREAS: Final = {
    "DATE-BOX": Volume4D(
        corners=((5.0, 178.0), (5.0, -178.0), (8.0, -177.0), (8.5, 178.5)),
        lower=10_000.0, upper=30_000.0,
    ),
    "DATE-RING": Volume4D(centre=(-4.0, 179.6), radius=150_000.0, upper=25_000.0),
    "NORTH-CAP": Volume4D(centre=(90.0, 0.0), radius=250_000.0, upper=20_000.0),
    "NORTH-RING": Volume4D(centre=(84.5, 100.0), radius=90_000.0, upper=28_000.0),
    "SOUTH-BOX": Volume4D(
        corners=((-88.0, 0.0), (-87.0, 100.0), (-88.0, -120.0)), lower=None, upper=24_000.0
    ),
}  # fmt: skip
"""Constraints."""

TRACKS: Final = {
    "date": ((0.0, 178.6), 85.0, Conformance.UNDECLARED),
    "pole": ((89.0, 45.0), 0.0, Conformance.UNDECLARED),
    "met": ((0.6, -178.3), 265.0, Conformance.UNDECLARED),
}
"""Where each began to be seen, and its course; ten minutes, at 230 m/s."""
_SPEED: Final = 230.0


def flight(start, way, *, level, seconds=3600.0):
    """Give a path along a way."""
    (lat0, lon0), (lat1, lon1) = way
    return Path4D(
        start=start, seconds=(0.0, seconds), lat=(lat0, lat1), lon=(lon0, lon1), alt=(level, level)
    )


def begin(path, now: datetime):
    """Write what is known now into a new ledger."""
    with Desk.open(path, create=True) as desk:
        clerk = Clerk(desk, now)
        clerk.say(c.Found, -120, charter=Charter(name="edges"))
        clerk.say(c.RegisterParty, -119, party="north", highest="emergency")
        _file(clerk)
        for name, volume in AREAS.items():
            clerk.say(
                c.PublishConstraint, -14, constraint=name, reason="a launch", volumes=(volume,)
            )
        soon = Volume4D(
            centre=(20.0, 180.0), radius=80_000.0, upper=15_000.0,
            start=clerk.at(40), end=clerk.at(50),
        )  # fmt: skip
        clerk.say(c.PublishConstraint, -14, constraint="SOON", reason="a fire", volumes=(soon,))
        _see(clerk)


def _file(clerk):
    for k, (name, way) in enumerate(WAYS.items()):
        extent = flight(clerk.at(_STARTS.get(name, -20.0)), way, level=33_000.0 + 1000.0 * k)
        clerk.say(c.File, -100 + k, by="north", intent=name, extent=extent)
    # two volumes, one after the other, of a flight that works there
    work = tuple(
        Volume4D(
            corners=tuple(
                (lat, lon + k)
                for lat, lon in ((-20.0, 179.0), (-20.0, -179.5), (-19.0, -179.5), (-19.0, 179.0))
            ),
            lower=1_000.0, upper=9_000.0, start=clerk.at(20 * k - 5), end=clerk.at(20 * k + 15),
        )
        for k in range(2)
    )  # fmt: skip
    clerk.say(c.File, -80, by="north", intent="WORK-1", extent=work)
    for name, intent in sorted(clerk.desk.state.intents.items()):
        assert intent.state is IntentState.ACCEPTED, (name, intent.state)
        if intent.extent is not work and intent.id != "LATER-1":
            clerk.say(c.Activate, -20, by="north", intent=intent.id, version=intent.version)
    lost = clerk.desk.state.intents["north/DATE-2"]
    clerk.say(
        c.ReportNonconforming, -15, by="north", intent="DATE-2", version=lost.version,
        off_nominal=(
            Volume4D(
                corners=((-12.5, 179.0), (-12.5, -179.0), (-11.0, -179.0), (-11.0, 179.0)),
                lower=28_000.0, upper=36_000.0, start=clerk.at(-15), end=clerk.at(30),
            ),
        ),
    )  # fmt: skip


def _see(clerk):
    for minutes in range(-10, 1):
        at = clerk.at(minutes)
        tracks = tuple(_track(name, minutes, at, clerk) for name in TRACKS)
        tracks = (*tracks, _declared(minutes, at, clerk))
        alerts = ()
        if minutes > -2:
            avoid = Volume4D(
                corners=((-0.6, 179.4), (1.2, 179.4), (1.2, -179.4), (-0.6, -179.4)),
                lower=30_000.0, upper=36_000.0, start=at, end=clerk.at(20),
            )  # fmt: skip
            alerts = (
                Alert(
                    "a-1", "track:t-date", "track:t-met", clerk.at(12), 4000.0, 200.0,
                    (Avoid("north", "DATE-1", avoid),),
                ),
            )  # fmt: skip
        clerk.say(c.Observe, minutes, tracks=tracks, alerts=alerts)


def _track(name, minutes, at, clerk):
    (lat0, lon0), course, conformance = TRACKS[name]
    lon, lat, back = GEOD.fwd(lon0, lat0, course, _SPEED * 60.0 * (minutes + 10))
    return Track(
        f"t-{name}", conformance, clerk.at(-10), Fix(at, lat, lon, 32_000.0, None, 60.0),
        speed=_SPEED, course=(back + 180.0) % 360.0, climb=0.0, callsign=name.upper(),
        sources=("sbs-1",),
    )  # fmt: skip


def _declared(minutes, at, clerk):
    """One that flies its intent, half a degree aside."""
    (lat0, lon0), (lat1, lon1) = WAYS["DATE-1"]
    azimuth, _, far = GEOD.inv(lon0, lat0, lon1, lat1)
    lon, lat, back = GEOD.fwd(lon0, lat0, azimuth, far * (minutes + 20) / 60)
    return Track(
        "t-seen", Conformance.CONFORMING, clerk.at(-10), Fix(at, lat, lon, 33_000.0, None, 60.0),
        speed=far / 3600, course=(back + 180.0) % 360.0, climb=0.0, intent="north/DATE-1",
        callsign="DATE1", sources=("sbs-1",), deviation=Deviation(0.0, 0.0, 0.0),
    )  # fmt: skip
