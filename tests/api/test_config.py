"""A configuration: what goes before what, and what cannot be."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from detente.api.caller import MAY, Role
from detente.api.config import Config, Keys, Limits, Webhooks, effective, read_config
from detente.api.listening import check
from detente.authority import Charter
from detente.cli import main
from detente.errors import InputError


def test_an_option_goes_before_the_environment_and_that_before_the_file(tmp_path):
    file = tmp_path / "a.toml"
    file.write_text("host = '::1'\nport = 1\ngrace = 3\n[limits]\nbody = 5\nfixes = 6\n")
    environment = {"DETENTE_PORT": "2", "DETENTE_GRACE": "4", "DETENTE_LIMITS_BODY": "7"}
    told = read_config(file, environment, port=8, ledger=None)
    assert told == Config(host="::1", port=8, grace=4.0, limits=Limits(body=7, fixes=6))
    assert read_config(None, {}) == Config()


def test_every_field_has_its_variable():
    tables = ("", Config), ("limits_", Limits), ("keys_", Keys), ("webhooks_", Webhooks)
    for table, kind in tables:
        for field in msgspec.structs.fields(kind):
            if field.name in ("limits", "keys", "webhooks"):
                continue
            given = {"log": "console", "metrics": "loopback"}.get(field.name, "9000")
            if field.type is bool:
                given = "True"
            if field.name in ("processes", "skew"):
                given = "7"
            told = read_config(None, {f"DETENTE_{table}{field.name}".upper(): given})
            where = getattr(told, table[:-1]) if table else told
            assert str(getattr(where, field.name)).removesuffix(".0") == given


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("prot = 1", ("a.toml", "prot")),
        ("port = 'x'", ("a.toml", "'port'")),
        ("port = 70000", ("a.toml", "'port'", "65535")),
        ("log = 'xml'", ("a.toml", "'log'")),
        ("[limits]\nbody = 0", ("a.toml", "'limits.body'")),
        ("[limits]\nbody = inf", ("a.toml", "'limits.body'")),
        ("[limits]\nreading = nan", ("a.toml", "'limits.reading'")),
        ("[keys]\nskew = 9999", ("a.toml", "'keys.skew'")),
        ("limits = 3", ("a.toml", "'limits'")),
        ("port = ", ("a.toml", "TOML")),
        (b"\xff\xfe", ("a.toml",)),
    ],
)
def test_a_file_that_cannot_be(tmp_path, text, names):
    file = tmp_path / "a.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InputError) as error:
        read_config(file, {})
    for name in names:
        assert name in str(error.value)
    assert "\n" not in str(error.value)


def test_who_told_what_cannot_be(tmp_path):
    for environment, name in (
        ({"DETENTE_PORT": "http"}, "DETENTE_PORT"),
        ({"DETENTE_LIMITS_BODY": "-1"}, "DETENTE_LIMITS_BODY"),
        ({"DETENTE_LIMITS_BDOY": "1"}, "DETENTE_LIMITS_BDOY"),
        ({"DETENTE_KEYS_JWSK": "a"}, "DETENTE_KEYS_JWSK"),
    ):
        with pytest.raises(InputError, match=f"^{name}: "):
            read_config(None, environment)
    with pytest.raises(InputError, match=r"^--port: "):
        read_config(None, {"DETENTE_PORT": "80"}, port=-1)
    with pytest.raises(InputError, match=r"none\.toml: No such file"):
        read_config(tmp_path / "none.toml", {})
    # other variables of that prefix are the client's
    assert read_config(None, {"DETENTE_TOKEN": "t", "DETENTE_URL": "u"}) == Config()


def test_the_effective_configuration_is_one_again_and_has_no_password(tmp_path):
    told = Config(port=81, limits=Limits(body=5), keys=Keys(audience='say "hello"'))
    file = tmp_path / "a.toml"
    file.write_text(effective(told))
    assert read_config(file, {}) == told
    for url in (
        "postgresql://user:hunter2@host/db?schema=s",
        "postgresql://host/db?password=hunter2&user=x",
    ):
        assert "hunter2" not in effective(Config(ledger=url))


JWKS = Keys(jwks="https://issuer.example/jwks", issuer="https://issuer.example")


@pytest.mark.parametrize(
    ("config", "what"),
    [
        (Config(host="0.0.0.0"), "the development key would let in whoever reaches 0.0.0.0"),
        (Config(host="::"), "the development key"),
        (Config(host="192.0.2.1"), "the development key"),
        (Config(host="tower.example"), "the development key"),
        (Config(keys=Keys(jwks="https://issuer.example/jwks")), "no issuer is named"),
        (Config(processes=2), "several processes need a ledger that they can share"),
        (Config(certificate="a.pem"), "a certificate and its key go together"),
        (Config(key="a.pem"), "a certificate and its key go together"),
        (Config(certificate="none.pem", key="none.pem"), "No such file"),
    ],
)
def test_a_service_that_cannot_be(config, what):
    with pytest.raises(InputError, match=what) as error:
        check(config)
    assert error.value.mend


def test_a_service_that_can_be():
    check(Config())
    check(Config(host="localhost"))
    check(Config(host="0.0.0.0", keys=JWKS))
    check(Config(ledger="postgresql:///x", processes=4))


TOKEN = ["token", "--role", "party", "--subject", "north"]


@pytest.mark.parametrize(
    ("tokens", "names"),
    [
        (["serve", "--ledger", "none.ledger", "--port", "0"], ("none.ledger", "no such ledger")),
        (["serve", "--host", "0.0.0.0"], ("development key", "127.0.0.1")),
        (["serve", "--host", "nowhere.invalid"], ("development key",)),
        (["serve", "--port", "x"], ("port",)),
        (["serve", "--config", "none.toml"], ("none.toml",)),
        (["serve", "--processes", "2"], ("postgresql://",)),
        (["serve", "--create", "--port", "0", "--charter", "none.toml"], ("none.toml",)),
        (TOKEN, ("airspace.ledger.key", "No such file")),
        ([*TOKEN, "--for", "soon"], ("soon", "1h")),
        ([*TOKEN, "--scope", "audit"], ("audit", "file")),
        (["token", "--role", "king", "--subject", "x"], ("king",)),
    ],
)
def test_one_line_and_exit_code_2(tokens, names, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert main(tokens) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    for name in names:
        assert name in err
    # and nothing is left behind by what never began
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_others_can_read(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "airspace.ledger.key"
    file.write_text("{}")
    file.chmod(0o640)
    assert main(TOKEN) == 2
    assert "chmod 600" in capfd.readouterr().err
    file.chmod(0o600)
    assert main(TOKEN) == 2
    assert "no key that signs tokens" in capfd.readouterr().err


ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "service.md").read_text()


def test_the_page_has_every_setting_and_its_default():
    rows = re.findall(r"^\| `([a-z_.]+)` \| `([^`]+)` \| ", PAGE, re.MULTILINE)
    shown = {name: tomllib.loads(f"x = {default}")["x"] for name, default in rows}
    fields = msgspec.to_builtins(Config()) | msgspec.to_builtins(Charter())
    tables = {name: fields.pop(name) for name in ("limits", "keys", "webhooks", "grid")}
    fields |= {f"{t}.{name}": value for t, table in tables.items() for name, value in table.items()}
    # as TOML has them: lists
    assert shown == msgspec.json.decode(msgspec.json.encode(fields))


def test_the_page_has_the_table_of_who_may_what():
    head = ["party", "lead", "authority", "observer"]
    assert "| party | lead | authority | observer |" in PAGE
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \|([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|$", PAGE, re.M)
    shown = {
        scope: {Role(role) for role, cell in zip(head, cells, strict=True) if cell.strip()}
        for scope, *cells in rows
    }
    assert shown == MAY


def test_the_example_can_be(tmp_path):
    told = read_config(ROOT / "deploy" / "detente.toml", {})
    check(msgspec.structs.replace(told, certificate="", key=""))
    assert told.host == "0.0.0.0"
    # with what the page says it has beside it
    unit = (ROOT / "deploy" / "detente.service").read_text()
    assert "serve --config /etc/detente/detente.toml\n" in unit
