"""Self-contained HTML pages: maps and charts that open with no network."""

from detente.chart.conflicts import write_conflict_chart
from detente.chart.plan import write_plan_chart

__all__ = ["write_conflict_chart", "write_plan_chart"]
