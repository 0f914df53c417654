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

from regard.apps.intake.importing.history import ImportRow
from regard.apps.intake.importing.refusals import Refusals
from regard.apps.intake.importing.state import ImportMemory, ImportState
from regard.apps.intake.queries import SourceRow
from regard.apps.intake.tracking.privacy import attributes_sql, suspect_sql, traits_sql
from regard.apps.journal import services as journal
from regard.apps.journal.staged import has_staged
from regard.warehouse.files.reader import Batch, FileReader
from regard.warehouse.files.rows import sentence
from regard.warehouse.files.unreadable import code_of
from regard.warehouse.literals import text_sql
from regard.warehouse.redaction import redacted_sql

CODEC = "parquet"
# The quickest level: a third smaller than the default for the same time.
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"
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

    def stage(self, reader: FileReader, row: ImportRow, progress: Progress) -> Staged:
        """Journal every batch of the file that is not journaled yet.

        Args:
            row: the import, for whoever wants to read a refused row again.
            progress: told the rows read and the share of the file read, after each batch.
        """
        memory = ImportMemory(self._folder, row.key)
        staged = Staged()
        with memory.held() as state:
            refusals = Refusals(row)
            for batch in reader.batches(self._connection):
                self._take(reader, batch, memory, state, staged, refusals)
                staged.n_read += batch.n_read
                progress(staged.n_read, batch.share_read)
            state.finished = True
            memory.write(state)
        return staged

    def _take(
        self,
        reader: FileReader,
        batch: Batch,
        memory: ImportMemory,
        state: ImportState,
        staged: Staged,
        refusals: Refusals,
    ) -> None:
        name = memory.staged_name(state, batch.number)
        path = f"{self._folder.name}/{name}"
        refused = self._rejected(batch, reader.path.name)
        staged.n_rejected += len(refused)
        if str(batch.number) in state.batches or has_staged(path):
            refusals.meet(refused)
            if self._count(batch.incoming):
                staged.names.append(path)
            return
        n_rows = self.write(batch.incoming, name)
        if n_rows:
            staged.names.append(path)
        with transaction.atomic():
            refusals.set_aside(refused)
            if n_rows:
                journal.append_segment(
                    source=self._source,
                    codec=CODEC,
                    body=b"",
                    ids=b"",
                    n=n_rows,
                    received_at=self._now,
                    path=path,
                )
        state.batches[str(batch.number)] = len(refused)
        memory.write(state)

    def _count(self, table: str) -> int:
        row = self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        return int(row[0]) if row else 0

    def write(self, table: str, name: str) -> int:
        """Write the staged file whole or not at all, and onto the disk before the journal speaks of it.

        Returns: how many rows it has; a file without any is not kept.
        """
        fresh = self._folder / f"{name}.{os.getpid()}.part"
        try:
            written = self._connection.execute(
                f"COPY ({self._allowed_sql(table)}) TO {text_sql(fresh)} ({PARQUET})"
            ).fetchone()
            if not written or not written[0]:
                return 0
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
        return int(written[0])

    def _allowed_sql(self, table: str) -> str:
        """The rows with those attributes and traits only that the source lets in."""
        allow = self._allow
        allowed = (
            "NULL::VARCHAR[]" if allow is None else "[" + ", ".join(map(text_sql, allow)) + "]::VARCHAR[]"
        )
        attributes, traits = attributes_sql("attributes", "allowed", ()), traits_sql("traits", "allowed")
        if allow is None:
            # Most objects hold nothing that could be refused: they enter as they are, unread.
            attributes = f"CASE WHEN {suspect_sql('attributes', ())} THEN {attributes} ELSE nullif(attributes::VARCHAR, '{{}}') END"
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
                reason=code_of(reason),
                message=sentence(reason),
                raw=raw,
                file=file[:300],
                line=line,
            )
            for line, reason, raw in rows
        ]
