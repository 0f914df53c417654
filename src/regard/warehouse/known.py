"""Which of some ids the log already has: looks only at files and rows of about the same time.

A few ids are looked for in the files themselves. For many (an import) the ids of each month touched are kept in memory
as sorted fingerprints, 16 bytes each, and only files that are new since the last look are read: otherwise every batch
of an import would read the whole log again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from regard.warehouse.delta import File

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAY = 86_400_000_000  # microseconds
SLACK = 2_000  # statistics are rounded to milliseconds
FEW = 20_000
MAX_KEPT = 16_000_000  # fingerprints: 256 MB
MAX_RUNS = 8

# 96 bits of an id, and its time in seconds. Ids that differ but share these do not occur in practice (1 : 10^14).
_FINGERPRINT = """hash(interaction_id) AS high, (hash(hex(interaction_id)) >> 32)::UINTEGER AS low,
                  (epoch_us(occurred_at) // 1000000)::INTEGER AS at"""
_MONTH_NUMBER = "(12 * year({0}) + month({0}) - 1)::INTEGER"
Columns = dict[str, Any]


@dataclass
class _Month:
    """The fingerprints of a month's files, in a few sorted runs."""

    files: set[str] = field(default_factory=set)
    runs: list[Columns] = field(default_factory=list)

    @property
    def n(self) -> int:
        return sum(len(run["high"]) for run in self.runs)

    def add(self, run: Columns) -> None:
        self.runs.append(run)
        if len(self.runs) > MAX_RUNS:
            self.runs = [{name: np.concatenate([part[name] for part in self.runs]) for name in run}]
        order = np.argsort(self.runs[-1]["high"])
        self.runs[-1] = {name: values[order] for name, values in self.runs[-1].items()}

    def has(self, asked: Columns) -> Any:
        """A mask of those asked for (sorted by `high`) that stand here within a day."""
        found = np.zeros(len(asked["high"]), dtype=bool)
        for run in self.runs:
            place = np.minimum(np.searchsorted(run["high"], asked["high"]), len(run["high"]) - 1)
            near = np.abs(run["at"][place].astype(np.int64) - asked["at"]) <= DAY // 1_000_000
            found |= (run["high"][place] == asked["high"]) & (run["low"][place] == asked["low"]) & near
        return found


class KnownIds:
    """The ids that the log has, as far as they were asked for lately; lives as long as its log is open."""

    def __init__(self) -> None:
        self._months: dict[int, _Month] = {}

    def make_known(self, connection: DuckDBPyConnection, table: str, files: Sequence[File]) -> None:
        """Make the temporary table `known` (interaction_id) of those ids of `table` that stand in `files`.

        Args:
            table: has interaction_id and occurred_at (TIMESTAMPTZ).
        """
        connection.execute("CREATE OR REPLACE TEMP TABLE known (interaction_id BLOB)")
        stretches = _stretches(connection, table)
        near = [file for file in files if any(_meets(file, first, last) for first, last in stretches)]
        if not near:
            return
        n_asked = connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
        if n_asked <= FEW or sum(file.n_rows for file in _of_months(files, _months_of(near))) > MAX_KEPT:
            _look_in_files(connection, table, [file.uri for file in near], stretches)
        else:
            self._look_in_memory(connection, table, _of_months(files, _months_of(near)))

    def _look_in_memory(self, connection: DuckDBPyConnection, table: str, files: list[File]) -> None:
        self._read(connection, files)
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE asked_ids AS
                SELECT interaction_id, row_number() OVER () AS number, {_FINGERPRINT},
                       {_MONTH_NUMBER.format("(utc - INTERVAL 1 DAY)")} AS first,
                       {_MONTH_NUMBER.format("(utc + INTERVAL 1 DAY)")} AS last
                FROM (SELECT interaction_id, occurred_at, occurred_at AT TIME ZONE 'UTC' AS utc FROM {table}
                      WHERE occurred_at IS NOT NULL)"""
        )
        asked = connection.execute(
            "SELECT * EXCLUDE interaction_id FROM asked_ids ORDER BY high"
        ).fetchnumpy()
        is_known = np.zeros(len(asked["high"]), dtype=bool)
        for month in _months_of(files):
            mask = (asked["first"] <= month) & (asked["last"] >= month) & ~is_known
            is_known[mask] |= self._months[month].has({name: values[mask] for name, values in asked.items()})
        if is_known.any():
            connection.register("known_numbers", {"number": np.asarray(asked["number"][is_known])})
            connection.execute(
                "INSERT INTO known SELECT DISTINCT interaction_id FROM asked_ids SEMI JOIN known_numbers USING (number)"
            )
            connection.unregister("known_numbers")
        connection.execute("DROP TABLE asked_ids")

    def _read(self, connection: DuckDBPyConnection, files: list[File]) -> None:
        """Take in what is new in these files' months; a month whose files were rewritten is read anew."""
        by_month: dict[int, set[str]] = {}
        for file in files:
            by_month.setdefault(_number(file.partition), set()).add(file.uri)
        new: list[str] = []
        for month, uris in by_month.items():
            kept = self._months.pop(month, _Month())
            if not kept.files <= uris:
                kept = _Month()
            new += uris - kept.files
            kept.files |= uris
            self._months[month] = kept  # at the end: used last
        if new:
            for month, run in _fingerprints(connection, new):
                self._months[month].add(run)
        self._forget_beyond(len(by_month))

    def _forget_beyond(self, n_needed: int) -> None:
        """Drop the months used longest ago while too much is kept; the last `n_needed` stay."""
        while len(self._months) > n_needed and sum(month.n for month in self._months.values()) > MAX_KEPT:
            del self._months[next(iter(self._months))]


def _fingerprints(connection: DuckDBPyConnection, files: list[str]) -> Iterable[tuple[int, Columns]]:
    read = connection.execute(
        f"""SELECT {_FINGERPRINT}, (12 * month[1:4]::INTEGER + month[6:7]::INTEGER - 1)::INTEGER AS month
            FROM read_parquet(?, hive_partitioning = true, hive_types_autocast = false)""",
        [files],
    ).fetchnumpy()
    months = np.asarray(read.pop("month"))
    order = np.argsort(months, kind="stable")
    numbers, starts = np.unique(months[order], return_index=True)
    for number, places in zip(numbers, np.split(order, starts[1:]), strict=True):
        yield int(number), {name: np.asarray(values)[places] for name, values in read.items()}


def _look_in_files(
    connection: DuckDBPyConnection, table: str, files: list[str], stretches: list[tuple[int, int]]
) -> None:
    first, last = stretches[0][0], stretches[-1][1]
    connection.execute(
        f"""INSERT INTO known
            SELECT DISTINCT logged.interaction_id
            FROM read_parquet(?, hive_partitioning = false) AS logged
            JOIN (SELECT interaction_id, occurred_at FROM {table}) AS asked
              ON asked.interaction_id = logged.interaction_id
            WHERE logged.occurred_at BETWEEN make_timestamptz({first}) AND make_timestamptz({last})
              AND abs(epoch_us(logged.occurred_at) - epoch_us(asked.occurred_at)) <= {DAY}""",
        [files],
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


def _of_months(files: Iterable[File], months: set[int]) -> list[File]:
    return [file for file in files if _number(file.partition) in months]


def _months_of(files: Iterable[File]) -> set[int]:
    return {_number(file.partition) for file in files}


def _number(month: str) -> int:
    """A month such as '2026-11' as a running number."""
    return 12 * int(month[:4]) + int(month[5:7]) - 1
