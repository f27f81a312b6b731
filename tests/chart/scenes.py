"""Small sets of flights and conflicts for the pages' tests."""

import numpy as np
import pyarrow as pa

from detente import Conflicts, Flights, Trajectory
from detente.airspace import CONFLICTS_SCHEMA

NOON = 1_533_124_800_000_000_000
"""2018-08-01T12:00:00Z, in nanoseconds."""
HOSTILE = (
    '</script><img src=x onerror="window.hit=1"><script>window.hit=1</script>{{data}}\'&\u2028'
)


def flight(name, points, *, party="", level=35000.0, start=NOON, every=60, gap=None):
    """Fly through (lat, lon) points at one level, ``every`` seconds apart."""
    lat, lon = np.array(points, dtype=float).T
    return Trajectory(
        name,
        start + np.arange(len(points)) * every * 1_000_000_000,
        lat,
        lon,
        np.full(len(points), level),
        party=party,
        gap=np.zeros(len(points), bool) if gap is None else np.array(gap),
    )


def conflict(a, b, at, place, *, kind="flight-flight", severity=0.5, lasting=60):
    second = 1_000_000_000
    return {
        "kind": kind,
        "a": a,
        "b": b,
        "party_a": "",
        "party_b": "",
        "entry": NOON + int((at - lasting / 2) * second),
        "exit": NOON + int((at + lasting / 2) * second),
        "closest": NOON + int(at * second),
        "horizontal_m": 4000.0,
        "vertical_ft": 0.0,
        "lat": place[0],
        "lon": place[1],
        "alt_ft": 35000.0,
        "severity": severity,
    }


def conflicts(*rows):
    columns = [pa.array([row[f.name] for row in rows], f.type) for f in CONFLICTS_SCHEMA]
    return Conflicts(pa.Table.from_arrays(columns, schema=CONFLICTS_SCHEMA))


def crossing():
    """Three flights that meet over the Alps, one of them under a hostile name."""
    east = flight("EAST1", [(46.5, 7 + 0.1 * i) for i in range(21)], party="Blue")
    north = flight("NORTH2", [(45.5 + 0.1 * i, 8.0) for i in range(21)], party="Green")
    bad = flight(HOSTILE, [(46.0, 9 - 0.1 * i) for i in range(21)], party="<b>Red</b>")
    flights = Flights.from_trajectories([east, north, bad])
    found = conflicts(
        conflict("EAST1", "NORTH2", 600, (46.5, 8.0), severity=0.4),
        conflict("NORTH2", HOSTILE, 400, (46.1, 8.1), severity=0.9),
    )
    return flights, found


def round_the_world():
    """Flights over both poles and the antimeridian, with legs of thousands of kilometres."""
    return Flights.from_trajectories(
        [
            flight("DATELINE", [(50, 170), (52, 179), (53, -175), (51, -160)], every=3600),
            flight("NORTH POLE", [(60, -30), (89, -30), (85, 150), (60, 150)], every=3600),
            flight("SOUTH POLE", [(-70, 10), (-70, -170)], every=3600),
            flight("PACIFIC", [(37.6, -122.4), (35.8, 140.4)], every=36000),
            flight("PAUSE", [(0, 0), (0, 1), (0, 9), (0, 10)], gap=[0, 1, 0, 0]),
        ]
    )
