"""Ids for rows that bring none: from what the row says and its place among equal rows of the same file.

So the same file renamed, sorted anew or grown gives every old row its old id, and equal rows all count.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from duckdb import DuckDBPyConnection

from regard.warehouse.files.tables import quote

ORDINALS = "row_ordinals"


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

    def number(self, table: str) -> bool:
        """Make ORDINALS (_line, ordinal): the rows of `table` that repeat an earlier row of the file, each with how often.

        Args:
            table: has `_line` and `content`, a UUID (NULL where no id is wanted).

        Returns: whether there are any.
        """
        run = self._connection.execute
        earlier = "SELECT NULL::UUID AS content, 0::BIGINT AS n WHERE false"
        if self._any:
            earlier = (
                f"SELECT content, count(*) AS n FROM seen_rows.contents WHERE content IN (SELECT content FROM {table}) "
                "GROUP BY content"
            )
        run(f"CREATE OR REPLACE TEMP TABLE earlier_rows AS {earlier}")
        again = run(
            f"SELECT count(content) > count(DISTINCT content), count(content) FROM {table}"
        ).fetchall()
        is_repeated, n = again[0]
        was_seen = run("SELECT count(*) FROM earlier_rows").fetchall() != [(0,)]
        if is_repeated or was_seen:
            run(
                f"""CREATE OR REPLACE TEMP TABLE {ORDINALS} AS
                SELECT t._line, row_number() OVER (PARTITION BY t.content ORDER BY t._line) - 1 + coalesce(e.n, 0) AS ordinal
                FROM (SELECT _line, content FROM {table} WHERE content IN (
                    SELECT content FROM {table} GROUP BY content HAVING count(*) > 1
                    UNION ALL SELECT content FROM earlier_rows)) t
                LEFT JOIN earlier_rows e USING (content) QUALIFY ordinal > 0"""
            )
        if n:
            run(f"INSERT INTO seen_rows.contents SELECT content FROM {table} WHERE content IS NOT NULL")
            self._any = True
        return bool(is_repeated or was_seen)

    def close(self) -> None:
        """Let go of the database."""
        self._connection.execute("DETACH seen_rows")
        self._file.unlink(missing_ok=True)
