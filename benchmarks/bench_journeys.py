"""The directly-follows graph and the ways through ten million events beside pm4py, in CPU seconds, both from Parquet."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import numpy as np
from peers import ask, peer

CASES = int(os.environ.get("BENCH_CASES", "1000000"))
STEPS = (
    "visit",
    "search",
    "view",
    "cart",
    "checkout",
    "pay",
    "ship",
    "deliver",
    "return",
    "contact",
    "refund",
    "rate",
)
MEAN = 10
PEER = """
import json, sys, time
import pandas
import pm4py
spent, began = {}, time.process_time()
table = pandas.read_parquet(sys.argv[1], columns=["number", "activity", "at"])
table["number"] = table["number"].astype(str)
spent["read"] = time.process_time() - began
table = pm4py.format_dataframe(table, case_id="number", activity_key="activity", timestamp_key="at")
edges, _, _ = pm4py.discover_dfg(table)
times, _, _ = pm4py.discover_performance_dfg(table)
ways = pm4py.get_variants(table)
spent["whole"] = time.process_time() - began
print(json.dumps([spent, len(edges), len(ways), sum(edges.values())]))
"""
OURS = """
import json, sys, time
from regard.analytics.journeys.follows import directly_follows
from regard.analytics.journeys.log import gathered
from regard.analytics.journeys.variants import variants
from regard.warehouse.files.chosen import open_table
from regard.warehouse.files.events import read_events
from pathlib import Path

def whole():
    began = time.process_time(), time.perf_counter()
    with open_table(Path(sys.argv[1])) as table:
        events = read_events(table, case=sys.argv[2], activity="activity", time="at")
        log = gathered(events.batches, events.most, events.names)
    read = time.process_time() - began[0]
    edges, ways = directly_follows(log), variants(log)
    return read, time.process_time() - began[0], time.perf_counter() - began[1], len(edges), len(ways), int(edges.n.sum())

runs = [whole() for _ in range(int(sys.argv[3]))]
best = min(runs, key=lambda one: one[1])
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(json.dumps([*best, runs[0][1], int(peak.split()[1]) / 1024]))
"""


def made(path: Path, n_cases: int, order: str) -> None:
    """Journeys of ten events on average, from step to step with chances of a shop's kind, as Parquet in this order."""
    random = np.random.default_rng(5)
    lengths = 1 + random.poisson(MEAN - 1, n_cases)
    case = np.repeat(np.arange(n_cases), lengths)
    chances = np.cumsum(random.dirichlet(np.full(len(STEPS), 0.08), len(STEPS)), axis=1)
    state, codes = np.zeros(n_cases, dtype=np.int64), np.empty(len(case), dtype=np.int64)
    starts = np.r_[0, np.cumsum(lengths)[:-1]]
    for at in range(lengths.max()):
        going = np.flatnonzero(lengths > at)
        codes[starts[going] + at] = state[going]
        drawn = (random.random(len(going))[:, None] > chances[state[going]]).sum(axis=1)
        state[going] = np.minimum(drawn, len(STEPS) - 1)
    waits = random.exponential(5 * 3600e6, len(case)).astype(np.int64)
    begun = random.integers(0, 365 * 86_400, n_cases) * 1_000_000
    passed = np.cumsum(waits)
    at_ = 1_735_689_600_000_000 + begun[case] + passed - passed[starts][case]
    listed = ", ".join(f"'{step}'" for step in STEPS)
    with duckdb.connect() as connection:
        connection.register("made", {"case_": case, "code": codes, "at_": at_})
        connection.execute(
            f"""COPY (SELECT case_::BIGINT AS number, 'case-' || case_ AS name, ([{listed}])[code + 1] AS activity,
                make_timestamp(at_) AS at FROM made ORDER BY {order}) TO '{path}' (FORMAT parquet)"""
        )
    os.sync()  # nobody is timed while the file is still being written


def ours(path: Path, case: str, runs: int = 5) -> list[float]:
    """CPU seconds of reading and of all, wall seconds, edges, ways, events that follow, the first run, MiB."""
    return list(ask(Path(sys.executable), OURS, str(path), case, str(runs)))


def main() -> None:
    """Run both on the same file, print the tables."""
    python = peer("pm4py==2.7.23.11", "pyarrow")
    with tempfile.TemporaryDirectory(prefix="regard-bench-") as folder:
        path = Path(folder) / "events.parquet"
        made(path, CASES, "at_, case_")
        theirs = ask(python, PEER, str(path))
        spent = theirs[0]["whole"]
        print(
            f"{CASES:,} made cases of {MEAN} events on average, in the order of time; CPU seconds from Parquet\n"
        )
        print(
            "| | CPU seconds | of these reading | as fast | MiB | edges | ways |\n| --- | --- | --- | --- | --- | --- | --- |"
        )
        print(
            f"| pm4py 2.7.23.11 | {spent:.2f} | {theirs[0]['read']:.2f} | | | {theirs[1]:,} | {theirs[2]:,} |"
        )
        for title, case, order in (
            ("regard, cases are numbers", "number", ""),
            ("regard, cases are words", "name", ""),
            ("regard, cases are words, file by case", "name", "case_, at_"),
        ):
            if order:
                made(path, CASES, order)
            read, whole, _, edges, ways, follows, _, size = ours(path, case)
            assert [edges, ways, follows] == theirs[1:], "both find the same"
            print(
                f"| {title} | {whole:.2f} | {read:.2f} | {spent / whole:.0f} × | {size:.0f} | {edges:,.0f} | {ways:,.0f} |"
            )
        print(
            "\nThe best of five runs in one process; the graph with counts, medians and means, and all ways.\n"
        )
        print("| events, by time | CPU seconds | a million | MiB |\n| --- | --- | --- | --- |")
        for n in (CASES // 10, CASES // 3, CASES, 3 * CASES):
            made(path, n, "at_, case_")
            _, whole, *_, size = ours(path, "number")
            print(f"| {n * MEAN:,} | {whole:.2f} | {whole / (n * MEAN) * 1e6:.3f} | {size:.0f} |")
        _command(path)


def _command(path: Path) -> None:
    """The whole command, as somebody types it."""
    made(path, CASES, "at_, case_")
    given = ["journeys", str(path), "--case", "number", "--activity", "activity", "--time", "at", "--json"]
    script = "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', 'regard.cli.main', *sys.argv[1:]], stdout=subprocess.DEVNULL, check=True); u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime)"
    done = subprocess.run(
        [sys.executable, "-c", script, *given], check=True, stdout=subprocess.PIPE, text=True
    )
    print(
        f"\n`regard journeys … --json` on {CASES * MEAN:,} events, from its start to its end: {float(done.stdout):.2f} CPU seconds."
    )


if __name__ == "__main__":
    main()
