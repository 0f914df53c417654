"""Counts that are kept: found again while nothing that they were made from changed, and gone afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from regard.warehouse import counts as counts_module
from regard.warehouse.counts import Counts, Reads
from regard.warehouse.engines.counting import Counting
from regard.warehouse.engines.duckdb import refresh
from regard.warehouse.log import Log

Rows = Callable[..., str]
QUERY = "SELECT count(*) AS n FROM log WHERE month <= '2026-03'"
UNTIL_MARCH = Reads(last_month="2026-03")


@pytest.fixture(autouse=True)
def is_little_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts_module, "LEAST_BYTES", 0)


def files(log: Log) -> list[Path]:
    return sorted(log.counts.folder.glob("*.parquet")) if log.counts.folder.exists() else []


def ask(connection: DuckDBPyConnection, log: Log, reads: Reads = UNTIL_MARCH, query: str = QUERY) -> object:
    refresh(connection, log)
    row = Counting(connection.cursor(), log.counts).keep(query, reads).fetchone()
    assert row is not None
    return row[0]


def filled(connection: DuckDBPyConnection, log: Log, rows: Rows) -> None:
    log.append(connection, rows(48), consumer="test", epoch="one", position=1)
    refresh(connection, log)


def test_what_was_counted_once_is_found_by_another_process(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    filled(connection, log, rows)
    assert ask(connection, log) == 48
    (place,) = files(log)
    connection.execute(f"COPY (SELECT 7 AS n) TO '{place}' (FORMAT parquet)")
    assert ask(connection, log) == 7, "it was read, not counted again"


def test_of_little_nothing_is_kept(
    log: Log, connection: DuckDBPyConnection, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(connection, log, rows)
    (file,) = (Path(uri) for uri in log.snapshot().files["interactions"])
    monkeypatch.setattr(counts_module, "LEAST_BYTES", file.stat().st_size + 1)
    assert (ask(connection, log), files(log)) == (48, [])
    monkeypatch.setattr(counts_module, "LEAST_BYTES", file.stat().st_size)
    assert (ask(connection, log, Reads(last_month="2026-02")), files(log)) == (48, [])
    assert (ask(connection, log), len(files(log))) == (48, 1)


def test_rows_of_a_month_that_is_not_read_leave_a_count_as_it_is(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    filled(connection, log, rows)
    ask(connection, log)
    before = files(log)
    log.append(connection, rows(5, first=100, start="2026-04-02 00:00:00+00"), consumer="test", epoch="one", position=2)  # fmt: skip
    assert ask(connection, log) == 48
    assert files(log) == before


def test_a_late_row_makes_it_counted_again_and_the_old_count_removed(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    filled(connection, log, rows)
    ask(connection, log)
    (old,) = files(log)
    log.append(connection, rows(1, first=100), consumer="test", epoch="one", position=2)
    assert ask(connection, log) == 49
    assert log.counts.tidy(log.snapshot().files) == 1
    assert old not in files(log)
    assert len(files(log)) == 1


def test_deleted_rows_are_in_no_count_and_the_clean_up_of_an_erasure_takes_the_old_ones(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    filled(connection, log, rows)
    ask(connection, log)
    log.delete("identity_id = 3")
    log.vacuum(keep_hours=0)
    assert files(log) == []
    assert ask(connection, log) == 48 - 7


def test_joining_two_customers_ends_only_what_looks_at_customers(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    filled(connection, log, rows)
    people = Reads(last_month="2026-03", tables=("identities",))
    whose = "SELECT count(DISTINCT customer_id) AS n FROM interactions"
    assert (ask(connection, log), ask(connection, log, people, whose)) == (48, 7)
    log.append_identities(
        connection,
        "SELECT 3::BIGINT AS identity_id, 2::BIGINT AS customer_id, 1::BIGINT AS version",
        consumer="test",
        epoch="one",
        position=1,
    )
    assert ask(connection, log, people, whose) == 6
    assert log.counts.tidy(log.snapshot().files) == 1
    assert len(files(log)) == 2


def test_a_count_in_another_zone_is_another_count(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    filled(connection, log, rows)
    query = "SELECT count(DISTINCT occurred_at::DATE) AS n FROM log"
    found = []
    for zone in ("UTC", "Asia/Tokyo"):
        counting = Counting(connection.cursor(), log.counts)
        counting.execute(f"SET TimeZone = '{zone}'")
        found += counting.keep(query, Reads()).fetchall()
    assert found == [(2,), (3,)]


def test_a_broken_count_is_passed_over(log: Log, connection: DuckDBPyConnection, rows: Rows) -> None:
    filled(connection, log, rows)
    ask(connection, log)
    (place,) = files(log)
    place.write_bytes(b"no parquet")
    assert ask(connection, log) == 48


def test_where_nothing_can_be_written_the_log_is_asked(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    filled(connection, log, rows)
    log.counts.folder.write_text("a file in its place")
    assert ask(connection, log) == 48


def test_what_nobody_wanted_for_days_and_what_was_left_half_written_goes(tmp_path: Path) -> None:
    counts = Counts(tmp_path)
    state = {"interactions": ["month=2026-03/part-1.parquet"]}
    wanted, unwanted = (counts.place(query, Reads(), state) for query in ("a", "b"))
    half = tmp_path / ".abc.part"
    for path in (wanted, unwanted, half):
        path.write_bytes(b"x")
    long_ago = time.time() - 4 * 86_400
    for path in (unwanted, half):
        os.utime(path, (long_ago, long_ago))
    assert counts.tidy(state) == 2
    assert list(tmp_path.iterdir()) == [wanted]


def test_reading_a_count_notes_that_it_is_wanted(tmp_path: Path) -> None:
    counts = Counts(tmp_path)
    place = counts.place("a", Reads(), {"interactions": []})
    place.write_bytes(b"x")
    os.utime(place, (1, 1))
    assert counts.has(place)
    assert counts.tidy({"interactions": []}) == 0


def test_the_oldest_give_way_where_there_are_too_many(tmp_path: Path) -> None:
    counts = Counts(tmp_path, most_bytes=2)
    places = [counts.place(str(n), Reads(), {"interactions": []}) for n in range(3)]
    for n, place in enumerate(places):
        place.write_bytes(b"x")
        os.utime(place, (time.time() - n, time.time() - n))
    assert counts.tidy({"interactions": []}) == 1
    assert sorted(tmp_path.iterdir()) == sorted(places[:2])
