"""docs/resolve.md agrees with the code."""

from dataclasses import fields
from pathlib import Path

import pytest

from detente.resolve.manoeuvre import Manoeuvres
from detente.resolve.precedence import ORDER

PAGE = (Path(__file__).parents[2] / "docs" / "resolve.md").read_text()


@pytest.mark.parametrize("field", fields(Manoeuvres), ids=lambda field: field.name)
def test_every_limit_stands_in_the_table_with_its_default(field):
    value = field.default
    if isinstance(value, tuple):
        said = ", ".join(f"{x:g}" for x in value) or "none"
    else:
        said = str(value) if value is None or isinstance(value, bool) else f"{value:g}"
    assert f"| `{field.name}` | {said} |" in PAGE


def test_the_order_of_precedence_stands_on_the_page():
    assert ", ".join(f"`{name}`" for name in ORDER) in PAGE
