"""The tiles of the executive's home over ten million interactions of a million customers, beside queries by hand.

By hand: for each tile one DuckDB query over the same files for the same figures, the trend of weeks, the total and the
total of the period before, with what their intervals need; one after the other. Counting: the tiles are asked when no
count is kept. Cold: they are asked in a process that has nothing in memory, from kept counts (`hub` of a web process:
tables opened, views made, counts read). Warm: asked again in that process. Arrived: a thousand interactions came into
the last month since, and everything is counted over the newest state; what members are shown meanwhile is the state that
was counted before. Late: one came into a month a year before, and all that looks so far back is counted again.
Seconds by the clock and of computing on all cores; libraries are loaded before.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from made_log import make_log, rows_sql

from regard.kernel.periods import Grain, Period
from regard.metrics.compute import compute
from regard.warehouse.engines.counting import Counting
from regard.warehouse.engines.duckdb import connect, go_back
from regard.warehouse.engines.remembering import Remembering
from regard.warehouse.log import Log
from regard.warehouse.snapshot import Snapshot

ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
FOLDER = os.environ.get("BENCH_FOLDER", "")
RUNS = 3
END = datetime(2026, 9, 28, tzinfo=UTC)
PERIOD = Period(END - timedelta(weeks=13), END)
TILES = (
    *("nps", "csat", "ces", "time_to_resolution"),
    *("retention_rate", "churn_rate", "lifetime_value", "revenue"),
)

WEEK = "date_diff('week', TIMESTAMPTZ '2024-01-01', occurred_at)"
SCORES = """
    WITH rows AS (
        SELECT {week} AS week, occurred_at >= {start} AS is_now, identity_id, count(*) AS x,
            count(*) FILTER ({high}) - count(*) FILTER ({low}) AS y
        FROM {log} WHERE metric = '{metric}' AND score IS NOT NULL AND occurred_at >= {before} AND occurred_at < {end}
        GROUP BY GROUPING SETS ((week, is_now, identity_id), (is_now, identity_id)))
    SELECT week, is_now, count(*), sum(x), sum(y), sum(x * x), sum(y * y), sum(x * y) FROM rows GROUP BY ALL"""
CASES = """
    WITH opened AS (
        SELECT thread, min(occurred_at) AS since, any_value(identity_id) AS customer
        FROM {log} WHERE kind = 'case.opened' AND occurred_at < {end} GROUP BY thread HAVING since >= {before}),
    done AS (SELECT thread, max(occurred_at) AS until FROM {log} WHERE kind = 'case.resolved' AND occurred_at < {end} GROUP BY thread)
    SELECT opened.since, epoch_us(coalesce(done.until, {end})) - epoch_us(opened.since), done.until IS NOT NULL, customer
    FROM opened LEFT JOIN done ON done.thread = opened.thread ORDER BY 2"""
STAYS = """
    WITH starts AS (
        SELECT thread, identity_id, min(occurred_at) AS since FROM {log} WHERE kind = 'subscription.started' AND occurred_at < {end}
        GROUP BY ALL),
    ends AS (SELECT thread, min(occurred_at) AS until FROM {log} WHERE kind = 'subscription.ended' AND occurred_at < {end} GROUP BY ALL),
    stays AS (SELECT identity_id, starts.since, ends.until FROM starts LEFT JOIN ends USING (thread)),
    pieces AS (
        SELECT {start} + to_days(7 * i::INT) AS a, {start} + to_days(7 * i::INT + 7) AS b FROM range(13) AS r (i)
        UNION ALL VALUES ({start}, {end}), ({before}, {start})),
    held AS (
        SELECT identity_id, a, b, bool_or(since < a AND coalesce(until >= a, true)) AS was, bool_or(coalesce(until >= b, true)) AS stayed
        FROM stays JOIN pieces ON since < b AND coalesce(until >= a, true) GROUP BY ALL)
    SELECT a, b, count(*), count(*) FILTER (stayed) FROM held WHERE was GROUP BY ALL"""
VALUE = """
    WITH paid AS (
        SELECT identity_id, min(occurred_at) AS first_at, sum(amount_minor)::DOUBLE AS paid,
            sum(amount_minor) FILTER (occurred_at < {start})::DOUBLE AS paid_before
        FROM {log} WHERE kind IN ('order.placed', 'subscription.started') AND amount_minor IS NOT NULL AND occurred_at < {end}
        GROUP BY identity_id HAVING first_at >= {before})
    SELECT date_diff('week', TIMESTAMPTZ '2024-01-01', first_at) AS week, first_at >= {start} AS is_now, count(*), sum(paid),
        sum(paid * paid), sum(paid_before), sum(paid_before * paid_before)
    FROM paid GROUP BY GROUPING SETS ((week, is_now), (is_now))"""
REVENUE = """
    WITH rows AS (
        SELECT {week} AS week, occurred_at >= {start} AS is_now, identity_id, count(*) AS n, sum(amount_minor)::DOUBLE AS y
        FROM {log} WHERE kind IN ('order.placed', 'subscription.started') AND amount_minor IS NOT NULL
            AND occurred_at >= {before} AND occurred_at < {end}
        GROUP BY GROUPING SETS ((week, is_now, identity_id), (is_now, identity_id)))
    SELECT week, is_now, count(*), sum(n), sum(y), sum(y * y) FROM rows GROUP BY ALL"""


def by_hand(log: str) -> list[str]:
    """One query for each tile; churn follows from the same numbers as retention."""
    times = {
        "start": f"TIMESTAMPTZ '{PERIOD.start.isoformat()}'",
        "end": f"TIMESTAMPTZ '{PERIOD.end.isoformat()}'",
        "before": f"TIMESTAMPTZ '{PERIOD.previous().start.isoformat()}'",
    }
    scores = (
        ("nps", "score >= 9", "score <= 6"),
        ("csat", "score >= 4", "false"),
        ("ces", "score >= 5", "false"),
    )
    asked = [
        SCORES.format(log=log, week=WEEK, metric=metric, high=high, low=low, **times)
        for metric, high, low in scores
    ]
    return asked + [
        question.format(log=log, week=WEEK, **times) for question in (CASES, STAYS, VALUE, REVENUE)
    ]


Times = tuple[float, float]


def timed(run: Callable[[], object]) -> Times:
    """Seconds by the clock and of computing."""
    began, computing = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - began, time.process_time() - computing


def medians(run: Callable[[], object]) -> Times:
    """The medians of some runs, after one that warms up."""
    run()
    found = [timed(run) for _ in range(RUNS)]
    return statistics.median(one for one, _ in found), statistics.median(one for _, one in found)


def sorted_log(folder: Path) -> Log:
    """The log as it stands after the tidying: every month sorted."""
    log = make_log(folder, ROWS, CUSTOMERS)
    while log.maintain(datetime.now(UTC) + timedelta(days=40), budget_seconds=600):
        pass
    return log


class Process:
    """What a web process holds: a connection and what it remembers."""

    def __init__(self, url: str, state: Snapshot | None = None) -> None:
        self.log = Log.open(url)
        self.connection = connect(self.log, memory_limit="3GB")
        if state is not None:
            go_back(self.connection, state)
        self.kept: dict[object, object] = {}

    def tiles(self) -> None:
        """Ask for all tiles, two at a time."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(self._tile, TILES))

    def _tile(self, key: str) -> object:
        return self._remember(("tile", key), lambda: self._compute(key))

    def _compute(self, key: str) -> object:
        with self.connection.cursor() as cursor:
            return compute(
                key,
                connection=Remembering(Counting(cursor, self.log.counts), self._remember),
                period=PERIOD,
                every=Grain.WEEK,
                compare="previous",
                compare_pieces=False,
                min_n=1,
                now=END,
            )

    def _remember(self, key: object, ask: Callable[[], object]) -> object:
        if key not in self.kept:
            self.kept[key] = ask()
        return self.kept[key]


def ask_anew(url: str, state: Snapshot | None = None) -> None:
    """All tiles, of the newest state or of one before, in a process that has nothing in memory."""
    process = Process(url, state)
    process.tiles()
    process.connection.close()


def arrive(url: str, many: int, start: str, position: int) -> None:
    """Some interactions of the made-up log come in, all of the day `start`."""
    log = Log.open(url)
    rows = rows_sql(ROWS + position * many, ROWS + (position + 1) * many, ROWS, CUSTOMERS)
    with connect(log) as connection:
        log.append(
            connection,
            f"SELECT * REPLACE (TIMESTAMPTZ '{start}' + to_seconds(random() * 80000) AS occurred_at) FROM ({rows})",
            consumer="bench-home",
            epoch=str(time.time()),
            position=position,
        )


def measure(url: str) -> dict[str, Times]:
    """Times for all tiles."""
    log = Log.open(url)
    files = log.snapshot().files["interactions"]
    read = f"read_parquet({list(files)!r}, hive_partitioning = true, hive_types_autocast = false)"
    questions = by_hand(read)
    found: dict[str, Times] = {}
    with connect(log, memory_limit="3GB") as connection:
        found["by hand"] = medians(lambda: [connection.execute(one).fetchall() for one in questions])
    shutil.rmtree(log.counts.folder, ignore_errors=True)
    found["counting, nothing kept"] = timed(lambda: ask_anew(url))
    found["cold, counts kept"] = medians(lambda: ask_anew(url))
    process = Process(url)
    found["warm"] = medians(process.tiles)
    process.connection.close()
    state = log.snapshot()
    arrive(url, 1_000, "2026-09-26 00:00:00+00", 1)
    found["a thousand arrived, as counted before"] = medians(lambda: ask_anew(url, state))
    found["a thousand arrived"] = timed(lambda: ask_anew(url))
    arrive(url, 1, "2025-09-26 00:00:00+00", 2)
    found["one arrived late"] = timed(lambda: ask_anew(url))
    return found


def main() -> None:
    """Make the log (or take the one in BENCH_FOLDER), ask it, print the table."""
    with tempfile.TemporaryDirectory(prefix="regard-bench-") as name:
        url = str(Path(FOLDER) / "warehouse") if FOLDER else sorted_log(Path(name)).url
        found = measure(url)
    print(f"{ROWS:,} interactions of {CUSTOMERS:,} customers; {len(TILES)} tiles; ms\n")
    print("| | by the clock | of computing | computing to by hand |\n| --- | --- | --- | --- |")
    for title, (clock, computing) in found.items():
        ratio = computing / found["by hand"][1]
        print(f"| {title} | {1000 * clock:.0f} | {1000 * computing:.0f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
