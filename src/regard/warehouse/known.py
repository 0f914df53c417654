"""Which of some ids the log already has: looks only at files and rows of about the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from regard.warehouse.delta import File

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAY = 86_400_000_000  # microseconds
SLACK = 2_000  # statistics are rounded to milliseconds


def make_known(connection: DuckDBPyConnection, table: str, files: Sequence[File]) -> None:
    """Make the temporary table `known` (interaction_id) of those ids of `table` that stand in `files`.

    Args:
        table: has interaction_id and occurred_at (TIMESTAMPTZ).
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE known (interaction_id BLOB)")
    stretches = _stretches(connection, table)
    near = [file.uri for file in files if any(_meets(file, first, last) for first, last in stretches)]
    if not near:
        return
    first, last = stretches[0][0], stretches[-1][1]
    connection.execute(
        f"""INSERT INTO known
            SELECT DISTINCT logged.interaction_id
            FROM read_parquet(?, hive_partitioning = false) AS logged
            JOIN (SELECT interaction_id, occurred_at FROM {table}) AS asked
              ON asked.interaction_id = logged.interaction_id
            WHERE logged.occurred_at BETWEEN make_timestamptz({first}) AND make_timestamptz({last})
              AND abs(epoch_us(logged.occurred_at) - epoch_us(asked.occurred_at)) <= {DAY}""",
        [near],
    )


def _stretches(connection: DuckDBPyConnection, table: str) -> list[tuple[int, int]]:
    """The stretches of time (microseconds) that hold the rows of `table`, a day wider at both ends, in order."""
    rows = connection.execute(
        f"""SELECT epoch_us(min(occurred_at)), epoch_us(max(occurred_at)) FROM {table}
            WHERE occurred_at IS NOT NULL GROUP BY epoch_us(occurred_at) // {DAY} ORDER BY 1"""
    ).fetchall()
    stretches: list[tuple[int, int]] = []
    for first, last in rows:
        start, end = first - DAY, last + DAY
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], end)
        else:
            stretches.append((start, end))
    return stretches


def _meets(file: File, first: int, last: int) -> bool:
    """Whether the file can hold a row between the two instants."""
    low, high = file.statistics.get("min.occurred_at"), file.statistics.get("max.occurred_at")
    if not isinstance(low, datetime) or not isinstance(high, datetime):
        return True
    return low.timestamp() * 1e6 - SLACK <= last and high.timestamp() * 1e6 + SLACK >= first
