"""Questions about the log that are no metrics: when it begins and ends, and for whom."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from regard.apps.organisation.policy import Sight
from regard.metrics.templates import fill
from regard.warehouse.counts import Reads
from regard.webkit.hub import Hub


@dataclass(frozen=True, slots=True)
class Extent:
    """What the log holds: nothing (first and last are None), or interactions from `first` to `last`."""

    n: int
    first: datetime | None
    last: datetime | None


def read_extents(hub: Hub, sight: Sight) -> dict[str, Extent]:
    """How much of each source is this reader's to see, and from when to when, by the source's key.

    Counted month by month, so that of a long log only the months that changed are looked at.
    """

    def ask() -> dict[str, Extent]:
        with closing(hub.counting()) as counting:
            found: dict[str, list[Extent]] = {}
            for month in counting.months():
                query = f"""SELECT source, count(*) AS n, min(occurred_at) AS first, max(occurred_at) AS last
                    FROM log WHERE month = '{month}' AND {_scope(sight)} GROUP BY source"""
                for source, *row in counting.keep(query, Reads(month, month)).fetchall():
                    found.setdefault(source, []).append(Extent(*row))
        return {source: extent_of(found[source]) for source in sorted(found)}

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


def _scope(sight: Sight) -> str:
    """The condition that keeps to the reader's units."""
    if sight.units is None:
        return "true"
    return fill("unit IN ($units)", units=tuple(sorted(sight.units)))
