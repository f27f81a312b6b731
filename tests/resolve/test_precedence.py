"""Names to priorities and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente import InputError
from detente.resolve.precedence import ORDER, name_of, priority_of, ranks


@given(st.sampled_from(ORDER))
def test_a_name_comes_back(name):
    assert name_of(priority_of(name)) == name
    assert priority_of(f" {name.upper()} ") == priority_of(name)


def test_the_order_goes_down_to_nothing():
    found = [priority_of(name) for name in ORDER]
    assert found == sorted(found, reverse=True)
    assert found[-1] == 0


@given(st.lists(st.integers(-(2**15), 2**15 - 1), min_size=1))
def test_ranks_keep_the_order(priority):
    rank = ranks(np.array(priority, dtype=np.int16))
    assert set(rank.tolist()) == set(range(len(set(priority))))
    for i in range(len(priority)):
        for j in range(len(priority)):
            assert (priority[i] > priority[j]) == (rank[i] < rank[j])


@pytest.mark.parametrize("order", [(), ("a", "b", "a")])
def test_an_order_that_contradicts_is_refused(order):
    with pytest.raises(InputError, match="name each class once"):
        priority_of("a", order)


def test_an_unknown_name_is_refused_by_name():
    with pytest.raises(InputError, match="unknown precedence 'vip'") as caught:
        priority_of("vip")
    assert caught.value.field == "precedence"
