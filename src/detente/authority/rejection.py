"""A command that cannot be done: raised by the rules, recorded as ``CommandRejected``."""

__all__ = ["Rejected"]


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
