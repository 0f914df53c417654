"""Who may refuse an item before anybody reads it: what was erased does not come back by another way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import duckdb
import numpy as np
import numpy.typing as npt

from regard.kernel.registry import Registry

Rows = npt.NDArray[np.int64]
Refuses = Callable[[str, str, str], bool]  # Given the source, raw text and file of an item.


class Objection(Protocol):
    """A reason to drop items without keeping their words."""

    @property
    def key(self) -> str:
        """Its name."""
        ...

    def find_rows(self, connection: duckdb.DuckDBPyConnection, table: str) -> Rows:
        """The row ids of `table` (the columns of `incoming`) that may not enter; usually none, and at no cost."""
        ...

    def refuser(self) -> Refuses | None:
        """Says of items that would be set aside as they came whether they may not be kept; None: all may."""
        ...


OBJECTIONS: Registry[Objection] = Registry("objection")


def find_refused(connection: duckdb.DuckDBPyConnection, table: str) -> Rows:
    """The row ids of `table` that anybody refuses."""
    found: list[npt.NDArray[Any]] = [objection.find_rows(connection, table) for objection in OBJECTIONS]
    return np.unique(np.concatenate([np.empty(0, dtype=np.int64), *found])).astype(np.int64)


def find_refusers() -> list[Refuses]:
    """Those who have something to say about items that would be set aside; asked once for many items."""
    refusers = [objection.refuser() for objection in OBJECTIONS]
    return [refuses for refuses in refusers if refuses is not None]
