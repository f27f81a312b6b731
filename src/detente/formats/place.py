"""Where in a file of volumes something is wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from detente.errors import InputError

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """A feature of a file, counted from 1, and its name as far as it is known."""

    file: str | None
    row: int
    name: str = ""

    def of(self, name: str) -> "Place":
        """Name it."""
        return replace(self, name=name)

    def error(self, what: str, field: str, mend: str) -> InputError:
        """Make an error that says where."""
        return InputError(
            what, file=self.file, row=self.row, field=field, flight=self.name or None, mend=mend
        )

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Add the place to errors that come from the nouns, which do not know it."""
        try:
            yield
        except InputError as error:
            if error.row is not None:
                raise
            raise InputError(
                error.what,
                file=self.file,
                row=self.row,
                field=error.field,
                flight=error.flight or self.name or None,
                mend=error.mend,
            ) from error
