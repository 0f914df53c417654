"""Arrays as a file: one column each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.tables import identifier, quote

FORMATS = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER"}


def write_columns(path: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write equally long columns to `path`, by the end of its name as Parquet or CSV.

    Raises: InvalidInput for another end, or where the file cannot be written.
    """
    form = _form(path)
    given = dict(columns)
    with duckdb.connect() as connection:
        connection.register("written", given)
        _copy(connection, path, form)


class Batches:
    """Rows that come batch by batch and are kept on disk until all are there."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._has_table = False

    def add(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Add equally long columns, the same each time."""
        self._connection.register("batch", dict(columns))
        how = "INSERT INTO written" if self._has_table else "CREATE TABLE written AS"
        # Words would come as an enumeration of those of this batch, which the next one does not fit.
        listed = ", ".join(
            f"{identifier(name)}{'::VARCHAR' * (values.dtype.kind in 'UO')} AS {identifier(name)}"
            for name, values in columns.items()
        )
        self._connection.execute(f"{how} SELECT {listed} FROM batch")
        self._connection.unregister("batch")
        self._has_table = True


@contextmanager
def write_batches(path: Path) -> Iterator[Batches]:
    """Columns given batch by batch, written to `path` at the end, in the memory of few batches.

    Raises: InvalidInput for another end than .parquet or .csv, before any batch, or where the file cannot be written.
    """
    form = _form(path)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "rows")) as connection:
        connection.execute("SET memory_limit = '512MB'; SET threads = 1")
        yield Batches(connection)
        _copy(connection, path, form)


def _form(path: Path) -> str:
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InvalidInput("'%(given)s' must end in .parquet or .csv.", given=path.name)
    return form


def _copy(connection: duckdb.DuckDBPyConnection, path: Path, form: str) -> None:
    try:
        connection.execute(f"COPY (SELECT * FROM written) TO {quote(str(path))} ({form})")
    except duckdb.IOException:
        raise InvalidInput(
            "The rows cannot be written to '%(given)s'; does its folder exist?", given=path
        ) from None
