"""Whom a line of an imported file names, read by what is remembered of that import."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping as Map

from regard.apps.customers.erasing.mentions import LINE_READERS
from regard.apps.intake.models import FileImport
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.declared import parse_mapping
from regard.warehouse.files.mapping import STANDARD, Mapping

WHO = ("user_id", "anonymous_id", "email", "phone", "alias_of")


def read_line(file: str, source: str, raw: str) -> Map[str, str] | None:
    """The identifiers of a line by the columns of `incoming`; None where it is not known how the file was read."""
    known = FileImport.objects.filter(file=file, source=source).exclude(mapping="").order_by("-id").first()
    if known is None:
        return None
    try:
        mapping = parse_mapping(known.mapping)
        if known.format == "csv":
            cells = next(csv.reader(io.StringIO(raw), delimiter=known.delimiter), [])
            told = dict(zip(known.columns, cells, strict=False))
        else:
            told = {str(name): str(value) for name, value in json.loads(raw).items() if value is not None}
    except (InvalidInput, ValueError, AttributeError, KeyError):
        return None
    return dict(_named(mapping, told))


def _named(mapping: Mapping, told: Map[str, str]) -> list[tuple[str, str]]:
    every = [*mapping.fields.items(), *(pair for block in mapping.blocks for pair in block.fields.items())]
    return [
        (STANDARD[name], told[field.column])
        for name, field in every
        if STANDARD.get(name) in WHO and field.column and field.column in told
    ]


LINE_READERS.append(read_line)
