"""Small logs drawn by hand: the warehouse's views over rows that stand in the test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from regard.warehouse.schema.interactions import INTERACTIONS

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
Row = Mapping[str, Any]


def log_of(
    rows: Iterable[Row],
    *,
    customers: Mapping[int, int] | None = None,
    traits: Iterable[tuple[int, str, str]] = (),
    accounts: Iterable[tuple[int, str]] = (),
    units: Iterable[tuple[str, str | None]] = (),
) -> duckdb.DuckDBPyConnection:
    """A connection whose views hold these rows.

    Args:
        rows: columns of the log by name; `customer` gives the identity. Left out: one customer and one minute a row.
        customers: identity → customer where they were joined. traits: (customer, name, value).
        accounts: (customer, account). units: (unit, parent).
    """
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    names = [column for column in INTERACTIONS.columns if column.name != "month"]
    connection.execute(f"CREATE TABLE log ({', '.join(f'{c.name} {c.type}' for c in names)})")
    connection.execute("CREATE TABLE customers_now (identity_id BIGINT, customer_id BIGINT)")
    connection.execute("CREATE TABLE traits_now (customer_id BIGINT, name VARCHAR, value VARCHAR)")
    connection.execute("CREATE TABLE memberships_now (customer_id BIGINT, account VARCHAR)")
    connection.execute("CREATE TABLE units (unit VARCHAR, title VARCHAR, parent VARCHAR)")
    connection.execute(
        "CREATE VIEW interactions AS SELECT l.*, coalesce(c.customer_id, l.identity_id) AS customer_id "
        "FROM log AS l LEFT JOIN customers_now AS c USING (identity_id)"
    )
    connection.begin()
    for number, row in enumerate(rows):
        full = {
            "interaction_id": number.to_bytes(16, "big"),
            "identity_id": row.get("customer", number) if "customer" in row else number,
            "source": "shop",
            "occurred_at": START + timedelta(minutes=number),
            **{key: value for key, value in row.items() if key != "customer"},
        }
        full.setdefault("received_at", full["occurred_at"])
        marks = ", ".join("?" for _ in full)
        connection.execute(f"INSERT INTO log ({', '.join(full)}) VALUES ({marks})", list(full.values()))
    for table, values in (
        ("customers_now", (customers or {}).items()),
        ("traits_now", traits),
        ("memberships_now", accounts),
        ("units", [(unit, unit.title(), parent) for unit, parent in units]),
    ):
        for value in values:
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' for _ in value)})", list(value))
    connection.commit()
    return connection


def scores(metric: str, counts: Mapping[float, int], **columns: Any) -> list[Row]:
    """So many answers of each score, every one by another customer (unless `columns` says whose)."""
    return [
        {"kind": "survey.answered", "metric": metric, "score": score, **columns}
        for score, many in counts.items()
        for _ in range(many)
    ]
