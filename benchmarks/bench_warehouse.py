"""How fast the log takes in and answers: append rates and questions over ten million interactions.

    python benchmarks/bench_warehouse.py [--rows 10000000] [--folder FOLDER] [--json]

Each question is asked of Regard's views and, beside it, of the same files by a query written by hand; the ratio of the
two is what counts. Medians of five, in one warm process.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from duckdb import DuckDBPyConnection

from regard.warehouse.engines.duckdb import connect, identities_of, refresh
from regard.warehouse.log import Log
from regard.warehouse.redaction import redacted_sql
from regard.warehouse.schema.interactions import MONTH

MONTHS = 24
WORDS = "the parcel came two days late and nobody answered my call "

QUESTIONS = {
    "NPS by unit and week": """
        SELECT unit, date_trunc('week', occurred_at) AS week, count(*) FILTER (score >= 9) AS promoters,
               count(*) FILTER (score <= 6) AS detractors, count(score) AS n, count(DISTINCT {customer}) AS customers
        FROM {interactions} WHERE metric = 'nps' GROUP BY ALL""",
    "last 30 days by channel": """
        SELECT channel, count(*) FROM {interactions}
        WHERE occurred_at >= TIMESTAMPTZ '2026-11-01 00:00:00+00:00' GROUP BY ALL""",
    "revenue and customers by month": """
        SELECT date_trunc('month', occurred_at), sum(amount_minor), count(DISTINCT {customer})
        FROM {interactions} WHERE kind = 'order.placed' GROUP BY ALL""",
    "one customer's timeline": """
        SELECT * FROM {interactions} WHERE {mine} ORDER BY occurred_at""",
}


def main() -> int:
    """Fill a log, ask it, print a table or JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, default=None, help="keep the log here and use it again")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        results = measure(given.folder or Path(made), given.rows)
    if given.json:
        print(json.dumps(results, indent=1))
    else:
        for name, value in results.items():
            print(f"{name:58} {value:>14,.2f}")
    return 0


def measure(folder: Path, n_rows: int) -> dict[str, float]:
    """All figures by name."""
    log = Log.open(folder / "warehouse")
    results: dict[str, float] = {}
    with connect(log, memory_limit="1GB") as connection:
        if not log.n_files():
            results |= _filling(log, connection, n_rows)
        refresh(connection, log)
        results |= _asking(log, connection, "")
        links = (
            "SELECT 2 * range + 1 AS identity_id, 2 * range AS customer_id, 1 AS version FROM range(0, 50000)"
        )
        log.append_identities(connection, links, consumer="bench", epoch="bench", position=1)
        results["show 50,000 links, ms"] = 1000 * _seconds(lambda: refresh(connection, log))
        results |= _asking(log, connection, ", 50,000 links")
        results |= _trickling(log, connection)
        results["redact words, texts/s"] = _redaction_rate(connection)
    return results


def _filling(log: Log, connection: DuckDBPyConnection, n_rows: int) -> dict[str, float]:
    step, spent = 500_000, 0.0
    for number, first in enumerate(range(0, n_rows, step)):
        sql = _rows(first, min(step, n_rows - first))
        connection.execute(f"CREATE OR REPLACE TEMP TABLE batch AS {sql}")
        spent += _seconds(lambda number=number: _append(log, connection, "SELECT * FROM batch", number))
    results = {
        f"append in batches of 500,000 over {MONTHS} months, rows/s": n_rows / spent,
        "largest memory while appending, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    later = datetime.now(UTC) + timedelta(hours=1)
    results["sort all months, s"] = _seconds(lambda: log.maintain(later, budget_seconds=3600))
    results["largest memory while sorting, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results["files"] = log.n_files()
    return results


def _asking(log: Log, connection: DuckDBPyConnection, label: str) -> dict[str, float]:
    files = list(log.snapshot().files["interactions"])
    by_hand = f"read_parquet({files!r})"
    results: dict[str, float] = {}
    mine = ", ".join(map(str, identities_of(connection, 4710)))
    for name, question in QUESTIONS.items():
        ours = question.format(
            interactions="interactions", customer="customer_id", mine=f"identity_id IN ({mine})"
        )
        theirs = question.format(interactions=by_hand, customer="identity_id", mine="identity_id = 4710")
        ours_ms, theirs_ms = _medians(connection, ours, theirs)
        results |= {
            f"{name}{label}, ms": ours_ms,
            f"{name}{label}, by hand, ms": theirs_ms,
            f"{name}{label}, ratio": ours_ms / theirs_ms,
        }
    return results


def _trickling(log: Log, connection: DuckDBPyConnection) -> dict[str, float]:
    results: dict[str, float] = {}
    position = log.position("bench", "bench")
    for n in (2_000, 20_000):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE batch AS SELECT * REPLACE (now() AS occurred_at) FROM ({_rows(0, n)})"
        )
        times = []
        for _ in range(30):
            position += 1
            times.append(_seconds(partial(_append, log, connection, "SELECT * FROM batch", position)))
        results[f"append {n:,} rows, ms"] = 1000 * statistics.median(times)
    results["tidy after 60 appends, s"] = _seconds(lambda: log.maintain(datetime.now(UTC)))
    for n in (20_000, 200_000):
        connection.execute(f"CREATE OR REPLACE TEMP TABLE batch AS {_rows(0, n)}")
        for turn in ("first", "second"):
            spent = _seconds(lambda: log.known_ids(connection, "batch"))
            results[f"look for {n:,} old ids in the whole log, {turn} time, ms"] = 1000 * spent
    results["open the log anew and list its files, ms"] = 1000 * _seconds(
        lambda: Log.open(log.url).snapshot()
    )
    return results


def _redaction_rate(connection: DuckDBPyConnection) -> float:
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE words AS
            SELECT '{WORDS}' || range || CASE WHEN range % 20 = 0 THEN ' call +30 694 5123456, a@example.com' ELSE '' END AS text
            FROM range(0, 500000)"""
    )
    return 500_000 / _seconds(
        lambda: connection.execute(f"SELECT sum(length({redacted_sql('text')})) FROM words").fetchall()
    )


def _append(log: Log, connection: DuckDBPyConnection, sql: str, position: int) -> None:
    log.append(connection, sql, consumer="bench", epoch="bench", position=position)


def _medians(connection: DuckDBPyConnection, *questions: str) -> list[float]:
    times: list[list[float]] = [[] for _ in questions]
    for _ in range(6):
        for index, question in enumerate(questions):
            times[index].append(
                1000 * _seconds(lambda question=question: connection.execute(question).fetchall())
            )
    return [statistics.median(values[1:]) for values in times]


def _seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def _rows(first: int, n: int) -> str:
    return f"""
        SELECT *, {MONTH} AS month FROM (
            SELECT unhex(md5(i::VARCHAR)) AS interaction_id, (hash(i) % 400000)::BIGINT AS identity_id, 'shop' AS source,
                   TIMESTAMPTZ '2024-12-01 00:00:00+00:00' + to_seconds((hash(i + 1) % (730 * 86400))::BIGINT) AS occurred_at,
                   TIMESTAMPTZ '2026-12-01 00:00:00+00:00' AS received_at,
                   ['page.viewed', 'order.placed', 'survey.answered', 'call.ended'][1 + i % 4] AS kind,
                   ['web', 'app', 'phone', 'store'][1 + (hash(i + 2) % 4)::BIGINT] AS channel,
                   ['checkout', 'delivery', 'invoice', 'support'][1 + (hash(i + 3) % 4)::BIGINT] AS touchpoint,
                   CASE WHEN i % 4 = 2 THEN 'nps' END AS metric,
                   CASE WHEN i % 4 = 2 THEN (hash(i + 4) % 11)::DOUBLE END AS score, NULL::DOUBLE AS weight,
                   CASE WHEN i % 12 = 2 THEN '{WORDS}' || i END AS text, 'en' AS language,
                   CASE WHEN i % 4 = 1 THEN (hash(i + 5) % 20000)::BIGINT END AS amount_minor, 'EUR' AS currency,
                   NULL::DOUBLE AS duration_seconds, NULL::DOUBLE AS wait_seconds, 'unit ' || hash(i + 6) % 50 AS unit,
                   'agent ' || hash(i + 7) % 200 AS agent, 'thread ' || i // 3 AS thread,
                   '{{"category": "shoes", "step": ' || i % 9 || '}}' AS attributes
            FROM range({first}, {first + n}) AS made(i))"""


if __name__ == "__main__":
    raise SystemExit(main())
