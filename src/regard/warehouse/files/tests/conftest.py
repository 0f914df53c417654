"""A file of any bytes, read whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from regard.warehouse.files.declared import parse_mapping
from regard.warehouse.files.mapping import Mapping
from regard.warehouse.files.reader import FileReader, open_file
from regard.warehouse.files.rows import sentence

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Read:
    """All that a file gave: rows as dictionaries, and (line, code or sentence, raw) of what was set aside."""

    reader: FileReader
    rows: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def reasons(self) -> dict[int, str]:
        """Line -> reason."""
        return {line: reason for line, reason, _ in self.rejected}

    @property
    def ids(self) -> set[str]:
        """Message ids."""
        return {row["message_id"] for row in self.rows}

    def sentences(self) -> list[str]:
        """The reasons as sentences."""
        return [sentence(reason) for _, reason, _ in self.rejected]


ReadFile = Callable[..., Read]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("SET threads = 1; SET TimeZone = 'Asia/Yerevan'")
        yield opened


@pytest.fixture
def read(tmp_path: Path, connection: duckdb.DuckDBPyConnection) -> ReadFile:
    """Write `content` to a file called `name` and read it, with a mapping given as TOML."""

    def reading(
        content: bytes | str, name: str = "file.csv", mapping: str | None = None, zone: str = "UTC"
    ) -> Read:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        declared: Mapping | None = parse_mapping(mapping) if mapping is not None else None
        reader = open_file(path, declared, source="shop", default_zone=zone, default_currency="EUR", now=NOW)
        found = Read(reader)
        for batch in reader.batches(connection):
            rows = connection.execute(f"SELECT * FROM {batch.incoming}")
            names = [column[0] for column in rows.description or ()]
            found.rows += [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
            found.rejected += connection.execute(f"SELECT * FROM {batch.rejected} ORDER BY line").fetchall()
        return found

    return reading
