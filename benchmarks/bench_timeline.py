"""One customer's timeline of ten thousand interactions among ten million: the first page, and a later one.

The log is tidied as the server does it: every month sorted. Medians, in one warm process.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from made_log import make_log, rows_sql

from regard.apps.customers.timeline import Place, read_timeline
from regard.apps.organisation.policy import Sight
from regard.warehouse.engines.duckdb import connect
from regard.warehouse.log import Log

ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
CUSTOMERS = int(os.environ.get("BENCH_CUSTOMERS", "1000000"))
FOLDER = os.environ.get("BENCH_FOLDER", "")
LONG = 10_000
RUNS = 9
EVERYTHING = Sight(units=None, parts=frozenset(), reads_answers=True)


def tidied(folder: Path) -> Log:
    """A log in which the customer 0 has `LONG` interactions more than the others."""
    log = make_log(folder, ROWS, CUSTOMERS)
    with connect(log, temp_directory=folder / "tmp") as connection:
        log.append(connection, rows_sql(0, LONG, LONG, 1), consumer="bench", epoch="two", position=1)
    while log.maintain(datetime.now(UTC) + timedelta(days=40), budget_seconds=600):
        pass
    return log


def median(run: Callable[[], object]) -> tuple[float, float]:
    """The medians of some timed runs after one that warms up: seconds by the clock and of computing."""
    run()
    clock, computing = [], []
    for _ in range(RUNS):
        began, began_computing = time.perf_counter(), time.process_time()
        run()
        clock.append(time.perf_counter() - began)
        computing.append(time.process_time() - began_computing)
    return statistics.median(clock), statistics.median(computing)


def main() -> None:
    """Make the log (or take the one in BENCH_FOLDER), ask it, print the table."""
    with tempfile.TemporaryDirectory(prefix="regard-bench-") as name:
        log = Log.open(Path(FOLDER) / "warehouse") if FOLDER else tidied(Path(name))
        with connect(log, memory_limit="3GB") as connection:
            n = read_timeline(connection, [0], EVERYTHING).n
            middle = Place(datetime(2025, 10, 1, tzinfo=UTC), "")
            first = median(lambda: read_timeline(connection, [0], EVERYTHING))
            later = median(lambda: read_timeline(connection, [0], EVERYTHING, before=middle))
    print(f"{n:,} interactions of one customer among {ROWS:,}; medians of {RUNS}, ms\n")
    print("| page | by the clock | of computing, all cores |\n| --- | --- | --- |")
    for title, (clock, computing) in (("first", first), ("later", later)):
        print(f"| {title} | {1000 * clock:.0f} | {1000 * computing:.0f} |")


if __name__ == "__main__":
    main()
