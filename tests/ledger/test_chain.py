import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detente.ledger import GENESIS, START, Broken, Entry, link, verify
from detente.ledger.chain import extend

CHAINS = st.lists(st.binary(max_size=40), min_size=1, max_size=12).map(lambda b: extend(START, b))


@given(CHAINS, st.integers(0, 12))
def test_a_chain_verifies_from_any_head(chain, cut):
    cut = min(cut, len(chain))
    middle = verify(chain[:cut])
    assert middle == (chain[cut - 1][:2] if cut else START)
    assert verify(chain[cut:], middle) == verify(chain) == chain[-1][:2]


@given(CHAINS, st.data())
def test_any_one_change_is_found_where_it_is(chain, data):
    at = data.draw(st.integers(0, len(chain) - 1))
    position, digest, body = chain[at]
    kind = data.draw(st.sampled_from(["body", "hash", "both", "lost", "twice", "swapped"]))
    changed = list(chain)
    if kind in ("body", "both"):
        other = data.draw(st.binary(max_size=40))
        assume(other != body)
        changed[at] = Entry(position, digest if kind == "body" else link(digest, other), other)
    elif kind == "hash":
        bit = data.draw(st.integers(0, 255))
        wrong = (int.from_bytes(digest, "big") ^ 1 << bit).to_bytes(32, "big")
        changed[at] = Entry(position, wrong, body)
    elif kind == "lost":
        assume(at < len(chain) - 1)
        del changed[at]
    elif kind == "twice":
        changed.insert(at, chain[at])
        position += 1
    else:
        assume(at < len(chain) - 1)
        changed[at], changed[at + 1] = changed[at + 1], changed[at]
    with pytest.raises(Broken) as found:
        verify(changed)
    assert found.value.position == position
    if at < len(chain) - 1 and kind in ("body", "hash"):
        assert f"its {kind} was changed" in found.value.what


@given(CHAINS, st.integers(0, 11))
def test_a_chain_built_anew_is_found_by_a_head_that_was_noted(chain, at):
    at = min(at, len(chain) - 1)
    bodies = [entry.body for entry in chain]
    bodies[at] += b" "
    forged = extend(START, bodies)
    assert verify(forged)[0] == len(chain)
    with pytest.raises(Broken, match="noted earlier"):
        verify(forged, noted=chain[-1][:2])
    assert verify(chain, noted=chain[at][:2]) == chain[-1][:2]
    with pytest.raises(Broken, match="noted earlier"):
        verify(chain[at + 1 :], chain[at][:2], noted=(at + 1, GENESIS))


@given(st.binary(max_size=80), st.integers(0, 80))
def test_bytes_cannot_move_between_the_hash_before_and_the_body(body, cut):
    previous, rest = (GENESIS + body)[:32], (GENESIS + body)[32:]
    assert link(previous, rest) == link(GENESIS, body)
    moved = GENESIS + body[:cut]
    assume(len(moved) != 32)
    with pytest.raises(ValueError, match="32 bytes"):
        link(moved, body[cut:])


def test_the_hash_is_the_one_that_was_written_in_earlier_ledgers():
    from hashlib import sha256

    genesis = sha256(b"detente ledger 1\n").digest()
    first = sha256(b"detente ledger entry 1\n" + genesis + b'{"a":1}').digest()
    second = sha256(b"detente ledger entry 1\n" + first + b"{}").digest()
    assert extend(START, [b'{"a":1}', b"{}"]) == [(1, first, b'{"a":1}'), (2, second, b"{}")]


def test_a_body_that_is_no_bytes_is_broken_not_a_crash():
    with pytest.raises(Broken, match="position 1: its body is not bytes"):
        verify([Entry(1, GENESIS, "text")])
