"""The pages in docs/ agree with the code."""

from pathlib import Path

import pytest

from detente.formats.altitudes import KNOWN_ALTITUDES, TRAFFIC
from detente.formats.columns import KNOWN
from detente.formats.faults import KINDS
from detente.formats.observed import BY_TOOL, NAMED, OPENSKY, POSITION_TIMES, READSB
from detente.formats.uap import editions

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


def test_every_column_of_what_was_seen_stands_on_its_page():
    page = (DOCS / "watch-inputs.md").read_text()
    named = {name for units in NAMED.values() for name in units}
    by_tool = {name for _, roles in BY_TOOL for units in roles.values() for name in units}
    for name in {*named, *by_tool, *POSITION_TIMES, *OPENSKY, *READSB, *TRAFFIC}:
        assert f"`{name}`" in page


def test_every_edition_of_asterix_stands_on_its_page():
    page = (DOCS / "watch-inputs.md").read_text()
    assert editions(21) == [f"0.{k}" for k in range(23, 27)] + [f"2.{k}" for k in range(1, 8)]
    assert editions(62) == [f"1.{k}" for k in range(16, 22)]
    assert "CAT021 0.23 to\n0.26 and 2.1 to 2.7, CAT062 1.16 to 1.21" in page
