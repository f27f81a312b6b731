"""A line to the service that somebody cuts: a proxy of bytes between two sockets."""

import re
import socket
import threading
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

__all__ = ["Line", "line_to"]


class Line:
    """Passes connections on.

    Attributes
    ----------
    lose : how many answers are lost: the request arrives, and the connection ends.
    sent : all that went through to the service.
    """

    def __init__(self, url):
        parts = urlsplit(url)
        self._to = (parts.hostname, parts.port)
        self.lose = 0
        self.sent = b""
        self._open = set()
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def sent_as(self, pattern):
        """Give what a pattern finds in the requests that went through."""
        return re.findall(pattern, self.sent, re.IGNORECASE)

    def cut(self):
        """Cut all that is open."""
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self):
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.cut()

    def _accept(self):
        with suppress(OSError):
            while True:
                near, _ = self._server.accept()
                far = socket.create_connection(self._to)
                self._open |= {near, far}
                for args in ((near, far, True), (far, near, False)):
                    threading.Thread(target=self._pass, args=args, daemon=True).start()

    def _pass(self, source, sink, up):
        with suppress(OSError):
            while piece := source.recv(65_536):
                if up:
                    self.sent += piece
                elif self.lose:
                    self.lose -= 1
                    break
                sink.sendall(piece)
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            self._open.discard(each)


@contextmanager
def line_to(url):
    line = Line(url)
    try:
        yield line
    finally:
        line.close()
