"""A mapping as it is written in TOML, read and checked."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from regard.kernel.errors import InvalidInput, unknown_name
from regard.warehouse.files.identifiers import check_region
from regard.warehouse.files.mapping import NUMBERS, STANDARD, Block, Field, Mapping

_FIELD_KEYS = (
    "column",
    "value",
    "template",
    "format",
    "zone",
    "decimal",
    "missing",
    "scale",
    "values",
    "times",
)
_OPTIONS = ("encoding", "delimiter", "zone", "decimal", "currency", "region", "attributes")
_TABLES = ("columns", "constants", "traits", "missing", "interaction")


def read_mapping(path: Path) -> Mapping:
    """The mapping written in the TOML file at `path`. Raises: InvalidInput saying what is wrong in it."""
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(
            f"The mapping '{path}' cannot be read: {error.strerror}. Check its name and its folder."
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"The mapping '{path}' cannot be read: {error}. Save it as UTF-8.") from error
    try:
        return parse_mapping(content)
    except InvalidInput as error:
        raise InvalidInput(f"In the mapping '{path}': {error}") from error


def parse_mapping(content: str) -> Mapping:
    """The mapping that a TOML text describes. Raises: InvalidInput."""
    try:
        document = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"it is not valid TOML: {error}.") from error
    for key in document:
        if key not in _OPTIONS and key not in _TABLES:
            raise unknown_name("entry", key, (*_OPTIONS, *_TABLES))
    fields = _fields(document.get("columns", {}), document.get("constants", {}))
    blocks = tuple(Block(_block_fields(block)) for block in document.get("interaction", []))
    mapping = Mapping(
        fields=fields,
        blocks=blocks,
        attributes=_attributes(document.get("attributes", "rest")),
        traits={name: str(column) for name, column in document.get("traits", {}).items()},
        missing={name: _texts(values) for name, values in document.get("missing", {}).items()},
        encoding=document.get("encoding"),
        delimiter=document.get("delimiter"),
        zone=_zone(document.get("zone")),
        decimal=_decimal(document.get("decimal", ".")),
        currency=document.get("currency"),
        region=check_region(str(document["region"])) if "region" in document else None,
    )
    for name in (name for block in blocks for name in block.fields):
        _check_standard(name)
    return mapping


def _fields(columns: dict[str, Any], constants: dict[str, Any]) -> dict[str, Field]:
    fields = {name: _field(name, given) for name, given in columns.items()}
    for name, value in constants.items():
        if name in fields:
            raise InvalidInput(f"'{name}' is both a column and a constant.")
        fields[name] = Field(value=_text(value))
    for name in fields:
        _check_standard(name)
    return fields


def _block_fields(block: dict[str, Any]) -> dict[str, Field]:
    """Within [[interaction]], `score = "Q7"` names a column, `metric = "nps"` is a constant; so are kind and the like."""
    shorthand = {key: block[key] for key in ("missing", "scale", "values") if key in block}
    fields: dict[str, Field] = {}
    for name, given in block.items():
        if name in shorthand:
            continue
        if isinstance(given, str) and name in (
            "metric",
            "kind",
            "channel",
            "touchpoint",
            "language",
            "currency",
            "unit",
        ):
            fields[name] = Field(value=given)
        else:
            fields[name] = _field(name, given)
    if shorthand:
        if "score" not in fields:
            raise InvalidInput("missing, scale and values of an [[interaction]] need its score.")
        extra = _field("score", {"column": "", **shorthand})
        fields["score"] = replace(
            fields["score"], missing=extra.missing, scale=extra.scale, values=extra.values
        )
    return fields


def _field(name: str, given: Any) -> Field:
    if isinstance(given, str):
        return Field(column=given)
    if not isinstance(given, dict):
        raise InvalidInput(f"'{name}' must name a column or be a table such as {{ column = \"…\" }}.")
    for key in given:
        if key not in _FIELD_KEYS:
            raise unknown_name(f"setting of '{name}'", key, _FIELD_KEYS)
    if sum(key in given for key in ("column", "value", "template")) != 1:
        raise InvalidInput(f"'{name}' needs exactly one of column, value and template.")
    formats = given.get("format", ())
    return Field(
        column=given.get("column"),
        value=_text(given["value"]) if "value" in given else None,
        template=given.get("template"),
        format=(formats,) if isinstance(formats, str) else tuple(formats),
        zone=_zone(given.get("zone")),
        decimal=_decimal(given["decimal"]) if "decimal" in given else None,
        missing=_texts(given.get("missing", ())),
        scale=_scale(given.get("scale")),
        values=tuple((str(word), _text(value)) for word, value in given.get("values", {}).items()),
        times=_times(name, given.get("times")),
    )


def _check_standard(name: str) -> None:
    if name not in STANDARD:
        raise unknown_name("column of an interaction", name, STANDARD)


def _attributes(given: Any) -> tuple[str, ...] | None:
    if given == "rest":
        return None
    if given == "none":
        return ()
    if isinstance(given, list):
        return tuple(str(name) for name in given)
    raise InvalidInput('attributes is "rest", "none" or a list of columns.')


def _scale(given: Any) -> tuple[float, float] | None:
    if given is None:
        return None
    if not (isinstance(given, list) and len(given) == 2 and given[0] != given[1]):
        raise InvalidInput("scale is [lowest, highest], as in [1, 10].")
    return float(given[0]), float(given[1])


def _times(name: str, given: Any) -> str | float | None:
    if given is None:
        return None
    if name not in NUMBERS or name == "score":
        raise InvalidInput(
            f"'{name}' cannot be multiplied: times goes with amounts, durations, waits and weights."
        )
    if isinstance(given, bool) or not isinstance(given, (str, int, float)):
        raise InvalidInput('times names a column, as in "Quantity", or is a number, as in 60.')
    return given if isinstance(given, str) else float(given)


def _zone(given: Any) -> str | None:
    if given is None:
        return None
    try:
        ZoneInfo(str(given))
    except (KeyError, ValueError) as error:
        raise InvalidInput(
            "There is no time zone '%(given)s'; it is written as Europe/Athens.", given=given
        ) from error
    return str(given)


def _decimal(given: Any) -> str:
    if given not in (".", ","):
        raise InvalidInput('decimal is "." or ",".')
    return str(given)


def _texts(given: Any) -> tuple[str, ...]:
    values = given if isinstance(given, (list, tuple)) else [given]
    return tuple(_text(value) for value in values)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
