"""A real server process, as a user starts one, and tokens for it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from detente.api.caller import Role
from detente.api.config import Keys
from detente.api.development import mint, private_key

__all__ = ["Service", "running_service"]


class Service:
    """``detente serve`` in a directory of its own.

    Parameters
    ----------
    directory : holds the ledger, the development key and the log.
    config : text of a TOML file.
    options : of the command line, in place of ``--create --port 0``.
    environment : variables beside those of this process.
    """

    def __init__(self, directory, *, config="", options=None, environment=None):
        self.directory = Path(directory)
        self.log_file = self.directory / "log"
        command = [sys.executable, "-m", "detente", "serve"]
        command += ["--create", "--port", "0"] if options is None else list(options)
        if config:
            (self.directory / "detente.toml").write_text(config)
            command += ["--config", "detente.toml"]
        self._error = self.log_file.open("ab")
        self.process = subprocess.Popen(
            command,
            cwd=self.directory,
            env={**os.environ, "PYTHONUTF8": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._error,
            text=True,
        )
        self.url = ""
        self.said = ""

    def ready(self):
        """Wait until it answers."""
        for line in self.process.stdout:
            self.said += line
            if line.startswith("ready: "):
                self.url = line.removeprefix("ready: ").strip()
                return self
        raise AssertionError(f"exit code {self.process.wait(60)}: {self.log}")

    @property
    def log(self):
        return self.log_file.read_text()

    @property
    def ledger(self):
        return self.directory / "airspace.ledger"

    @property
    def _key(self):
        beside = self.directory / "airspace.ledger.key"
        return beside if beside.exists() else self.directory / "detente.key"

    def token(self, role="party", subject="north", *, scopes=(), seconds=600, key=None, **keys):
        """Mint a token; ``keys`` are fields of the configuration's table of that name."""
        return mint(
            private_key(key or self._key),
            Keys(**keys),
            role=Role(role),
            subject=subject,
            scopes=scopes,
            issued=time.time(),
            seconds=seconds,
        )

    def client(self, role="party", subject="north", *, scopes=(), token=None, **options):
        """Give a client that asks as somebody; ``role=None`` as nobody."""
        headers = {}
        if role is not None:
            token = token or self.token(role, subject, scopes=scopes)
            headers["Authorization"] = f"Bearer {token}"
        if self.url.startswith("http:"):  # the machine's certificates take 20 ms to load
            options.setdefault("verify", False)
        return httpx.Client(
            base_url=self.url, headers=headers, timeout=30, trust_env=False, **options
        )

    def register(self, *parties, highest="emergency"):
        """Have the authority register parties."""
        with self.client("authority", "tower") as authority:
            for party in parties:
                answer = authority.put(
                    f"/v1/parties/{party}",
                    headers={"Idempotency-Key": f"register-{party}"},
                    json={"highest": highest},
                )
                assert answer.status_code == 200, answer.text

    def stop(self, number=signal.SIGTERM):
        """Stop it; give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(60)
        finally:
            self.process.stdout.close()
            self._error.close()

    def kill(self):
        with suppress(OSError):
            self.process.kill()
        self.stop()


@contextmanager
def running_service(directory=None, **options):
    """Run a service as long as the block."""
    with tempfile.TemporaryDirectory() as own:
        service = Service(directory or own, **options)
        try:
            yield service.ready()
        finally:
            if service.process.poll() is None:
                service.kill()
