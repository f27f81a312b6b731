"""Warming up: what the first flight would wait for is done before anybody can file one."""

from datetime import UTC, datetime, timedelta
from typing import Final

from detente.authority import Charter, Path4D, Volume4D
from detente.authority.command import File, Found, PublishConstraint, RegisterParty
from detente.ledger import MemoryLedger
from detente.ledger.desk import Desk

__all__ = ["warm_up"]

_NOON: Final = datetime(2026, 7, 1, 12, tzinfo=UTC)
_START: Final = _NOON + timedelta(hours=1)


def warm_up() -> None:
    """Have two flights cross in an airspace that is forgotten: compiles the engine, or loads it."""
    east = Path4D(_START, (0.0, 300.0, 600.0), (50.0,) * 3, (4.0, 5.0, 6.0), (35_000.0,) * 3)
    north = Path4D(_START, (0.0, 300.0, 600.0), (49.0, 50.0, 51.0), (5.0,) * 3, (35_000.0,) * 3)
    box = Volume4D(
        corners=((50.0, 4.5), (50.0, 5.5), (51.0, 5.5), (51.0, 4.5)),
        lower=0.0, upper=40_000.0, start=_START, end=_START + timedelta(hours=1),
    )  # fmt: skip
    commands = (
        Found(at=_NOON, key="1", charter=Charter()),
        RegisterParty(at=_NOON, key="2", party="A"),
        RegisterParty(at=_NOON, key="3", party="B"),
        File(at=_NOON, key="4", by="A", intent="east", extent=east),
        File(at=_NOON, key="5", by="B", intent="north", extent=north),
        File(at=_NOON, key="6", by="B", intent="box", extent=(box,)),
        PublishConstraint(at=_NOON, key="7", constraint="c", volumes=(box,)),
    )
    with Desk(MemoryLedger()) as desk:
        for command in commands:
            desk.submit(command)
