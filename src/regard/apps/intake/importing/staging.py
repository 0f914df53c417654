"""One file into the journal: each batch a staged Parquet file and one journal row, with what was set aside."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from duckdb import DuckDBPyConnection

from regard.apps.intake.importing.results import staged_before
from regard.apps.intake.importing.state import ImportMemory, ImportState
from regard.apps.intake.queries import SourceRow
from regard.apps.intake.tracking.privacy import attributes_sql, traits_sql
from regard.apps.journal import services as journal
from regard.warehouse.files.reader import Batch, FileReader
from regard.warehouse.files.rows import sentence
from regard.warehouse.files.tables import quote
from regard.warehouse.redaction import redacted_sql

CODEC = "parquet"
REASON_CODE = 60
Progress = Callable[[int, float], None]


@dataclass(slots=True)
class Staged:
    """What became of one file so far: the names of its staged files, rows read and set aside."""

    names: list[str] = field(default_factory=list)
    n_read: int = 0
    n_rejected: int = 0


class Stager:
    """Stages the batches of one file.

    Args:
        connection: the DuckDB connection to read with.
        source: the rows count under it, and only the attributes that it lets in are kept.
        now: the moment of taking in.
    """

    def __init__(self, connection: DuckDBPyConnection, *, source: SourceRow, now: datetime) -> None:
        self._connection = connection
        self._source = source.key
        self._allow = source.allow
        self._now = now
        self._folder: Path = settings.REGARD.staged_dir

    def stage(self, reader: FileReader, progress: Progress) -> Staged:
        """Journal every batch of the file that is not journaled yet.

        Args:
            progress: told the rows read and the share of the file read, after each batch.
        """
        memory = ImportMemory(self._folder, reader, self._source)
        staged = Staged()
        with memory.held() as state:
            for batch in reader.batches(self._connection):
                self._take(reader, batch, memory, state, staged)
                staged.n_read += batch.n_read
                progress(staged.n_read, batch.share_read)
            state.finished = True
            memory.write(state)
        return staged

    def _take(
        self, reader: FileReader, batch: Batch, memory: ImportMemory, state: ImportState, staged: Staged
    ) -> None:
        name = memory.staged_name(state, batch.number)
        n_rows = self._count(batch.incoming)
        n_rejected = self._count(batch.rejected)
        if n_rows:
            staged.names.append(f"{self._folder.name}/{name}")
        staged.n_rejected += n_rejected
        if str(batch.number) in state.batches or staged_before(f"{self._folder.name}/{name}"):
            return
        if n_rows:
            self.write(batch.incoming, name)
        with transaction.atomic():
            if n_rejected and not memory.has_finished_before(state):
                journal.quarantine(self._rejected(batch, reader.path.name))
            if n_rows:
                journal.append_segment(
                    source=self._source,
                    codec=CODEC,
                    body=b"",
                    ids=b"",
                    n=n_rows,
                    received_at=self._now,
                    path=f"{self._folder.name}/{name}",
                )
        state.batches[str(batch.number)] = n_rejected
        memory.write(state)

    def _count(self, table: str) -> int:
        row = self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(row[0]) if row else 0

    def write(self, table: str, name: str) -> None:
        """Write the staged file whole or not at all, and onto the disk before the journal speaks of it."""
        fresh = self._folder / f"{name}.{os.getpid()}.part"
        path = str(fresh).replace("'", "''")
        try:
            self._connection.execute(f"COPY ({self._allowed_sql(table)}) TO '{path}' (FORMAT parquet)")
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
            fresh.replace(self._folder / name)
        finally:
            fresh.unlink(missing_ok=True)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _allowed_sql(self, table: str) -> str:
        """The rows with those attributes and traits only that the source lets in."""
        allow = self._allow
        allowed = "NULL::VARCHAR[]" if allow is None else "[" + ", ".join(map(quote, allow)) + "]::VARCHAR[]"
        attributes, traits = attributes_sql("attributes", "allowed", ()), traits_sql("traits", "allowed")
        return (
            f"SELECT * EXCLUDE (allowed) REPLACE ({attributes} AS attributes, {traits} AS traits, {redacted_sql('text')} AS text) "
            f"FROM (SELECT * REPLACE (attributes::JSON AS attributes, traits::JSON AS traits), {allowed} AS allowed "
            f"FROM {table})"
        )

    def _rejected(self, batch: Batch, file: str) -> list[journal.Rejected]:
        rows = self._connection.execute(
            f"SELECT line, reason, raw FROM {batch.rejected} ORDER BY line"
        ).fetchall()
        return [
            journal.Rejected(
                source=self._source,
                received_at=self._now,
                reason=_code(reason),
                message=sentence(reason),
                raw=raw,
                file=file[:300],
                line=line,
            )
            for line, reason, raw in rows
        ]


def _code(reason: str) -> str:
    """A short code for lists and counts; sentences about one value share theirs."""
    if " " not in reason:
        return reason[:REASON_CODE]
    return "wrong_number_of_columns" if "columns where the header" in reason else "value_unreadable"
