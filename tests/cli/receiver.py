"""A receiver of BaseStation lines on a socket, which can break off."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cli.skies import east
from tests.feeds.reports import msg

__all__ = ["receiver"]


@contextmanager
def receiver() -> Iterator[tuple[int, threading.Event]]:
    """A receiver that sees one aircraft once a tenth of a second; the event breaks connections."""
    broken, over = threading.Event(), threading.Event()
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)

    def serve() -> None:
        began = time.monotonic()
        while not over.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            with connection:
                while not over.is_set():
                    lat, lon = east(50.0, time.monotonic() - began)
                    line = msg("4ca7b6", lat, lon)
                    try:
                        if broken.is_set():
                            broken.clear()
                            connection.sendall(line[: len(line) // 2])
                            break
                        connection.sendall(line)
                    except OSError:
                        break
                    over.wait(0.1)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server.getsockname()[1], broken
    finally:
        over.set()
        thread.join()
        server.close()
