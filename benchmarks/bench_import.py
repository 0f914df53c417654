"""How many rows a second `regard import` takes from a CSV file to the log, beside DuckDB merely copying that file to Parquet.

python benchmarks/bench_import.py [--rows 1000000] [--without-ids] [--runs 3] [--full]

The file is made here: a customer on every row (one in five rows another one), an e-mail address on a third of them,
words on a tenth, two columns that become attributes, and one row in twenty a repetition of an earlier one. With ids a
repetition is known by its `message_id` and counts once; without, a row is known by what it says, and equal rows all count.
Both are timed as whole fresh processes, so starting up counts. With --full a file ten times as large follows, once: the
rate should be the same, and the memory bounded.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

REPEATED = 20  # one row in so many repeats the one so many before it
COPY = """
import duckdb
connection = duckdb.connect(config={{"threads": {threads}}})
connection.execute("COPY (FROM read_csv('{source}', all_varchar = true)) TO '{target}' (FORMAT parquet)")
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: how long it took, the processor's time in it, its largest memory, and what it printed."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--without-ids", action="store_true", help="rows that bring no message_id")
    parser.add_argument("--full", action="store_true", help="then ten times as many rows, once")
    given = parser.parse_args()
    measure(given.rows, given.runs, with_ids=not given.without_ids)
    if given.full:
        print()
        measure(10 * given.rows, 1, with_ids=not given.without_ids)
    return 0


def measure(rows: int, runs: int, *, with_ids: bool) -> None:
    """Make a file, take it in `runs` times, print the table."""
    with tempfile.TemporaryDirectory(prefix="regard-bench-") as name:
        folder = Path(name)
        source = folder / "rows.csv"
        make_file(source, rows, with_ids=with_ids)
        imports, copies = [], []
        for number in range(runs):
            imports.append(take_in(source, folder / f"data-{number}"))
            copies.append(copy(source, folder / f"copy-{number}.parquet"))
            shutil.rmtree(folder / f"data-{number}")
        report(rows, source.stat().st_size, imports, copies)


def make_file(path: Path, n: int, *, with_ids: bool) -> None:
    """Write the CSV file: two years, a fifth as many customers as rows."""
    import duckdb

    customers = max(1, n // 5)
    shown = "'m-' || j AS message_id, " if with_ids else ""
    duckdb.connect().execute(
        f"""COPY (
            SELECT {shown}'c-' || c AS customer, CASE WHEN hash(j + 1) % 3 = 0 THEN 'user' || c || '@example.org' END AS customer_email,
                strftime(TIMESTAMP '2024-10-01' + to_seconds((j * 63072000.0 / {n})::BIGINT), '%Y-%m-%dT%H:%M:%SZ') AS occurred_at,
                CASE hash(j + 2) % 5 WHEN 0 THEN 'survey.answered' WHEN 1 THEN 'order.placed' ELSE 'page.viewed' END AS kind,
                CASE hash(j + 3) % 3 WHEN 0 THEN 'web' WHEN 1 THEN 'app' ELSE 'phone' END AS channel,
                'checkout' AS touchpoint, CASE WHEN kind = 'survey.answered' THEN 'nps' END AS metric,
                CASE WHEN kind = 'survey.answered' THEN hash(j + 4) % 11 END AS score,
                CASE WHEN kind = 'survey.answered' AND j % 2 = 0 THEN 'The parcel came ' || (hash(j + 5) % 9) || ' days late' END AS text,
                CASE WHEN kind = 'order.placed' THEN (hash(j + 6) % 10000) / 100 END AS amount,
                CASE WHEN kind = 'order.placed' THEN 'EUR' END AS currency,
                'unit-' || (hash(j + 7) % 20) AS unit, 't-' || (j // 3) AS thread,
                'plan ' || (hash(c) % 4) AS plan, hash(j + 8) % 3 AS campaign
            FROM (SELECT CASE WHEN i % {REPEATED} = {REPEATED - 1} THEN i - {REPEATED // 2} ELSE i END AS j,
                         hash(j) % {customers} AS c FROM range({n}) AS made (i))
        ) TO '{path}' (HEADER)"""
    )


def take_in(source: Path, data_dir: Path) -> Run:
    """Import the file into a new data folder."""
    command = [sys.executable, "-m", "regard.cli.main", "import", str(source), "--json"]
    return timed(command, REGARD_DATA_DIR=str(data_dir))


def copy(source: Path, target: Path) -> Run:
    """Let DuckDB copy the file, parsing nothing but the columns."""
    program = COPY.format(source=source, target=target, threads=os.cpu_count())
    return timed([sys.executable, "-c", program])


def timed(command: list[str], **environment: str) -> Run:
    """Run a process to its end."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    output = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - began
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000, output)


def report(n: int, size: int, imports: list[Run], copies: list[Run]) -> None:
    """Print the table of medians."""
    told = json.loads(imports[0].output)["files"][0]
    print(
        f"{n:,} rows, {size / 1e6:,.0f} MB; {told['n_new']:,} new, {told['n_known']:,} already known, "
        f"{told['n_rejected']:,} rejected; medians of {len(imports)}\n"
    )
    print("| | rows a second | seconds | processor seconds | peak memory, MB |")
    print("| --- | --- | --- | --- | --- |")
    for title, runs in (("regard import", imports), ("DuckDB, COPY to Parquet", copies)):
        seconds = statistics.median(run.seconds for run in runs)
        cpu = statistics.median(run.cpu_seconds for run in runs)
        peak = max(run.peak_mb for run in runs)
        print(f"| {title} | {n / seconds:,.0f} | {seconds:.1f} | {cpu:.1f} | {peak:,.0f} |")
    ratio = statistics.median(run.seconds for run in imports) / statistics.median(
        run.seconds for run in copies
    )
    print(f"\nThe import takes {ratio:.1f} times as long as the bare copy.")


if __name__ == "__main__":
    sys.exit(main())
