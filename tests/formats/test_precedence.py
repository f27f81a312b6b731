"""A column of names in place of priorities."""

import pyarrow as pa
import pytest

from detente import InputError, read_flights


def table(precedence, **more):
    n = len(precedence)
    return pa.table(
        {
            "flight_id": [f"A{i // 2}" for i in range(n)],
            "time": [f"2026-07-01T12:{i:02}:00Z" for i in range(n)],
            "lat": [50.0] * n,
            "lon": [8.0 + 0.1 * i for i in range(n)],
            "flight_level": [350] * n,
            "precedence": precedence,
            **more,
        }
    )


def test_names_become_priorities():
    names = ["emergency", "emergency", "Humanitarian ", "humanitarian", None, "", "other", "other"]
    assert read_flights(table(names)).priority.tolist() == [50, 30, 0, 0]


def test_the_order_is_the_authoritys():
    rows = table(["state"] * 2 + ["fire"] * 2 + ["other"] * 2)
    read = read_flights(rows, precedence=("fire", "state", "other"))
    assert read.priority.tolist() == [10, 20, 0]


def test_an_unknown_name_is_refused():
    with pytest.raises(InputError) as caught:
        read_flights(table(["state", "state", "vip", "vip"]))
    assert str(caught.value) == (
        "row 3, field 'precedence': unknown precedence 'vip'; "
        "use one of emergency, medical, humanitarian, state, scheduled, other"
    )


def test_one_flight_has_one():
    with pytest.raises(InputError) as caught:
        read_flights(table(["state", "medical"]))
    assert (caught.value.field, caught.value.flight) == ("precedence", "A0")


def test_priority_and_precedence_contradict():
    with pytest.raises(InputError, match="leave out one"):
        read_flights(table(["state", "state"], priority=[1, 1]))


def test_an_order_names_each_class_once():
    with pytest.raises(InputError, match="name each class once"):
        read_flights(table(["state", "state"]), precedence=("state", "state"))
