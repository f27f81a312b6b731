"""Stop servers dead at random moments under load, and start them again."""

import os
import re
import signal
import time
from functools import partial
from pathlib import Path
from random import Random

import msgspec

from detente.authority import decode_outcome
from detente.authority.rule import broken
from detente.ledger import verify
from detente.ledger.desk import Desk
from tests.api.service import Service
from tests.api.witness import Witnesses
from tests.ledger.pilot import CHARTER, PARTIES

__all__ = ["await_", "charter_file", "check_ledger", "children", "crash", "kill_all", "started"]

_CONFIG = "[limits]\nrequests = 1000000\nopen_intents = 1000000\n"
_CLIENTS = 6
_BETWEEN = 40
"""Answers that are given before servers are stopped again."""


def crash(directory, ledger, *, processes=1, rounds, seed):
    """Let clients file, stop servers dead, and let the clients ask everything again.

    Each round stops one of several processes, which is replaced, and then all at once, which are
    started again. The checks raise where anything was lost.

    Parameters
    ----------
    directory : of the service, empty.
    ledger : a file in it, or a URL.

    Returns
    -------
    The witnesses; how many processes were stopped.
    """
    chance, killed = Random(seed), 0
    service = started(directory, ledger, processes=processes)
    try:
        service.register(*PARTIES)
        with Witnesses(service, _CLIENTS, seed) as witnesses:
            for _ in range(rounds):
                if processes > 1:
                    witnesses.until(_BETWEEN)
                    time.sleep(chance.uniform(0.0, 0.3))
                    _kill([chance.choice(children(service))])
                    killed += 1
                    await_(partial(_whole, service, processes))
                witnesses.until(_BETWEEN)
                time.sleep(chance.uniform(0.0, 0.3))
                killed += len(kill_all(service))
                port = service.url.rpartition(":")[2]
                service = started(directory, ledger, processes=processes, port=port)
            witnesses.until(_BETWEEN)
        witnesses.check(service)
        assert service.stop() == 0
    finally:
        if service.process.poll() is None:
            kill_all(service)
    check_ledger(ledger if "://" in ledger else Path(directory) / ledger, witnesses)
    return witnesses, killed


def started(directory, ledger, *, processes, port="0"):
    """Start a service in which the witnesses may file, once they are registered."""
    options = ["--ledger", ledger, "--create", "--charter", charter_file(directory, CHARTER)]
    options += ["--processes", str(processes), "--port", port]
    return Service(directory, config=_CONFIG, options=options).ready()


def check_ledger(target, witnesses):
    """See that the chain verifies, the rule holds, and nothing was carried out twice."""
    with Desk.open(target) as desk:
        entries = list(desk.ledger.read())
        verify(entries, noted=desk.ledger.head())
        keys = [key for entry in entries if (key := decode_outcome(entry.body).key)]
        assert len(set(keys)) == len(keys), "a command was carried out twice"
        assert witnesses.answered.keys() <= set(keys)
        assert sum(intent.accepted for intent in desk.state.intents.values()) > 5
        assert broken(desk.state) == []


def children(service):
    """Give the processes that answer now."""
    ready = re.findall(r'"pid":([0-9]+),"event":"ready"', service.log)
    return sorted({int(pid) for pid in ready if _alive(int(pid))})


def await_(condition, within=60.0):
    """Wait until something is so."""
    due = time.monotonic() + within
    while not condition():
        assert time.monotonic() < due
        time.sleep(0.02)


def charter_file(directory, charter):
    """Write a charter down for ``detente serve --charter``; give the file's name."""
    rows = msgspec.to_builtins(charter)
    tables = {name: value for name, value in rows.items() if isinstance(value, dict)}
    lines = [_line(*row) for row in rows.items() if row[0] not in tables]
    for name, table in tables.items():
        lines += [f"[{name}]", *(_line(*row) for row in table.items())]
    (Path(directory) / "charter.toml").write_text("\n".join(lines))
    return "charter.toml"


def kill_all(service):
    """Stop a service dead, all its processes at once, and whoever watches over them."""
    pids = {service.process.pid, *children(service)}
    _kill(pids)
    service.stop(signal.SIGKILL)
    return pids


def _kill(pids):
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    await_(lambda: not any(map(_alive, pids)))


def _whole(service, processes):
    return len(children(service)) == processes


def _alive(pid):
    """Tell whether a process runs; one that ended may wait for whoever started it."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _line(name, value):
    return f"{name} = {msgspec.json.encode(value).decode()}"
