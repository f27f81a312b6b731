"""Make src/detente/formats/data/asterix.json: where each item of CAT021 and CAT062 stands.

Run from the repository's top folder, after a new libasterix brought a new edition:

    uv run scripts/lay_out_asterix.py

libasterix has a class for each item of every edition of every category: to import it takes
seconds and 480 MB, and it decodes a tenth as many reports a second (benchmarks/decoders.py). So
its tables are taken out once, and ``detente.formats.uap`` walks the bytes by them.
"""

import json
from pathlib import Path
from typing import Any

from asterix import base, generated

OUT = Path("src/detente/formats/data/asterix.json")
READ = {
    21: "010 030 040 070 071 073 074 075 077 080 090 130 131 140 145 155 157 160 161 170 210",
    62: "010 040 060 070 080 105 130 135 136 185 220 245 380.ADR 380.ID 380.COM 380.SAB 500.APC"
    " 500.APW",
}
"""The items that ``detente.formats`` reads, category by category."""


def content(variation: Any) -> list[Any]:
    """Tell whether an element's number has a sign, and the value of its last bit."""
    rule = variation.cv_rule
    if issubclass(rule, base.RuleContentDependent):
        return [0, 1]
    kind = rule.cv_content
    return [
        int(getattr(kind, "cv_signedness", None) is base.Signed),
        getattr(kind, "cv_lsb", 1),
    ]


def bits(parts: list[Any]) -> int:
    """Count the bits of the parts of a group or an extent."""
    return sum(1 if part is None else part[1] for part in parts)


def name_fields(parts: list[Any], path: str, offset: int, fields: dict[str, Any]) -> None:
    """Note where each part of a group or an extent is."""
    for part in parts:
        if part is not None and issubclass(part[0], base.Item):
            lay_out(part[0].cv_non_spare, path, fields, offset)
        offset += 1 if part is None else part[1]


def lay_out(item: Any, path: str, fields: dict[str, Any], offset: int = 0) -> Any:
    """Give the shape of an item: how long it is, or how its length is told.

    A number is bytes. ``{"extended": 2}`` is bytes of which the last bit says whether another
    follows, two of them known; ``{"closed": 2}`` the same with no such bit in the last.
    ``{"repeated": 8}`` is a count and then as many of 8 bytes, ``{"chained": 3}`` parts of 3
    bytes as in an extended item. ``{"explicit": 1}`` begins with its own length.
    ``{"compound": [...]}`` is items behind a field specification. None is no item.
    """
    if item is None:
        return None
    own = f"{path}.{item.cv_name}" if path else item.cv_name
    rule = item.cv_rule
    variation = (
        rule.cv_default_variation
        if issubclass(rule, base.RuleVariationDependent)
        else rule.cv_variation
    )
    if issubclass(variation, base.Element):
        fields[own] = [offset, variation.cv_bit_size, *content(variation)]
        return variation.cv_bit_size // 8
    if issubclass(variation, base.Group):
        name_fields(variation.cv_items_list, own, offset, fields)
        return variation.cv_bit_size // 8
    if issubclass(variation, base.Extended):
        parts = variation.cv_items_list
        for part in parts:
            name_fields(part, own, offset, fields)
            offset += bits(part)
        assert all(bits(part) == 8 for part in parts)
        return {"extended" if parts[-1][-1] is None else "closed": len(parts)}
    if issubclass(variation, base.Repetitive):
        size = variation.cv_variation.cv_bit_size
        if variation.cv_rep_bytes is None:
            return {"chained": (size + 1) // 8}
        assert variation.cv_rep_bytes == 1
        return {"repeated": size // 8}
    if issubclass(variation, base.Explicit):
        return {"explicit": 1}
    assert issubclass(variation, base.Compound)
    return {
        "compound": [
            None if part is None else [part.cv_name, lay_out(part, own, fields)]
            for part in variation.cv_items_list
        ]
    }


def edition(spec: Any) -> dict[str, Any]:
    """Lay out one edition of a category."""
    fields: dict[str, Any] = {}
    items = []
    for entry in spec.cv_uap.cv_record.cv_items_list:
        if issubclass(entry, base.UapItem):
            item = entry.cv_non_spare
            items.append([item.cv_name, lay_out(item, "", fields)])
        else:
            assert issubclass(entry, base.UapItemSpare)
            items.append(None)
    read = READ[spec.cv_category].split()
    fields = {
        name: where
        for name, where in fields.items()
        if any(f"{name}.".startswith(f"{item}.") for item in read)
    }
    return {"items": items, "fields": fields}


def layouts() -> dict[str, dict[str, Any]]:
    """Lay out every edition: category, then edition, the newest last."""
    return {
        str(category): {
            ".".join(map(str, spec.cv_edition)): edition(spec)
            for spec in generated.manifest["CATS"][category]
        }
        for category in READ
    }


def written() -> str:
    """Give what the file is to hold."""
    return json.dumps(layouts(), separators=(",", ":")) + "\n"


if __name__ == "__main__":
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(written())
    print(OUT, OUT.stat().st_size, "bytes")
