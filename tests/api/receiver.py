"""A party's own HTTP server, which takes webhooks."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Receiver"]


class Receiver:
    """Answers each request with the next of ``statuses``, then with 200.

    Attributes
    ----------
    taken : headers and body of each request, in the order they came. answered : the statuses.
    pause : seconds before an answer.
    """

    def __init__(self, *statuses, pause=0.0):
        self.statuses, self.pause = list(statuses), pause
        self.taken, self.answered = [], []
        self._lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(handler):  # noqa: N805
                body = handler.rfile.read(int(handler.headers["content-length"]))
                with self._lock:
                    status = self.statuses.pop(0) if self.statuses else 200
                    self.taken.append((dict(handler.headers.items()), body))
                    self.answered.append(status)
                time.sleep(self.pause)
                handler.send_response(status)
                if 300 <= status < 400:
                    handler.send_header("location", "/elsewhere")
                handler.send_header("content-length", "0")
                handler.end_headers()

            def log_message(handler, *_):  # noqa: N805
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # the service hung up

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/notices"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def ids(self):
        return [int(headers["webhook-id"]) for headers, _ in self.taken]

    def wait(self, number, *, within=10.0):
        """Wait until so many requests came."""
        due = time.monotonic() + within
        while len(self.taken) < number:
            assert time.monotonic() < due, f"only {self.ids}"
            time.sleep(0.01)
        return self.taken

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
