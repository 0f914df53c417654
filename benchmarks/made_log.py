"""A made-up log of any size for the benchmarks: a retailer with answers, orders, subscriptions, cases and page views."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from regard.warehouse.engines.duckdb import connect
from regard.warehouse.log import Log
from regard.warehouse.schema.interactions import FACTS

FIRST = "TIMESTAMPTZ '2024-10-01 00:00:00+00'"
TWO_YEARS_US = 63_072_000_000_000.0
PARTS = 24
# Of a hundred interactions: what each is. The rest is page views.
SHARES = (
    ("answer", 9),
    ("order", 14),
    ("case", 2),
    ("subscription", 3),
    ("call", 4),
)


def kind_sql() -> str:
    """What an interaction is, by its number."""
    cases, until = [], 0
    for name, share in SHARES:
        until += share
        cases.append(f"WHEN slot < {until} THEN '{name}'")
    return f"CASE {' '.join(cases)} ELSE 'page' END"


def rows_sql(first: int, last: int, rows: int, customers: int) -> str:
    """The log's columns for the interactions numbered `first` up to `last`, spread evenly over two years.

    A case is opened and, nine times in ten, resolved; half of the subscriptions end: two interactions a thread.
    """
    values = {
        "occurred_at": f"{FIRST} + to_microseconds((i * ({TWO_YEARS_US} / {rows}))::BIGINT + later)",
        "received_at": "occurred_at",
        "kind": """CASE sort WHEN 'answer' THEN 'survey.answered' WHEN 'order' THEN 'order.placed'
            WHEN 'case' THEN CASE WHEN is_second THEN 'case.resolved' ELSE 'case.opened' END
            WHEN 'subscription' THEN CASE WHEN is_second THEN 'subscription.ended' ELSE 'subscription.started' END
            WHEN 'call' THEN 'call.ended' ELSE 'page.viewed' END""",
        "channel": "['web', 'app', 'phone', 'email', 'store'][1 + (hash(i + 2) % 5)::INT]",
        "touchpoint": "['checkout', 'delivery', 'invoice', 'support', 'returns', 'visit'][1 + (hash(i + 6) % 6)::INT]",
        "metric": "CASE WHEN sort = 'answer' THEN ['nps', 'nps', 'csat', 'csat', 'ces'][1 + (hash(i + 7) % 5)::INT] END",
        "score": """CASE metric WHEN 'nps' THEN (hash(i + 3) % 11)::DOUBLE WHEN 'csat' THEN 1 + (hash(i + 3) % 5)::DOUBLE
            WHEN 'ces' THEN 1 + (hash(i + 3) % 7)::DOUBLE END""",
        "amount_minor": "CASE WHEN sort IN ('order', 'subscription') AND NOT is_second THEN (hash(i + 4) % 10000)::BIGINT END",
        "currency": "CASE WHEN amount_minor IS NOT NULL THEN 'EUR' END",
        "duration_seconds": "CASE WHEN sort = 'call' THEN 60 + (hash(i + 8) % 900)::DOUBLE END",
        "wait_seconds": "CASE WHEN sort = 'call' THEN (hash(i + 9) % 600)::DOUBLE END",
        "unit": "'unit-' || (hash(i + 5) % 20)",
        "agent": "CASE WHEN sort IN ('call', 'case') THEN 'agent-' || (hash(i + 10) % 200) END",
        "thread": "'t' || i",
    }
    columns = ", ".join(
        f"({values.get(column.name, 'NULL')})::{column.type} AS {column.name}" for column in FACTS
    )
    return f"""
        WITH made AS (
            SELECT i, (hash(i + 1) % 100)::INT AS slot, {kind_sql()} AS sort FROM range({first}, {last}) AS r (i)),
        twice AS (
            SELECT *, false AS is_second, 0::BIGINT AS later FROM made
            UNION ALL SELECT *, true AS is_second, (hash(i + 11) % 2592000)::BIGINT * 1000000 AS later FROM made
            WHERE (sort = 'case' AND hash(i + 12) % 10 < 9) OR (sort = 'subscription' AND hash(i + 12) % 10 < 5))
        SELECT unhex(md5(i::VARCHAR || is_second)) AS interaction_id, (hash(i + 13) % {customers})::BIGINT AS identity_id,
            'shop' AS source, {columns}
        FROM twice"""


def make_log(folder: Path, rows: int, customers: int) -> Log:
    """A warehouse in `folder` with about `rows` interactions, one append a month of them."""
    (folder / "tmp").mkdir(parents=True, exist_ok=True)
    log = Log.open(folder / "warehouse")
    with connect(log, temp_directory=folder / "tmp") as connection:
        for part, sql in enumerate(_parts(rows, customers)):
            log.append(connection, sql, consumer="bench", epoch="one", position=part + 1)
    return log


def _parts(rows: int, customers: int) -> Iterator[str]:
    for part in range(PARTS):
        yield rows_sql(rows * part // PARTS, rows * (part + 1) // PARTS, rows, customers)
