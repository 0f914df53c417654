"""Chosen columns of any file as arrays, in the order of its rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from regard.kernel.errors import InvalidInput, unknown_name
from regard.warehouse.files import encodings, heads
from regard.warehouse.files.dates import guess_dates, instant_sql
from regard.warehouse.files.formats import FileForm, Format, NotATable, blocks, recognise
from regard.warehouse.files.numbers import guess_decimal, number_sql
from regard.warehouse.files.records import cut
from regard.warehouse.files.tables import identifier, quote

# What stands in a cell where nothing was measured.
MISSING = ("", "na", "n/a", "nan", "null", "none", "-", ".", "#n/a")
SAMPLED = 1000
# So many values of the first rows show how a column is written; of a sparser one others are looked for.
ENOUGH = 100
HEAD = 1 << 20
# What lies outside is no time of a customer's, but a mistake or a filler.
EARLIEST, LATEST = np.datetime64("1800-01-01"), np.datetime64("2200-01-01")


class WrongCells(InvalidInput):
    """Cells that hold something else than what is needed, such as the `given` one among its details."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that a question can be put to.

    Args:
        connection: has the relation `given`.
        columns: its columns by name, with their DuckDB types.
        title: what people call it.
        zone: whose days its rows are looked at in, where nobody says otherwise.
    """

    connection: duckdb.DuckDBPyConnection
    columns: dict[str, str]
    title: str
    zone: str = "UTC"

    def __len__(self) -> int:
        [(n,)] = self.connection.execute("SELECT count(*) FROM given").fetchall()
        return int(n)

    def numbers(self, *names: str) -> tuple[NDArray[np.float64], ...]:
        """These columns as doubles, one array each; a missing value is not a number.

        Raises: InvalidInput where there is no such column, or it holds something that is no finite number.
        """
        self.check(*names)
        samples = self._samples([name for name in names if self.columns[name] == "VARCHAR"])
        sql = {name: self._number_sql(name, samples.get(name, [])) for name in names}
        if not sql:
            return ()
        # One query for all: each would read the whole file.
        listed = ", ".join(f"{one} AS v{place}" for place, one in enumerate(sql.values()))
        rows = self.connection.execute(f"SELECT {listed} FROM given").fetchnumpy()
        found = {}
        for place, (name, one) in enumerate(sql.items()):
            found[name] = _filled(rows[f"v{place}"], np.nan, np.float64)
            if not np.isfinite(found[name]).all():
                self._refuse_wrong(name, one, "a number")
        return tuple(found[name] for name in names)

    def texts(self, *names: str) -> tuple[NDArray[np.object_], ...]:
        """These columns as text, one array each; a missing value is None."""
        self.check(*names)
        found = []
        for name in names:
            text = self.text_sql(name)
            rows = self.connection.execute(
                f"SELECT CASE WHEN {_is_missing(text)} THEN NULL ELSE {text} END AS v FROM given"
            ).fetchnumpy()
            found.append(_filled(rows["v"], None, object))
        return tuple(found)

    def times(self, *names: str, zone: str = "UTC") -> tuple[NDArray[np.datetime64], ...]:
        """These columns as instants in UTC, one array each; a missing value is not a time.

        Args:
            zone: of times that name none.
        Raises: InvalidInput where there is no such column, or it holds something that is no time from 1800 to 2199.
        """
        self.check(*names)
        found = []
        for name in names:
            sql = self.time_sql(name, zone)
            values = self._read(name, sql, "a time", np.dtype("datetime64[us]"))
            if ((values < EARLIEST) | (values >= LATEST)).any():
                self._refuse_far(name, sql)
            found.append(values)
        return tuple(found)

    def check(self, *names: str) -> None:
        """Raises: InvalidInput where there is no such column, with the nearest one."""
        for name in names:
            if name not in self.columns:
                raise unknown_name("column", name, self.columns)

    def text_sql(self, name: str) -> str:
        """A column as text without blanks around it."""
        return f"trim({identifier(name)}::VARCHAR)"

    def _sample(self, name: str) -> list[str]:
        text = self.text_sql(name)
        rows = self.connection.execute(
            f"SELECT {text} FROM given WHERE NOT ({_is_missing(text)}) LIMIT {SAMPLED}"
        ).fetchall()
        return [value for (value,) in rows]

    def _samples(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Of each column some values that are not missing, from the first rows of all where these have enough."""
        if not names:
            return {}
        listed = ", ".join(self.text_sql(name) for name in names)
        rows = self.connection.execute(f"SELECT {listed} FROM given LIMIT {SAMPLED}").fetchall()
        found = {}
        for name, values in zip(names, zip(*rows, strict=True), strict=True):
            told = [value for value in values if value is not None and value.lower() not in MISSING]
            found[name] = told if len(told) >= ENOUGH else self._sample(name)
        return found

    def _number_sql(self, name: str, sample: Sequence[str]) -> str:
        if self.columns[name] != "VARCHAR":
            return f"TRY_CAST({identifier(name)} AS DOUBLE)"
        text = self.text_sql(name)
        if not any(value.endswith("%") for value in sample):
            return number_sql(text, guess_decimal(sample)[0] or ".")
        decimal, _ = guess_decimal([value.rstrip("% ") for value in sample])
        share = number_sql(f"rtrim({text}, '% ')", decimal or ".")
        return f"({share} / CASE WHEN ends_with({text}, '%') THEN 100 ELSE 1 END)"

    def time_sql(self, name: str, zone: str = "UTC") -> str:
        """A column as a time in UTC, NULL where it says none; of times that name no zone it is `zone`."""
        kind = self.columns[name]
        if kind == "TIMESTAMP WITH TIME ZONE":
            return f"({identifier(name)} AT TIME ZONE 'UTC')"
        if kind in ("DATE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S"):
            return f"({identifier(name)}::TIMESTAMP AT TIME ZONE {quote(zone)} AT TIME ZONE 'UTC')"
        sample = self._sample(name)
        guess = guess_dates(sample)
        if guess.ambiguous:
            guess = guess_dates([*sample, *self._telling(name)])
        return f"({instant_sql(self.text_sql(name), guess.formats, zone)} AT TIME ZONE 'UTC')"

    def _read(self, name: str, sql: str, what: str, type_: Any) -> NDArray[Any]:
        """One column; refused where a cell that is not missing says something else."""
        rows = self.connection.execute(f"SELECT {sql} AS v FROM given").fetchnumpy()
        empty = np.datetime64("NaT", "us") if np.dtype(type_).kind == "M" else np.nan
        values = _filled(rows["v"], empty, type_)
        finite = ~np.isnat(values) if values.dtype.kind == "M" else np.isfinite(values)
        if not finite.all():
            self._refuse_wrong(name, sql, what)
        return values

    def _telling(self, name: str) -> list[str]:
        """Dates anywhere in a column that can be written in one way only: no month is the 13th."""
        text = self.text_sql(name)
        found = []
        for begins in (r"^(1[3-9]|2\d|3[01])[./-]", r"^\d{1,2}[./-](1[3-9]|2\d|3[01])[./-]"):
            rows = self.connection.execute(
                f"SELECT {text} FROM given WHERE regexp_matches({text}, {quote(begins)}) LIMIT {ENOUGH}"
            ).fetchall()
            found += [value for (value,) in rows]
        return found

    def check_times(self, name: str) -> None:
        """Raises: InvalidInput where a cell of this column that is not missing says no time from 1800 to 2200."""
        sql = self.time_sql(name)
        self._refuse_wrong(name, sql, "a time")
        self._refuse_far(name, sql)

    def _refuse_far(self, name: str, sql: str) -> None:
        bounds = f"{sql} < '{EARLIEST}'::TIMESTAMP OR {sql} >= '{LATEST}'::TIMESTAMP"
        far = self.connection.execute(
            f"SELECT {self.text_sql(name)}, count(*) OVER () FROM given WHERE {bounds} LIMIT 1"
        ).fetchall()
        if far:
            raise InvalidInput(
                "The column '%(column)s' holds times before 1800 or after 2199 in %(n)s rows, such as '%(given)s'. That is a "
                "mistake or a filler: correct it, or leave it empty.",
                column=name, n=f"{far[0][1]:,}", given=far[0][0],
            )  # fmt: skip

    def _refuse_wrong(self, name: str, sql: str, what: str) -> None:
        text = self.text_sql(name)
        wrong = self.connection.execute(
            f"""SELECT {text}, count(*) OVER () FROM given
                WHERE NOT ({_is_missing(text)}) AND ({sql} IS NULL OR NOT isfinite({sql})) LIMIT 1"""
        ).fetchall()
        if wrong:
            raise WrongCells(
                "The column '%(column)s' needs %(what)s in every row; in %(n)s of them stands something else, such as "
                "'%(given)s'. Correct them or leave them empty.",
                column=name, what=what, n=f"{wrong[0][1]:,}", given=wrong[0][0],
            )  # fmt: skip


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The file at `path` (CSV, Parquet or NDJSON, compressed or not) as a table; columns of text files stay text.

    Raises: InvalidInput where it is no table, or has no rows.
    """
    form = recognise(path)
    if form.empty:
        raise InvalidInput("The file '%(given)s' is empty.", given=path.name)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        # The system remembers what it has read of a file; DuckDB need not do so once more.
        connection.execute("SET TimeZone = 'UTC'; SET enable_external_file_cache = false")
        try:
            _view(connection, _reader(form, Path(folder)))
            described = connection.execute("DESCRIBE given").fetchall()
            table = Table(connection, {row[0]: row[1] for row in described}, path.name)
            if not len(table):
                raise InvalidInput("The file '%(given)s' has a header and no rows below it.", given=path.name)
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            raise NotATable(f"The file '{path.name}' cannot be read as a table: {first}") from None
        yield table


def _view(connection: duckdb.DuckDBPyConnection, reader: str) -> None:
    """Let `given` be what `reader` reads, with one thread where cells hold lines of their own."""
    try:
        connection.execute(f"CREATE VIEW given AS SELECT * FROM {reader}")
        connection.execute("SELECT count(*) FROM given")
    except duckdb.Error as error:
        if "parallel=false" not in str(error):
            raise
        connection.execute(f"CREATE OR REPLACE VIEW given AS SELECT * FROM {reader[:-1]}, parallel = false)")


def _reader(form: FileForm, folder: Path) -> str:
    """The table function that reads the file."""
    path = quote(str(form.path))
    if form.format is Format.PARQUET:
        return f"read_parquet({path})"
    encoding = encodings.guess(blocks(form, HEAD)).name
    if encoding != encodings.UTF8:
        again = folder / "utf8"
        with again.open("wb") as file:
            file.writelines(encodings.as_utf8(blocks(form), encoding))
        path = quote(str(again))
    elif form.gzipped:
        path += ", compression = 'gzip'"
    if form.format is Format.NDJSON:
        return f"read_ndjson({path}, sample_size = -1)"
    head = next(
        cut(encodings.as_utf8(blocks(form, HEAD), encoding), quoted=True, most_records=SAMPLED, largest=HEAD),
        None,
    )
    text = head.data.decode(errors="replace") if head is not None else ""
    delimiter = heads.sniff_delimiter(text)
    names = heads.tidy_names(next(iter(heads.head_rows(head, delimiter, 1)), [])) if head is not None else ()
    types = ", ".join(f"{quote(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({path}, columns = {{{types}}}, header = true, auto_detect = false, delim = {quote(delimiter)}, "
        "quote = '\"', escape = '\"', null_padding = true, strict_mode = false)"
    )


def _is_missing(text: str) -> str:
    listed = ", ".join(quote(one) for one in MISSING)
    return f"({text} IS NULL OR lower({text}) IN ({listed}))"


def _filled(values: NDArray[Any], empty: Any, type_: Any) -> NDArray[Any]:
    """The values as an array of this type, `empty` where there is none."""
    if not isinstance(values, np.ma.MaskedArray):
        return values.astype(type_)
    return np.where(values.mask, empty, values.data).astype(type_)
