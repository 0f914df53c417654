"""One Delta table in one folder: written exactly once, read by the list of its files.

Only what Regard needs of Delta Lake stands here, with its traps: Delta accepts an application's transaction
number that is lower than the last one, gives local addresses percent-encoded, and forgets what it vacuumed.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from deltalake import (
    ColumnProperties,
    CommitProperties,
    DeltaTable,
    PostCommitHookProperties,
    Transaction,
    WriterProperties,
    write_deltalake,
)
from deltalake.exceptions import CommitFailedError

from regard.kernel.errors import Temporary
from regard.warehouse.copies import Copies
from regard.warehouse.delta_tables import open_or_create
from regard.warehouse.schema.table import Table

logger = logging.getLogger(__name__)

ATTEMPTS = 6

# Appends write small row groups, as one import opens a file a month at once; joined they stand as they came. Sorting
# makes smaller ones still: of a month by kind, a customer's rows stand in one row group of each kind, read as a whole.
# What hardly ever repeats is written as it is: a dictionary of it takes longer than all other columns, and more space.
PLAIN = ColumnProperties(dictionary_enabled=False)
APPENDING = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    max_row_group_size=32_768,
    column_properties=dict.fromkeys(("interaction_id", "identity_id", "occurred_at", "thread"), PLAIN),
)
REWRITING = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    max_row_group_size=8_192,
    column_properties={"interaction_id": PLAIN},
)
COMMITS_SINCE = 8  # maintaining makes two or three at once
QUIETLY = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class File:
    """One Parquet file of a snapshot.

    Args:
        uri: its address as DuckDB opens it.
        partition: the value of the table's partition column, or "".
        n_bytes, n_rows: its size.
        modified_at: when it was written.
        statistics: the table's add action, flat: `min.occurred_at`, `max.occurred_at` and so on.
    """

    uri: str
    partition: str
    n_bytes: int
    n_rows: int
    modified_at: datetime
    statistics: dict[str, Any]


class DeltaFolder:
    """The Delta table of `table` under `url`, created where it is missing. Of two who commit at once, the second looks again."""

    def __init__(self, url: str, table: Table) -> None:
        self.table = table
        self.url = f"{url.rstrip('/')}/{table.name}"
        self.is_local = "://" not in url
        self._copies = None if self.is_local else Copies(self.url)
        self._delta = open_or_create(self.url, table, is_local=self.is_local)

    @property
    def version(self) -> int:
        """The version of the snapshot that was last looked at."""
        return self._delta.version()

    def refresh(self) -> int:
        """Look at the newest snapshot; returns its version."""
        try:
            self._delta.update_incremental()
        except Exception:  # the entries in between were cleaned away: open the table anew
            self._delta = DeltaTable(self.url)
        return self._delta.version()

    def newest_entry(self) -> str | None:
        """The name of the newest entry of the table's own log, without opening the table; None on object storage.

        Only commits count: the note of the last checkpoint beside them would always be the greatest name.
        """
        if not self.is_local:
            return None
        names = (entry.name for entry in os.scandir(f"{self.url}/_delta_log"))
        return max((name for name in names if name.endswith(".json")), default="")

    def changed_at(self) -> datetime | None:
        """When the newest entry of the table's own log was written; None on object storage."""
        newest = self.newest_entry()
        try:
            modified_at = Path(self.url, "_delta_log", newest).stat().st_mtime if newest else None
        except FileNotFoundError:  # a later one came and this one was cleaned away
            return None
        return None if modified_at is None else datetime.fromtimestamp(modified_at, UTC)

    def files(self) -> tuple[str, ...]:
        """The addresses of the snapshot's files, as DuckDB opens them."""
        if self._copies is None:
            return tuple(_local(uri) for uri in self._delta.file_uris())
        paths = self._remote_paths()
        self._copies.drop_others(paths)
        return tuple(self._copies.bring(paths))

    def files_with_statistics(self) -> list[File]:
        """The snapshot's files with their sizes and the smallest and largest values of the columns kept."""
        actions = self._delta.get_add_actions(flatten=True)
        columns = {name: actions.column(name).to_pylist() for name in actions.schema.names}
        partition = f"partition.{self.table.partition_by[0]}" if self.table.partition_by else ""
        if self._copies is None:
            addresses = [_local(f"{self.url}/{path}") for path in columns["path"]]
        else:
            addresses = self._copies.bring(columns["path"])
        return [
            File(
                uri=addresses[index],
                partition=columns[partition][index] if partition else "",
                n_bytes=columns["size_bytes"][index],
                n_rows=columns["num_records"][index] or 0,
                modified_at=_instant(columns["modification_time"][index]),
                statistics={name: values[index] for name, values in columns.items()},
            )
            for index in range(len(addresses))
        ]

    def number(self, application: str) -> int:
        """The transaction number of `application` in the snapshot, -1 where it has none."""
        number = self._delta.transaction_version(application)
        return -1 if number is None else number

    def append(self, relation: Callable[[], Any], *, application: str, position: int) -> int:
        """Append the rows of a DuckDB relation exactly once; returns how many, 0 where it was done before.

        The number is checked on the very snapshot that the commit builds on. Another process that commits the
        same application in between makes this commit fail, and the number is looked at again.
        """

        def attempt() -> int:
            if self.number(application) >= position:
                logger.info("append_already_applied table=%s position=%d", self.table.name, position)
                return 0
            write_deltalake(
                self._delta,
                relation(),
                mode="append",
                writer_properties=APPENDING,
                commit_properties=CommitProperties(app_transactions=[Transaction(application, position)]),
                post_commithook_properties=QUIETLY,
            )
            return self._n_appended()

        return self.commit(attempt)

    def _n_appended(self) -> int:
        """How many rows the newest append added; maintaining beside may have committed since."""
        newest = self._delta.history(COMMITS_SINCE)
        appends = (one for one in newest if one.get("operationParameters", {}).get("mode") == "Append")
        return int(next(appends)["operationMetrics"]["num_added_rows"])

    def overwrite(
        self, relation: Any, *, predicate: str | None = None, mark: tuple[str, int] | None = None
    ) -> None:
        """Put the rows of a DuckDB relation in the place of the table, or of the rows that meet `predicate`.

        Args:
            relation: made from the files of this folder's present snapshot; where somebody else changed those
                rows in between, this commit fails rather than lose theirs.
            mark: (application, number) noted in the same commit.
        """
        write_deltalake(
            self._delta,
            relation,
            mode="overwrite",
            predicate=predicate,
            target_file_size=256 * 2**20,
            writer_properties=REWRITING,
            commit_properties=CommitProperties(app_transactions=[Transaction(*mark)] if mark else None),
            post_commithook_properties=QUIETLY,
        )

    def compact(self, *, partition: str | None, below_bytes: int) -> None:
        """Join the files smaller than `below_bytes` into files of about that size."""
        column = self.table.partition_by[0] if self.table.partition_by else ""
        self._delta.optimize.compact(
            partition_filters=[(column, "=", partition)] if partition is not None else None,
            target_size=below_bytes,
            max_concurrent_tasks=1,
            writer_properties=APPENDING,
            post_commithook_properties=QUIETLY,
        )

    def delete(self, predicate: str) -> int:
        """Delete the rows that meet `predicate`; returns how many. The files vanish with `vacuum`."""

        def attempt() -> int:
            metrics = self._delta.delete(
                predicate, writer_properties=REWRITING, post_commithook_properties=QUIETLY
            )
            return int(metrics.get("num_deleted_rows") or 0)

        return self.commit(attempt)

    def commit(self, attempt: Callable[[], Made]) -> Made:
        """Do `attempt` on the newest snapshot, again where another commit came between.

        Raises: Temporary after several such conflicts, or when the store does not take the files (a full disk).
        """
        for turn in range(ATTEMPTS):
            self.refresh()
            try:
                return attempt()
            except CommitFailedError as error:
                logger.info("commit_conflict table=%s turn=%d", self.table.name, turn)
                self._delta = DeltaTable(self.url)
                conflict: Exception = error
                time.sleep(0.01 * 2**turn)
            except OSError as error:
                raise Temporary(f"The table '{self.table.name}' could not be written: {error}.") from error
        raise Temporary(f"The table '{self.table.name}' is being changed by others; try again.") from conflict

    def vacuum(self, *, keep_hours: int | None = None) -> int:
        """Remove files that no snapshot of the last half hour needs; returns how many.

        Args:
            keep_hours: keep them this long instead; 0 removes them under the hands of running readers.
        """
        removed = self._delta.vacuum(
            retention_hours=keep_hours,
            dry_run=False,
            enforce_retention_duration=False,
            full=True,
            post_commithook_properties=QUIETLY,
        )
        if self._copies is not None and keep_hours == 0:
            self._copies.drop_others(self._remote_paths(), keep_seconds=0)
        return len(removed)

    def shorten_log(self) -> None:
        """Write a checkpoint and remove the entries of the table's own log that it makes needless."""
        self._delta.create_checkpoint()
        self._delta.cleanup_metadata()

    def _remote_paths(self) -> list[str]:
        return [uri.removeprefix(f"{self.url}/") for uri in self._delta.file_uris()]


def _local(uri: str) -> str:
    return unquote(uri.removeprefix("file://"))


def _instant(value: datetime | int) -> datetime:
    """Delta counts milliseconds."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.fromtimestamp(value / 1000, UTC)
