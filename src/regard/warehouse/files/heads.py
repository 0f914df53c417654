"""The beginning of a text file: its delimiter, its header, and its first rows."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence

from regard.warehouse.files.records import Chunk

DELIMITERS = (",", ";", "\t", "|")
# A cell may be as long as a line may be.
csv.field_size_limit(2 * 1024 * 1024)


def sniff_delimiter(head: str) -> str:
    """The sign between columns: the one that cuts most of the first lines into the same number of columns.

    One that cuts the first line, which holds the names, into as many goes before one that does not (a comma may as well
    stand before a fraction); then the one that makes more columns, and of more lines.

    >>> sniff_delimiter("price;weight\\n1,5;2,5\\n3,5;4,5\\n")
    ';'
    """
    best, most = ",", (False, 1, 0)
    for delimiter in DELIMITERS:
        rows = [row for row in csv.reader(io.StringIO(head), delimiter=delimiter) if row][:50]
        if not rows:
            continue
        width, times = Counter(len(row) for row in rows).most_common(1)[0]
        found = (len(rows[0]) == width, width, times)
        if width > 1 and times * 2 > len(rows) and found > most:
            best, most = delimiter, found
    return best


def tidy_names(names: Sequence[str]) -> tuple[str, ...]:
    """Column names without marks and spaces around them; empty ones named, repeated ones numbered.

    >>> tidy_names(["*RESPNUM", " A ", "", "A"])
    ('RESPNUM', 'A', 'column_3', 'A_2')
    """
    tidy: list[str] = []
    for position, name in enumerate(names, 1):
        base = name.strip().lstrip("*\ufeff").strip() or f"column_{position}"
        candidate, number = base, 2
        while candidate in tidy:
            candidate, number = f"{base}_{number}", number + 1
        tidy.append(candidate)
    return tuple(tidy)


def repeated_names(names: Sequence[str]) -> dict[str, list[int]]:
    """The names that several columns have, with the places of those columns, from 1.

    >>> repeated_names(["A", "B", " A "])
    {'A': [1, 3]}
    """
    places: dict[str, list[int]] = {}
    for position, name in enumerate(names, 1):
        if base := name.strip().lstrip("*\ufeff").strip():
            places.setdefault(base, []).append(position)
    return {name: found for name, found in places.items() if len(found) > 1}


def head_rows(chunk: Chunk, delimiter: str, most: int = 1000) -> list[list[str]]:
    """The first records of a chunk, cut into cells, for a look at them."""
    end = int(chunk.ends[min(most, len(chunk)) - 1]) if len(chunk) else 0
    text = chunk.data[:end].decode()
    return [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]


def head_objects(chunk: Chunk, most: int = 1000) -> list[dict[str, str | None]]:
    """The first objects of a chunk of NDJSON with their values as text."""
    objects: list[dict[str, str | None]] = []
    for index in range(min(most, len(chunk))):
        try:
            value = json.loads(chunk.data[chunk.starts[index] : chunk.ends[index]])
        except (ValueError, RecursionError):  # the reader sets such a line aside
            continue
        if isinstance(value, dict):
            objects.append({key: as_text(cell) for key, cell in value.items()})
    return objects


def as_text(cell: object) -> str | None:
    """A JSON value as the text that DuckDB would make of it."""
    if cell is None or isinstance(cell, str):
        return cell
    return json.dumps(cell, ensure_ascii=False)
