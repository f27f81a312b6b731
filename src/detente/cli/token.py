"""``detente token``: a token to try things out with."""

import re
import time
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from detente.errors import InputError

__all__ = ["token"]

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def token(
    *,
    role: Literal["party", "lead", "authority", "observer"],
    subject: str,
    scope: Annotated[tuple[str, ...], Parameter(consume_multiple=True)] = (),
    for_: Annotated[str, Parameter(name="--for")] = "1h",
    ledger: str | None = None,
    config: Path | None = None,
    key: Path | None = None,
) -> None:
    """Print a token, signed with the development key: for one machine, to try things out.

    Parameters
    ----------
    role
        In what capacity its holder asks.
    subject
        The party; for a lead, the coalition; else a name.
    scope
        What it allows (docs/service.md); by default all that the role may.
    for_
        How long it holds: 30s, 10m, 1h, 7d.
    ledger
        That of the service, which has the key beside it (airspace.ledger).
    config
        The service's TOML file: its issuer, audience and key.
    key
        Another private key, as JWK or PEM.
    """
    from detente.api.caller import MAY, Role
    from detente.api.config import read_config
    from detente.api.development import key_file, mint, private_key

    told = read_config(config, ledger=ledger)
    capacity = Role(role)
    for each in scope:
        if capacity not in MAY.get(each, ()):
            fitting = ", ".join(name for name, roles in MAY.items() if capacity in roles)
            raise InputError(
                f"role {role} cannot have it", field=f"scope {each}", mend=f"choose of {fitting}"
            )
    seconds = _seconds(for_)
    signed = mint(
        private_key(key or key_file(told)), told.keys, role=capacity, subject=subject,
        scopes=scope, issued=time.time(), seconds=seconds,
    )  # fmt: skip
    print(signed)


def _seconds(text: str) -> int:
    found = re.fullmatch(r"([0-9]{1,9})([smhd])", text)
    if not found or not int(found[1]):
        raise InputError(f"{text!r} is no duration", field="for", mend="write it as 30s, 10m or 1h")
    return int(found[1]) * _UNITS[found[2]]
