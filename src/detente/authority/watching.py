"""Record what was seen: tracks, declared flights that nobody sees, alerts, indications.

The watch is the authority's own instrument: it says, and the authority keeps and passes on.
"""

from math import isfinite

from msgspec.structs import replace

from detente.authority import command as c
from detente.authority import event as e
from detente.authority.extent import instant, span, volumes_of
from detente.authority.filing import intent_of
from detente.authority.register import Aircraft, Alert, Avoid, IntentState, handle_of
from detente.authority.rejection import Rejected, check_identifier
from detente.authority.state import State
from detente.watch.track import Track

__all__ = ["indicate", "name_aircraft", "observe"]

Events = tuple[e.Event, ...]

_LONGEST = 500
_SHUT = (IntentState.ENDED, IntentState.REFUSED)


def name_aircraft(state: State, ask: c.NameAircraft) -> Events:
    """Note which aircraft flies an intent."""
    intent = intent_of(state, ask.by, ask.intent, ask.version)
    if intent.state in _SHUT:
        raise Rejected(
            "state", f"an intent that is {intent.state.value} is not going to be flown",
            mend="file it first",
        )  # fmt: skip
    return (
        e.AircraftNamed(
            party=intent.party, intent=intent.id, version=intent.version, state=intent.state,
            aircraft=_checked(ask.aircraft),
        ),
    )  # fmt: skip


def observe(state: State, ask: c.Observe) -> Events:
    """Keep what the watch saw, and warn whom it must."""
    for k, track in enumerate(ask.tracks):
        _check_track(track, f"tracks/{k}")
    for k, unseen in enumerate(ask.unseen):
        instant(unseen.since)
        if unseen.intent not in state.intents and not unseen.over:
            raise Rejected(
                "unknown", f"no intent {unseen.intent!r}", field=f"unseen/{k}/intent",
                mend="leave out what is no longer declared",
            )  # fmt: skip
    warned: list[e.Event] = []
    if len({alert.id for alert in ask.alerts}) < len(ask.alerts):
        raise Rejected("invalid", "one alert twice", field="alerts",
                       mend="say of each what holds now")  # fmt: skip
    for k, alert in enumerate(ask.alerts):
        _check_alert(state, alert, f"alerts/{k}")
        warned += _warnings(state, alert)
    seen = e.TracksReported(tracks=ask.tracks, unseen=ask.unseen)
    return (seen, *warned) if ask.tracks or ask.unseen or not warned else tuple(warned)


def indicate(state: State, ask: c.Indicate) -> Events:
    """Attach evidence to a track."""
    if ask.track not in state.tracks:
        raise Rejected(
            "unknown", f"no track {ask.track!r}", field="track", mend="give one that is kept"
        )
    said = ask.indication
    instant(said.at)
    for field in ("what", "by"):
        text = getattr(said, field)
        if not text.strip() or len(text) > _LONGEST:
            raise Rejected(
                "invalid", f"nothing, or more than {_LONGEST} characters",
                field=f"indication/{field}", mend="say what it looks like, and who says so",
            )  # fmt: skip
    if said.sure is not None and not 0.0 <= said.sure <= 1.0:
        raise Rejected("invalid", f"sure by {said.sure}", field="indication/sure",
                       mend="give 0 to 1, or leave it out")  # fmt: skip
    return (e.TrackIndicated(track=ask.track, indication=said),)


def _checked(aircraft: Aircraft) -> Aircraft:
    address = aircraft.address.strip().lower()
    if address and (len(address) != 6 or set(address) - set("0123456789abcdef")):
        raise Rejected(
            "invalid", f"{aircraft.address[:20]!r} is no aircraft address",
            field="aircraft/address", mend="give six hexadecimal digits, or leave it out",
        )  # fmt: skip
    texts = {
        "callsign": aircraft.callsign, "registration": aircraft.registration,
        "kind": aircraft.kind,
    }  # fmt: skip
    for field, text in texts.items():
        if len(text) > 20 or not text.isprintable():
            raise Rejected(
                "invalid", "more than 20 characters, or some that cannot be printed",
                field=f"aircraft/{field}", mend="shorten it",
            )  # fmt: skip
    return Aircraft(address=address, **{k: v.strip().upper() for k, v in texts.items()})


def _check_track(track: Track, where: str) -> None:
    check_identifier(track.id, f"{where}/id")
    instant(track.first), instant(track.fix.at)
    fix = track.fix
    if not (-90.0 <= fix.lat <= 90.0 and -180.0 <= fix.lon <= 180.0):
        raise Rejected("invalid", f"a fix at {fix.lat}, {fix.lon}", field=f"{where}/fix",
                       mend="give degrees on WGS84")  # fmt: skip
    numbers = (fix.pressure, fix.geometric, fix.accuracy, track.speed, track.course,
               track.climb, track.coasted)  # fmt: skip
    if not all(x is None or isfinite(x) for x in numbers):
        raise Rejected("invalid", "a number that is not finite", field=where,
                       mend="leave out what is not known")  # fmt: skip


def _check_alert(state: State, alert: Alert, where: str) -> None:
    check_identifier(alert.id, f"{where}/id")
    instant(alert.start)
    if not (isfinite(alert.closest) and isfinite(alert.vertical or 0.0)):
        raise Rejected("invalid", "a distance that is not finite", field=where,
                       mend="give metres and feet")  # fmt: skip
    for k, avoid in enumerate(alert.avoid):
        if avoid.party not in state.parties:
            raise Rejected(
                "unknown", f"no party {avoid.party!r}", field=f"{where}/avoid/{k}/party",
                mend="warn those that are registered",
            )  # fmt: skip
        span((avoid.volume,))
        volumes_of((avoid.volume,), alert.id)


def _warnings(state: State, alert: Alert) -> list[e.Event]:
    """Say what changes for those that are warned; nothing where nothing does."""
    known = state.alerts.get(alert.id)
    if alert.over:
        return [] if known is None else [e.AlertEnded(id=alert.id, avoid=known.avoid)]
    made = replace(alert, avoid=tuple(_handled(state, alert, avoid) for avoid in alert.avoid))
    if made == known:
        return []
    events: list[e.Event] = []
    before = () if known is None else known.avoid
    now = {avoid.handle for avoid in made.avoid}
    gone = tuple(avoid for avoid in before if avoid.handle not in now)
    if gone:
        events.append(e.AlertEnded(id=alert.id, avoid=gone, whole=False))
    # what changed for one party only, the other does not hear of
    told = tuple(avoid.handle for avoid in made.avoid if avoid not in before)
    return [*events, e.AlertRaised(alert=made, told=told)]


def _handled(state: State, alert: Alert, avoid: Avoid) -> Avoid:
    """Give the alert a name for one party, which follows from nothing that it knows."""
    name = f"{alert.id}/{avoid.party}/{avoid.intent}"
    return replace(avoid, handle=handle_of(name, "alert", state.salt))
