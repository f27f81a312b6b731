"""The pages in docs/ agree with the code."""

from pathlib import Path

import pytest

from detente.formats.altitudes import KNOWN_ALTITUDES
from detente.formats.columns import KNOWN
from detente.formats.faults import KINDS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("role", KNOWN)
def test_every_known_name_stands_in_the_table_in_order(role):
    page = (DOCS / "formats.md").read_text()
    assert f"| {', '.join(f'`{name}`' for name in KNOWN[role])} |" in page


def test_every_known_altitude_stands_in_the_table_with_its_unit():
    rows = [line for line in (DOCS / "formats.md").read_text().splitlines() if line[:1] == "|"]
    units = {"ft": "| feet |", "m": "| metres |", "fl": "| hundreds of feet |"}
    above = {"pressure": "| pressure |", "wgs84": "| WGS84 |"}
    for name, (unit, reference) in KNOWN_ALTITUDES.items():
        (row,) = [row for row in rows if f"`{name}`" in row.split("|")[1]]
        assert units[unit] in row
        assert above[reference.value] in row


@pytest.mark.parametrize("code", KINDS)
def test_every_fault_stands_on_the_page_of_errors(code):
    assert f"| {KINDS[code].what} |" in (DOCS / "errors.md").read_text()
