"""Where scenarios stand, and how one is read: whatever is wrong in it is said with its place."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from detente.cli.demo.scenario import Chosen, Made, Reported, Scenario
from detente.errors import InputError

__all__ = ["read_scenario", "scenarios"]

T = TypeVar("T")

_CHOSEN, _REPORTED, _MADE = "scenario.toml", "reported.toml", "synthetic.toml"
_PREFIX = "synthetic"
"""What the name of everything synthetic begins with: wherever it is shown, it says so."""


def scenarios() -> dict[str, Path]:
    """Give the scenarios that come with Detente, by name, and their folders.

    An installed Detente has them in the package; a checkout has them at its root, where they are
    found and read.
    """
    package = Path(__file__).parents[2]
    for shelf in (package / "scenarios", package.parents[1] / "scenarios"):
        if shelf.is_dir():
            return {path.parent.name: path.parent for path in sorted(shelf.glob(f"*/{_CHOSEN}"))}
    return {}


def read_scenario(name: str) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name : of one that comes with Detente, or a folder.

    Raises
    ------
    InputError : there is none; a file that cannot be read; a value that cannot be, with its file
        and field.
    """
    known = scenarios()
    folder = known.get(name) or Path(name)
    if not (folder / _CHOSEN).is_file():
        raise InputError(
            f"no scenario {name!r}", field="name",
            mend=f"name one of {', '.join(known) or 'none'}, or a folder with {_CHOSEN}",
        )  # fmt: skip
    scenario = Scenario(
        _read(folder / _CHOSEN, Chosen),
        _read(folder / _REPORTED, Reported),
        _read(folder / _MADE, Made),
    )
    _check_reported(folder / _REPORTED, scenario)
    _check_chosen(folder / _CHOSEN, scenario)
    _check_made(folder / _MADE, scenario)
    return scenario


def _read(path: Path, form: type[T]) -> T:
    try:
        return msgspec.toml.decode(path.read_bytes(), type=form)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        raise InputError(
            _plain(what), file=str(path), field=place.strip("`").removeprefix("$.") or None,
            mend="see the README of the scenarios",
        ) from error  # fmt: skip
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"it is no TOML: {error}", file=str(path)) from error
    except FileNotFoundError as error:
        raise InputError("the file is missing", file=str(path)) from error


def _plain(what: str) -> str:
    """Say a fault in small letters, and without the names of types that no user knows."""
    return re.sub(r"^[A-Z]", lambda first: first[0].lower(), what).replace("`", "'")


def _refusal(path: Path) -> Callable[..., InputError]:
    def refuse(what: str, field: str, mend: str | None = None) -> InputError:
        return InputError(what, file=str(path), field=field, mend=mend)

    return refuse


def _check_chosen(path: Path, scenario: Scenario) -> None:
    refuse, chosen = _refusal(path), scenario.chosen
    _once(path, "parties", (party.id for party in chosen.parties))
    _once(path, "event.questions", (question.scope for question in chosen.event.questions))
    if not chosen.event.questions:
        raise refuse("no question", "event.questions", "say what the event is about")
    event = chosen.event
    _aware(path, begin=chosen.begin)
    _aware(path, **{"event.start": event.start, "event.end": event.end,
                    "event.entered": event.entered})  # fmt: skip
    said = {statement.id for statement in scenario.reported.statements}
    graded = [id for given in chosen.grades.given for id in given.statements]
    _once(path, "grades.given", graded)
    for id in graded:
        if id not in said:
            raise refuse(f"a grade of {id!r}, which nobody said", "grades.given")
    for k, given in enumerate(chosen.grades.given):
        if given.reliability not in tuple("ABCDEF") or not 1 <= given.credibility <= 6:
            raise refuse(
                f"the grade {given.reliability}{given.credibility}", f"grades.given[{k}]",
                "give A to F and 1 to 6",
            )  # fmt: skip


def _check_reported(path: Path, scenario: Scenario) -> None:
    refuse = _refusal(path)
    scopes = {question.scope for question in scenario.chosen.event.questions}
    _once(path, "statements", (each.id for each in scenario.reported.statements))
    earlier: set[str] = set()
    last = scenario.chosen.event.entered
    for k, each in enumerate(scenario.reported.statements):
        field = f"statements[{k}]"
        _aware(path, **{f"{field}.entered": each.entered})
        if each.entered < last:
            raise refuse("entered before what stands above it", f"{field}.entered")
        last = each.entered
        if each.scope not in scopes:
            raise refuse(
                f"no question has the scope {each.scope!r}", f"{field}.scope",
                f"use one of {', '.join(sorted(scopes))}",
            )  # fmt: skip
        if each.about and each.about not in earlier:
            raise refuse(f"no statement {each.about!r} before it", f"{field}.about")
        if each.name and each.anonymous:
            raise refuse("a name, and not named", f"{field}.name")
        if not each.citation.strip() or not each.checked.strip():
            raise refuse("nothing to check it by", field, "give citation and checked")
        earlier.add(each.id)


def _check_made(path: Path, scenario: Scenario) -> None:
    refuse, made = _refusal(path), scenario.made
    if not made.synthetic:
        raise refuse("not synthetic", "synthetic", "real flights are no scenario's")
    parties = {party.id for party in scenario.chosen.parties}
    _once(path, "flights", (flight.name for flight in made.flights))
    names = [("flights", k, flight.id) for k, flight in enumerate(made.flights)]
    names += [("undeclared", k, each.number) for k, each in enumerate(made.undeclared)]
    _once(path, "undeclared", (each.number for each in made.undeclared))
    for what, k, name in (*names, ("sensor", 0, made.sensor.source)):
        if not name.startswith(_PREFIX):
            raise refuse(f"the name {name!r}", f"{what}[{k}]", f"let it begin with {_PREFIX!r}")
    if made.sensor.every < 1 or made.sensor.scatter < 0.0 or made.sensor.accuracy <= 0.0:
        raise refuse("a sensor that cannot be", "sensor", "give seconds from 1, and metres")
    for k, flight in enumerate(made.flights):
        if flight.party not in parties:
            raise refuse(f"no party {flight.party!r}", f"flights[{k}].party")
        _aware(path, **{f"flights[{k}].filed": flight.filed, f"flights[{k}].start": flight.start})
        if not scenario.chosen.begin <= flight.filed < flight.start:
            raise refuse("not filed between the beginning and its start", f"flights[{k}].filed")
    for what, k, fixes in (
        *(("flights", k, flight.fixes) for k, flight in enumerate(made.flights)),
        *(("undeclared", k, each.fixes) for k, each in enumerate(made.undeclared)),
    ):
        minutes = [fix[0] for fix in fixes]
        if len(fixes) < 2 or minutes[0] != 0 or sorted(set(minutes)) != minutes:
            raise refuse(
                "fixes that are no path", f"{what}[{k}].fixes",
                "give two or more, the first at 0 minutes, each later than the one before",
            )  # fmt: skip
    for k, each in enumerate(made.undeclared):
        _aware(path, **{f"undeclared[{k}].start": each.start})
        look = each.indication
        if look is not None and not look.by.startswith(_PREFIX):
            raise refuse(
                f"an indication by {look.by!r}", f"undeclared[{k}].indication.by",
                f"let it begin with {_PREFIX!r}",
            )  # fmt: skip


def _once(path: Path, field: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"{name!r} is there twice", file=str(path), field=field)
        seen.add(name)


def _aware(path: Path, **times: datetime) -> None:
    for field, time in times.items():
        if time.tzinfo is None:
            raise InputError(
                f"the naive time {time.isoformat()}", file=str(path), field=field,
                mend="give an offset, such as Z",
            )  # fmt: skip
