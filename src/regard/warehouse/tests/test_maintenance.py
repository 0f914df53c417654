"""Files stay few, nothing is lost or doubled by tidying, and readers do not notice."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import deltalake
import duckdb
import pytest
from duckdb import DuckDBPyConnection

from regard.warehouse import delta, delta_tables, maintenance
from regard.warehouse.conftest import Rows
from regard.warehouse.engines.duckdb import refresh
from regard.warehouse.log import Log

SOON = timedelta(minutes=20)


def trickle(log: Log, connection: DuckDBPyConnection, rows: Rows, n: int) -> list[int]:
    """Append `n` times a few rows of this month, tidying every 25; returns the files counted on the way."""
    seen = []
    start = f"{datetime.now(UTC):%Y-%m}-01 00:00:00+00:00"
    for turn in range(n):
        sql = rows(3, first=3 * turn, start=start)
        log.append(connection, sql, consumer="log", epoch="e", position=turn)
        if turn % 25 == 24:
            log.maintain(datetime.now(UTC), budget_seconds=60)
            seen.append(log.n_files())
    return seen


def check_trickled(log: Log, connection: DuckDBPyConnection, seen: list[int], n: int) -> None:
    assert max(seen) <= 14
    refresh(connection, log)
    counted = connection.execute(
        "SELECT count(*), count(DISTINCT interaction_id) FROM interactions"
    ).fetchone()
    assert counted == (3 * n, 3 * n)


def test_files_stay_few_while_data_trickle_in(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    check_trickled(log, connection, trickle(log, connection, rows, 150), 150)


@pytest.mark.parametrize(
    ("n", "n_bytes", "step", "is_worth"),
    [
        (11, 10_000, 0, False),
        (12, 10_000, 0, True),
        (12, 2 * 2**20, 0, False),  # joined by twos: hardly fewer
        (12, 2 * 2**20, 1, False),  # not yet one file
        (32, 2 * 2**20, 1, True),
        (36, 2**20, 1, True),
        (12, 40 * 2**20, 1, False),
    ],
)
def test_files_are_joined_where_that_makes_them_few(n: int, n_bytes: int, step: int, is_worth: bool) -> None:
    one = delta.File("file", "2026-03", n_bytes, 1, datetime.now(UTC), {})
    assert maintenance.is_worth_joining([one] * n, maintenance.STEPS[step]) is is_worth


def test_readers_see_that_a_table_grew_also_after_its_own_log_was_summed_up(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    seen = [log.newest_entries()]
    for turn in range(3):
        log.append(connection, rows(3, first=3 * turn), consumer="log", epoch="e", position=turn)
        seen.append(log.newest_entries())
        log.maintain(datetime.now(UTC), budget_seconds=60)
        seen.append(log.newest_entries())
    assert all(before != after for before, after in zip(seen[::2], seen[1::2], strict=False))


@pytest.mark.long
def test_files_stay_few_after_a_thousand_appends(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    check_trickled(log, connection, trickle(log, connection, rows, 1000), 1000)
    assert len(list((Path(log.url) / "interactions" / "_delta_log").iterdir())) < 1300


def test_a_closed_month_is_sorted_once_it_is_quiet(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    for turn in range(3):
        sql = rows(200, first=200 * turn, start="2026-03-01 00:00:00+00:00")
        log.append(connection, sql, consumer="log", epoch="e", position=turn)
    now = datetime.now(UTC)
    log.maintain(now)
    assert log.n_files() == 3
    log.maintain(now + SOON)
    assert log.n_files() == 1
    files = list(log.snapshot().files["interactions"])
    ordered = connection.execute(
        "SELECT (identity_id, occurred_at) >= lag((identity_id, occurred_at)) OVER () FROM read_parquet(?)",
        [files],
    ).fetchall()
    assert all(row[0] is not False for row in ordered)
    assert log.position("log", "e") == 2


def test_a_sorted_month_is_left_alone_until_a_tenth_of_it_is_new(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    now = datetime.now(UTC)
    log.append(connection, rows(300), consumer="log", epoch="e", position=0)
    log.maintain(now + SOON)
    before = log.snapshot().files["interactions"]
    log.append(connection, rows(10, first=300), consumer="log", epoch="e", position=1)
    log.maintain(now + 2 * SOON)
    assert set(before) < set(log.snapshot().files["interactions"])
    log.append(connection, rows(100, first=310), consumer="log", epoch="e", position=2)
    log.maintain(now + 3 * SOON)
    assert log.n_files() == 1


def test_a_row_appended_while_a_month_is_sorted_is_not_lost(
    log: Log, connection: DuckDBPyConnection, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.append(connection, rows(300), consumer="log", epoch="e", position=0)
    write = deltalake.write_deltalake

    def overtaken(*args: Any, **kwargs: Any) -> None:
        monkeypatch.setattr(delta, "write_deltalake", write)
        log.append(connection, rows(1, first=300), consumer="log", epoch="e", position=1)
        write(*args, **kwargs)

    monkeypatch.setattr(delta, "write_deltalake", overtaken)
    assert log.maintain(datetime.now(UTC) + SOON)
    log.maintain(datetime.now(UTC) + 2 * SOON)
    refresh(connection, log)
    assert connection.execute("SELECT count(*) FROM interactions").fetchone() == (301,)
    assert log.n_files() == 1


def test_the_tables_of_people_keep_the_latest_version_only(log: Log, connection: DuckDBPyConnection) -> None:
    for version in range(20):
        log.append_identities(
            connection,
            f"SELECT 1 AS identity_id, {version} AS customer_id, {version} AS version UNION ALL SELECT {version}, 0, 100",
            consumer="customers",
            epoch="e",
            position=version,
        )
    assert len(log.snapshot().files["identities"]) == 20
    log.maintain(datetime.now(UTC))
    files = list(log.snapshot().files["identities"])
    kept = connection.execute(
        "SELECT count(*), count(DISTINCT identity_id) FROM read_parquet(?)", [files]
    ).fetchone()
    assert (len(files), kept) == (1, (20, 20))
    again = "SELECT 1 AS identity_id, 7 AS customer_id, 7 AS version"
    assert log.append_identities(connection, again, consumer="customers", epoch="e", position=19) == 0


def test_what_others_read_meanwhile_is_always_whole(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    script = f"""
import sys, time
from regard.warehouse.log import Log
from regard.warehouse.engines.duckdb import connect, refresh
log = Log.open({log.url!r})
connection = connect(log)
print("ready", flush=True)
last, n_looks, until = 0, 0, time.monotonic() + 60
while last < 400 and time.monotonic() < until:
    refresh(connection, log)
    n, distinct = connection.execute("SELECT count(*), count(DISTINCT interaction_id) FROM interactions").fetchone()
    assert n == distinct and n % 10 == 0 and n >= last, (n, distinct, last)
    last, n_looks = n, n_looks + 1
print(last, n_looks)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
        for turn in range(40):
            sql = rows(10, first=10 * turn)
            log.append(connection, sql, consumer="log", epoch="e", position=turn)
            if turn % 8 == 7:
                log.maintain(datetime.now(UTC) + SOON * (turn + 1), budget_seconds=60)
        seen, n_looks = map(int, reader.stdout.readline().split())
    assert seen == 400
    assert n_looks > 3


def test_a_reader_that_slept_through_a_clean_up_wakes_up_to_the_newest(
    tmp_path: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delta_tables, "KEEP_LOG", "interval 1 seconds")
    log = Log.open(tmp_path / "warehouse")
    asleep = Log.open(tmp_path / "warehouse")
    with duckdb.connect() as connection:
        for turn in range(5):
            log.append(connection, rows(1, first=turn), consumer="log", epoch="e", position=turn)
        time.sleep(1.5)
        log.maintain(datetime.now(UTC))
        entries = list((Path(log.url) / "interactions" / "_delta_log").glob("*.json"))
        assert len(entries) == 1
        assert asleep.position("log", "e") == 4
        assert asleep.append(connection, rows(1), consumer="log", epoch="e", position=4) == 0
