"""The Delta table of a schema: opened, or made where it is missing."""

from __future__ import annotations

import time
from pathlib import Path

from deltalake import DeltaTable, Field, Schema
from deltalake.exceptions import CommitFailedError
from deltalake.schema import PrimitiveType

from regard.kernel.errors import Permanent
from regard.warehouse.schema.table import Table

DELTA_TYPES = {
    "BLOB": "binary",
    "BIGINT": "long",
    "DOUBLE": "double",
    "TIMESTAMPTZ": "timestamp",
    "VARCHAR": "string",
}
# Files that nobody needs any more stay this long for readers that still hold an older list of files.
KEEP_REMOVED_FILES = "interval 30 minutes"
KEEP_LOG = "interval 10 minutes"
TRIES = 6


def open_or_create(url: str, table: Table, *, is_local: bool) -> DeltaTable:
    """The Delta table of `table` at this address. Raises: Permanent where a store cannot be opened."""
    if is_local:
        Path(url).mkdir(parents=True, exist_ok=True)
    for _ in range(TRIES):
        try:
            if DeltaTable.is_deltatable(url):
                return DeltaTable(url)
            return DeltaTable.create(
                url,
                schema=_schema(table),
                mode="ignore",
                partition_by=list(table.partition_by) or None,
                configuration=_configuration(table),
            )
        except CommitFailedError:  # another process creates it at this moment
            time.sleep(0.02)
        except OSError as error:
            if is_local:
                raise
            raise Permanent(f"The warehouse at {url} cannot be opened: {error}.") from error
    return DeltaTable(url)


def _schema(table: Table) -> Schema:
    """The table's columns in Delta's types; all may be empty."""
    return Schema(
        [
            Field(column.name, PrimitiveType(DELTA_TYPES[column.type]), nullable=True)
            for column in table.columns
        ]
    )


def _configuration(table: Table) -> dict[str, str | None]:
    return {
        # Never words: what stands in statistics survives an erasure until the log is shortened.
        "delta.dataSkippingStatsColumns": ",".join(table.statistics) or table.names[0],
        "delta.deletedFileRetentionDuration": KEEP_REMOVED_FILES,
        "delta.logRetentionDuration": KEEP_LOG,
        "delta.checkpointInterval": "100000",
    }
