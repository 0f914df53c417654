"""DuckDB inside this process: the views that every question is asked of.

- `log`: the interactions as they stand, with their `month`;
- `interactions`: the same without `month`, and `customer_id`: whose each is today;
- `customers_now` (identity_id, customer_id), only those whose customer is another identity;
- `memberships_now` (customer_id, account), `traits_now` (customer_id, name, value), `units`;
- `warehouse_versions` (name, version) and `warehouse_files` (name, file): the snapshot that the views stand on.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from regard.warehouse.engines import views
from regard.warehouse.engines.engine import Engine, EngineKind, register
from regard.warehouse.literals import text_sql
from regard.warehouse.log import LOG_COLUMNS, TABLES, Log
from regard.warehouse.schema.identities import IDENTITIES
from regard.warehouse.schema.interactions import INTERACTIONS, MONTH
from regard.warehouse.schema.memberships import MEMBERSHIPS
from regard.warehouse.schema.table import Table
from regard.warehouse.schema.traits import TRAITS
from regard.warehouse.schema.units import UNITS
from regard.warehouse.snapshot import Snapshot

# Views are replaced by one at a time: cursors of one connection share them.
_replacing = threading.Lock()


def connect(
    log: Log | None = None,
    *,
    memory_limit: str = "1GB",
    threads: int = 2,
    temp_directory: Path | str | None = None,
) -> DuckDBPyConnection:
    """A connection with the views over `log`; without a log they are empty. Close it when done.

    Args:
        memory_limit: as DuckDB writes it; what is larger goes to the temporary folder.
        threads: how many work on one question.
        temp_directory: where to; by default `tmp` beside the warehouse, or a folder of the system's.
    """
    folder = Path(temp_directory) if temp_directory is not None else _temporary_folder(log)
    folder.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": str(folder),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        },
    )
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    connection.execute("SET GLOBAL parquet_metadata_cache = true")
    if log is None:
        _point(
            connection, Snapshot({table.name: -1 for table in TABLES}, {table.name: () for table in TABLES})
        )
    else:
        refresh(connection, log)
    return connection


def refresh(connection: DuckDBPyConnection, log: Log) -> bool:
    """Point the views at the newest snapshot of `log`; returns whether it had moved.

    Questions that run meanwhile finish on the snapshot that they began with.
    """
    with _replacing:
        if _versions(connection) == log.versions():
            return False
        _point(connection, log.snapshot())
        return True


def go_back(connection: DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Point the views at a snapshot of before, whose files are still there."""
    with _replacing:
        _point(connection, snapshot)


def stands_on(connection: DuckDBPyConnection) -> Snapshot:
    """The snapshot that the views stand on."""
    versions, files = _versions(connection) or {}, {table.name: list[str]() for table in TABLES}
    for name, file in connection.execute("SELECT name, file FROM warehouse_files").fetchall():
        files[name] += [file] if file else []
    return Snapshot(versions, {name: tuple(listed) for name, listed in files.items()})


def over_tables(connection: DuckDBPyConnection, table_name: str) -> None:
    """Make the same views over a table or view in memory that has the log's columns.

    Every identity is its own customer; there are no accounts, traits or units.
    """
    columns = ", ".join(f"given.{name}::{INTERACTIONS.type_of(name)} AS {name}" for name in LOG_COLUMNS)
    connection.execute(
        f"CREATE OR REPLACE VIEW log AS SELECT *, {MONTH} AS month FROM (SELECT {columns} FROM {table_name} AS given)"
    )
    for table in (IDENTITIES, MEMBERSHIPS, TRAITS, UNITS):
        _view(connection, f"all_{table.name}", table, ())
    _derive(connection, {table.name for table in TABLES})


def identities_of(connection: DuckDBPyConnection, customer_id: int) -> list[int]:
    """The identities of one customer today, for questions about one person (`identity_id IN (...)` is fast)."""
    rows = connection.execute(
        "SELECT identity_id FROM customers_now WHERE customer_id = ?", [customer_id]
    ).fetchall()
    return sorted({row[0] for row in rows} | {customer_id})


def _point(connection: DuckDBPyConnection, snapshot: Snapshot) -> None:
    before = _versions(connection) or {}
    connection.begin()
    try:
        _view(connection, "log", INTERACTIONS, snapshot.files[INTERACTIONS.name])
        moved = {table.name for table in TABLES if before.get(table.name) != snapshot.versions[table.name]}
        for table in TABLES:
            if table is not INTERACTIONS and table.name in moved:
                _view(connection, f"all_{table.name}", table, snapshot.files[table.name])
        _derive(connection, moved)
        values = ", ".join(f"('{name}', {version})" for name, version in snapshot.versions.items())
        connection.execute(
            f"CREATE OR REPLACE VIEW warehouse_versions AS SELECT * FROM (VALUES {values}) AS t(name, version)"
        )
        _list_files(connection, snapshot)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _list_files(connection: DuckDBPyConnection, snapshot: Snapshot) -> None:
    rows = [f"('{name}', NULL)" for name in snapshot.files]
    for name, files in snapshot.files.items():
        rows += [f"('{name}', {text_sql(file)})" for file in files]
    connection.execute(
        f"CREATE OR REPLACE VIEW warehouse_files AS SELECT * FROM (VALUES {', '.join(rows)}) AS t(name, file)"
    )


def _versions(connection: DuckDBPyConnection) -> dict[str, int] | None:
    try:
        return dict(connection.execute("SELECT name, version FROM warehouse_versions").fetchall())
    except duckdb.CatalogException:
        return None


def _view(connection: DuckDBPyConnection, name: str, table: Table, files: tuple[str, ...]) -> None:
    """A view over a snapshot's files, with the table's columns and types even where there is no file."""
    if files:
        listed = ", ".join(text_sql(file) for file in files)
        hive = (
            "hive_partitioning = true, hive_types_autocast = false"
            if table.partition_by
            else "hive_partitioning = false"
        )
        body = f"SELECT {table.select_list} FROM read_parquet([{listed}], {hive})"
    else:
        body = views.nothing(table)
    connection.execute(f"CREATE OR REPLACE VIEW {name} AS {body}")


def _derive(connection: DuckDBPyConnection, moved: set[str]) -> None:
    """What follows from the tables that moved: who is whose today. Kept as tables, as every question reads them."""
    if IDENTITIES.name in moved:
        connection.execute(f"CREATE OR REPLACE TABLE customers_now AS {views.CUSTOMERS_NOW}")
    has_links = connection.execute("SELECT count(*) FROM customers_now").fetchall() != [(0,)]
    if IDENTITIES.name in moved:
        connection.execute(
            f"CREATE OR REPLACE VIEW interactions AS {views.interactions(has_links=has_links)}"
        )
    if moved & {IDENTITIES.name, MEMBERSHIPS.name}:
        connection.execute(
            f"CREATE OR REPLACE TABLE memberships_now AS {views.memberships_now(has_links=has_links)}"
        )
    if moved & {IDENTITIES.name, TRAITS.name}:
        connection.execute(f"CREATE OR REPLACE TABLE traits_now AS {views.traits_now(has_links=has_links)}")
    if UNITS.name in moved:
        connection.execute("CREATE OR REPLACE VIEW units AS SELECT * FROM all_units")


def _temporary_folder(log: Log | None) -> Path:
    return log.temporary_folder if log is not None else Path(tempfile.gettempdir()) / "regard"


@contextmanager
def _open(log: Log, where: str) -> Iterator[Engine]:
    with connect(log) as connection:
        yield connection


register(EngineKind("duckdb", "DuckDB, inside this process", _open))
