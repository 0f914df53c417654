"""Arrays as a file: one column each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.tables import quote

FORMATS = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER"}


def write_columns(path: Path, columns: Mapping[str, NDArray[Any]]) -> None:
    """Write equally long columns to `path`, by the end of its name as Parquet or CSV.

    Raises: InvalidInput for another end, or where the file cannot be written.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InvalidInput("'%(given)s' must end in .parquet or .csv.", given=path.name)
    given = dict(columns)
    with duckdb.connect() as connection:
        connection.register("written", given)
        try:
            connection.execute(f"COPY (SELECT * FROM written) TO {quote(str(path))} ({form})")
        except duckdb.IOException:
            raise InvalidInput(
                "The rows cannot be written to '%(given)s'; does its folder exist?", given=path
            ) from None
