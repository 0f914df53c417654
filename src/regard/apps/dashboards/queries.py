"""Questions about the log that are no metrics: when it begins and ends, what customers wrote last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from regard.apps.organisation.policy import Sight
from regard.kernel.periods import Period

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Fewer comments than this, and a reader who may not read single answers sees none: they would point at people.
LEAST_COMMENTS = 8


@dataclass(frozen=True, slots=True)
class Extent:
    """What the log holds: nothing (first and last are None), or interactions from `first` to `last`."""

    n: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Comment:
    """A customer's own words, with the answer they came with. `text` is personal data."""

    text: str
    language: str
    occurred_at: datetime
    metric: str | None
    score: float | None
    channel: str | None
    touchpoint: str | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Comments:
    """The latest comments of a period, or how few there were where they are withheld."""

    n: int
    latest: tuple[Comment, ...]
    is_withheld: bool


def list_extents(connection: DuckDBPyConnection, sight: Sight) -> dict[str, Extent]:
    """How much of each source is this reader's to see, and from when to when, by the source's key."""
    condition, values = _scope(sight)
    rows = connection.execute(
        f"""SELECT source, count(*), min(occurred_at), max(occurred_at)
            FROM log WHERE {condition} GROUP BY source ORDER BY source""",
        values,
    ).fetchall()
    return {source: Extent(*row) for source, *row in rows}


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


def list_comments(
    connection: DuckDBPyConnection,
    sight: Sight,
    period: Period,
    *,
    source: str | None = None,
    limit: int = 6,
) -> Comments:
    """The newest comments of the period within the reader's units, of one source or of all."""
    condition, values = _scope(sight)
    if source is not None:
        condition, values = f"{condition} AND source = ?", [*values, source]
    where = f"text IS NOT NULL AND trim(text) <> '' AND occurred_at >= ? AND occurred_at < ? AND {condition}"
    values = [period.start, period.end, *values]
    counted = connection.execute(f"SELECT count(*) FROM log WHERE {where}", values).fetchone()
    n = counted[0] if counted else 0
    if not sight.reads_answers and n < LEAST_COMMENTS:
        return Comments(n, (), n > 0)
    rows = connection.execute(
        f"""SELECT text, coalesce(language, ''), occurred_at, metric, score, channel, touchpoint, unit
            FROM log WHERE {where} ORDER BY occurred_at DESC, interaction_id LIMIT ?""",
        [*values, limit],
    ).fetchall()
    return Comments(n, tuple(Comment(*row) for row in rows), False)


def _scope(sight: Sight) -> tuple[str, list[object]]:
    """The condition that keeps to the reader's units."""
    if sight.units is None:
        return "true", []
    if not sight.units:
        return "false", []
    return f"unit IN ({', '.join('?' for _ in sight.units)})", [*sorted(sight.units)]
