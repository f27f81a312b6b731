"""What lies between a browser and a service: it notes every byte, and can be cut."""

import socket
import threading
from contextlib import suppress

__all__ = ["Proxy"]


class Proxy:
    """Passes connections on to a service, as long as it is not cut.

    Attributes
    ----------
    url : where the browser asks.
    talks : for each connection, what went (True for what the service said, bytes), in order.
    """

    def __init__(self, url):
        self._target = ("127.0.0.1", int(url.rpartition(":")[2]))
        self.talks = []
        self._open = set()
        self._lock = threading.Lock()
        self._is_cut = False
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._admit, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.cut()
        self._door.close()

    def cut(self):
        """Break every connection, and let none be made."""
        with self._lock:
            self._is_cut = True
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def mend(self):
        with self._lock:
            self._is_cut = False

    def _admit(self):
        while True:
            try:
                browser, _ = self._door.accept()
            except OSError:
                return
            with self._lock:
                if self._is_cut:
                    browser.close()
                    continue
                service = socket.create_connection(self._target)
                self._open |= {browser, service}
            talk = []
            self.talks.append(talk)
            for ends, answers in (((browser, service), False), ((service, browser), True)):
                threading.Thread(
                    target=self._pass, args=(*ends, talk, answers), daemon=True
                ).start()

    def _pass(self, giver, taker, talk, answers):
        with suppress(OSError):
            while piece := giver.recv(65_536):
                talk.append((answers, piece))
                taker.sendall(piece)
        for end in (giver, taker):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
