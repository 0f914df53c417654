"""Keeping the log small in files and quick to read while data trickle in for years.

The month that is running is only compacted, in steps: a dozen small files become one, some dozens of those one larger,
so that a row is rewritten once or twice in all. A closed month is sorted by kind, identity and time once it lies quiet and
a tenth of it is new or its files are many. Every commit is made on a snapshot of its own: where an append or a
deletion comes between, Delta refuses ours, and the month waits for the next time.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
from deltalake.exceptions import CommitFailedError

from regard.warehouse.delta import DeltaFolder, File
from regard.warehouse.schema.table import Table

logger = logging.getLogger(__name__)

# Bytes: files below the one are joined to about that size, then below the next.
STEPS = (4 * 2**20, 64 * 2**20)
MANY = 12
NEW_SHARE = 0.1
QUIET = timedelta(minutes=10)
GRACE = timedelta(days=1)  # a month is closed a day after its end
VACUUM_EVERY = timedelta(minutes=10)
CHECKPOINT_EVERY = 20  # versions
SORTED_BY = "kind, metric, identity_id, occurred_at"


@dataclass
class Maintenance:
    """The upkeep of the tables under one address; remembers when it last tidied what.

    Args:
        url, tables: where and which.
        temporary_folder: where a sort that does not fit the memory spills to.
        memory_limit: for sorting a month.
    """

    url: str
    tables: tuple[Table, ...]
    temporary_folder: Path
    memory_limit: str = "512MB"
    _vacuumed_at: datetime | None = None
    _checkpoints: dict[str, int] = field(default_factory=dict)

    def run(self, now: datetime, *, budget_seconds: float = 2.0) -> bool:
        """Do what is due, the most useful first, until the budget is spent; returns whether more is left.

        A step that has begun is finished, so a large month may take longer than the budget.
        """
        until = time.monotonic() + budget_seconds
        folders = [DeltaFolder(self.url, table) for table in self.tables]
        left = False
        for folder in folders:
            left |= self._tidy(folder, now, until)
        for folder in folders:
            folder.refresh()
            self._shorten(folder)
        if self._vacuumed_at is None or now - self._vacuumed_at >= VACUUM_EVERY:
            for folder in folders:
                folder.vacuum()
            self._vacuumed_at = now
        return left

    def _tidy(self, folder: DeltaFolder, now: datetime, until: float) -> bool:
        try:
            if folder.table.partition_by:
                return self._tidy_months(folder, now, until)
            if folder.table.key:
                self._keep_latest(folder)
        except CommitFailedError:
            logger.info("maintenance_gave_way table=%s", folder.table.name)
            return True
        return False

    def _tidy_months(self, folder: DeltaFolder, now: datetime, until: float) -> bool:
        for step in list(self._due(folder, now)):
            if time.monotonic() > until:
                return True
            step()
        return False

    def _due(self, folder: DeltaFolder, now: datetime) -> Iterator[Callable[[], None]]:
        """What is to be done with each month, the latest month first."""
        months: dict[str, list[File]] = defaultdict(list)
        for file in folder.files_with_statistics():
            months[file.partition].append(file)
        running = f"{now - GRACE:%Y-%m}"
        for month, files in sorted(months.items(), reverse=True):
            if month < running and _wants_sorting(files, folder.number(_mark(month)), now):
                yield partial(self._sort, folder, month, files)
                continue
            for size in STEPS:
                if is_worth_joining(files, size):
                    yield partial(folder.compact, partition=month, below_bytes=size)

    def _sort(self, folder: DeltaFolder, month: str, files: list[File]) -> None:
        n_rows = sum(file.n_rows for file in files)
        with self._connect() as connection:
            relation = connection.sql(
                f"""SELECT {folder.table.select_list}
                    FROM read_parquet({[file.uri for file in files]!r}, hive_partitioning = true,
                                      hive_types_autocast = false)
                    ORDER BY {SORTED_BY}"""
            )
            folder.overwrite(relation, predicate=f"month = '{month}'", mark=(_mark(month), n_rows))
            del relation
        logger.info("month_sorted month=%s rows=%d files=%d", month, n_rows, len(files))

    def _keep_latest(self, folder: DeltaFolder) -> None:
        """Rewrite a versioned table to the latest version of each key."""
        table, files = folder.table, folder.files()
        if len(files) < MANY:
            return
        keys = ", ".join(table.key)
        rest = [name for name in table.names if name not in (*table.key, "version")]
        latest = ", ".join(f"arg_max(struct_pack(it := {name}), version).it AS {name}" for name in rest)
        columns = ", ".join(filter(None, (keys, latest, "max(version) AS version")))
        with self._connect() as connection:
            relation = connection.sql(
                f"""SELECT {table.select_list} FROM (
                        SELECT {columns} FROM read_parquet({list(files)!r}, hive_partitioning = false) GROUP BY {keys}
                    ) ORDER BY {keys}"""
            )
            folder.overwrite(relation)
            del relation

    def _shorten(self, folder: DeltaFolder) -> None:
        """A checkpoint now and then, so that opening the table reads two or three files."""
        last = self._checkpoints.get(folder.url)
        if last is None or folder.version - last >= CHECKPOINT_EVERY:
            folder.shorten_log()
            self._checkpoints[folder.url] = folder.version

    def _connect(self) -> duckdb.DuckDBPyConnection:
        self.temporary_folder.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(
            config={
                "memory_limit": self.memory_limit,
                "threads": 1,  # nobody waits for it; all else goes on meanwhile
                "temp_directory": str(self.temporary_folder),
            }
        )
        connection.execute("SET TimeZone = 'UTC'")
        return connection


def _wants_sorting(files: list[File], n_sorted: int, now: datetime) -> bool:
    """Whether a closed month's files are to be sorted anew; `n_sorted` rows were when it was last done, -1 never."""
    n_rows = sum(file.n_rows for file in files)
    if n_rows == 0:
        return False
    newest = max(file.modified_at for file in files)
    is_quiet = now - newest >= QUIET
    n_new = n_rows - max(n_sorted, 0)
    has_many = _n_below(files, STEPS[-1]) >= MANY
    return is_quiet and (n_new > NEW_SHARE * n_rows or (has_many and n_new > 0))


def is_worth_joining(files: list[File], size: int) -> bool:
    """Whether those below `size` are many, a quarter as many when joined, and mostly joined for the last time.

    The smallest are joined at once, as that is little work. Larger ones wait until they fill one file of that size, or
    are three dozen: what is written before it is full has to be written again.
    """
    small = [file.n_bytes for file in files if file.n_bytes < size]
    n, n_bytes = len(small), sum(small)
    are_enough = size == STEPS[0] or n_bytes >= size or n >= 3 * MANY
    return n >= MANY and 4 * n_bytes <= n * size and are_enough


def _n_below(files: list[File], size: int) -> int:
    return sum(file.n_bytes < size for file in files)


def _mark(month: str) -> str:
    return f"sorted:{month}"
