"""The tiles of the executive's home over ten million interactions of a million customers, beside queries by hand.

Cold: the tiles are asked for the first time since the log moved. Warm: they are asked again. By hand: for each tile one
DuckDB query over the same files for the same figures, the trend of weeks, the total and the total of the period before,
with what their intervals need; the queries of one tile after the other, in one warm process. Medians.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from made_log import make_log

from regard.kernel.periods import Grain, Period
from regard.metrics.compute import compute
from regard.warehouse.engines.duckdb import connect
from regard.warehouse.engines.remembering import Remembering
from regard.warehouse.log import Log

ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
FOLDER = os.environ.get("BENCH_FOLDER", "")
RUNS = 5
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


def median(run: Callable[[], object]) -> float:
    """The median of some timed runs, in seconds, after one that warms up."""
    run()
    found = []
    for _ in range(RUNS):
        began = time.perf_counter()
        run()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def sorted_log(folder: Path) -> Log:
    """The log as it stands after the tidying: every month sorted."""
    log = make_log(folder, ROWS, CUSTOMERS)
    while log.maintain(datetime.now(UTC) + timedelta(days=40), budget_seconds=600):
        pass
    return log


def measure(log: Log) -> dict[str, float]:
    """Seconds for all tiles: cold, warm and by hand."""
    files = log.snapshot().files["interactions"]
    read = f"read_parquet({list(files)!r}, hive_partitioning = true, hive_types_autocast = false)"
    kept: dict[object, object] = {}
    with connect(log, memory_limit="3GB") as connection:

        def remember(key: object, ask: Callable[[], object]) -> object:
            if key not in kept:
                kept[key] = ask()
            return kept[key]

        def tile(key: str) -> object:
            def asked() -> object:
                with connection.cursor() as cursor:
                    return compute(
                        key,
                        connection=Remembering(cursor, remember),
                        period=PERIOD,
                        every=Grain.WEEK,
                        compare="previous",
                        compare_pieces=False,
                        min_n=1,
                        now=END,
                    )

            return remember(("tile", key), asked)

        def tiles() -> None:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                list(pool.map(tile, TILES))

        def cold() -> None:
            kept.clear()
            tiles()

        questions = by_hand(read)
        return {
            "by hand": median(lambda: [connection.execute(question).fetchall() for question in questions]),
            "cold": median(cold),
            "warm": median(tiles),
        }


def main() -> None:
    """Make the log (or take the one in BENCH_FOLDER), ask it, print the table."""
    with tempfile.TemporaryDirectory(prefix="regard-bench-") as name:
        log = Log.open(Path(FOLDER) / "warehouse") if FOLDER else sorted_log(Path(name))
        found = measure(log)
    print(f"{ROWS:,} interactions of {CUSTOMERS:,} customers; {len(TILES)} tiles; medians of {RUNS}, ms\n")
    print("| by hand | cold | warm | cold to by hand |")
    print("| --- | --- | --- | --- |")
    times = " | ".join(f"{1000 * found[name]:.0f}" for name in ("by hand", "cold", "warm"))
    print(f"| {times} | {found['cold'] / found['by hand']:.2f} |")


if __name__ == "__main__":
    main()
