"""The engine against the independent reference: a sample of what benchmarks/reference.py runs."""

import pytest

from tests.reference.comparison import Comparison, compare, worst
from tests.reference.encounters import KINDS, encounters

COUNT = 1_500


@pytest.fixture(scope="module")
def result() -> Comparison:
    return compare(encounters(seed=1, count=COUNT))


def test_the_sample_holds_enough_of_everything(result):
    assert result.encounters == COUNT
    assert 100 * len(KINDS) <= COUNT
    assert result.conflicts > COUNT // 3
    assert len(result.well_conditioned) > 300
    assert len(result.slow) > 100
    assert len(result.vertical_seconds) > 50


def test_nothing_missed_and_nothing_false(result):
    assert result.missed == []
    assert result.false == []


def test_adjacent_levels_never_conflict(result):
    assert result.level_conflicts == 0


def test_entry_and_exit_within_50_ms(result):
    assert worst(edge.seconds for edge in result.well_conditioned) <= 0.050
    assert worst(result.vertical_seconds) <= 0.001
    assert worst(result.boundary_seconds) <= 0.001


def test_where_the_distance_hardly_changes_the_place_is_right_within_1_m(result):
    assert worst(edge.metres for edge in result.slow) <= 1.0


def test_closest_approach_within_1_m(result):
    assert worst(result.closest_metres) <= 1.0
    assert worst(result.closest_feet) <= 0.01


def test_severity(result):
    assert worst(result.severities) <= 0.02
