"""What bears on an event: which statements, which tracks, which intents."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from detente.airspace.outline import Plane
from detente.earth import GEOD, surface, surfaces
from detente.record.entry import Filed, Said, Seen
from detente.record.occurrence import Occurrence
from detente.record.statement import SubjectKind
from detente.record.utterance import aware
from detente.watch.track import Conformance, Fix

__all__ = ["counts_as_filed", "counts_as_seen", "filed_of", "in_place", "said_of", "seen_of"]

_ACCEPTED = ("accepted", "activated", "nonconforming", "contingent")
_ONCE = ("held", "ended")


def said_of(occurrence: Occurrence, said: Iterable[Said], tracks: Iterable[str]) -> list[Said]:
    """Give what was said of an event, of its tracks and intents, and of such statements.

    Parameters
    ----------
    occurrence : the event.
    said : statements, of whatever.
    tracks : identifiers of those that belong to the event.
    """
    on: dict[tuple[SubjectKind, str], list[Said]] = defaultdict(list)
    for one in said:
        on[one.statement.about.kind, one.statement.about.id].append(one)
    subjects = [
        (SubjectKind.EVENT, occurrence.id),
        *((SubjectKind.TRACK, id) for id in (*tracks, *occurrence.tracks)),
        *((SubjectKind.INTENT, name) for name in occurrence.intents),
    ]
    chosen: list[Said] = []
    for subject in subjects:  # grows while it is walked
        found = on.pop(subject, [])
        chosen += found
        subjects += [(SubjectKind.STATEMENT, one.name) for one in found]
    return sorted(chosen, key=lambda one: (one.position, one.name))


def seen_of(occurrence: Occurrence, seen: Iterable[Seen]) -> tuple[list[Seen], list[Seen]]:
    """Give the tracks that belong to an event, and those in its place and time that do not.

    Those do not that are matched to intents which are not the event's: they are somebody else's
    declared flights.
    """
    belong: list[Seen] = []
    others: list[Seen] = []
    for one in sorted(seen, key=lambda each: (each.position, each.track.id)):
        if one.track.id in occurrence.tracks:
            belong.append(one)
        elif in_place(occurrence, one.path or (one.track.fix,)):
            theirs = one.track.intent and one.track.intent not in occurrence.intents
            (others if theirs else belong).append(one)
    return belong, others


def filed_of(occurrence: Occurrence, filed: Iterable[Filed]) -> list[Filed]:
    """Give the intents that are linked to an event."""
    linked = [one for one in filed if one.name in occurrence.intents]
    return sorted(linked, key=lambda one: (one.position, one.name))


def counts_as_seen(occurrence: Occurrence, one: Seen) -> bool:
    """Tell whether a track that belongs to an event affirms that something flew (rule 14)."""
    tentative = one.track.conformance is Conformance.TENTATIVE
    return not tentative and (occurrence.synthetic or not one.track.synthetic)


def counts_as_filed(one: Filed) -> bool:
    """Tell whether an intent declares a flight (rule 15): not one refused or only asked for."""
    return one.state in _ACCEPTED or (one.state in _ONCE and one.flown)


def in_place(occurrence: Occurrence, path: Sequence[Fix]) -> bool:
    """Tell whether any fix lies in an event's place and time; no place is nowhere."""
    start, end = aware(occurrence.start), aware(occurrence.end)
    fixes = [fix for fix in path if start <= aware(fix.at) <= end]
    if not fixes:
        return False
    lat = np.array([fix.lat for fix in fixes])
    lon = np.array([fix.lon for fix in fixes])
    if occurrence.corners:
        corners = np.array([surface(*corner) for corner in occurrence.corners])
        plane = Plane.about(corners)
        points = surfaces(lat, lon)
        near = points @ plane.basis[2] > 0.0
        area = shapely.Polygon(plane.project(corners))
        xy = plane.project(points[near])
        return bool(shapely.intersects_xy(area, xy[:, 0], xy[:, 1]).any())
    if occurrence.centre is None:
        return False
    there = np.full(len(lat), 1.0)
    middle = occurrence.centre
    metres = GEOD.inv(lon, lat, middle[1] * there, middle[0] * there)[2]
    return bool((metres <= occurrence.radius).any())
