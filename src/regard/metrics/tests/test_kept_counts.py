"""Figures from kept counts are those of the log, whatever happened to it since they were made."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from duckdb import DuckDBPyConnection

from regard.kernel.periods import Grain, Period
from regard.metrics.compute import compute
from regard.metrics.readings import Result
from regard.warehouse import counts
from regard.warehouse.engines.counting import Counting
from regard.warehouse.engines.duckdb import connect, refresh
from regard.warehouse.log import Log
from regard.warehouse.schema.interactions import FACTS

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 120
METRICS = (
    "nps",
    "revenue",
    "lifetime_value",
    "retention_rate",
    "churn_rate",
    "time_to_resolution",
    "active_customers",
)
SORTS = ("nps", "order", "case", "subscription", "view")


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Log:
    monkeypatch.setattr(counts, "LEAST_BYTES", 0)
    return Log.open(tmp_path / "warehouse")


@pytest.fixture
def connection(log: Log) -> Iterator[DuckDBPyConnection]:
    made = connect(log, memory_limit="256MB")
    yield made
    made.close()


class Drawn:
    """A log that grows at random, in any month, and is asked with and without counts."""

    def __init__(self, log: Log, connection: DuckDBPyConnection, seed: int) -> None:
        self.log = log
        self.connection = connection
        self.random = random.Random(seed)
        self.n = 0
        self.position = 0

    def add(self, many: int, *, first_day: int = 0, last_day: int = DAYS) -> None:
        rows = [row for _ in range(many) for row in self._happening(first_day, last_day)]
        given = ", ".join(column.name for column in FACTS if column.name in ROW)
        listed = ", ".join(
            f"(unhex(md5('{self.n + number}')), {', '.join(row)})" for number, row in enumerate(rows)
        )
        self.n += len(rows)
        absent = ", ".join(f"NULL AS {column.name}" for column in FACTS if column.name not in ROW)
        self.position += 1
        self.log.append(
            self.connection,
            f"SELECT *, {absent} FROM (VALUES {listed}) AS made (interaction_id, identity_id, source, {given})",
            consumer="test",
            epoch="one",
            position=self.position,
        )
        refresh(self.connection, self.log)

    def join(self, one: int, other: int) -> None:
        """Two customers turn out to be one."""
        self.position += 1
        self.log.append_identities(
            self.connection,
            f"SELECT {one}::BIGINT AS identity_id, {other}::BIGINT AS customer_id, {self.position}::BIGINT AS version",
            consumer="test",
            epoch="one",
            position=self.position,
        )
        refresh(self.connection, self.log)

    def erase(self, customer: int) -> None:
        self.log.delete(f"identity_id = {customer}")
        self.log.vacuum(keep_hours=0)
        refresh(self.connection, self.log)

    def _happening(self, first_day: int, last_day: int) -> Iterator[list[str]]:
        """One thing that happens, with what follows from it."""
        draw = self.random
        at = FIRST + timedelta(days=first_day, seconds=draw.randrange((last_day - first_day) * 86_400))
        sort, who = draw.choice(SORTS), draw.randrange(25)
        thread = f"'{sort}-{draw.randrange(30)}'"
        later = at + timedelta(hours=draw.randrange(1, 900))
        money = f"{draw.randrange(10_000)}", "'EUR'"
        match sort:
            case "nps":
                yield self._row(
                    who, at, "survey.answered", thread, metric="'nps'", score=str(draw.randrange(11))
                )
            case "order":
                yield self._row(who, at, "order.placed", thread, amount_minor=money[0], currency=money[1])
            case "view":
                yield self._row(who, at, "page.viewed", thread)
            case _:
                begins, ends = {"case": ("case.opened", "case.resolved")}.get(
                    sort, ("subscription.started", "subscription.ended")
                )
                yield self._row(who, at, begins, thread)
                if draw.random() < 0.6:
                    yield self._row(who, later, ends, thread)

    def _row(self, who: int, at: datetime, kind: str, thread: str, **more: str) -> list[str]:
        unit = f"'{('north', 'south')[who % 2]}'"
        known = {
            "occurred_at": _instant(at),
            "received_at": _instant(at),
            "kind": f"'{kind}'",
            "thread": thread,
            "unit": unit,
        }
        cells = known | more
        return [
            f"{who}::BIGINT",
            "'shop'",
            *(cells.get(column.name, "NULL") for column in FACTS if column.name in ROW),
        ]

    def check(self, zone: str = "UTC") -> None:
        """Ask everything twice from the counts, so that they are made and then found, and once from the log."""
        for metric in METRICS:
            results = [self._ask(metric, zone, has_counts=has_counts) for has_counts in (True, True, False)]
            assert results[0] == results[2], metric
            assert results[1] == results[2], metric

    def _ask(self, metric: str, zone: str, *, has_counts: bool) -> Result:
        cursor = self.connection.cursor()
        where = ZoneInfo(zone)
        now = FIRST + timedelta(days=DAYS - 10, hours=5, minutes=self.n % 60)
        result = compute(
            metric,
            connection=Counting(cursor, self.log.counts) if has_counts else cursor,
            by=("unit",),
            period=Period(now - timedelta(days=45), now + timedelta(minutes=30)),
            every=Grain.WEEK,
            compare="previous",
            zone=where,
            min_n=1,
            now=now,
        )
        cursor.close()
        return result


ROW = ("occurred_at", "received_at", "kind", "metric", "score", "amount_minor", "currency", "unit", "thread")


def _instant(moment: datetime) -> str:
    return f"TIMESTAMPTZ '{moment.isoformat()}'"


@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.long), pytest.param(3, marks=pytest.mark.long)]
)
def test_figures_from_kept_counts_are_those_of_the_log(
    log: Log, connection: DuckDBPyConnection, seed: int
) -> None:
    drawn = Drawn(log, connection, seed)
    drawn.add(300)
    drawn.check()
    drawn.add(10, first_day=DAYS - 20)
    drawn.check()
    drawn.add(3, last_day=40)  # late rows of months that were counted
    drawn.check()
    drawn.join(3, 4)
    drawn.check()
    drawn.erase(7)
    drawn.check()
    drawn.check("Asia/Tokyo")
    while log.maintain(FIRST + timedelta(days=DAYS + 60), budget_seconds=60):
        pass
    refresh(connection, log)
    drawn.check()


def test_of_an_erased_customer_no_count_remains(log: Log, connection: DuckDBPyConnection) -> None:
    drawn = Drawn(log, connection, 5)
    drawn.add(200)
    drawn.check()
    drawn.erase(7)
    drawn.check()
    left = f"SELECT count(*) FROM read_parquet('{log.counts.folder}/*.parquet', union_by_name = true) WHERE customer_id = 7"
    assert connection.execute(left).fetchall() == [(0,)]
