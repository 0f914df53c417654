"""The log keeps what it was given, once."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import deltalake
import pytest
from deltalake import DeltaTable
from duckdb import DuckDBPyConnection

from regard.warehouse import delta, delta_tables, known
from regard.warehouse.conftest import Rows
from regard.warehouse.engines.duckdb import connect, refresh
from regard.warehouse.log import TABLES, Log


def append(log: Log, connection: DuckDBPyConnection, sql: str, position: int, epoch: str = "e1") -> int:
    return log.append(connection, sql, consumer="log", epoch=epoch, position=position)


def count(log: Log, connection: DuckDBPyConnection) -> int:
    refresh(connection, log)
    row = connection.execute("SELECT count(*) FROM interactions").fetchone()
    assert row is not None
    return int(row[0])


def test_a_replayed_or_lower_position_is_refused(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    assert log.position("log", "e1") == -1
    assert append(log, connection, rows(10), 5) == 10
    assert append(log, connection, rows(10), 5) == 0
    assert append(log, connection, rows(10), 4) == 0
    assert append(log, connection, rows(3, first=10), 6) == 3
    assert log.position("log", "e1") == 6
    assert count(log, connection) == 13


def test_a_new_epoch_begins_its_own_positions(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    append(log, connection, rows(1), 7, epoch="e1")
    assert log.position("log", "e2") == -1
    assert append(log, connection, rows(1, first=1), 0, epoch="e2") == 1


def test_a_position_without_rows_is_kept_too(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    assert append(log, connection, rows(0), 3) == 0
    assert log.position("log", "e1") == 3


def test_a_deposed_writer_that_wakes_up_is_refused(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    deposed = Log.open(log.url)
    append(log, connection, rows(10), 5)
    assert append(deposed, connection, rows(10), 5) == 0
    assert count(log, connection) == 10


def test_a_writer_overtaken_between_its_look_and_its_commit_is_refused(
    log: Log, connection: DuckDBPyConnection, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, other = deltalake.write_deltalake, Log.open(log.url)

    def overtaken(*args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(delta, "write_deltalake", write)
        with connect(other) as second:
            append(other, second, rows(10), 5)
        write(*args, **kwargs)

    monkeypatch.setattr(delta, "write_deltalake", overtaken)
    assert append(log, connection, rows(10), 5) == 0
    assert count(log, connection) == 10


def test_a_crash_before_the_commit_leaves_nothing_to_see(log: Log, rows: Rows) -> None:
    sql = rows(20_000)  # an hour each: 28 months, 28 files
    script = f"""
import duckdb
from regard.warehouse.log import Log
log, connection = Log.open({log.url!r}), duckdb.connect()
log.append(connection, {sql!r}, consumer="log", epoch="e1", position=1)
"""
    folder = Path(log.url) / "interactions"
    with subprocess.Popen([sys.executable, "-c", script]) as writer:
        while writer.poll() is None and not any(folder.rglob("*.parquet")):
            time.sleep(0.001)
        writer.kill()
    again = Log.open(log.url)
    with connect(again) as connection:
        before = count(again, connection)
        assert before in (0, 20_000)
        assert append(again, connection, sql, 1) == 20_000 - before
        again.vacuum(keep_hours=0)
        assert count(again, connection) == 20_000
    assert len(list(folder.rglob("month=*/*.parquet"))) == again.n_files()


@pytest.mark.parametrize("few", [0, 1000])
def test_ids_are_known_only_about_their_time(
    log: Log, connection: DuckDBPyConnection, rows: Rows, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "FEW", few)
    append(log, connection, rows(48), 1)
    connection.execute(f"CREATE TABLE asked AS {rows(60)}")
    connection.execute(
        "UPDATE asked SET occurred_at = occurred_at + INTERVAL 3 DAY WHERE thread = 'thread 0'"
    )
    connection.execute(
        "UPDATE asked SET occurred_at = occurred_at + INTERVAL 1 DAY WHERE thread = 'thread 1'"
    )
    log.known_ids(connection, "asked")
    found = connection.execute("SELECT thread FROM asked SEMI JOIN known USING (interaction_id)").fetchall()
    assert {row[0] for row in found} == {f"thread {number}" for number in range(1, 48)}


def test_kept_ids_follow_the_log(
    log: Log, connection: DuckDBPyConnection, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "FEW", 0)
    monkeypatch.setattr(known, "MAX_RUNS", 3)
    connection.execute(f"CREATE TABLE asked AS {rows(3000)}")

    def n_known() -> int:
        log.known_ids(connection, "asked")
        return int(connection.execute("SELECT count(*) FROM known").fetchall()[0][0])

    assert n_known() == 0
    for turn in range(12):
        append(log, connection, rows(200, first=200 * turn), turn)
        connection.execute(f"CREATE OR REPLACE TABLE asked AS {rows(200 * turn + 300)}")
        connection.execute(
            "UPDATE asked SET occurred_at = logged.occurred_at FROM (SELECT thread, min(occurred_at) AS occurred_at FROM "
            f"read_parquet({list(log.snapshot().files['interactions'])!r}) GROUP BY thread) AS logged "
            "WHERE asked.thread = logged.thread"
        )
        assert n_known() == 200 * (turn + 1)
    log.maintain(datetime.now(UTC) + timedelta(hours=1), budget_seconds=60)
    assert n_known() == 2400
    n_erased = log.delete("identity_id = 3")
    assert n_known() == 2400 - n_erased


def test_no_id_is_known_to_an_empty_log(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    connection.execute(f"CREATE TABLE asked AS {rows(5)}")
    log.known_ids(connection, "asked")
    assert connection.execute("SELECT count(*) FROM known").fetchone() == (0,)


def test_times_and_months_do_not_depend_on_the_session_zone(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    connection.execute("SET TimeZone = 'Pacific/Auckland'")
    append(log, connection, rows(2, start="2026-03-31 23:00:00+00:00"), 1)
    refresh(connection, log)
    connection.execute("SET TimeZone = 'America/Lima'")
    found = connection.execute("SELECT epoch(occurred_at)::BIGINT, month FROM log ORDER BY 1").fetchall()
    assert found == [(1774998000, "2026-03"), (1775001600, "2026-04")]
    types = {field.name: field.type.type for field in DeltaTable(f"{log.url}/interactions").schema().fields}
    assert types["occurred_at"] == types["received_at"] == "timestamp"


def test_the_folders_hold_the_columns_that_the_schema_names(log: Log) -> None:
    for table in TABLES:
        fields = DeltaTable(f"{log.url}/{table.name}").schema().fields
        assert [(field.name, field.type.type) for field in fields] == [
            (column.name, delta_tables.DELTA_TYPES[column.type]) for column in table.columns
        ]


def test_statistics_never_hold_words(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    append(log, connection, rows(5, words="marmalade"), 1)
    entries = "".join(path.read_text() for path in Path(log.url).glob("*/_delta_log/*.json"))
    assert "marmalade" not in entries
    assert "thread 1" not in entries


def test_an_erased_word_stands_in_no_file(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    append(log, connection, rows(50), 1)
    append(
        log,
        connection,
        f"SELECT * REPLACE (99 AS identity_id) FROM ({rows(2, first=50, words='marmalade')})",
        2,
    )
    append(log, connection, rows(1, first=60, words="marmalade", start="2025-01-01 00:00:00+00:00"), 3)
    assert log.delete("identity_id = 99 OR text = 'marmalade'") == 3
    assert count(log, connection) == 50
    log.vacuum(keep_hours=0)
    for path in Path(log.url).rglob("*"):
        if path.suffix == ".parquet" and "_delta_log" not in path.parts:
            words = connection.execute(
                "SELECT count(*) FROM read_parquet(?) WHERE text = 'marmalade'", [str(path)]
            )
            assert words.fetchone() == (0,)
        if path.is_file() and "_delta_log" not in path.parts:
            assert b"marmalade" not in path.read_bytes()
    assert log.position("log", "e1") == 3


def test_removed_files_stay_for_readers_until_they_are_old(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    append(log, connection, rows(50), 1)
    refresh(connection, log)
    log.delete("identity_id = 1")
    log.vacuum()
    assert connection.execute("SELECT count(*) FROM interactions WHERE identity_id = 1").fetchone() == (7,)
    refresh(connection, log)
    assert connection.execute("SELECT count(*) FROM interactions WHERE identity_id = 1").fetchone() == (0,)
