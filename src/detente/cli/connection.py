"""How commands reach a service: the options that they share."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Group, Parameter

from detente.errors import InputError

if TYPE_CHECKING:
    from detente.client import Client

__all__ = ["HERE", "Connection", "answered"]


@Parameter(name="*", group=Group("How the service is reached", sort_key=3))
@dataclass(frozen=True, slots=True)
class Connection:
    """How the service is reached.

    Parameters
    ----------
    url
        Where it is.
    token
        Who asks; in DETENTE_TOKEN it is not seen by the machine's other users.
    token_file
        A file with the token, in place of it.
    within
        How long to try, where it is out of reach or has no time, such as 30s.
    """

    url: Annotated[str, Parameter(env_var="DETENTE_URL")] = "http://127.0.0.1:8080"
    token: Annotated[str | None, Parameter(env_var="DETENTE_TOKEN")] = None
    token_file: Path | None = None
    within: str = "10s"

    @contextmanager
    def open(self) -> "Iterator[Client]":
        """Open a client for a block; what the service answers instead is one line of error.

        Raises
        ------
        InputError : no token; or what was answered, and how to mend it.
        """
        from detente.client import Client, Patience
        from detente.units import parse_duration

        patience = Patience(total=parse_duration(self.within, field="within"))
        with answered(), Client(self.url, self.bearer(), patience=patience) as client:
            yield client

    def bearer(self) -> str:
        """Give the token.

        Raises
        ------
        InputError : there is none.
        """
        if self.token_file is not None:
            return self.token_file.read_text().strip()
        if self.token:
            return self.token.strip()
        raise InputError(
            "no token", field="token",
            mend="put the one that you were issued into DETENTE_TOKEN, or name its --token-file",
        )  # fmt: skip


@contextmanager
def answered(option: str = "url") -> "Iterator[None]":
    """Make one line of error of what a service answers instead.

    Raises
    ------
    InputError : what was answered, and how to mend it; or that nothing was.
    """
    from detente.client import ClientError, Problem

    try:
        yield
    except Problem as error:
        what = error.detail or error.title
        raise InputError(what, field=error.field or None, mend=error.mend or None) from error
    except ClientError as error:
        raise InputError(str(error), mend=f"is the service there? --{option} says where") from error


HERE = Connection()
"""Where nothing else is said: this machine."""
