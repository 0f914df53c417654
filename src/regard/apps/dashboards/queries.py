"""Questions about the log that are no metrics: when it begins and ends, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from regard.apps.organisation.policy import Sight
from regard.webkit.hub import Hub

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Extent:
    """What the log holds: nothing (first and last are None), or interactions from `first` to `last`."""

    n: int
    first: datetime | None
    last: datetime | None


def list_extents(connection: DuckDBPyConnection, sight: Sight) -> dict[str, Extent]:
    """How much of each source is this reader's to see, and from when to when, by the source's key."""
    condition, values = _scope(sight)
    rows = connection.execute(
        f"""SELECT source, count(*), min(occurred_at), max(occurred_at)
            FROM log WHERE {condition} GROUP BY source ORDER BY source""",
        values,
    ).fetchall()
    return {source: Extent(*row) for source, *row in rows}


def read_extents(hub: Hub, sight: Sight) -> dict[str, Extent]:
    """The same, asked once per state of the log."""

    def ask() -> dict[str, Extent]:
        with hub.cursor() as cursor:
            return list_extents(cursor, sight)

    return hub.remember(("extents", sight), ask)


def extent_of(extents: Iterable[Extent]) -> Extent:
    """What several extents cover together.

    >>> extent_of([])
    Extent(n=0, first=None, last=None)
    """
    found = list(extents)
    return Extent(
        sum(extent.n for extent in found),
        min((extent.first for extent in found if extent.first), default=None),
        max((extent.last for extent in found if extent.last), default=None),
    )


def _scope(sight: Sight) -> tuple[str, list[object]]:
    """The condition that keeps to the reader's units."""
    if sight.units is None:
        return "true", []
    if not sight.units:
        return "false", []
    return f"unit IN ({', '.join('?' for _ in sight.units)})", [*sorted(sight.units)]
