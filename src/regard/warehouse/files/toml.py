"""A mapping written down as TOML, for people to read, change and use again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping as Map
from pathlib import Path

from regard.warehouse.files.mapping import Field, Mapping

_CONSTANT_IN_BLOCKS = ("metric", "kind", "channel", "touchpoint", "language", "currency", "unit")


def write_mapping(mapping: Mapping, path: Path, *, title: str = "") -> None:
    """Write the mapping as TOML to `path`, its reasons as comments. What is read from there is the same mapping."""
    path.write_text(as_toml(mapping, title=title), encoding="utf-8")


def as_toml(mapping: Mapping, *, title: str = "") -> str:
    """The mapping as TOML text."""
    lines = [f"# {title}"] if title else []
    lines += [f"# {reason}" for reason in mapping.reasons]
    lines += _options(mapping)
    lines += ["", "[columns]"]
    lines += [f"{name} = {_field(f)}" for name, f in mapping.fields.items() if f.value is None]
    constants = [f"{name} = {_string(f.value)}" for name, f in mapping.fields.items() if f.value is not None]
    if constants:
        lines += ["", "[constants]", *constants]
    lines += _table("traits", {name: _string(column) for name, column in mapping.traits.items()})
    lines += _table("missing", {name: _array(values) for name, values in mapping.missing.items()})
    for block in mapping.blocks:
        lines += ["", "[[interaction]]"]
        for name, field in block.fields.items():
            plain = field.value is not None and name in _CONSTANT_IN_BLOCKS
            lines.append(f"{name} = {_string(field.value or '') if plain else _field(field)}")
    return "\n".join(lines).lstrip("\n") + "\n"


def _options(mapping: Mapping) -> list[str]:
    options = {
        "encoding": mapping.encoding,
        "delimiter": mapping.delimiter,
        "zone": mapping.zone,
        "decimal": mapping.decimal if mapping.decimal != "." else None,
        "currency": mapping.currency,
        "region": mapping.region,
    }
    lines = [f"{name} = {_string(value)}" for name, value in options.items() if value is not None]
    if mapping.attributes is not None:
        listed = _array(mapping.attributes) if mapping.attributes else '"none"'
        lines.append(f"attributes = {listed}")
    return lines


def _field(field: Field) -> str:
    parts: dict[str, str] = {}
    for name in ("column", "value", "template"):
        text = getattr(field, name)
        if text is not None:
            parts[name] = _string(text)
    if field.format:
        parts["format"] = _array(field.format) if len(field.format) > 1 else _string(field.format[0])
    if field.zone:
        parts["zone"] = _string(field.zone)
    if field.decimal:
        parts["decimal"] = _string(field.decimal)
    if field.missing:
        parts["missing"] = _array(field.missing)
    if field.scale:
        parts["scale"] = f"[{field.scale[0]:g}, {field.scale[1]:g}]"
    if field.times is not None:
        parts["times"] = _string(field.times) if isinstance(field.times, str) else f"{field.times:g}"
    if field.values:
        parts["values"] = (
            "{ " + ", ".join(f"{_string(word)} = {_string(v)}" for word, v in field.values) + " }"
        )
    if list(parts) == ["column"]:
        return parts["column"]
    return "{ " + ", ".join(f"{name} = {value}" for name, value in parts.items()) + " }"


def _table(title: str, entries: Map[str, str]) -> list[str]:
    if not entries:
        return []
    return ["", f"[{title}]", *(f"{_key(name)} = {value}" for name, value in entries.items())]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _string(name)


def _array(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(map(_string, values)) + "]"


def _string(text: str | None) -> str:
    return json.dumps(text or "", ensure_ascii=False).replace("\x7f", "\\u007f")
