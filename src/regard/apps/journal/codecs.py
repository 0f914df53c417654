"""How the bodies of segments become rows: one codec for each way of taking in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Protocol

import duckdb
import lz4.frame
import numpy as np
from django.conf import settings

from regard.apps.journal.segments import SegmentRow
from regard.kernel.errors import Permanent
from regard.kernel.registry import Registry
from regard.warehouse.literals import text_sql
from regard.warehouse.schema.incoming import INCOMING

# What a codec says of a row beside the columns of `incoming`: whether a browser sent it (its key is public), and why
# it may not enter, as (reason code, sentence), where the codec itself objects; and all
# ratings of an item that holds several (see `projection.ratings`).
EXTRA = "is_browser BOOLEAN, refusal VARCHAR, further VARCHAR"


class Codec(Protocol):
    """One form of segment bodies."""

    @property
    def key(self) -> str:
        """As it stands in `Segment.codec`."""
        ...

    def look_up(self) -> None:
        """Read from the operational store what `to_incoming` needs to know, as that may run in another thread."""
        ...

    def to_incoming(
        self, connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow], table: str
    ) -> None:
        """Create the temporary table `table`: the columns of `incoming` and EXTRA, one row an interaction."""
        ...

    def raw(self, segment: SegmentRow, position: int) -> str:
        """One item as it came, for a person to look at."""
        ...

    def emptied(self, segment: SegmentRow, positions: Collection[int]) -> bytes:
        """The body without what these items said; they read as rows without source and message id."""
        ...


CODECS: Registry[Codec] = Registry("codec")


def make_lines(
    connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow], *, struct: str, table: str
) -> None:
    """Create `table` (seq, position, j): each line of the bodies, read as JSON of the form `struct`."""
    register_lines(connection, segments)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT seq, position, json_transform(line::VARCHAR, '{struct}') AS j FROM given_lines"""
    )
    connection.unregister("given_lines")


def register_lines(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> None:
    """Let `given_lines` (seq, position, line) be read: the lines of the bodies, in their order.

    They go in as an array beside their places: splitting them inside DuckDB takes twice as long.
    """
    parts = [_lines(segment) for segment in segments]
    lengths = [len(part) for part in parts]
    given = {
        "seq": np.repeat(np.array([segment.seq for segment in segments], dtype=np.int64), lengths),
        "position": np.concatenate([np.arange(0), *map(np.arange, lengths)]).astype(np.int32),
        "line": np.array([*chain.from_iterable(parts), ""], dtype=object)[:-1],
    }
    connection.register("given_lines", given)


def _lines(segment: SegmentRow) -> list[str]:
    body: bytes = lz4.frame.decompress(segment.body)
    lines = body.decode("utf-8", "replace").rstrip("\n").split("\n")
    for place in segment.unreadable:
        lines[place] = "{}"
    return lines


def line_of(segment: SegmentRow, position: int) -> str:
    """One line of a segment's body, as it came."""
    lines = _lines(replace(segment, unreadable=frozenset()))
    return lines[position] if position < len(lines) else ""


def without_lines(segment: SegmentRow, positions: Collection[int]) -> bytes:
    """A segment's body with an empty object in the place of some lines."""
    chosen = set(positions)
    lines = ["{}" if place in chosen else line for place, line in enumerate(_lines(segment))]
    body: bytes = lz4.frame.compress("\n".join(lines).encode())
    return body


class Facts:
    """What parts of the product record themselves (`journal.facts`)."""

    key = "facts"

    def look_up(self) -> None:
        """See Codec."""

    def to_incoming(
        self, connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow], table: str
    ) -> None:
        """See Codec."""
        given = [c for c in INCOMING.columns if c.name not in ("seq", "position", "interaction_id")]
        objects = ("traits", "attributes")
        # Times as text, since JSON's reader knows fewer forms than the cast does.
        types = {
            c.name: "JSON" if c.name in objects else "VARCHAR" if c.type == "TIMESTAMPTZ" else c.type
            for c in given
        }
        struct = "{" + ",".join(f'"{name}":"{type_}"' for name, type_ in types.items()) + "}"
        make_lines(connection, segments, struct=struct, table="fact_lines")
        columns = ", ".join(f"j.{c.name}::{c.type} AS {c.name}" for c in given)
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT {INCOMING.cast_list}, is_browser, refusal, further FROM (
                SELECT seq, position, {columns}, unhex(md5(j.source || chr(31) || j.message_id)) AS interaction_id,
                    false AS is_browser, NULL::VARCHAR AS refusal, NULL::VARCHAR AS further
                FROM fact_lines)"""
        )
        connection.execute("DROP TABLE fact_lines")

    def raw(self, segment: SegmentRow, position: int) -> str:
        """See Codec."""
        return line_of(segment, position)

    def emptied(self, segment: SegmentRow, positions: Collection[int]) -> bytes:
        """See Codec."""
        return without_lines(segment, positions)


class Parquet:
    """Staged files: the columns of `incoming` less the place."""

    key = "parquet"

    def look_up(self) -> None:
        """See Codec."""

    def to_incoming(
        self, connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow], table: str
    ) -> None:
        """See Codec. Raises: Permanent where a staged file is not there."""
        for segment in segments:
            if not staged_path(segment).exists():
                raise Permanent(
                    f"{segment.path} is not in this data folder. Bring it back, or share the folder 'staged' with the server "
                    "that took the file in; then: regard rebuild --parked"
                )
        parts = [
            f"SELECT {segment.seq}::BIGINT AS seq, file_row_number::INTEGER AS position, * EXCLUDE (file_row_number) "
            f"FROM read_parquet({text_sql(staged_path(segment))}, file_row_number = true)"
            for segment in segments
        ]
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT {INCOMING.cast_list}, false AS is_browser, NULL::VARCHAR AS refusal, NULL::VARCHAR AS further
            FROM ({" UNION ALL BY NAME ".join(parts)})"""
        )

    def raw(self, segment: SegmentRow, position: int) -> str:
        """See Codec."""
        row = duckdb.execute(
            f"SELECT to_json(t) FROM (SELECT * FROM read_parquet({text_sql(staged_path(segment))}) "
            f"LIMIT 1 OFFSET {position}) t"
        ).fetchall()
        return str(row[0][0]) if row else ""

    def emptied(self, segment: SegmentRow, positions: Collection[int]) -> bytes:
        """See Codec; the rows stand in the staged file (`erasing.empty_staged`)."""
        return segment.body


def staged_path(segment: SegmentRow) -> Path:
    """Where a segment's staged file stands."""
    folder: Path = settings.REGARD.data_dir
    return folder / segment.path


CODECS.register(Facts())
CODECS.register(Parquet())
