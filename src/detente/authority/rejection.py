"""A command that cannot be done: raised by the rules, recorded as ``CommandRejected``."""

__all__ = ["Rejected", "check_identifier"]


class Rejected(Exception):  # noqa: N818 - it is an answer, not a fault
    """Not done, and why.

    Parameters
    ----------
    code : as in ``CommandRejected``.
    what, field, mend : what is wrong, where, how to mend it.
    met : names in the way, for the authority.
    """

    def __init__(
        self, code: str, what: str, *, field: str = "", mend: str = "", met: tuple[str, ...] = ()
    ) -> None:
        super().__init__(what)
        self.code, self.what, self.field, self.mend, self.met = code, what, field, mend, met


def check_identifier(id: str, field: str) -> None:
    """See that an identifier can be one: names are made of them, with these marks between.

    >>> check_identifier("AB-123", "intent")
    """
    if not 0 < len(id) <= 200 or not id.isprintable() or set(id) & set("/#:"):
        raise Rejected(
            "invalid",
            f"{id[:40]!r} cannot be an identifier",
            field=field,
            mend="use up to 200 letters, digits and -; not /, # or :",
        )
