"""What can be wrong with what a user gave: what, where, and how to mend it."""

__all__ = ["InputError"]


class InputError(ValueError):
    """An input that cannot be used.

    Parameters
    ----------
    what : what is wrong, in a clause.
    file, row, field : where. Row counts data rows (or features) from 1.
    flight : the flight or volume concerned, where it is known.
    mend : what to do about it.

    >>> print(InputError("a naive time", file="a.csv", row=3, field="time", mend="add an offset"))
    a.csv, row 3, field 'time': a naive time; add an offset
    """

    def __init__(
        self,
        what: str,
        *,
        file: str | None = None,
        row: int | None = None,
        field: str | None = None,
        flight: str | None = None,
        mend: str | None = None,
    ) -> None:
        self.what = what
        self.file = file
        self.row = row
        self.field = field
        self.flight = flight
        self.mend = mend
        super().__init__(what)

    def __str__(self) -> str:
        """One line: where, what, mend."""
        where = [
            self.file,
            None if self.row is None else f"row {self.row}",
            None if self.flight is None else f"flight {self.flight!r}",
            None if self.field is None else f"field {self.field!r}",
        ]
        place = ", ".join(part for part in where if part)
        text = f"{place}: {self.what}" if place else self.what
        return f"{text}; {self.mend}" if self.mend else text
