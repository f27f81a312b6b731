"""A process in which several parties file, at one desk, the very flights that others file too."""

import json
import sys
from hashlib import sha256
from random import Random
from threading import Thread

import msgspec

from detente.authority import IntentState, Path4D
from detente.authority.command import File
from detente.ledger.desk import Desk
from tests.ledger.pilot import NOON


def extent(k):
    """Give the flight of a set; those of different sets are far apart."""
    lat = 40.0 + 0.1 * k
    return Path4D(NOON, (3600.0, 3660.0), (lat, lat), (7.0, 7.01), (200.0, 200.0))


def file_all(desk, party, sets, accepted):
    """File a flight of each set, in the party's own order."""
    for k in Random(party).sample(sets, len(sets)):
        answer = desk.submit(
            File(at=NOON, by=party, key=f"{k}", intent=f"{k}", extent=extent(k))
        )  # fmt: skip
        if answer.contents[0].state is IntentState.ACCEPTED:
            accepted.append(k)


def digest(state):
    """Give the same for the same state."""
    return sha256(msgspec.msgpack.encode(state.tables(), order="sorted")).hexdigest()


if __name__ == "__main__":
    target, *parties = sys.argv[1:]
    with Desk.open(target) as desk:
        print("ready", flush=True)
        for line in sys.stdin:
            sets, accepted = json.loads(line), []
            threads = [
                Thread(target=file_all, args=(desk, party, sets, accepted)) for party in parties
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            print(json.dumps(accepted), flush=True)
        desk.attend()
        print(desk.state.position, digest(desk.state), flush=True)
