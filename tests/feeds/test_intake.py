"""The one queue of all feeds: its order, its bound, and what it counts."""

from hypothesis import given
from hypothesis import strategies as st

from detente.airspace.sighting import Sighting
from detente.feeds.intake import Counts, Intake


def sightings(*numbers: int) -> list[Sighting]:
    return [Sighting(source="a", time=n, number=str(n)) for n in numbers]


def test_what_is_put_is_taken_once_and_in_order() -> None:
    intake, one, other = Intake(), Counts("one"), Counts("other")
    intake.put(one, sightings(1, 2))
    intake.put(other, sightings(3))
    intake.put(one, [])
    assert len(intake) == 3
    assert intake.take() == sightings(1, 2, 3)
    assert (len(intake), intake.take()) == (0, [])


def test_the_oldest_is_dropped_and_counted_where_it_came_from() -> None:
    intake, one, other = Intake(most=4), Counts("one"), Counts("other")
    intake.put(one, sightings(1, 2, 3))
    intake.put(other, sightings(4, 5))
    assert (one.dropped, other.dropped) == (1, 0)
    intake.put(other, sightings(6, 7, 8))
    assert (one.dropped, other.dropped) == (3, 1)
    assert intake.take() == sightings(5, 6, 7, 8)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.booleans())),
    st.integers(1, 12),
)
def test_nothing_is_lost_uncounted(steps: list[tuple[int, int, bool]], most: int) -> None:
    """What was put is what was taken, what is left, and what was counted as dropped."""
    intake = Intake(most)
    counts = [Counts(str(k)) for k in range(3)]
    put: list[int] = []
    taken: list[int] = []
    for whose, many, take in steps:
        batch = sightings(*range(len(put), len(put) + many))
        put += [s.time for s in batch]
        intake.put(counts[whose], batch)
        assert len(intake) <= most
        if take:
            taken += [s.time for s in intake.take()]
    taken += [s.time for s in intake.take()]
    assert taken == sorted(set(taken))
    assert len(put) == len(taken) + sum(c.dropped for c in counts)
    assert put[len(put) - min(most, len(put)) :][-1:] == taken[-1:]
