"""A real PostgreSQL server of one's own, from Debian's binaries: for tests and benchmarks."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psycopg

__all__ = ["Server", "binaries", "running_server"]


def binaries():
    """Find the directory of initdb and postgres: Debian keeps them off the PATH; or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name)
    )
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    whole = [path for path in found if (path / "initdb").exists() and (path / "postgres").exists()]
    return whole[-1] if whole else None


class Server:
    """A cluster in a directory of its own; only its Unix socket is listened on.

    The server refuses to run as root, so root lends it to another user.
    """

    def __init__(self, directory):
        self._bin = binaries()
        self._directory = Path(directory)
        self._data = self._directory / "data"
        self._process = None
        self._user = None
        if os.geteuid() == 0:
            known = {entry.pw_name for entry in pwd.getpwall()}
            self._user = "postgres" if "postgres" in known else "nobody"
            shutil.chown(directory, self._user)
        self._run("initdb", "-D", self._data, "-U", "detente", "-A", "trust", "-E", "UTF8", "-N")

    def url(self, schema="detente", *, user="detente", **options):
        pairs = {"host": self._directory, "schema": schema} | options
        query = "&".join(f"{key}={value}" for key, value in pairs.items())
        return f"postgresql://{user}@/postgres?{query}"

    def connect(self):
        """Connect past Detente, as a hand would."""
        return psycopg.connect(
            host=str(self._directory), user="detente", dbname="postgres", autocommit=True
        )

    def start(self, *, largest_file=None, **settings):
        """Start it and wait until it answers.

        Parameters
        ----------
        largest_file : bytes; writing beyond that fails, as on a full disk.
        settings : such as fsync="off".
        """
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self._directory,
            "shared_buffers": "32MB",
            "max_connections": 60,
        } | settings
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        command = [self._bin / "postgres", "-D", self._data, *options]
        if largest_file is not None:
            # sh counts in pieces of 512 bytes
            limit = f'ulimit -S -f {largest_file // 512}; exec "$@"'
            command = ["/bin/sh", "-c", limit, "sh", *command]
        with (self._directory / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd="/",
                user=self._user,
            )
        due = monotonic() + 30
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or monotonic() > due:
                    raise RuntimeError((self._directory / "log").read_text()) from None
                sleep(0.02)

    def stop(self, how=signal.SIGINT):
        """Stop it; SIGINT: fast, connections are cut; SIGQUIT: at once, as in a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(30)
            self._process = None

    def _run(self, program, *arguments):
        subprocess.run(
            [self._bin / program, *arguments],
            check=True,
            capture_output=True,
            cwd="/",
            user=self._user,
        )


@contextmanager
def running_server():
    """Run a server as long as the block; its directory's name is short, as a socket's must be."""
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as directory:
        server = Server(directory)
        server.start()
        try:
            yield server
        finally:
            server.stop(signal.SIGQUIT)
