"""What keeps two flights apart: the options that every command shares."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from detente.errors import InputError

if TYPE_CHECKING:
    from detente.airspace import Separation

__all__ = ["Minima"]


@dataclass(frozen=True, slots=True)
class Minima:
    """What keeps two flights apart.

    Parameters
    ----------
    horizontal
        Horizontal minimum, with its unit.
    vertical
        Vertical minimum, with its unit.
    separation_class
        Minima of the fixes in a class (column separation_class): terminal=3nm,1000ft.
    volumes
        Airspace to be kept from: a file of volumes (docs/formats.md).
    between_parties
        Leave out the pairs of one and the same party.
    """

    horizontal: str = "5nm"
    vertical: str = "1000ft"
    separation_class: Annotated[tuple[str, ...], Parameter(name="class")] = ()
    volumes: Path | None = None
    between_parties: bool = False

    def separation(self) -> "Separation":
        """Read the minima."""
        from detente.airspace import Separation

        return Separation.parse(self.horizontal, self.vertical)

    def classes(self) -> "dict[str, Separation]":
        """Read the minima of each class."""
        from detente.airspace import Separation

        classes = {}
        for text in self.separation_class:
            name, equals, minima = text.partition("=")
            horizontal, comma, vertical = minima.partition(",")
            if not (name and equals and comma):
                raise InputError(
                    f"{text!r} is no class", field="class", mend="write it as terminal=3nm,1000ft"
                )
            classes[name] = Separation.parse(horizontal, vertical)
        return classes
