"""The assignment against trying all of them."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.watch.assignment import NOBODY, assigned


@st.composite
def problems(draw):
    tracks, intents = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    every = list(itertools.product(range(tracks), range(intents)))
    pairs = draw(st.lists(st.sampled_from(every), unique=True))
    costs = draw(
        st.lists(
            st.one_of(st.integers(-8, 12).map(float), st.floats(-10.0, 12.0)),
            min_size=len(pairs), max_size=len(pairs),
        )
    )  # fmt: skip
    return tracks, dict(zip(pairs, costs, strict=True))


def least(tracks, cost, undeclared):
    """Give the least total by trying every choice of each track, one after another."""

    def from_track(k, taken):
        if k == tracks:
            return 0.0
        choices = [undeclared + from_track(k + 1, taken)]
        for (track, intent), c in cost.items():
            if track == k and intent not in taken:
                choices.append(c + from_track(k + 1, taken | {intent}))
        return min(choices)

    return from_track(0, frozenset())


@settings(max_examples=200, deadline=None)
@given(problems(), st.sampled_from([8.0, 3.0, 0.5]))
def test_no_assignment_is_cheaper(problem, undeclared):
    tracks, cost = problem
    pairs = np.array(list(cost), dtype=np.int64).reshape(-1, 2)
    chosen = assigned(
        pairs[:, 0], pairs[:, 1], np.array(list(cost.values())), tracks, undeclared
    ).tolist()
    matched = [k for k in chosen if k != NOBODY]
    assert len(matched) == len(set(matched))
    total = sum(undeclared if k == NOBODY else cost[track, k] for track, k in enumerate(chosen))
    assert abs(total - least(tracks, cost, undeclared)) < 1e-9
