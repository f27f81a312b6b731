"""Flights of network remote identification, as F3411-22a has them."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from detente.formats.remote_id import RemoteIdDecoder
from tests.formats.decoding import REMOTE_ID

NOON = int(datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()) * 10**9


def flight(**changes: Any) -> dict[str, Any]:
    """Give the sample's flight with other values: current_state__speed=255."""
    given = deepcopy(REMOTE_ID["flights"][0])
    for name, value in changes.items():
        *path, last = name.split("__")
        holder = given
        for key in path:
            holder = holder[key]
        holder[last] = value
    return given


def decode(*flights: Any, decoder: RemoteIdDecoder | None = None):
    document = json.dumps({"timestamp": REMOTE_ID["timestamp"], "flights": list(flights)})
    return (decoder or RemoteIdDecoder("rid")).decode(document.encode(), 0)


def last(**changes: Any):
    decoded = decode(flight(**changes))
    assert not decoded.refused
    return decoded.sightings[-1]


def test_every_field() -> None:
    recent, seen = decode(flight()).sightings
    assert (seen.source, seen.address, seen.number) == ("rid", "", "uss1.JA6kHYCcByQ-6AfU")
    assert seen.time == NOON + 500_000_000
    assert (seen.lat, seen.lon, seen.accuracy) == (46.9, 7.4, 3.0)
    assert seen.geometric == pytest.approx(612.0 / 0.3048, abs=1e-6)
    assert seen.pressure == pytest.approx(600.0 / 0.3048, abs=1e-6)
    assert (seen.speed, seen.course, seen.on_ground, seen.kind) == (12.5, 181.0, False, "")
    assert seen.climb == pytest.approx(250.0)
    assert (recent.time, recent.lat, recent.speed) == (NOON - 500_000_000, 46.8999, None)
    assert recent.key == seen.key


@pytest.mark.parametrize(
    ("place", "unknown", "field"),
    [
        ("current_state__speed", 255, "speed"),
        ("current_state__track", 361, "course"),
        ("current_state__vertical_speed", 63, "climb"),
        ("current_state__position__alt", -1000, "geometric"),
        ("current_state__position__pressure_altitude", -1000, "pressure"),
        ("current_state__position__accuracy_h", "HAUnknown", "accuracy"),
        ("current_state__position__accuracy_h", "HA10NMPlus", "accuracy"),
    ],
)
def test_what_stands_for_unknown(place: str, unknown: Any, field: str) -> None:
    assert getattr(last(), field) is not None
    assert getattr(last(**{place: unknown}), field) is None
    assert getattr(last(**{place: None}), field) is None


def test_a_position_of_nowhere_is_unknown() -> None:
    nowhere = {"lat": 0, "lng": 0, "alt": 100.0, "accuracy_h": "HA3m"}
    seen = last(current_state__position=nowhere)
    assert (seen.lat, seen.lon, seen.accuracy) == (None, None, None)
    assert seen.geometric == pytest.approx(328.084, abs=1e-3)
    assert last(current_state__position={"lat": 0, "lng": 1}).lat == 0.0


@pytest.mark.parametrize(
    ("kind", "designator"),
    [
        ("Glider", "GLID"),
        ("Airship", "SHIP"),
        ("FreeBalloon", "BALL"),
        ("Gyroplane", "GYRO"),
        ("Helicopter", ""),
        ("Spaceship", ""),
    ],
)
def test_types_that_have_a_designator(kind: str, designator: str) -> None:
    assert last(aircraft_type=kind).kind == designator


def test_on_the_ground() -> None:
    assert last(current_state__operational_status="Ground").on_ground
    assert not last(current_state__operational_status="Emergency").on_ground


def test_what_is_simulated_or_computed_was_not_seen() -> None:
    decoded = decode(flight(simulated=True))
    assert (decoded.sightings, dict(decoded.unwanted)) == ([], {"remote id: simulated": 1})
    decoded = decode(flight(current_state__position__extrapolated=True))
    assert len(decoded.sightings) == 1
    assert dict(decoded.unwanted) == {"remote id: extrapolated": 1}


def test_recent_positions_come_in_order_and_once() -> None:
    def recent(second: int) -> dict[str, Any]:
        return {
            "time": {"value": f"2026-07-01T11:59:{second:02}Z", "format": "RFC3339"},
            "position": {"lat": 46.0 + second / 1000, "lng": 7.4, "alt": 611.0},
        }

    decoder = RemoteIdDecoder("rid")
    first = flight(recent_positions=[recent(30), recent(10), recent(20)], current_state=None)
    times = [seen.time for seen in decode(first, decoder=decoder).sightings]
    assert times == [NOON - (60 - second) * 10**9 for second in (10, 20, 30)]
    decoder.reset()
    again = flight(recent_positions=[recent(20), recent(30), recent(40)])
    decoded = decode(again, decoder=decoder)
    assert [seen.time for seen in decoded.sightings] == [NOON - 20 * 10**9, NOON + 500_000_000]
    assert dict(decoded.unwanted) == {"remote id: seen before": 2}


def test_one_time_far_ahead_does_not_silence_a_flight() -> None:
    decoder = RemoteIdDecoder("rid")
    decode(flight(current_state__timestamp="2250-01-01T00:00:00Z"), decoder=decoder)
    assert [seen.time for seen in decode(flight(), decoder=decoder).sightings] == [
        NOON + 500_000_000
    ]


def test_the_older_interface_has_plain_times() -> None:
    assert last(current_state__timestamp="2026-07-01T12:00:01+00:00").time == NOON + 10**9
    assert last(current_state__timestamp="2026-07-01T14:00:01.25+02:00").time == (
        NOON + 1_250_000_000
    )


@pytest.mark.parametrize(
    ("changes", "reason", "kept"),
    [
        ({"id": None}, "identity: none", 0),
        ({"id": "a\nb"}, "number: not one", 0),
        ({"current_state__timestamp": "2026-07-01T12:00:00"}, "time: not one with its offset", 1),
        ({"current_state__timestamp": "0001-01-01T00:00:00+14:00"}, "time: out of range", 1),
        ({"current_state__timestamp": None}, "time: not one with its offset", 1),
        ({"current_state__position": [1, 2]}, "position: not an object", 1),
        ({"current_state__position__lat": "46"}, "position: out of range", 1),
        ({"current_state__position": {"lat": "46", "lng": "7"}}, "position: out of range", 1),
        ({"current_state__position__lng": 200.0}, "position: out of range", 1),
        ({"current_state__position__alt": 1e9}, "geometric: out of range", 2),
        ({"current_state__speed": -3}, "speed: out of range", 2),
        ({"current_state__track": 400}, "course: out of range", 2),
        ({"current_state__vertical_speed": 1e6}, "climb: out of range", 2),
        ({"current_state": "here"}, "position: not an object", 1),
        ({"recent_positions": {}}, "document: recent_positions is not a list", 1),
        ({"simulated": "no"}, "simulated: neither true nor false", 2),
    ],
)
def test_a_wrong_value_is_named(changes: dict[str, Any], reason: str, kept: int) -> None:
    decoded = decode(flight(**changes))
    assert any(found.startswith(reason) for found in decoded.refused)
    assert len(decoded.sightings) == kept


def test_one_flight_that_is_wrong_hides_no_other() -> None:
    decoded = decode("nothing", flight(id=""), flight(id="b"))
    assert {seen.number for seen in decoded.sightings} == {"b"}
    assert dict(decoded.refused) == {"flight: not an object": 1, "identity: none": 1}
