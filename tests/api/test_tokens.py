"""Tokens that hold, and every way in which one does not, through a real server."""

import asyncio
import base64
import hashlib
import hmac
import json
import time

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from detente.api.caller import MAY, Caller, Role
from detente.api.config import Keys
from detente.api.keys import KeyRing, read_keys
from detente.api.tokens import TokenError, Tokens
from detente.errors import InputError
from tests.api.service import running_service

ISSUER = "https://issuer.example"

RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa"})
KEYS = {"RS256": RSA, "ES256": EC, "EdDSA": ED, "Ed25519": ED}


def key_set(*keys):
    return json.dumps({"keys": [key.as_dict(private=False) for key in keys]})


def claims(**changes):
    now = time.time()
    made = {
        "iss": ISSUER,
        "aud": "detente",
        "sub": "north",
        "role": "party",
        "scope": "read file",
        "iat": now,
        "exp": now + 60,
    } | changes
    return {name: value for name, value in made.items() if value is not ...}


def signed(body, key=RSA, alg="RS256", **header):
    """Sign past every check of a library that would refuse to."""
    header = {"alg": alg, "kid": key.kid} | header
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = part({name: value for name, value in header.items() if value is not ...})
    text = f"{head}.{part(payload)}"
    return f"{text}.{part(JWSRegistry.algorithms[alg].sign(text.encode(), key))}"


def part(value):
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def with_secret(secret, **header):
    head = part({"alg": "HS256", "kid": "rsa"} | header) + "." + part(claims())
    return head + "." + part(hmac.new(secret, head.encode(), hashlib.sha256).digest())


PEM = RSA.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DER = RSA.public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
WHOLE = signed(claims(exp=time.time() + 3600))  # the file may be run late
HEAD, BODY, SEAL = WHOLE.split(".")


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    """A service that takes an issuer's tokens."""
    directory = tmp_path_factory.mktemp("issued")
    (directory / "jwks.json").write_text(key_set(RSA, EC, ED))
    config = f"[keys]\njwks = 'jwks.json'\nissuer = '{ISSUER}'\nskew = 5\ntoken = 4000\n"
    with running_service(directory, config=config) as started, started.client(None) as client:
        started.asked = client
        yield started


def ask(service, token, path="/v1/intents", **options):
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    return service.asked.get(path, headers=headers, **options)


@pytest.mark.parametrize("alg", KEYS)
def test_each_algorithm_with_its_own_kind_of_key(issued, alg):
    assert ask(issued, signed(claims(), KEYS[alg], alg)).status_code == 200


HOLDS = {
    "several audiences": lambda: claims(aud=["other", "detente"]),
    "expired within the skew": lambda: claims(exp=time.time() - 2, iat=...),
    "not yet, within the skew": lambda: claims(nbf=time.time() + 3),
    "a client of a party": lambda: claims(sub="auth0|7", party="north"),
    "an observer": lambda: claims(role="observer", scope="read", sub="auth0|7/desk"),
    "a lead": lambda: claims(role="lead", coalition="allies", scope="read"),
    "claims of others": lambda: claims(more={"deep": [1]}),
}


@pytest.mark.parametrize("why", HOLDS)
def test_holds(issued, why):
    answer = ask(issued, signed(HOLDS[why]()), "/v1/constraints")
    assert answer.status_code == 200, answer.text


REFUSED = {
    "expired": lambda: signed(claims(exp=time.time() - 6)),
    "not yet": lambda: signed(claims(nbf=time.time() + 60)),
    "issued in the future": lambda: signed(claims(iat=time.time() + 60)),
    "another issuer": lambda: signed(claims(iss="https://elsewhere.example")),
    "another audience": lambda: signed(claims(aud="console")),
    "none of the audiences": lambda: signed(claims(aud=["a", "b"])),
    **{
        f"no {name}": lambda name=name: signed(claims(**{name: ...}))
        for name in ("exp", "iss", "aud", "sub", "role")
    },
    "exp is text": lambda: signed(claims(exp="2099-01-01")),
    "exp is true": lambda: signed(claims(exp=True)),
    "exp is no number": lambda: signed(
        json.dumps(claims()).replace('"exp": ', '"exp": NaN, "x": ').encode()
    ),
    "unknown role": lambda: signed(claims(role="root")),
    "a role's scope that is another's": lambda: signed(claims(scope="read audit")),
    "unknown scope": lambda: signed(claims(scope="read everything")),
    "an observer that files": lambda: signed(claims(role="observer", scope="file")),
    "a party called authority": lambda: signed(claims(sub="authority")),
    "a party claim called authority": lambda: signed(claims(party="authority")),
    "a party that reads as a lead": lambda: signed(claims(sub="coalition:allies")),
    "a party with a coalition": lambda: signed(claims(coalition="allies")),
    "a lead of nothing": lambda: signed(claims(role="lead", scope="read")),
    "an empty subject": lambda: signed(claims(sub="")),
    "a subject with a line's end": lambda: signed(claims(role="authority", sub="a\nb", scope="")),
    "alg none": lambda: f"{part({'alg': 'none', 'kid': 'rsa'})}.{BODY}.",
    "alg none with a signature": lambda: f"{part({'alg': 'none', 'kid': 'rsa'})}.{BODY}.{SEAL}",
    "alg NONE": lambda: f"{part({'alg': 'NONE', 'kid': 'rsa'})}.{BODY}.{SEAL}",
    "HS256 with the public key's PEM": lambda: with_secret(PEM),
    "HS256 with the public key's DER": lambda: with_secret(DER),
    "HS256 with the modulus": lambda: with_secret(
        base64.urlsafe_b64decode(RSA.as_dict(private=False)["n"] + "==")
    ),
    "HS256 that brings its key": lambda: with_secret(
        b"secret" * 5, jwk=OctKey.import_key(b"secret" * 5).as_dict()
    ),
    "a key that the token brings": lambda: signed(
        claims(), STRANGER, jwk=STRANGER.as_dict(private=False)
    ),
    "a key that the token points to": lambda: signed(
        claims(), STRANGER, jku="http://127.0.0.1:9/jwks"
    ),
    "another's key under a known kid": lambda: signed(claims(), STRANGER),
    "another algorithm of the key": lambda: signed(claims(), RSA, "PS256"),
    "another kind of key": lambda: signed(claims(), EC, "ES256", kid="rsa"),
    "unknown kid": lambda: signed(claims(), RSA, kid="other"),
    "kid is a path": lambda: signed(claims(), RSA, kid="../../dev/null"),
    "no kid where there are several keys": lambda: signed(claims(), RSA, kid=...),
    "crit": lambda: signed(claims(), RSA, crit=["exp"], exp=1),
    "b64": lambda: signed(claims(), RSA, b64=True),
    "another type": lambda: signed(claims(), RSA, typ="dpop+jwt"),
    "other claims under the signature": lambda: f"{HEAD}.{part(claims(role='authority'))}.{SEAL}",
    "no signature": lambda: f"{HEAD}.{BODY}.",
    "half a signature": lambda: WHOLE[:-20],
    "two parts": lambda: f"{HEAD}.{BODY}",
    "encrypted": lambda: ".".join([HEAD, BODY, SEAL, SEAL, SEAL]),
    "padding": lambda: f"{HEAD}.{BODY}.{SEAL}==",
    "no JSON": lambda: signed(b"north"),
    "a list": lambda: signed(b"[]"),
    "nested deep": lambda: signed(b"[" * 1_000 + b"]" * 1_000),
    "a header nested deep": lambda: f"{part(b'[' * 900)}.{BODY}.{SEAL}",
    "too large": lambda: signed(claims(more="x" * 4_000)),
}


@pytest.mark.parametrize("why", REFUSED)
def test_does_not_hold(issued, why):
    answer = ask(issued, REFUSED[why]())
    assert answer.status_code == 401, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/unauthenticated"
    assert answer.headers["WWW-Authenticate"].startswith(
        'Bearer realm="detente", error="invalid_token", error_description="'
    )


def test_without_a_token(issued):
    answer = ask(issued, None)
    assert answer.status_code == 401
    # RFC 6750, 3.1: no error code where nothing was given
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="detente"'
    for given in ("Basic bm9ydGg6eA==", "Bearer", WHOLE):
        answer = issued.asked.get("/v1/intents", headers={"Authorization": given})
        assert answer.status_code == 401, given
        assert 'error="invalid_request"' in answer.headers["WWW-Authenticate"]
    twice = [("Authorization", f"Bearer {WHOLE}")] * 2
    assert issued.asked.get("/v1/intents", headers=twice).status_code == 401
    assert issued.asked.get(f"/v1/intents?access_token={WHOLE}").status_code == 401


def test_a_scope_that_the_token_has_not(issued):
    answer = ask(issued, signed(claims(scope="file")))
    assert answer.status_code == 403
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer realm="detente", error="insufficient_scope", scope="read"'
    )
    # a role may not more than its table says, whatever its path
    assert ask(issued, signed(claims(role="observer", scope="read")), "/metrics").status_code == 403


def test_public_paths(issued):
    for path in ("/health", "/ready", "/docs", "/openapi.json", "/problems", "/problems/version"):
        assert ask(issued, None, path).status_code == 200, path
    for path in ("/metrics", "/v1/ledger", "/v1/parties", "/features"):
        assert ask(issued, None, path).status_code == 401, path


def test_nothing_secret_is_logged(issued):
    for make in REFUSED.values():
        ask(issued, make(), "/v1/parties")
    ask(issued, WHOLE)
    log = issued.log
    assert '"subject":"north"' in log
    assert "eyJ" not in log
    assert SEAL[:20] not in log


def test_keys_rotate_in_a_file(issued):
    path = issued.directory / "jwks.json"
    new = ECKey.generate_key("P-256", {"kid": "new"})
    old_token, new_token = signed(claims()), signed(claims(), new, "ES256")
    assert ask(issued, old_token).status_code == 200
    assert ask(issued, new_token).status_code == 401
    path.write_text(key_set(RSA, EC, ED, new))
    assert _becomes(issued, new_token, 200)
    assert ask(issued, old_token).status_code == 200
    # a token that was verified and remembered goes with its key
    path.write_text(key_set(EC, ED, new))
    assert _becomes(issued, old_token, 401)
    path.write_text('{"keys": [')
    time.sleep(1.2)
    assert ask(issued, signed(claims(exp=time.time() + 61), new, "ES256")).status_code == 200
    assert "keys-not-read" in issued.log
    path.write_text(key_set(RSA, EC, ED))
    assert _becomes(issued, old_token, 200)


def _becomes(service, token, status):
    due = time.monotonic() + 5
    while time.monotonic() < due:
        if ask(service, token).status_code == status:
            return True
        time.sleep(0.1)
    return False


class Issuer:
    """A real HTTP server with a key set that changes."""

    def __init__(self):
        self.body, self.status, self.asked = key_set(RSA), 200, 0

    async def _answer(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        body = self.body.encode()
        writer.write(
            b"HTTP/1.1 %d x\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
            % (self.status, len(body), body)
        )
        await writer.drain()
        writer.close()

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.keys = Keys(
            jwks=f"http://127.0.0.1:{port}/jwks", issuer=ISSUER, refresh=100, cooldown=10
        )
        self.now = 0.0
        self.ring = KeyRing(self.keys, now=lambda: self.now)
        return self

    async def __aexit__(self, *_):
        self._server.close()


def test_keys_rotate_at_a_url():
    async def scenario():
        async with Issuer() as issuer:
            ring, tokens = issuer.ring, Tokens(issuer.ring, issuer.keys)
            await ring.begin()
            assert (await tokens.caller(WHOLE)).subject == "north"
            new = signed(claims(), EC, "ES256")
            issuer.body = key_set(RSA, EC)
            # not known, and asked for just now
            with pytest.raises(TokenError, match="kid"):
                await tokens.caller(new)
            assert issuer.asked == 1
            issuer.now = 11.0
            many = await asyncio.gather(*(tokens.caller(new) for _ in range(50)))
            assert {caller.subject for caller in many} == {"north"}
            assert issuer.asked == 2
            # the old key goes: what was remembered goes with it, once the keys are old
            issuer.body = key_set(EC)
            issuer.now = 120.0
            assert await tokens.caller(signed(claims(exp=time.time() + 99))) is not None
            while issuer.asked < 3 or ring.generation < 3:
                await asyncio.sleep(0.01)
            issuer.now = 121.0
            with pytest.raises(TokenError):
                await tokens.caller(WHOLE)
            # a source that fails leaves the last good set
            for issuer.status, issuer.body in ((500, ""), (200, "<html>"), (200, "x" * 2_000_000)):
                issuer.now += 300
                before = issuer.asked
                assert await tokens.caller(signed(claims(jti=str(before)), EC, "ES256"))
                while issuer.asked == before:
                    await asyncio.sleep(0.01)
                await asyncio.sleep(0.05)
                assert await tokens.caller(signed(claims(jti=f"{before}b"), EC, "ES256"))

    asyncio.run(asyncio.wait_for(scenario(), 20))


def test_remembered_until_it_expires():
    now = time.time()
    clock = [now]

    async def scenario():
        async with Issuer() as issuer:
            keys = Keys(issuer=ISSUER, skew=5, known=3)
            tokens = Tokens(issuer.ring, keys, now=lambda: clock[0])
            token = signed(claims(exp=now + 60))
            first = await tokens.caller(token)
            assert await tokens.caller(token) is first
            clock[0] = now + 66
            with pytest.raises(TokenError, match="expired"):
                await tokens.caller(token)
            clock[0] = now
            for number in range(20):
                await tokens.caller(signed(claims(jti=str(number))))
            assert await tokens.caller(token) is not first

    asyncio.run(scenario())


def test_which_keys_may_sign():
    def only(**key):
        return read_keys(json.dumps({"keys": [key]}).encode(), "keys")

    rsa, ec = RSA.as_dict(private=True), EC.as_dict(private=False)
    assert only(**rsa)["rsa"].key.is_private is False
    for key in (
        OctKey.generate_key(256, {"kid": "a"}).as_dict(),
        RSAKey.generate_key(1024, {"kid": "a"}).as_dict(private=False),
        ECKey.generate_key("P-384", {"kid": "a"}).as_dict(private=False),
        OKPKey.generate_key("X25519", {"kid": "a"}).as_dict(private=False),
        rsa | {"use": "enc"},
        rsa | {"alg": "RS512"},
        rsa | {"alg": "HS256"},
        rsa | {"n": 7},
        ec | {"x": "!!"},
        ec | {"key_ops": ["deriveKey"]},
        {"kid": "a"},
    ):
        with pytest.raises(InputError, match="no key in it"):
            only(**key)
    for body in (b"", b"[]", b'{"keys": {}}', b'{"keys": [7]}', b"[" * 100_000):
        with pytest.raises(InputError):
            read_keys(body, "keys")
    for url in ("http://issuer.example/jwks", "ftp://issuer.example", "http://127.0.0.1@evil/"):
        with pytest.raises(InputError, match="in the clear"):
            KeyRing(Keys(jwks=url))


def test_names_of_callers_do_not_meet():
    """A party, a lead and the authority are never written down alike."""
    assert {Caller(role, "x").by for role in (Role.PARTY, Role.LEAD, Role.AUTHORITY)} == {
        "x",
        "coalition:x",
        "authority",
    }
    assert all(roles for roles in MAY.values())
