"""A log in a folder of its own, a connection over it, and rows to put in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from regard.warehouse.engines.duckdb import connect
from regard.warehouse.log import Log

Rows = Callable[..., str]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    """An empty log; its folder has a blank and a letter beyond ASCII in its name."""
    return Log.open(tmp_path / "Data ü" / "warehouse")


@pytest.fixture
def connection(log: Log) -> Iterator[DuckDBPyConnection]:
    """A connection over the log."""
    made = connect(log, memory_limit="256MB")
    yield made
    made.close()


@pytest.fixture
def rows() -> Rows:
    """Makes a SELECT of `n` interactions numbered from `first`, one an hour from `start` on."""

    def select(
        n: int, *, first: int = 0, start: str = "2026-03-01 00:00:00+00:00", words: str = "fine"
    ) -> str:
        return f"""
            SELECT unhex(md5(i::VARCHAR)) AS interaction_id, (i % 7)::BIGINT AS identity_id, 'shop' AS source,
                   TIMESTAMPTZ '{start}' + to_hours(i - {first}) AS occurred_at,
                   TIMESTAMPTZ '2026-11-01 00:00:00+00:00' AS received_at, 'survey.answered' AS kind, 'web' AS channel,
                   'checkout' AS touchpoint, 'nps' AS metric, (i % 11)::DOUBLE AS score, NULL AS weight,
                   '{words}' AS text, 'en' AS language, NULL AS amount_minor, NULL AS currency,
                   NULL AS duration_seconds, NULL AS wait_seconds, 'north' AS unit, NULL AS agent,
                   'thread ' || i AS thread, '{{"n": ' || i || '}}' AS attributes
            FROM range({first}, {first + n}) AS made(i)"""

    return select
