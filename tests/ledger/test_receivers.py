import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from detente.ledger import Unavailable
from detente.ledger.receivers import Receiver, open_receivers

NORTH = Receiver("north", "https://north.example/", b"1" * 32, "k1", 4)
SOUTH = Receiver("south", "https://south.example/", b"2" * 32, "k1", 0)


@pytest.fixture
def opened(stored):
    """Open the receivers beside a new ledger, as often as is asked."""
    stored.open()
    handles = []

    def another():
        handles.append(open_receivers(str(stored.target)))
        return handles[-1]

    yield another
    for each in handles:
        each.close()


def test_before_one_is_registered_there_is_nothing(opened, stored):
    receivers = opened()
    assert receivers.all() == []
    assert receivers.get("north") is None
    assert not receivers.lease()
    if stored.kind == "sqlite":
        assert not Path(f"{stored.target}.webhooks").exists()


def test_what_is_registered_is_kept(opened, stored):
    first = opened()
    assert first.put(NORTH) == NORTH
    assert first.put(SOUTH) == SOUTH
    other = opened()
    assert other.all() == [NORTH, SOUTH]
    other.remove("north")
    assert first.all() == [SOUTH]
    if stored.kind == "sqlite":
        for beside in ("webhooks", "webhooks-wal"):
            mode = Path(f"{stored.target}.{beside}").stat().st_mode
            assert stat.S_IMODE(mode) == 0o600


def test_under_the_same_key_what_was_first_stays(opened):
    receivers = opened()
    receivers.put(NORTH)
    assert receivers.put(replace(NORTH, secret=b"3" * 32)) == NORTH
    changed = replace(NORTH, key="k2", secret=b"3" * 32, acknowledged=9, parked="")
    assert receivers.put(changed) == changed == receivers.get("north")


def test_what_was_taken_only_grows_and_is_the_registrations_own(opened):
    receivers = opened()
    receivers.put(NORTH)
    receivers.acknowledge(NORTH, 6)
    receivers.acknowledge(NORTH, 5)
    assert receivers.get("north").acknowledged == 6
    before = replace(NORTH, secret=b"0" * 32)
    receivers.acknowledge(before, 7)
    receivers.park(before, "another's")
    assert receivers.get("north") == replace(NORTH, acknowledged=6)
    receivers.park(NORTH, "failed")
    assert receivers.get("north").parked == "failed"
    receivers.park(NORTH, "")
    assert receivers.get("north").parked == ""


def test_one_has_the_lease_until_it_lets_go(opened):
    one, other = opened(), opened()
    one.put(NORTH)
    assert [one.lease(), one.lease(), other.lease()] == [True, True, False]
    one.close()
    assert other.lease()


@pytest.mark.parametrize("stored", ["postgres"], indirect=True)
def test_the_lease_goes_with_the_connection(opened, stored):
    one, other = opened(), opened()
    one.put(NORTH)
    assert one.lease()
    with stored.server.connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        )
    with pytest.raises(Unavailable):
        one.lease()
    assert other.lease()
    assert not one.lease()
