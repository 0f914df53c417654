"""The note of the state that homes were counted over: left whole, gone with what is deleted, and never too old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from duckdb import DuckDBPyConnection

from regard.warehouse import counts as counts_module
from regard.warehouse.counted import NOTE, OF_USE, Counted, note_counted, read_counted
from regard.warehouse.counts import Reads
from regard.warehouse.engines.counting import Counting
from regard.warehouse.engines.duckdb import go_back, refresh, stands_on
from regard.warehouse.log import Log

Rows = Callable[..., str]
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def before(log: Log, connection: DuckDBPyConnection, rows: Rows) -> Counted:
    """The state of a log of 48 interactions, to which 2 came afterwards."""
    log.append(connection, rows(48), consumer="test", epoch="one", position=1)
    refresh(connection, log)
    counted = Counted(stands_on(connection), NOW, NOW - timedelta(minutes=1))
    log.append(connection, rows(2, first=48), consumer="test", epoch="one", position=2)
    refresh(connection, log)
    return counted


def n_of(connection: DuckDBPyConnection) -> int:
    (row,) = connection.execute("SELECT count(*) FROM interactions").fetchall()
    return int(row[0])


def test_a_state_is_gone_back_to_and_come_back_from(
    log: Log, connection: DuckDBPyConnection, before: Counted
) -> None:
    newest = log.snapshot()
    assert note_counted(log.counts.folder, before)
    read = read_counted(log.counts.folder)
    assert read == before
    go_back(connection, before.snapshot)
    assert (n_of(connection), stands_on(connection)) == (48, before.snapshot)
    assert refresh(connection, log)
    assert (n_of(connection), stands_on(connection)) == (50, newest)


def test_only_a_recent_state_is_of_use(before: Counted) -> None:
    assert before.is_of_use(NOW + OF_USE - timedelta(seconds=1))
    assert not before.is_of_use(NOW + OF_USE)
    assert not before.is_of_use(NOW - timedelta(seconds=1)), "a clock that was set back"


@pytest.mark.parametrize(
    "told", [b"", b"[]", b'{"at": "soon"}', b'{"versions": {}, "files": [], "at": 1, "looked_at": 1}']
)
def test_a_note_that_cannot_be_read_is_none(log: Log, told: bytes) -> None:
    folder = log.counts.folder
    assert read_counted(folder) is None
    folder.mkdir(parents=True)
    (folder / NOTE).write_bytes(told)
    assert read_counted(folder) is None


def test_what_is_deleted_takes_the_note_away_and_keeps_a_late_one_out(log: Log, before: Counted) -> None:
    note_counted(log.counts.folder, before)
    log.delete("identity_id = 3")
    assert read_counted(log.counts.folder) is None
    assert not note_counted(log.counts.folder, before), "counting began before"
    later = datetime.now(UTC) + timedelta(seconds=1)
    assert note_counted(log.counts.folder, Counted(log.snapshot(), later, later))


def test_counts_of_the_noted_state_stay_while_the_log_moves_on(
    log: Log, connection: DuckDBPyConnection, before: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts_module, "LEAST_BYTES", 0)
    go_back(connection, before.snapshot)
    Counting(connection.cursor(), log.counts).keep("SELECT count(*) AS n FROM log", Reads())
    note_counted(log.counts.folder, before)
    assert log.counts.tidy(log.snapshot().files) == 0
    log.delete("identity_id = 3")
    assert log.counts.tidy(log.snapshot().files) == 1
