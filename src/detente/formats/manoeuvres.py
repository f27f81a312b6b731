"""Reading what each flight may do to leave a conflict, from JSON."""

import json
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any

from detente.airspace.flights import Flights
from detente.errors import InputError
from detente.formats.source import head
from detente.formats.values import nanoseconds_of
from detente.resolve.manoeuvre import Manoeuvres

__all__ = ["read_manoeuvres"]

_FIELDS = {field.name: field for field in fields(Manoeuvres)}
_PARTS = ("default", "parties", "flights")


def read_manoeuvres(path: str | PathLike[str], flights: Flights) -> dict[str, Manoeuvres]:
    """Read the limits and costs of manoeuvres, for each flight of a set.

    The file is a JSON object with up to three members: ``default`` holds limits for all,
    ``parties`` those of a party's flights, and ``flights`` those of one flight; the nearer one
    counts. Limits are the fields of :class:`~detente.resolve.manoeuvre.Manoeuvres`, with its
    units; what is not said is as there. ``airborne_at`` is a time with its offset: such a
    flight is not delayed, and may fly faster or slower. ``fixed`` is all that can be said of a
    flight that may do nothing.

    Parameters
    ----------
    path : the file.
    flights : the set that it speaks of.

    Returns
    -------
    dict : one for each flight's identifier.

    Raises
    ------
    InputError : an unknown flight, party or field; a value of the wrong kind; limits that
        contradict.
    """
    path = Path(path)
    if not head(path).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise InputError(
            "no JSON object", file=str(path), mend='give {"default": {...}, "flights": {...}}'
        )
    whole = _parsed(path)
    _known(whole, _PARTS, path, None)
    default, parties, own = (_object(whole.get(part, {}), path, part) for part in _PARTS)
    for part, members, ids in (
        ("parties", parties, set(flights.parties)),
        ("flights", own, set(flights.ids)),
    ):
        for name, limits in members.items():
            if name not in ids:
                raise InputError(
                    f"unknown {'flight' if part == 'flights' else 'party'} {name!r}",
                    file=str(path),
                    field=part,
                    mend="name one that is in the set of flights",
                )
            _known(_object(limits, path, name), _FIELDS, path, name)
    _known(default, _FIELDS, path, "default")
    made: dict[str, Manoeuvres] = {}
    found = {}
    for id, party in zip(flights.ids, flights.parties, strict=True):
        if id in own:
            layers = (default, parties.get(party, {}), own[id])
            found[id] = _limits(layers, path, id)
            continue
        if party not in made:
            made[party] = _limits((default, parties.get(party, {})), path, None)
        found[id] = made[party]
    return found


def _parsed(path: Path) -> dict[str, Any]:
    try:
        whole: dict[str, Any] = json.loads(
            path.read_bytes(), object_pairs_hook=_once, parse_constant=_no_number
        )
    except InputError as error:
        raise InputError(error.what, file=str(path), mend=error.mend) from None
    except ValueError as error:
        raise InputError(
            f"not JSON, or cut off: {error}", file=str(path), mend="copy or write it again"
        ) from error
    return whole


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"{twice!r} twice in one object", mend="leave out one of the two")
    return members


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number of JSON")


def _object(value: Any, path: Path, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(
            f"{value!r} is no object", file=str(path), field=field, mend="write it as {...}"
        )
    return value


def _known(members: dict[str, Any], names: Any, path: Path, where: str | None) -> None:
    for name in members:
        if name not in names:
            raise InputError(
                f"unknown field {name!r}",
                file=str(path),
                field=where,
                mend=f"use one of {', '.join(names)}",
            )


def _limits(layers: tuple[dict[str, Any], ...], path: Path, id: str | None) -> Manoeuvres:
    """Lay limits over one another, the nearest last."""
    limits = {name: value for layer in layers for name, value in layer.items()}
    try:
        values = {name: _value(name, value) for name, value in limits.items()}
        if values.get("fixed"):
            said = [name for name in _beside("fixed", layers) if name != "airborne_at"]
            if said:
                raise InputError(
                    "a limit for a flight that is fixed",
                    field=said[0],
                    mend="leave out one of the two",
                )
            return Manoeuvres.none()
        if values.get("airborne_at") is None:
            return Manoeuvres(**values)
        if "delay_most" not in _beside("airborne_at", layers):
            # said of flights in general, which are on the ground
            values.pop("delay_most", None)
        return Manoeuvres.airborne(values.pop("airborne_at"), **values)
    except InputError as error:
        raise InputError(
            error.what, file=str(path), field=error.field, flight=id, mend=error.mend
        ) from None


def _beside(name: str, layers: tuple[dict[str, Any], ...]) -> list[str]:
    """Name what is said in the nearest layer that says a thing, and in nearer ones."""
    last = max(i for i, layer in enumerate(layers) if name in layer)
    return [other for layer in layers[last:] for other in layer if other != name]


def _value(name: str, value: Any) -> Any:
    if name == "airborne_at":
        return None if value is None else nanoseconds_of(value, name)
    kind = str(_FIELDS[name].type)
    if kind == "<class 'bool'>":
        return _of(bool, value, name, "true or false")
    if kind == "<class 'int'>":
        return _of(int, value, name, "a whole number")
    if kind == "<class 'float'>":
        return float(_of((int, float), value, name, "a number"))
    item = int if "int" in kind else (int, float)
    what = "a list of whole numbers" if item is int else "a list of numbers"
    values = [_of(item, one, name, what) for one in _of(list, value, name, what)]
    return tuple(one if item is int else float(one) for one in values)


def _of(kind: Any, value: Any, field: str, what: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise InputError(f"{value!r} is not {what}", field=field, mend=f"give {what}")
    return value
