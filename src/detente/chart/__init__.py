"""Self-contained HTML pages: maps and charts that open with no network."""

from detente.chart.airspace import STATES, DecisionRow, write_airspace_chart
from detente.chart.conflicts import write_conflict_chart
from detente.chart.plan import write_plan_chart

__all__ = [
    "STATES",
    "DecisionRow",
    "write_airspace_chart",
    "write_conflict_chart",
    "write_plan_chart",
]
