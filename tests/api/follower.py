"""A client that follows server-sent events, as the standard says to read them."""

import json
import time
from contextlib import contextmanager

__all__ = ["Event", "Follower", "following"]


class Event:
    def __init__(self, name, id, data):
        self.name, self.id, self.data = name, int(id), data

    @property
    def contents(self):
        return json.loads(self.data)["contents"]

    def __repr__(self):
        return f"<{self.id} {self.name} {self.data[:80]}>"


class Follower:
    """Reads one stream.

    Attributes
    ----------
    last : the id after which to go on, as a browser remembers it.
    retries : milliseconds, each time they were told. beats : when there were signs of life.
    """

    def __init__(self, response):
        self._items = self._read(response)
        self.last, self.retries, self.beats = None, [], []

    def take(self, number, *, within=10.0):
        """Give the next events."""
        due = time.monotonic() + within
        found = []
        while len(found) < number:
            item = next(self._items)
            assert time.monotonic() < due, f"only {found}"
            if isinstance(item, Event):
                found.append(item)
        return found

    def rest(self):
        """Give all events until the stream ends."""
        return [item for item in self._items if isinstance(item, Event)]

    def beat(self):
        """Wait for a sign of life; nothing else may come before it."""
        assert next(self._items) is None
        return self.beats[-1]

    def _read(self, response):
        name, data = "message", []
        for line in response.iter_lines():
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not line:
                if data:
                    yield Event(name, self.last, "\n".join(data))
                name, data = "message", []
            elif not field:
                self.beats.append(time.monotonic())
                yield None
            elif field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                self.last = value
            elif field == "retry":
                self.retries.append(int(value))


@contextmanager
def following(client, path="/v1/events", *, last=None, **query):
    """Follow as long as the block."""
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    with client.stream("GET", path, headers=headers, params=query) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"] == "text/event-stream"
        yield Follower(response)
