"""Items that hold several ratings: each becomes an interaction of its own, and all of an item's enter, or none.

A codec gives such an item one row, for its first rating, and beside it all of them in the column `further`. The ids of
the others are made from the message's id and the question, so a repetition of the message gives the same.
"""

from __future__ import annotations

import duckdb

from regard.warehouse.schema.checks import reasons_sql
from regard.warehouse.schema.incoming import INCOMING

BETWEEN = "chr(30)"  # Stands between two ratings,
WITHIN = "chr(31)"  # and this between the question and the number given.
FURTHER = "further_ratings"
# What was said and paid once counts once, beside the first rating.
ONCE = (
    "text",
    "language",
    "amount_minor",
    "currency",
    "duration_seconds",
    "wait_seconds",
    "traits",
    "account",
)


def make_further(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Create FURTHER, the rows of all ratings but the first of each item, and say whether there are any."""
    if connection.execute(f"SELECT 1 FROM {table} WHERE further IS NOT NULL LIMIT 1").fetchone() is None:
        return False
    made = {
        "message_id": f"message_id || {WITHIN} || further_metric",
        "interaction_id": f"unhex(md5(source || chr(31) || message_id || {WITHIN} || further_metric))",
        "metric": "further_metric",
        "score": "try_cast(further_score AS DOUBLE)",
        **dict.fromkeys(ONCE, "NULL"),
    }
    columns = ", ".join(
        f"({made.get(column.name, column.name)})::{column.type} AS {column.name}"
        for column in INCOMING.columns
    )
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {FURTHER} AS
        SELECT {columns}, is_browser, CASE WHEN try_cast(further_score AS DOUBLE) IS NULL THEN 'score_unreadable' END
            AS refusal, NULL::VARCHAR AS further
        FROM (SELECT *, split_part(rating, {WITHIN}, 1) AS further_metric, split_part(rating, {WITHIN}, 2) AS further_score
            FROM (SELECT *, unnest(string_split(further, {BETWEEN})[2:]) AS rating FROM {table} WHERE further IS NOT NULL))"""
    )
    return True


def object_to_further(connection: duckdb.DuckDBPyConnection) -> None:
    """Give `verdicts` the reasons against further ratings: an item of which one rating may not enter does not enter."""
    connection.execute(
        f"""UPDATE verdicts SET reason = found.reason FROM (
            SELECT seq, position, min(coalesce(refusal, {reasons_sql(None)})) AS reason FROM {FURTHER} GROUP BY ALL
        ) AS found WHERE verdicts.reason IS NULL AND found.reason IS NOT NULL
            AND verdicts.seq = found.seq AND verdicts.position = found.position"""
    )


def add_further(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Put the further ratings beside the first ones of the items that are left in `table`."""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {table} AS SELECT * FROM (
            SELECT * FROM {table} UNION ALL
            SELECT * FROM {FURTHER} WHERE (seq, position) IN (SELECT (seq, position) FROM {table})
        ) ORDER BY seq, position, further IS NULL, metric"""
    )
    connection.execute(f"DROP TABLE {FURTHER}")
