"""`regard metric nps --by unit --every week` over ten million interactions, beside hand-written DuckDB queries.

The same files are asked three ways: by hand for the bare scores alone, by hand for the same figures (with the sums per
customer that honest intervals need), and through `compute`. Warm in one process, then each as a fresh process.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
PARTS = 24
TWO_YEARS_US = 63_072_000_000_000.0
RUNS = 7

BARE = """
    SELECT unit, date_trunc('week', occurred_at) AS week, count(*) AS n, count(*) FILTER (score >= 9) AS p,
        count(*) FILTER (score <= 6) AS d, 100.0 * (p - d) / n AS nps
    FROM {log} WHERE metric = 'nps' GROUP BY ALL ORDER BY ALL"""
SAME = """
    WITH customers AS (
        SELECT unit, date_trunc('week', occurred_at) AS week, identity_id, count(*) AS x,
            count(*) FILTER (score >= 9) AS p, count(*) FILTER (score <= 6) AS d, p - d AS y
        FROM {log} WHERE metric = 'nps'
        GROUP BY GROUPING SETS ((unit, week, identity_id), (identity_id)))
    SELECT unit, week, count(*) AS m, sum(x), sum(p), sum(d), sum(x * x), sum(y * y), sum(x * y)
    FROM customers GROUP BY ALL ORDER BY ALL"""
FRESH = """
import duckdb
connection = duckdb.connect(config={{"threads": 2}})
connection.execute("SET TimeZone = 'UTC'")
connection.execute('''{question}''').fetchall()
"""


def rows_of(part: int) -> str:
    """The log's columns for one part of the made-up rows: a tenth answers, a million customers, 20 units."""
    first, last = ROWS * part // PARTS, ROWS * (part + 1) // PARTS
    return f"""
        SELECT unhex(md5(i::VARCHAR)) AS interaction_id, (hash(i) % 1000000)::BIGINT AS identity_id, 'shop' AS source,
            TIMESTAMPTZ '2024-10-01 00:00:00+00' + to_microseconds((i * ({TWO_YEARS_US} / {ROWS}))::BIGINT) AS occurred_at,
            occurred_at AS received_at, CASE WHEN hash(i + 1) % 10 < 1 THEN 'survey.answered'
                WHEN hash(i + 1) % 10 < 3 THEN 'order.placed' ELSE 'page.viewed' END AS kind,
            CASE hash(i + 2) % 3 WHEN 0 THEN 'web' WHEN 1 THEN 'app' ELSE 'phone' END AS channel,
            'checkout' AS touchpoint, CASE WHEN kind = 'survey.answered' THEN 'nps' END AS metric,
            CASE WHEN kind = 'survey.answered' THEN (hash(i + 3) % 11)::DOUBLE END AS score, NULL::DOUBLE AS weight,
            NULL::VARCHAR AS text, NULL::VARCHAR AS language,
            CASE WHEN kind = 'order.placed' THEN (hash(i + 4) % 10000)::BIGINT END AS amount_minor,
            CASE WHEN kind = 'order.placed' THEN 'EUR' END AS currency, NULL::DOUBLE AS duration_seconds,
            NULL::DOUBLE AS wait_seconds, 'unit-' || (hash(i + 5) % 20) AS unit, NULL::VARCHAR AS agent,
            't' || i AS thread, NULL::VARCHAR AS attributes
        FROM range({first}, {last}) AS made (i)"""


def median(run: Callable[[], object]) -> float:
    """The median of some timed runs, in seconds, after one that warms up."""
    run()
    found = []
    for _ in range(RUNS):
        began = time.perf_counter()
        run()
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def process(*command: str, folder: Path) -> Callable[[], object]:
    """A fresh process as something to time."""
    environment = {**os.environ, "REGARD_DATA_DIR": str(folder)}
    return lambda: subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)


def main() -> None:
    """Make the log, ask it, print the table."""
    from regard.kernel.periods import Grain
    from regard.metrics.compute import compute
    from regard.warehouse.engines.duckdb import connect
    from regard.warehouse.log import Log

    with tempfile.TemporaryDirectory(prefix="regard-bench-") as name:
        folder = Path(name)
        (folder / "tmp").mkdir()
        log = Log.open(folder / "warehouse")
        with connect(log) as connection:
            for part in range(PARTS):
                log.append(connection, rows_of(part), consumer="bench", epoch="one", position=part + 1)
        files = log.snapshot().files["interactions"]
        listed = ", ".join(f"'{file}'" for file in files)
        read = f"read_parquet([{listed}], hive_partitioning = true, hive_types_autocast = false)"
        with connect(log, memory_limit="3GB") as connection:
            bare = median(lambda: connection.execute(BARE.format(log=read)).fetchall())
            same = median(lambda: connection.execute(SAME.format(log=read)).fetchall())
            ours = median(lambda: compute("nps", connection=connection, by=["unit"], every=Grain.WEEK))
        command = ("-m", "regard.cli.main", "metric", "nps", "--by", "unit", "--every", "week", "--json")
        fresh_bare, fresh_same = (
            median(
                process(sys.executable, "-c", FRESH.format(question=question.format(log=read)), folder=folder)
            )
            for question in (BARE, SAME)
        )
        fresh_ours = median(process(sys.executable, *command, folder=folder))
    print(f"{ROWS:,} interactions, a tenth of them answers; medians of {RUNS}, ms\n")
    print(
        "| | by hand, scores only | by hand, same figures | regard | ratio to the same figures | ratio to scores only |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for title, one, two, three in (
        ("warm, one process", bare, same, ours),
        ("fresh process", fresh_bare, fresh_same, fresh_ours),
    ):
        print(
            f"| {title} | {1000 * one:.0f} | {1000 * two:.0f} | {1000 * three:.0f} "
            f"| {three / two:.2f} | {three / one:.2f} |"
        )


if __name__ == "__main__":
    main()
