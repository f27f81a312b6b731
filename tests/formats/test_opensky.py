"""OpenSky's state vectors, as its REST interface answers."""

import json
from typing import Any

import pytest

from detente.formats.opensky import OpenSkyDecoder

AT = 1_782_907_200
# a state as the network itself gave it in its forum, with the category that came later
STATE = [
    "4240ec", "UTA394  ", "United Kingdom", 1_499_105_360, 1_499_105_361, 21.9943, 54.9052,
    8404.86, False, 225.19, 84.89, 9.1, None, 8397.24, "7674", False, False, 0, 6,
]  # fmt: skip


def answer(*states: list[Any]) -> bytes:
    return json.dumps({"time": AT, "states": list(states)}).encode()


def changed(**fields: Any) -> list[Any]:
    """Put fields otherwise: s7=None takes the altitude away."""
    state = list(STATE)
    for name, value in fields.items():
        state[int(name[1:])] = value
    return state


def test_every_field() -> None:
    decoded = OpenSkyDecoder("osn").decode(answer(STATE), 0)
    (seen,) = decoded.sightings
    assert (seen.source, seen.address, seen.callsign) == ("osn", "4240ec", "UTA394")
    assert (seen.squawk, seen.lat, seen.lon) == ("7674", 54.9052, 21.9943)
    # of the position, which is older than the last contact
    assert seen.time == 1_499_105_360 * 10**9
    assert (seen.pressure, seen.geometric) == (27_575.0, 27_550.0)
    assert (seen.speed, seen.course, seen.on_ground) == (225.19, 84.89, False)
    assert seen.climb == pytest.approx(9.1 / 0.3048 * 60)
    assert not decoded.refused


def test_levels_come_back_exact() -> None:
    for level in range(0, 60_000, 500):
        metres = round(level * 0.3048, 2)
        (seen,) = OpenSkyDecoder("o").decode(answer(changed(s7=metres)), 0).sightings
        assert seen.pressure == pytest.approx(level, abs=0.02)


def test_17_fields_are_enough_and_null_is_nothing() -> None:
    nothing = changed(s1=None, s3=None, s5=None, s6=None, s7=None, s9=None, s10=None, s11=None)
    nothing[13] = nothing[14] = None
    decoded = OpenSkyDecoder("o").decode(answer(nothing[:17]), 0)
    (seen,) = decoded.sightings
    assert (seen.lat, seen.lon, seen.pressure, seen.speed, seen.callsign) == (None,) * 4 + ("",)
    assert seen.time == 1_499_105_361 * 10**9  # of the last contact
    assert not decoded.refused


def test_a_state_is_given_once() -> None:
    decoder = OpenSkyDecoder("o")
    other = changed(s0="abc123")
    assert len(decoder.decode(answer(STATE, other), 0).sightings) == 2
    decoder.reset()
    decoded = decoder.decode(answer(changed(s3=1_499_105_365), other), 0)
    assert [seen.address for seen in decoded.sightings] == ["4240ec"]
    assert dict(decoded.unwanted) == {"OpenSky: seen before": 1}
    # what is not in a document any more is not kept
    decoder.decode(answer(STATE), 0)
    assert len(decoder._seen) == 1


def test_no_states() -> None:
    for document in (b'{"time": 1, "states": null}', b'{"time": 1}', b'{"states": []}'):
        decoded = OpenSkyDecoder("o").decode(document, 0)
        assert not decoded.sightings
        assert not decoded.refused


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "document: not JSON"),
        (b"<html>", "document: not JSON"),
        (b"[" * 100_000, "document: not JSON"),
        (b'{"states": [NaN]}', "document: not JSON"),
        (b'{"states": "\xff"}', "document: not JSON"),
        (b"[]", "document: not an object"),
        (b'{"states": {}}', "document: states is not a list"),
        (b'{"states": [1]}', "state: not 17 fields"),
        (b'{"states": [[1, 2]]}', "state: not 17 fields"),
    ],
)
def test_what_is_no_document(document: bytes, reason: str) -> None:
    decoded = OpenSkyDecoder("o").decode(document, 0)
    assert (decoded.sightings, dict(decoded.refused)) == ([], {reason: 1})


@pytest.mark.parametrize(
    ("fields", "reasons", "kept"),
    [
        ({"s3": "now"}, {"time: not a number": 1, "time: out of range": 1}, 0),
        ({"s3": 1e300}, {"time: out of range": 1}, 0),
        ({"s3": 10**400}, {"time: not a number": 1, "time: out of range": 1}, 0),
        ({"s3": 1_499_105_360_000}, {"time: out of range": 1}, 0),
        ({"s0": "hello"}, {"address: not one": 1}, 1),
        ({"s0": None, "s1": None}, {"identity: none": 1}, 0),
        ({"s6": None}, {"position: half of it": 1}, 0),
        ({"s6": 95.0}, {"position: out of range": 1}, 0),
        ({"s5": "8", "s6": "50"}, {"position: out of range": 1}, 0),
        ({"s7": True}, {"pressure: not a number": 1}, 1),
        ({"s13": 1e9}, {"geometric: out of range": 1}, 1),
        ({"s8": "no"}, {"on_ground: neither true nor false": 1}, 1),
        ({"s14": "9999"}, {"squawk: not four octal digits": 1}, 1),
    ],
)
def test_a_wrong_value_is_named(fields: Any, reasons: dict[str, int], kept: int) -> None:
    decoded = OpenSkyDecoder("o").decode(answer(changed(**fields)), 0)
    assert (len(decoded.sightings), dict(decoded.refused)) == (kept, reasons)
