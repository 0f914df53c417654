"""The log is kept by another process, which gives way to everybody and ends with whoever asked."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import deltalake
import pytest
from duckdb import DuckDBPyConnection

from regard.warehouse import delta
from regard.warehouse.conftest import Rows
from regard.warehouse.keeper import NICE, Keeper
from regard.warehouse.log import Log


def trickle(log: Log, connection: DuckDBPyConnection, rows: Rows, n: int) -> None:
    start = f"{datetime.now(UTC):%Y-%m}-01 00:00:00+00:00"
    for turn in range(n):
        log.append(connection, rows(3, first=3 * turn, start=start), consumer="log", epoch="e", position=turn)


def test_another_process_joins_files_and_begins_anew_where_it_was_killed(
    log: Log, connection: DuckDBPyConnection, rows: Rows
) -> None:
    trickle(log, connection, rows, 13)
    keeper = Keeper(log.url)
    keeper.maintain(datetime.now(UTC))
    assert Log.open(log.url).n_files() == 1
    process = keeper._process
    assert process is not None
    assert os.getpriority(os.PRIO_PROCESS, process.pid) >= min(19, NICE)
    process.kill()
    with pytest.raises(RuntimeError, match="ended with -9"):
        keeper.maintain(datetime.now(UTC))
    keeper.maintain(datetime.now(UTC))
    process = keeper._process
    keeper.stop()
    assert process is not None
    assert process.returncode is not None


def test_what_is_appended_meanwhile_is_counted_though_another_commit_came_after(
    log: Log, connection: DuckDBPyConnection, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    trickle(log, connection, rows, 12)
    write: Any = deltalake.write_deltalake

    def overtaken(*args: Any, **kwargs: Any) -> None:
        write(*args, **kwargs)
        Log.open(log.url).maintain(datetime.now(UTC))
        args[0].update_incremental()

    monkeypatch.setattr(delta, "write_deltalake", overtaken)
    assert log.append(connection, rows(7, first=900), consumer="log", epoch="e", position=99) == 7
