"""DuckDB over the warehouse, which keeps what it counted for whoever asks the same of the same files later."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from uuid import uuid4

import duckdb

from regard.warehouse.counts import Counts, Files, Reads, months_of
from regard.warehouse.engines.engine import Answer
from regard.warehouse.literals import text_sql

logger = logging.getLogger(__name__)


class Counting:
    """An engine over one cursor that looks among the kept counts first.

    Args:
        connection: a cursor of this thread's own, over the views of a warehouse.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, counts: Counts) -> None:
        self._connection = connection
        self._counts = counts
        self._settings: list[str] = []
        self._first_files: Files | None = None

    def close(self) -> None:
        """Give the cursor back."""
        self._connection.close()

    def months(self) -> list[str]:
        """The months of which there are interactions, in order."""
        return months_of(self._files())

    def execute(self, query: str) -> Answer:
        """The answer to one statement, asked of the log."""
        if query.startswith("SET "):
            self._settings.append(query)
        return self._connection.execute(query)

    def keep(self, query: str, reads: Reads) -> Answer:
        """The answer to a question that reads no more than `reads`, from the kept counts where it stands there."""
        try:
            if not self._counts.is_worth_keeping(reads, self._at_first()):
                return self._connection.execute(query)
            place = self._made(query, reads)
            return self._connection.execute(f"SELECT * FROM read_parquet({text_sql(place)})")
        except (duckdb.Error, OSError) as error:  # no room, just removed, or broken
            logger.warning("count_not_kept reason=%s", type(error).__name__)
            return self._connection.execute(query)

    def _made(self, query: str, reads: Reads) -> Path:
        self._connection.begin()
        try:
            # The list of files and the answer belong to one moment, also where the views move on meanwhile.
            place = self._counts.place("\n".join([*self._settings, query]), reads, self._files())
            if not self._counts.has(place):
                self._make(place, query)
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()
        return place

    def _at_first(self) -> Files:
        """The files when this cursor was first asked: enough to tell how much there is."""
        if self._first_files is None:
            self._first_files = self._files()
        return self._first_files

    def _files(self) -> Files:
        files: dict[str, list[str]] = {}
        for name, file in self._connection.execute("SELECT name, file FROM warehouse_files").fetchall():
            files.setdefault(name, []).extend([file] if file else [])
        return files

    def _make(self, place: Path, query: str) -> None:
        """Write the answer, whole or not at all; where there is no room it is asked for again each time."""
        fresh = place.with_name(f".{uuid4().hex}.part")
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection.execute(
                f"COPY ({query}) TO {text_sql(fresh)} (FORMAT parquet, COMPRESSION zstd)"
            )
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
            fresh.replace(place)
        finally:
            fresh.unlink(missing_ok=True)
