"""Commands as requests over HTTP, and what is answered, as it stands on the wire."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import msgspec

from detente.authority import AUTHORITY, Command
from detente.authority import command as c

__all__ = ["Exchange", "Request", "bodies_in", "request_of"]

_ENCODER = msgspec.json.Encoder()

_CHANCE = (b"date", b"x-request-id")
"""Headers that no two answers have alike: the clock's, and the request's random id."""

_INTENT = {
    c.Activate: "activate", c.End: "end", c.Withdraw: "withdraw",
    c.ReportNonconforming: "nonconforming", c.DeclareContingency: "contingency",
}  # fmt: skip
_HAND = {c.Override: "override", c.Hold: "hold", c.Release: "release", c.Impose: "impose"}


@dataclass(frozen=True)
class Request:
    """What somebody asks; ``target`` is the path as it is sent, with the query."""

    role: str | None
    subject: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Exchange:
    """A request and its answer: status, headers in their order, and body."""

    request: Request
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    @property
    def shown(self) -> bytes:
        """All of the answer that is not chance."""
        return self._written(self.headers, self.body)

    @property
    def shown_but_offers(self) -> bytes:
        """The same without the alternatives, and how long they are."""
        headers = tuple(pair for pair in self.headers if pair[0].lower() != b"content-length")
        return self._written(headers, _without_offers(self.body))

    def _written(self, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> bytes:
        lines = b"".join(b"%b: %b\n" % p for p in headers if p[0].lower() not in _CHANCE)
        asked = f"{self.request.method} {self.request.target}".encode()
        return b"%b\n%d\n%b\n%b\n\n" % (asked, self.status, lines, body)


def bodies_in(text: bytes) -> Iterator[Any]:
    """Read the JSON in an answer's body, or in the events of a stream."""
    for piece in [text, *re.findall(rb"(?m)^data: (.*)$", text)]:
        try:
            yield msgspec.json.decode(piece)
        except msgspec.DecodeError:
            continue


def _without_offers(text: bytes) -> bytes:
    return re.sub(rb'"offers":\[[^\]]*\]', b'"offers":[]', text)


def request_of(command: Command) -> Request:
    """Say how a command is asked over HTTP; when it is asked, the service's clock says."""
    authority = command.by == AUTHORITY
    role, subject = ("authority", "tower") if authority else ("party", command.by)
    headers = [("Idempotency-Key", command.key)]
    version = getattr(command, "version", None)
    if version is not None:
        headers.append(("If-Match", f'"{version}"'))
    method, target, body = _target(command)
    content = b""
    if body is not None:
        headers.append(("Content-Type", "application/json"))
        content = _ENCODER.encode(body)
    return Request(role, subject, method, target, tuple(headers), content)


def _target(command: Any) -> tuple[str, str, Any]:
    match command:
        case c.File() | c.Amend():
            body = {"extent": command.extent, "precedence": command.precedence}
            return "PUT", _path("intents", command.intent), body
        case c.Take():
            return "POST", _path("intents", command.intent, "alternatives", command.offer), None
        case c.ReportNonconforming() | c.DeclareContingency():
            path = _path("intents", command.intent, _INTENT[type(command)])
            return "POST", path, {"volumes": command.off_nominal}
        case c.Activate() | c.End() | c.Withdraw():
            return "POST", _path("intents", command.intent, _INTENT[type(command)]), None
        case c.Join():
            path = _path("coalitions", command.coalition, "membership")
            return "PUT", path, {"shares": command.shares}
        case c.Leave():
            return "DELETE", _path("coalitions", command.coalition, "membership"), None
        case c.FormCoalition():
            path = _path("coalitions", command.coalition)
            return "PUT", path, {"name": command.name, "invited": command.invited}
        case c.RegisterParty():
            path = _path("parties", command.party)
            return "PUT", path, {"name": command.name, "highest": command.highest}
        case c.PublishConstraint() | c.AmendConstraint():
            names = ("volumes", "effect", "permitted", "reason")
            body = {name: getattr(command, name) for name in names}
            return "PUT", _path("constraints", command.constraint), body
        case c.LiftConstraint():
            return "DELETE", _path("constraints", command.constraint), None
        case c.OpenCycle():
            body = {name: getattr(command, name) for name in ("start", "end", "cutoff")}
            return "PUT", _path("cycles", command.cycle), body
        case c.CloseCycle():
            return "POST", _path("cycles", command.cycle, "close"), None
        case c.Override() | c.Hold() | c.Release() | c.Impose():
            names = ("reason", "delay", "feet", "offset")
            body = {name: getattr(command, name) for name in names if hasattr(command, name)}
            verb = _HAND[type(command)]
            return "POST", _path("airspace", "intents", command.party, command.intent, verb), body
        case c.NameAircraft():
            return "PUT", _path("intents", command.intent, "aircraft"), command.aircraft
        case c.Observe():
            names = ("tracks", "unseen", "alerts")
            return "POST", _path("watch"), {name: getattr(command, name) for name in names}
        case c.Indicate():
            path = _path("airspace", "tracks", command.track, "indications")
            return "POST", path, command.indication
        case c.EnterOccurrence() | c.AmendOccurrence():
            body = {name: getattr(command, name) for name in ("occurrence", "public", "shared")}
            return "PUT", _path("occurrences", command.occurrence.id), body
        case c.EnterStatement():
            body = {name: getattr(command, name) for name in ("statement", "public", "shared")}
            return "PUT", _path("statements", command.statement.id), body
        case c.ShareStatement():
            body = {"public": command.public, "shared": command.shared}
            return "POST", _path("statements", command.statement, "share"), body
        case c.GradeStatement():
            path = _path("airspace", "statements", *command.statement.split("/"), "grade")
            return "PUT", path, command.grade
    raise ValueError(f"{type(command).__name__} is not asked over HTTP")


def _path(*names: str) -> str:
    return "/v1/" + "/".join(quote(name, safe="") for name in names)
