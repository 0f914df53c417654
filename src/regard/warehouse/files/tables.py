"""Raw tables: the records of a file as DuckDB tables of text, each row with its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from duckdb import DuckDBPyConnection, Error

from regard.warehouse.files.records import Chunk, Ints, Rejected
from regard.warehouse.files.unreadable import OTHER_WIDTH

RAW = "raw_rows"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A DuckDB table of rows as they stand in the file.

    Args:
        name: the table; it has the column `_line` and, per column of the file, `c0`, `c1`, ….
        columns: the file's names for them, in order.
        types: DuckDB types in order; VARCHAR for all files of text.
        chunk: the text the rows were cut from, where there is one.
        rejected: records that did not become rows.
        tidy: whether no cell can have blanks around it.
    """

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    chunk: Chunk | None
    rejected: tuple[Rejected, ...]
    n_rows: int
    n_total: int = 0
    tidy: bool = False


def load_csv(
    connection: DuckDBPyConnection, chunk: Chunk, columns: tuple[str, ...], delimiter: str, workspace: Path
) -> RawTable:
    """The chunk's records as the table `raw_rows`; those with more or fewer columns than the header are set aside."""
    width = len(columns)
    if not len(chunk) or not _load_fast(connection, chunk, width, delimiter, workspace):
        even = _even(chunk, width, delimiter)
        if even is not chunk and len(even) and _load_fast(connection, even, width, delimiter, workspace):
            chunk = even
        else:
            chunk = _load_slowly(connection, even, width, delimiter)
    types = ("VARCHAR",) * width
    tidy = _is_tidy(chunk.data, delimiter)
    return RawTable(RAW, columns, types, chunk, tuple(chunk.rejected), len(chunk), tidy=tidy)


def _is_tidy(data: bytes, delimiter: str) -> bool:
    """Whether no blank stands beside a delimiter, a quote or the end of a line."""
    buffer = np.frombuffer(data, np.uint8)
    blanks = np.flatnonzero(buffer == ord(" "))
    edges = np.zeros(256, bool)
    edges[[ord(sign) for sign in (delimiter, '"', "\n", "\r")]] = True
    after, before = np.minimum(blanks + 1, len(buffer) - 1), np.maximum(blanks - 1, 0)
    return not data.startswith(b" ") and not bool((edges[buffer[after]] | edges[buffer[before]]).any())


def load_ndjson(
    connection: DuckDBPyConnection, chunk: Chunk, needed: Collection[str], workspace: Path
) -> RawTable:
    """The chunk's objects as the table `raw_rows`, one column per key; lines that are no object are set aside.

    Args:
        needed: keys that get a column even where no object of this chunk has them.
    """
    path = workspace / "chunk.ndjson"
    path.write_bytes(chunk.data)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE raw_lines AS SELECT row_number() OVER () - 1 AS i, line FROM "
        f"read_csv({quote(str(path))}, columns={{'line': 'VARCHAR'}}, header=false, auto_detect=false, "
        f"delim='\\x01', quote='', escape='', max_line_size={2 * 1024 * 1024}, nullstr='\\x02')"
    )
    path.unlink()
    wrong = connection.execute(
        "SELECT i FROM raw_lines WHERE coalesce(CASE WHEN json_valid(line) THEN json_type(line) END, '') <> 'OBJECT'"
    ).fetchall()
    if wrong:
        wanted = np.ones(len(chunk), bool)
        wanted[[i for (i,) in wrong]] = False
        aside = [Rejected(int(chunk.lines[i]), "not_json", chunk.raw(int(i))) for (i,) in wrong]
        return load_ndjson(connection, chunk.keep(wanted, aside), needed, workspace)
    found = connection.execute("SELECT DISTINCT unnest(json_keys(line)) FROM raw_lines").fetchall()
    columns = tuple(sorted({name for (name,) in found} | set(needed)))
    paths = "[" + ", ".join(quote(_json_path(name)) for name in columns) + "]"
    picks = "".join(f", v[{i + 1}] AS c{i}" for i in range(len(columns)))
    connection.register("chunk_lines", {"_line": chunk.lines})
    source = (
        f"SELECT json_extract_string(line, {paths}) AS v FROM raw_lines ORDER BY i" if columns else "SELECT 1"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {RAW} AS SELECT _line{picks} FROM chunk_lines POSITIONAL JOIN ({source})"
    )
    connection.unregister("chunk_lines")
    return RawTable(RAW, columns, ("JSON",) * len(columns), chunk, tuple(chunk.rejected), len(chunk))


def parquet_columns(
    connection: DuckDBPyConnection, path: Path
) -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Names and DuckDB types of a Parquet file's columns, and its number of rows."""
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({quote(str(path))})").fetchall()
    count = connection.execute(f"SELECT count(*) FROM read_parquet({quote(str(path))})").fetchone()
    return (
        tuple(row[0] for row in described),
        tuple(row[1] for row in described),
        int(count[0]) if count else 0,
    )


def parquet_values(path: Path, column: str, most: int = 200_000) -> list[str]:
    """The different values of one column of a Parquet file, as text."""
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute(
            f"SELECT DISTINCT {identifier(column)}::VARCHAR AS v FROM read_parquet({quote(str(path))}) "
            f"WHERE v IS NOT NULL LIMIT {most}"
        ).fetchall()
    return sorted(value for (value,) in found)


def load_parquet(connection: DuckDBPyConnection, path: Path, most_rows: int) -> Iterator[RawTable]:
    """The rows of a Parquet file, `most_rows` at a time, as the table `raw_rows`; the line is the row, from 1."""
    columns, types, n_rows = parquet_columns(connection, path)
    picks = "".join(f", {identifier(name)} AS c{i}" for i, name in enumerate(columns))
    for first in range(0, n_rows, most_rows):
        last = min(first + most_rows, n_rows)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {RAW} AS SELECT file_row_number + 1 AS _line{picks} "
            f"FROM read_parquet({quote(str(path))}, file_row_number=true) "
            f"WHERE file_row_number >= {first} AND file_row_number < {last}"
        )
        yield RawTable(RAW, columns, types, None, (), last - first, n_rows)


def all_but_first(n: int) -> npt.NDArray[np.bool_]:
    """True for every record but the first (the header)."""
    return np.arange(n) > 0


def no_records() -> Ints:
    """No record at all."""
    return np.empty(0, np.int64)


def quote(text: str) -> str:
    """`text` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """`name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _json_path(name: str) -> str:
    return '$."' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _load_fast(
    connection: DuckDBPyConnection, chunk: Chunk, width: int, delimiter: str, workspace: Path
) -> bool:
    """Whether DuckDB read exactly the records that were cut."""
    path = workspace / "chunk.csv"
    path.write_bytes(chunk.data)
    types = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    read = (
        f"read_csv({quote(str(path))}, columns={{{types}}}, header=false, auto_detect=false, "
        f"delim={quote(delimiter)}, quote='\"', escape='\"', max_line_size={2 * 1024 * 1024}, strict_mode=true)"
    )
    line, source = _line_source(connection, chunk, read)
    try:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {RAW} AS SELECT {line} AS _line, * {source}")
        counted = connection.execute(f"SELECT count(*), count(_line) FROM {RAW}").fetchone()
        return counted == (len(chunk), len(chunk))
    except Error:
        return False
    finally:
        path.unlink()
        connection.execute("DROP VIEW IF EXISTS chunk_lines")


def _line_source(connection: DuckDBPyConnection, chunk: Chunk, read: str) -> tuple[str, str]:
    """The expression for the line and the relation: counted where records are lines, else looked up by position."""
    first = int(chunk.lines[0])
    if int(chunk.lines[-1]) - first == len(chunk) - 1:
        return f"row_number() OVER () + {first - 1}", f"FROM {read}"
    connection.register("chunk_lines", {"number": chunk.lines})
    return "number", f"EXCLUDE (number) FROM chunk_lines POSITIONAL JOIN {read}"


def _load_slowly(connection: DuckDBPyConnection, chunk: Chunk, width: int, delimiter: str) -> Chunk:
    """Reads odd quoting record by record, as spreadsheets do; what has the wrong width is set aside."""
    csv.field_size_limit(2 * 1024 * 1024)
    rows: list[list[str | None]] = []
    lines: list[int] = []
    aside: list[Rejected] = []
    for line, record in _loose_records(chunk):
        cells = next(csv.reader([record], delimiter=delimiter), [])
        if len(cells) == width:
            rows.append([cell or None for cell in cells])
            lines.append(line)
        elif record.strip():
            aside.append(Rejected(line, _width_reason(len(cells), width), record[:2000].rstrip("\r\n")))
    data = {"_line": np.array(lines, np.int64)}
    columns = {f"c{i}": np.array([row[i] for row in rows], dtype=object) for i in range(width)}
    definition = ", ".join(f"c{i} VARCHAR" for i in range(width))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {RAW} (_line BIGINT, {definition})")
    if rows:
        connection.register("slow_rows", {**data, **columns})
        connection.execute(f"INSERT INTO {RAW} SELECT * FROM slow_rows")
        connection.unregister("slow_rows")
    return _slow_chunk(chunk, np.array(lines, np.int64), aside)


def _slow_chunk(chunk: Chunk, lines: Ints, aside: list[Rejected]) -> Chunk:
    """A chunk whose records are those that were read, with the text of the line each starts on."""
    at = np.clip(np.searchsorted(chunk.lines, lines, side="right") - 1, 0, None)
    return Chunk(chunk.data, chunk.starts[at], chunk.ends[at], lines, [*chunk.rejected, *aside])


def _loose_records(chunk: Chunk) -> Iterator[tuple[int, str]]:
    """Records where a quote counts only at the edge of a cell, so that one inside a word opens nothing."""
    for index in range(len(chunk)):
        line = int(chunk.lines[index])
        text = chunk.data[chunk.starts[index] : chunk.ends[index]].decode()
        if text.count("\n") <= 1:
            yield line, text
            continue
        try:
            cells = list(csv.reader(io.StringIO(text), strict=True))
        except csv.Error:
            cells = []
        if len(cells) == 1:
            yield line, text
        else:
            yield from ((line + i, part) for i, part in enumerate(text.splitlines()))


def _even(chunk: Chunk, width: int, delimiter: str) -> Chunk:
    """The chunk without the records that have more or fewer columns than the header."""
    if not len(chunk):
        return chunk
    buffer = np.frombuffer(chunk.data, np.uint8)
    marks = np.flatnonzero(buffer == ord(delimiter))
    if b'"' in chunk.data:
        quotes = np.flatnonzero(buffer == ord('"'))
        marks = marks[(np.searchsorted(quotes, marks) & 1) == 0]
    counts = np.diff(np.searchsorted(marks, chunk.ends), prepend=0) + 1
    wanted = counts == width
    if wanted.all():
        return chunk
    bad = np.flatnonzero(~wanted)
    loose = [i for i in bad if b'"' in chunk.data[chunk.starts[i] : chunk.ends[i]]]
    if loose:  # a stray quote may have hidden columns: the slow way looks at each record by itself
        return chunk
    aside = [
        Rejected(int(chunk.lines[i]), _width_reason(int(counts[i]), width), chunk.raw(int(i))) for i in bad
    ]
    return chunk.keep(wanted, aside)


def _width_reason(found: int, expected: int) -> str:
    return OTHER_WIDTH % {"given": found, "expected": expected}
