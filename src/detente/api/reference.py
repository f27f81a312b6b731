"""The reference at ``/docs``: every resource of the description, as one sheet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import msgspec

from detente.api.sheet import sheet

__all__ = ["reference"]

Node = Mapping[str, Any]


def reference(described: Node) -> bytes:
    """Write the reference.

    Parameters
    ----------
    described : an OpenAPI 3.1 document.
    """
    info = described["info"]
    groups: dict[str, list[str]] = defaultdict(list)
    for path, item in described["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                tags = operation.get("tags") or ["other"]
                groups[tags[0]].append(_operation(described, method, path, operation))
    names = sorted(groups)
    links = " · ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in names)
    body = [
        f"<h1>{escape(info['title'])} {escape(str(info['version']))}</h1>",
        f"<p>{escape(info.get('description') or '')}</p>",
        f'<p>{links} · <a href="#schemas">schemas</a>',
        ' · <a href="/openapi.json">openapi.json</a></p>',
    ]
    for name in names:
        body += [f'<h2 id="{escape(name)}">{escape(name)}</h2>', *groups[name]]
    body.append('<h2 id="schemas">schemas</h2>')
    for name, schema in sorted(described["components"]["schemas"].items()):
        body.append(
            f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
            f"{_text(schema.get('description'))}{_fields(schema)}</details>"
        )
    return sheet(str(info["title"]), "\n".join(body))


def _operation(described: Node, method: str, path: str, operation: Node) -> str:
    security = operation.get("security", described.get("security", []))
    scopes = [scope for need in security for scope in need.get("bearer", ())]
    if security == [{}]:
        need = "no token"
    else:
        need = f"scope <code>{escape(' '.join(scopes))}</code>" if scopes else "a token"
    rows = [
        (_titled(p["name"], p["in"] + ", required" * bool(p.get("required"))),
         _kind(p.get("schema", {})), escape(p.get("description") or ""))
        for p in operation.get("parameters", ())
    ]  # fmt: skip
    parts = [
        f"<details><summary><span class=method>{method.upper()}</span> "
        f"<code>{escape(path)}</code></summary>",
        _text(operation.get("description") or operation.get("summary")),
        f"<p class=note>Needs {need}.</p>",
        _table(("parameter", "type", ""), rows),
    ]
    for media, content in (operation.get("requestBody") or {}).get("content", {}).items():
        parts.append(f"<p>Body, {escape(media)}: {_kind(content.get('schema', {}))}</p>")
        for name, example in content.get("examples", {}).items():
            text = msgspec.json.format(msgspec.json.encode(example["value"]), indent=1).decode()
            parts.append(f"<p class=note>{escape(name)}</p><pre>{escape(text)}</pre>")
    answers = [
        (escape(status), _contents(described, answer), escape(_resolved(described, answer)
         .get("description") or ""))
        for status, answer in sorted(operation["responses"].items())
    ]  # fmt: skip
    parts.append(_table(("answer", "type", ""), answers))
    return "".join([*parts, "</details>"])


def _contents(described: Node, answer: Node) -> str:
    contents = _resolved(described, answer).get("content", {})
    return "<br>".join(_kind(content.get("schema", {})) for content in contents.values())


def _resolved(described: Node, node: Node) -> Node:
    for part in node.get("$ref", "").split("/")[1:]:
        described = described[part]
    return described if "$ref" in node else node


def _fields(schema: Node) -> str:
    required = schema.get("required", ())
    rows = [
        (
            _titled(name, "" if name in required else "optional"),
            _kind(field),
            escape(field.get("description") or ""),
        )
        for name, field in schema.get("properties", {}).items()
    ]
    if rows:
        return _table(("field", "type", ""), rows)
    return f"<p>{_kind(schema)}</p>"


def _kind(schema: Node) -> str:
    """Say in words what a value is."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}"><code>{name}</code></a>'
    for key in ("oneOf", "anyOf", "allOf"):
        if key in schema:
            return (" and " if key == "allOf" else " or ").join(map(_kind, schema[key]))
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if "prefixItems" in schema:
        return f"[{', '.join(map(_kind, schema['prefixItems']))}]"
    if "items" in schema and isinstance(schema["items"], dict):
        return f"list of {_kind(schema['items'])}"
    kind = schema.get("type", "anything")
    words = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return escape(f"{words} ({schema['format']})" if "format" in schema else words)


def _titled(name: str, note: str) -> str:
    below = f"<br><span class=note>{escape(note)}</span>" if note else ""
    return f"<code>{escape(name)}</code>{below}"


def _text(text: str | None) -> str:
    return f"<p>{escape(text)}</p>" if text else ""


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    if not lines:
        return ""
    top = "".join(f"<th>{cell}</th>" for cell in head)
    return f"<table><tr>{top}</tr>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"
