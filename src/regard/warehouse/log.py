"""The log: every interaction, and the tables that say who and what they belong to, as Delta tables."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from regard.warehouse.copies import machine_folder
from regard.warehouse.counted import forget_counted
from regard.warehouse.counts import Counts
from regard.warehouse.delta import DeltaFolder
from regard.warehouse.known import KnownIds
from regard.warehouse.schema.identities import IDENTITIES
from regard.warehouse.schema.interactions import FACTS, INTERACTIONS, MONTH
from regard.warehouse.schema.memberships import MEMBERSHIPS
from regard.warehouse.schema.table import Table
from regard.warehouse.schema.traits import TRAITS
from regard.warehouse.schema.units import UNITS
from regard.warehouse.snapshot import Snapshot

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from regard.warehouse.maintenance import Maintenance

# The interactions come first: links that are newer than the interactions beside them do no harm, older ones might.
TABLES = (INTERACTIONS, IDENTITIES, MEMBERSHIPS, TRAITS, UNITS)
LOG_COLUMNS = ("interaction_id", "identity_id", "source", *(column.name for column in FACTS))


class Log:
    """The warehouse's tables under one address. The projector appends and deletes, its keeper tidies up, anybody reads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._lock = threading.RLock()
        self._maintaining = threading.Lock()
        self._maintenance: Maintenance | None = None
        self._known = KnownIds()
        self._folders = {table.name: DeltaFolder(url, table) for table in TABLES}

    @classmethod
    def open(cls, url: str | Path) -> Log:
        """The log under `url` (a folder, or an address on object storage), created where it is missing."""
        return cls(str(url))

    @property
    def temporary_folder(self) -> Path:
        """Where what does not fit the memory spills to: beside the warehouse, as it holds customers' words."""
        if "://" in self.url:
            return machine_folder() / "tmp"
        return Path(self.url).absolute().parent / "tmp"

    @property
    def counts(self) -> Counts:
        """What was counted of this log and is kept: beside the warehouse, and no part of it."""
        if "://" in self.url:
            return Counts(machine_folder() / "counts" / hashlib.sha256(self.url.encode()).hexdigest()[:16])
        return Counts(Path(self.url).absolute().parent / "counts")

    def append(
        self,
        connection: DuckDBPyConnection,
        relation_sql: str,
        *,
        consumer: str,
        epoch: str,
        position: int,
    ) -> int:
        """Append interactions exactly once; returns how many, 0 where this position was applied before.

        Args:
            relation_sql: a SELECT with the log's columns (a month among them is made anew).
            consumer: who appends; it has one running position.
            epoch: the journal's epoch, which a restore renews.
            position: the journal's position that these rows reach; a lower or equal one is refused.

        Raises: Temporary when the store cannot take it now.
        """
        return self._append(INTERACTIONS, connection, relation_sql, consumer, epoch, position)

    def append_identities(
        self, connection: DuckDBPyConnection, relation_sql: str, *, consumer: str, epoch: str, position: int
    ) -> int:
        """Append statements (identity_id, customer_id, version) exactly once; returns how many."""
        return self._append(IDENTITIES, connection, relation_sql, consumer, epoch, position)

    def append_memberships(
        self, connection: DuckDBPyConnection, relation_sql: str, *, consumer: str, epoch: str, position: int
    ) -> int:
        """Append statements (identity_id, account, version) exactly once; returns how many."""
        return self._append(MEMBERSHIPS, connection, relation_sql, consumer, epoch, position)

    def append_traits(
        self, connection: DuckDBPyConnection, relation_sql: str, *, consumer: str, epoch: str, position: int
    ) -> int:
        """Append statements (identity_id, name, value, version) exactly once; returns how many."""
        return self._append(TRAITS, connection, relation_sql, consumer, epoch, position)

    def replace_units(self, rows: Iterable[tuple[str, str, str | None]]) -> None:
        """Write the organisation's units (unit, title, parent) in the place of those before."""
        import duckdb

        with self._lock, duckdb.connect() as connection:
            connection.execute(UNITS.empty_sql("fresh"))
            for row in rows:
                connection.execute("INSERT INTO fresh VALUES (?, ?, ?)", row)
            folder = self._folders[UNITS.name]
            relation = "SELECT * FROM fresh ORDER BY unit"
            folder.commit(lambda: folder.overwrite(connection.sql(relation)))

    def position(self, consumer: str, epoch: str) -> int:
        """The last position that `consumer` appended to the interactions in this epoch; -1 where none."""
        with self._lock:
            folder = self._folders[INTERACTIONS.name]
            folder.refresh()
            return folder.number(f"{consumer}:{epoch}")

    def known_ids(self, connection: DuckDBPyConnection, table: str) -> None:
        """Make the temporary table `known` (interaction_id) of those ids of `table` that the log already has.

        Args:
            table: has interaction_id and occurred_at. A repetition keeps its time, so only rows within a day
                of it are looked at.
        """
        with self._lock:
            folder = self._folders[INTERACTIONS.name]
            folder.refresh()
            self._known.make_known(connection, table, folder.files_with_statistics())

    def delete(self, predicate_sql: str, *, table: str = "interactions") -> int:
        """Delete the rows of `table` that meet a condition; returns how many.

        The words vanish from the disk with `vacuum`, once nobody reads the older files.
        """
        with self._lock:
            n = self._folders[table].delete(predicate_sql)
        forget_counted(self.counts.folder)
        return n

    def maintain(self, now: datetime, *, budget_seconds: float = 2.0) -> bool:
        """Keep files few, closed months sorted and Delta's own log short; returns whether more is left to do.

        Called now and then in a process of its own (see `keeper`), beside the one that appends.

        Args:
            now: the present moment, aware; it says which months are closed.
            budget_seconds: no further step begins after this long.
        """
        from regard.warehouse.maintenance import Maintenance

        with self._maintaining:
            if self._maintenance is None:
                self._maintenance = Maintenance(self.url, TABLES, self.temporary_folder)
            is_left = self._maintenance.run(now, budget_seconds=budget_seconds)
        self.counts.tidy(self.snapshot().files)
        return is_left

    def vacuum(self, *, keep_hours: int | None = None) -> int:
        """Remove files that no reader of the last half hour can need, and counts that no longer hold; returns how many.

        Args:
            keep_hours: keep them this long instead; 0 when nobody reads, which completes an erasure at once.
        """
        with self._lock:
            n = sum(self._vacuum(folder, keep_hours) for folder in self._folders.values())
            return n + self.counts.tidy(self.snapshot().files)

    def n_files(self) -> int:
        """How many files hold the interactions."""
        return len(self.snapshot().files[INTERACTIONS.name])

    def snapshot(self) -> Snapshot:
        """The newest versions and their files."""
        with self._lock:
            versions = {name: folder.refresh() for name, folder in self._folders.items()}
            return Snapshot(versions, {name: folder.files() for name, folder in self._folders.items()})

    def versions(self) -> dict[str, int]:
        """The newest version of each table, without their files: cheap enough to ask before every question."""
        with self._lock:
            return {name: folder.refresh() for name, folder in self._folders.items()}

    def newest_entries(self) -> tuple[str, ...] | None:
        """Changes whenever a table does, and costs next to nothing; None where it cannot be told."""
        names = [folder.newest_entry() for folder in self._folders.values()]
        return None if None in names else tuple(name for name in names if name is not None)

    def changed_at(self) -> datetime | None:
        """When an interaction or an identity was last written or moved; None where it cannot be told cheaply."""
        moments = [self._folders[name].changed_at() for name in (INTERACTIONS.name, IDENTITIES.name)]
        return max((moment for moment in moments if moment is not None), default=None)

    def _append(
        self,
        table: Table,
        connection: DuckDBPyConnection,
        relation_sql: str,
        consumer: str,
        epoch: str,
        position: int,
    ) -> int:
        relation = f"SELECT {_typed(table)} FROM ({relation_sql}) AS given"
        # A result that was not read to its end would keep the connection from streaming.
        connection.execute("SELECT 1").fetchall()
        with self._lock:
            # The text is run anew on every attempt: a relation is a stream and can be read only once.
            return self._folders[table.name].append(
                lambda: connection.sql(relation), application=f"{consumer}:{epoch}", position=position
            )

    @staticmethod
    def _vacuum(folder: DeltaFolder, keep_hours: int | None) -> int:
        folder.refresh()
        return folder.vacuum(keep_hours=keep_hours)


def _typed(table: Table) -> str:
    """The table's columns, each cast to its type; the month is made from the time, so that no row stands astray."""
    columns: Sequence[str] = [name for name in table.names if name not in table.partition_by]
    casts = [f"given.{name}::{table.type_of(name)} AS {name}" for name in columns]
    return ", ".join([*casts, *(f"{MONTH} AS {name}" for name in table.partition_by)])
