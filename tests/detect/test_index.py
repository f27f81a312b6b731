"""The standing index answers as the whole run does, however it came to hold what it holds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from detente import Conflict, Flights, Index, Separation, Trajectory, detect_conflicts
from tests.detect.intervals import intervals, within
from tests.detect.strategies import EPOCH, SECOND, centres, flight_sets, separations, trajectories

MICROSECOND = 1_000


def of_one(conflicts: list[Conflict], flight: str) -> list[Conflict]:
    return [c for c in conflicts if flight in (c.a, c.b)]


def alike(one: list[Conflict], other: list[Conflict]) -> bool:
    first, second = intervals(one), intervals(other)
    return within(first, second, MICROSECOND) and within(second, first, MICROSECOND)


@settings(max_examples=50, deadline=None)
@given(flight_sets(), separations)
def test_each_flight_asked_against_all_others_gives_what_detect_gives(flights, minima):
    everything = list(detect_conflicts(flights, separation=minima))
    for i in range(len(flights)):
        index = Index(separation=minima)
        for j, row in enumerate(flights):
            if j != i:
                index.add(row)
        assert alike(index.query(flights[i]), of_one(everything, flights.ids[i]))


@settings(max_examples=50, deadline=None)
@given(flight_sets(least=3), separations, st.data())
def test_adding_and_removing_leaves_its_answers_as_they_were(flights, minima, data):
    rows = list(flights)
    asked, guest, *standing = data.draw(st.permutations(rows))
    index = Index(separation=minima)
    for row in standing:
        index.add(row)
    before = index.query(asked)
    index.add(guest)
    index.remove(guest.id)
    assert index.query(asked) == before


class Standing(RuleBasedStateMachine):
    """Adding, removing and asking in any order, against a plain dictionary and detect."""

    minima = Separation(9_260.0, 1000.0)

    @initialize(centre=centres)
    def begin(self, centre):
        self.centre = centre
        self.index = Index(separation=self.minima)
        self.held: dict[str, Trajectory] = {}
        self.number = 0

    @rule(data=st.data())
    def add(self, data):
        row = data.draw(trajectories(f"f{self.number}", self.centre))
        self.number += 1
        self.index.add(row)
        self.held[row.id] = row

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remove(self, data):
        gone = data.draw(st.sampled_from(sorted(self.held)))
        self.index.remove(gone)
        del self.held[gone]

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def replace_by_a_later_one(self, data):
        which = data.draw(st.sampled_from(sorted(self.held)))
        later = replace(self.held[which], time=self.held[which].time + 60 * SECOND)
        self.index.remove(which)
        self.index.add(later)
        self.held[which] = later

    @rule(data=st.data())
    def ask(self, data):
        new = data.draw(trajectories("new", self.centre))
        expected = [
            c
            for row in self.held.values()
            for c in detect_conflicts(Flights.from_trajectories([row, new]), separation=self.minima)
        ]
        assert alike(self.index.query(new), expected)

    @invariant()
    def it_holds_as_many(self):
        if hasattr(self, "held"):
            assert len(self.index) == len(self.held)


TestStanding = Standing.TestCase
TestStanding.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_what_is_not_there_cannot_be_removed_and_what_is_cannot_be_added_again():
    flight = Trajectory(
        "one",
        EPOCH + np.array([0, 600]) * SECOND,
        np.array([47.0, 48.0]),
        np.array([8.0, 8.0]),
        np.array([35000.0, 35000.0]),
    )
    index = Index()
    index.add(flight)
    with pytest.raises((KeyError, ValueError)):
        index.add(flight)
    with pytest.raises((KeyError, ValueError)):
        index.remove("two")
