"""``detente serve``: how it starts, and how it stops."""

import ipaddress
import re
import signal
import socket
import ssl
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from detente.api.config import read_config
from detente.api.server import found
from detente.authority import Charter, Grid
from detente.cli import main
from detente.errors import InputError
from detente.ledger import MemoryLedger, open_ledger
from detente.ledger.desk import Desk


@pytest.fixture
def refused(tmp_path, monkeypatch, capfd):
    """Have a service refuse to start; give what it says, which is one line."""
    monkeypatch.chdir(tmp_path)

    def refused(*options):
        code = main(["serve", *map(str, options)])
        out, err = capfd.readouterr()
        assert (code, out) == (2, ""), (code, out, err)
        assert err.count("\n") == 1
        return err.removeprefix("detente: ").strip()

    return refused


def test_starts_stops_and_starts_again(start, refused, tmp_path, capfd):
    service = start()
    # what it says is a configuration
    (tmp_path / "said.toml").write_text(service.said.partition("\nready: ")[0])
    told = read_config(tmp_path / "said.toml", {})
    assert (told.host, told.port) == ("127.0.0.1", int(service.url.rpartition(":")[2]))
    assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", service.url)
    # the development key: its owner's alone, and `detente token` signs with it
    key = tmp_path / "airspace.ledger.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert main(["token", "--role", "authority", "--subject", "tower", "--for", "10m"]) == 0
    token = capfd.readouterr().out.strip()
    with service.client("authority", token=token) as tower:
        assert "Founded" in tower.get("/v1/ledger").text
        answer = tower.put(
            "/v1/parties/north", headers={"Idempotency-Key": "1"}, json={"name": "North"}
        )
        assert answer.status_code == 200
    # the port is taken: said in a line, and not shared in silence
    port = service.url.rpartition(":")[2]
    assert refused("--port", port).startswith(f"127.0.0.1:{port}: Address already in use; ")
    assert service.stop(signal.SIGINT) == 0
    assert (tmp_path / "airspace.ledger.snapshot").exists()

    certificate(tmp_path)
    secured = start(
        options=["--port", port], config="certificate = 'server.pem'\nkey = 'server.key'\n"
    )
    assert secured.url == f"https://127.0.0.1:{port}"
    trusted = ssl.create_default_context(cafile=str(tmp_path / "server.pem"))
    # who says nothing, and who talks plainly, hold nobody up
    with socket.create_connection(("127.0.0.1", int(port))):
        with pytest.raises(httpx.TransportError):
            httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False)
        with secured.client("authority", token=token, verify=trusted) as tower:
            answer = tower.get("/v1/parties/north")
            assert answer.json()["name"] == "North"
            assert "max-age" in answer.headers["Strict-Transport-Security"]
        assert secured.stop() == 0


def test_a_certificate_that_is_none(refused, tmp_path):
    for name, password in (("server", None), ("other", None), ("locked", b"secret")):
        certificate(tmp_path, name, password)
    for first, second, what in (
        ("server.pem", "other.key", "mismatch"),
        ("locked.pem", "locked.key", "no certificate with this key"),
        ("server.key", "server.key", "no certificate with this key"),
        ("none.pem", "server.key", "none.pem: No such file"),
    ):
        (tmp_path / "a.toml").write_text(f"certificate = '{first}'\nkey = '{second}'\n")
        assert what in refused("--create", "--port", "0", "--config", "a.toml")
    assert not (tmp_path / "airspace.ledger").exists()


def test_a_charter(refused, tmp_path):
    given = Charter(name="UIR", vertical=2_000.0, grid=Grid(level_steps=(-2, 2)))
    with Desk.open(tmp_path / "airspace.ledger", create=True) as desk:
        found(desk, given)
        assert desk.state.charter == given
        # a service that starts again says nothing of it, or the same
        found(desk, None)
        found(desk, given)
        assert desk.state.position == 1
    file = tmp_path / "charter.toml"
    options = ("--port", "0", "--charter", "charter.toml")
    file.write_text("name = 'FIR'\n[grid]\nlevel_steps = [-2, 2]\n")
    assert "founded with another charter" in refused(*options)
    file.write_text("[grid]\nlevels = 7\n")
    assert "charter.toml, field 'grid'" in refused(*options)
    # one that the authority refuses founds nothing
    file.write_text("horizontal = -1\n")
    assert "-1" in refused(*options, "--ledger", "b.ledger", "--create")
    with open_ledger(tmp_path / "b.ledger") as ledger:
        assert ledger.head()[0] == 1
        assert "Founded" not in str(list(ledger.read()))
    with Desk.open(tmp_path / "b.ledger") as desk:
        found(desk, None)
        assert desk.state.founded


def test_the_first_to_found_an_airspace_lays_down_its_charter():
    ledger = MemoryLedger()
    one, two, three = Desk(ledger), Desk(ledger.another()), Desk(ledger.another())
    found(one, Charter(name="one"))
    found(two, Charter(name="one"))
    found(three, None)
    assert two.state.charter == three.state.charter == Charter(name="one")
    with pytest.raises(InputError, match="another charter"):
        found(Desk(ledger.another()), Charter(name="two"))


def certificate(directory, name="server", password=None):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    how = BestAvailableEncryption(password) if password else NoEncryption()
    (directory / f"{name}.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (directory / f"{name}.key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    )


def test_a_ledger_that_is_none(refused, tmp_path):
    (tmp_path / "a.ledger").write_text("not a ledger, but long enough to be looked at\n" * 100)
    assert "a.ledger" in refused("--ledger", "a.ledger", "--create", "--port", "0")
    url = "postgresql:///x?host=/nowhere"
    assert "nowhere" in refused("--ledger", url, "--create", "--port", "0")
    assert not list(tmp_path.glob("*.key"))
