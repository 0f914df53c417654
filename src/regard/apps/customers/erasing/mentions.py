"""Which identifiers a text names, as it came from a sender: an item that cannot be read as a row, or a line of a file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from regard.apps.customers.policy import Kind
from regard.apps.customers.resolution.digests import normal_phone

# How the columns of a line of a file are called, where the import of that file is remembered: given the file's name,
# its source and the line, the values by the columns of `incoming`; None where nothing is known. Set by the slice that
# imports.
ReadLine = Callable[[str, str, str], Mapping[str, str] | None]
LINE_READERS: list[ReadLine] = []

EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+")
IDS = {"userid", "customer", "customerid", "user", "id", "previousid", "aliasof", "anonymousid"}
PHONES = ("phone", "mobile", "msisdn", "tel")
SHORTEST_ID = 4  # A shorter cell of a line whose columns are not known is as likely to be a rating.
DELIMITERS = ",;\t|"

Named = tuple[Kind, str]


def identifiers_in(raw: str, *, file: str = "", source: str = "") -> Iterator[Named]:
    """Every identifier that `raw` may name, in its normal form; user ids also as anonymous ids, as nobody can tell."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        yield from _in_line(raw, file, source)
        return
    if isinstance(content, dict | list):
        yield from _in_json(content)
    else:
        yield from _in_line(raw, file, source)


def source_in(raw: str) -> str | None:
    """The source that a journaled item says it came from; None where it says none."""
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    told = content.get("k") or content.get("source")
    return told if isinstance(told, str) else None


def _in_json(content: Any) -> Iterator[Named]:
    stack: list[tuple[str, Any]] = [("", content)]
    while stack:
        key, value = stack.pop()
        if isinstance(value, dict):
            stack += [(str(name), inner) for name, inner in value.items()]
        elif isinstance(value, list):
            stack += [(key, inner) for inner in value]
        elif value is not None and not isinstance(value, bool):
            yield from _in_value(re.sub(r"[^a-z]", "", key.lower()), str(value))


def _in_value(key: str, text: str) -> Iterator[Named]:
    yield from _emails(text)
    if key in IDS:
        yield Kind.USER, text
        yield Kind.ANONYMOUS, text
    if key.startswith(PHONES) or key.endswith(PHONES) or text.startswith("+"):
        yield from _phone(text)


def _in_line(raw: str, file: str, source: str) -> Iterator[Named]:
    for read in LINE_READERS if file else ():
        told = read(file, source, raw)
        if told is not None:
            yield from _in_columns(told)
            yield from _emails(raw)
            return
    yield from _emails(raw)
    delimiter = max(DELIMITERS, key=raw.count)
    for cell in next(csv.reader(io.StringIO(raw), delimiter=delimiter), []):
        text = cell.strip()
        if len(text) >= SHORTEST_ID:
            yield Kind.USER, text
            yield Kind.ANONYMOUS, text
        yield from _phone(text)


def _in_columns(told: Mapping[str, str]) -> Iterator[Named]:
    for name, value in told.items():
        text = value.strip()
        if name in ("user_id", "alias_of"):
            yield Kind.USER, text
        if name in ("anonymous_id", "alias_of"):
            yield Kind.ANONYMOUS, text
        if name == "phone":
            yield from _phone(text)


def _emails(text: str) -> Iterator[Named]:
    for address in EMAIL.findall(text) if "@" in text else ():
        yield Kind.EMAIL, address.strip().lower()


def _phone(text: str) -> Iterator[Named]:
    number = normal_phone(text) if sum(sign.isdigit() for sign in text) >= 6 else None
    if number:
        yield Kind.PHONE, number
