"""Ids for rows that bring none: from what the row says and its place among equal rows of the same file.

So the same file renamed, sorted anew or grown gives every old row its old id, and equal rows all count.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from regard.warehouse.files.tables import quote


def content_sql(parts: Sequence[tuple[str, str]]) -> str:
    """SQL of the canonical text of a row: (name, text expression) pairs by name, without what is empty."""
    pieces = ", ".join(f"{quote(name + '=')} || {text}" for name, text in sorted(parts))
    return f"concat_ws(chr(31), {pieces})" if pieces else "''"


class Ordinals:
    """How often each row's content came before in the same file, counted on disk so that any size goes.

    Args:
        connection: the tables are kept in a database attached to it.
        workspace: a folder for that database.
    """

    def __init__(self, connection: DuckDBPyConnection, workspace: Path) -> None:
        self._connection = connection
        self._file = workspace / "seen.duckdb"
        self._any = False
        connection.execute(f"ATTACH {quote(str(self._file))} AS seen_rows")
        connection.execute("CREATE TABLE seen_rows.contents (content UUID)")

    def number(self, table: str) -> None:
        """Replace `table` by itself with the column `ordinal`; it has `content` UUID (NULL where not wanted)."""
        earlier = "(SELECT NULL::UUID AS content, 0::BIGINT AS n WHERE false)"
        if self._any:
            earlier = (
                "(SELECT s.content, count(*) AS n FROM seen_rows.contents s "
                f"WHERE s.content IN (SELECT content FROM {table}) GROUP BY ALL)"
            )
        again = self._connection.execute(
            f"SELECT count(content) - count(DISTINCT content) FROM {table}"
        ).fetchone()
        repeated = bool(again and again[0])
        within = "row_number() OVER (PARTITION BY t.content) - 1" if repeated else "0"
        order = "ORDER BY _line" if repeated else ""  # The window mixes them.
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE earlier_rows AS {earlier[1:-1]}")
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT t.*, {within} + coalesce(e.n, 0) AS ordinal "
            f"FROM {table} t LEFT JOIN earlier_rows e ON e.content = t.content {order}"
        )
        self._connection.execute(
            f"INSERT INTO seen_rows.contents SELECT content FROM {table} WHERE content IS NOT NULL"
        )
        self._any = True

    def close(self) -> None:
        """Let go of the database."""
        self._connection.execute("DETACH seen_rows")
        self._file.unlink(missing_ok=True)
