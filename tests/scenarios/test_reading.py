"""A scenario is read from its files, and whatever is wrong in them is said with its place."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from detente.cli.demo.scenario import (
    Airspace,
    Chosen,
    Event,
    Flight,
    Given,
    Grades,
    Look,
    Made,
    Member,
    Question,
    Report,
    Reported,
    Sensor,
    Stranger,
)
from detente.cli.demo.shelf import read_scenario, scenarios
from detente.errors import InputError

Change = Callable[[str, str, str], str]


@pytest.fixture
def changed(tmp_path: Path) -> Change:
    """Copy the scenario that ships, with one text in one file replaced; give its folder."""

    def change(name: str, old: str, new: str) -> str:
        folder = tmp_path / "own"
        shutil.copytree(scenarios()["diyala-2014"], folder)
        path = folder / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return str(folder)

    return change


@pytest.mark.parametrize("name", scenarios())
def test_each_that_ships_can_be_read_and_is_called_as_its_folder(name: str) -> None:
    assert read_scenario(name).name == name


def test_a_folder_of_ones_own_is_read_as_well(changed: Change) -> None:
    folder = changed("scenario.toml", 'name = "diyala-2014"', 'name = "own"')
    assert read_scenario(folder).name == "own"


def test_none_of_that_name() -> None:
    with pytest.raises(InputError, match=r"no scenario 'atlantis'; name one of .*diyala-2014"):
        read_scenario("atlantis")


WRONG = [
    ("reported.toml", 'position = "denies"', 'position = "hints"', "statements[...].position",
     "invalid enum value 'hints'"),
    ("reported.toml", 'scope = "seen"', 'scope = "heard"', "statements[...].scope",
     "no question has the scope 'heard'"),
    ("reported.toml", 'citation = "Iran denies', 'citatoin = "Iran denies', "statements[...]",
     "object contains unknown field 'citatoin'"),
    ("reported.toml", 'id = "us-to-ap"', 'id = "us-to-afp"', "statements",
     "'us-to-afp' is there twice"),
    ("reported.toml", "entered = 2014-12-03T18:01:00Z", "entered = 2014-12-03T18:01:00",
     "statements[1].entered", "the naive time"),
    ("reported.toml", "entered = 2014-12-03T18:01:00Z", "entered = 2014-12-03T17:58:00Z",
     "statements[1].entered", "entered before what stands above it"),
    ("reported.toml", 'about = "deputy-to-guardian"', 'about = "nobody"', "statements[14].about",
     "no statement 'nobody' before it"),
    ("reported.toml", "anonymous = true", 'anonymous = true\nname = "X"', "statements[6].name",
     "a name, and not named"),
    ("reported.toml", "[[statements]]", "[[statements", None, "it is no TOML"),
    ("scenario.toml", "credibility = 6", "credibility = 9", "grades.given[0]", "the grade F9"),
    ("scenario.toml", '"us-to-afp"', '"us-to-nobody"', "grades.given",
     "a grade of 'us-to-nobody', which nobody said"),
    ("scenario.toml", "begin = 2014-11-29T07:30:00Z", "", None, "missing required field 'begin'"),
    ("synthetic.toml", "synthetic = true", "synthetic = false", "synthetic", "not synthetic"),
    ("synthetic.toml", 'id = "synthetic-2"', 'id = "REAL2"', "flights[1]", "the name 'REAL2'"),
    ("synthetic.toml", 'number = "synthetic-5"', 'number = "F4"', "undeclared[0]", "the name 'F4'"),
    ("synthetic.toml", 'source = "synthetic-radar"', 'source = "radar"', "sensor[0]",
     "the name 'radar'"),
    ("synthetic.toml", 'by = "synthetic observer"', 'by = "an outlet"',
     "undeclared[0].indication.by", "an indication by 'an outlet'"),
    ("synthetic.toml", 'party = "us"', 'party = "moon"', "flights[0].party", "no party 'moon'"),
    ("synthetic.toml", "fixes = [[0, 33.2", "fixes = [[31, 33.2", "flights[0].fixes",
     "fixes that are no path"),
    ("synthetic.toml", "every = 5", "every = 0", "sensor", "a sensor that cannot be"),
    ("synthetic.toml", "filed = 2014-11-29T08:00:00Z", "filed = 2014-11-29T09:00:00Z",
     "flights[0].filed", "not filed between"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "field", "what"), WRONG)
def test_what_is_wrong_is_said_with_its_place(
    changed: Change, name: str, old: str, new: str, field: str | None, what: str
) -> None:
    folder = changed(name, old, new)
    with pytest.raises(InputError) as caught:
        read_scenario(folder)
    assert what in caught.value.what
    assert caught.value.file == str(Path(folder) / name)
    where = caught.value.field
    assert where == field or (where and field and re.sub(r"\d+", "...", where) == field)


def test_a_missing_file_is_said(changed: Change) -> None:
    folder = changed("scenario.toml", "name", "name")
    (Path(folder) / "reported.toml").unlink()
    with pytest.raises(InputError, match=r"reported.toml: the file is missing"):
        read_scenario(folder)


FORMS = {
    "": (Chosen, Reported, Made), "airspace": (Airspace,), "parties": (Member,), "event": (Event,),
    "event.questions": (Question,), "grades": (Grades,), "grades.given": (Given,),
    "statements": (Report,), "flights": (Flight,), "sensor": (Sensor,), "undeclared": (Stranger,),
    "undeclared.indication": (Look,),
}  # fmt: skip


def test_the_page_names_every_field_and_which_may_be_left_out() -> None:
    page = next(iter(scenarios().values())).parent / "README.md"
    rows: dict[str, set[tuple[str, bool]]] = {table: set() for table in FORMS}
    for line in page.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 3 and cells[1].strip("`°") in rows and "`" in cells[2]:
            fields = re.findall(r"`(\w+)`(°?)", re.sub(r"\([^)]*\)", "", cells[2]))
            rows[cells[1].strip("`°")] |= {(name, bool(left)) for name, left in fields}
    for table, forms in FORMS.items():
        known = {
            (field.name, not field.required)
            for form in forms
            for field in msgspec.structs.fields(form)
            if f"{table}.{field.name}".strip(".") not in FORMS
        }
        assert rows[table] == known, table
