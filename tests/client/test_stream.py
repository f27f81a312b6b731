"""Event streams, as WHATWG HTML 9.2.6 reads them, in pieces of any size."""

from itertools import chain

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.client import ClientError, Forbidden, Patience, Unreachable
from detente.client.stream import Following, Reader, Subscription

BODY = (
    b"retry: 1500\nid: 4\n\n"
    b":\n\n"
    b"event: intent\nid: 5\ndata: one\xe2\x80\xa8line\n\n"
    b"id: 6\r\ndata:two\r\ndata: lines\r\n\r\n"
    b"data: three\rid: 7\r\rid: 8\n\n"
    b"id: 9\ndata: not whole"
)
EVENTS = [("5", b"one\xe2\x80\xa8line"), ("6", b"two\nlines"), ("7", b"three")]


def cut(body, sizes):
    pieces = []
    for size in sizes:
        pieces.append(body[:size])
        body = body[size:]
    return [*pieces, body]


@given(st.lists(st.integers(0, 40)))
def test_pieces_of_any_size(sizes):
    reader = Reader()
    found = [event for piece in cut(BODY, sizes) for event in reader.read(piece)]
    assert (found, reader.last, reader.retry) == (EVENTS, "8", 1.5)
    reader.broken()
    assert list(reader.read(b"data: whole\n\n")) == [("8", b"whole")]


def test_an_event_without_an_end():
    reader = Reader()
    endless = (reader.read(b"data: " + b"x" * 1_000_000) for _ in range(100))
    with pytest.raises(ClientError, match="bytes"):
        list(chain.from_iterable(endless))


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def following(after=None, clock=None, **patience):
    subscription = Subscription("/v1/events", lambda number, data: (number, data), after)
    return Following(subscription, Patience(**patience), clock or Clock())


def test_it_goes_on_where_it_was_and_says_nothing_twice():
    one = following(after=4)
    assert (one.query, "Last-Event-ID" in one.headers) == ({"after": "4"}, False)
    assert list(one.read(b"id: 5\ndata: a\n\nid: 6\ndata: half")) == [(5, b"a")]
    assert 1.0 > one.pause() > 0.0
    assert (one.query, one.headers["Last-Event-ID"]) == ({}, "5")
    assert list(one.read(b"id: 5\ndata: a\n\nid: 6\ndata: b\n\n")) == [(6, b"b")]
    # a place without an event counts: nothing is to be told again from before it
    fresh = following()
    assert fresh.query == {}
    assert list(fresh.read(b"retry: 2000\nid: 17\n\n")) == []
    assert fresh.headers["Last-Event-ID"] == "17"
    assert fresh.pause() == 2.0


def test_how_long_it_comes_back():
    clock = Clock()
    one = following(clock=clock, total=30.0)
    list(one.read(b":\n\n"))
    request = httpx.Request("GET", "http://x/v1/events")
    error = httpx.ConnectError("refused", request=request)
    clock.now = 100.0  # it was quiet and well for a while
    one.broken(error)
    clock.now = 129.0
    one.broken(error)
    assert not one.opened(httpx.Response(503, headers={"Retry-After": "7"}, request=request))
    assert one.pause() >= 7.0
    clock.now = 131.0
    with pytest.raises(Unreachable):
        one.broken(error)
    with pytest.raises(Forbidden):
        following().opened(httpx.Response(403, request=request))
