"""Manoeuvres in JSON: who gets which, and what is refused."""

import json

import numpy as np
import pytest

from detente import Flights, InputError, Trajectory
from detente.formats import read_manoeuvres
from detente.resolve.manoeuvre import Manoeuvres

HOUR = 3_600_000_000_000


def flights() -> Flights:
    time, lat = np.array([0, HOUR]), np.array([50.0, 51.0])
    return Flights.from_trajectories(
        Trajectory(id, time, lat, lat, np.full(2, 35e3), party=party)
        for id, party in (("A1", "red"), ("A2", "red"), ("B1", "blue"))
    )


def read(tmp_path, whole):
    path = tmp_path / "manoeuvres.json"
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole))
    return read_manoeuvres(path, flights())


def test_the_nearer_limit_counts(tmp_path):
    found = read(
        tmp_path,
        {
            "default": {"delay_most": 5400, "level_steps": [-1, 1]},
            "parties": {"red": {"delay_most": 1800, "offsets": []}},
            "flights": {"A2": {"delay_most": 600, "delay_cost": 250}},
        },
    )
    assert found == {
        "A1": Manoeuvres(delay_most=1800, level_steps=(-1, 1), offsets=()),
        "A2": Manoeuvres(delay_most=600, delay_cost=250, level_steps=(-1, 1), offsets=()),
        "B1": Manoeuvres(delay_most=5400, level_steps=(-1, 1)),
    }


def test_nothing_said_is_the_default(tmp_path):
    assert read(tmp_path, {}) == dict.fromkeys(["A1", "A2", "B1"], Manoeuvres())


def test_a_fixed_flight_and_one_in_the_air(tmp_path):
    found = read(
        tmp_path,
        {
            "default": {"delay_most": 5400},
            "flights": {
                "A1": {"fixed": True},
                "B1": {"airborne_at": "1970-01-01T01:30:00+01:00", "speeds": [0.95]},
            },
        },
    )
    assert found["A1"] == Manoeuvres.none()
    assert found["B1"].delays == (0,)
    assert (found["B1"].airborne_at, found["B1"].speeds) == (HOUR // 2, (0.95,))
    assert found["A2"].delay_most == 5400


@pytest.mark.parametrize(
    ("whole", "field", "flight", "says"),
    [
        ({"flights": {"C9": {}}}, "flights", None, "unknown flight 'C9'"),
        ({"parties": {"green": {}}}, "parties", None, "unknown party 'green'"),
        ({"flights": {"A1": {"delay": 3}}}, "A1", None, "unknown field 'delay'"),
        ({"default": {"delay": 3}}, "default", None, "unknown field 'delay'"),
        ({"flight": {}}, None, None, "unknown field 'flight'"),
        ({"flights": {"A1": []}}, "A1", None, "[] is no object"),
        ({"flights": {"A1": {"delay_most": 90.5}}}, "delay_most", "A1", "not a whole number"),
        ({"flights": {"A1": {"delay_most": True}}}, "delay_most", "A1", "not a whole number"),
        ({"flights": {"A1": {"delay_most": 90}}}, "delay_most", "A1", "in steps of 60 s"),
        ({"flights": {"A1": {"fixed": 1}}}, "fixed", "A1", "not true or false"),
        ({"flights": {"A1": {"offsets": 9000}}}, "offsets", "A1", "not a list"),
        ({"flights": {"A1": {"level_steps": [0.5]}}}, "level_steps", "A1", "0.5"),
        ({"flights": {"A1": {"airborne_at": "1970-01-01T00:30"}}}, "airborne_at", "A1", "naive"),
        (
            {"flights": {"A1": {"airborne_at": "1970-01-01T00:30Z", "delay_most": 60}}},
            "delay_most",
            "A1",
            "in the air",
        ),
        ({"flights": {"A1": {"fixed": True, "offsets": []}}}, "offsets", "A1", "fixed"),
        (
            {"default": {"fixed": True}, "flights": {"A1": {"delay_most": 60}}},
            "delay_most",
            "A1",
            "fixed",
        ),
        ('{"flights": {"A1": {}, "A1": {}}}', None, None, "'A1' twice"),
        ('{"default": {"floor": NaN}}', None, None, "not JSON"),
        ('{"flights": ', None, None, "not JSON"),
        ("[1]", None, None, "no JSON object"),
    ],
)
def test_bad_limits_are_refused_by_name(tmp_path, whole, field, flight, says):
    with pytest.raises(InputError) as caught:
        read(tmp_path, whole)
    assert says in str(caught.value)
    assert (caught.value.field, caught.value.flight) == (field, flight)
    assert str(caught.value.file).endswith("manoeuvres.json")
