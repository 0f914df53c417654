"""Who may refuse an item before anybody reads it: what was erased does not come back by another way."""

from __future__ import annotations

from typing import Any, Protocol

import duckdb
import numpy as np
import numpy.typing as npt

from regard.kernel.registry import Registry

Rows = npt.NDArray[np.int64]


class Objection(Protocol):
    """A reason to drop items without keeping their words."""

    @property
    def key(self) -> str:
        """Its name."""
        ...

    def find_rows(self, connection: duckdb.DuckDBPyConnection, table: str) -> Rows:
        """The row ids of `table` (the columns of `incoming`) that may not enter; usually none, and at no cost."""
        ...

    def refuses(self, *, source: str, raw: str, file: str) -> bool:
        """Whether an item that cannot be read as a row, and would be set aside as it came, may not be kept."""
        ...


OBJECTIONS: Registry[Objection] = Registry("objection")


def find_refused(connection: duckdb.DuckDBPyConnection, table: str) -> Rows:
    """The row ids of `table` that anybody refuses."""
    found: list[npt.NDArray[Any]] = [objection.find_rows(connection, table) for objection in OBJECTIONS]
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *found])).astype(np.int64)


def is_refused(*, source: str, raw: str, file: str = "") -> bool:
    """Whether anybody refuses to keep this item as it came."""
    return any(objection.refuses(source=source, raw=raw, file=file) for objection in OBJECTIONS)
