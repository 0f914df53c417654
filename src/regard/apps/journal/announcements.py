"""Telling open pages that the log grew: a reader of the journal writes down where, never what.

Every web process looks there a few times a second, on whichever machine it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from regard.apps.journal.consumers import CONSUMERS, Batch, Reaction
from regard.apps.journal.models import Announcement

KEY = "announcements"
KEPT = timedelta(minutes=1)
# Of more identities than this in one batch everybody's page is told: naming them would cost more than it saves.
MOST_NAMED = 500
MOST_PLACES = 500
LARGE = 10_000  # Of a batch with more rows nobody is named: counting who is in it costs as much as projecting a tenth of it.

Said = dict[str, dict[str, list[int] | None]]


@dataclass(frozen=True, slots=True)
class Announced:
    """One growth of the log; see `models.Announcement`."""

    id: int
    position: int
    said: Said


def list_announced(after: int) -> list[Announced]:
    """What was announced after the announcement of this number, oldest first."""
    rows = Announcement.objects.filter(pk__gt=after).order_by("pk")
    return [Announced(*row) for row in rows.values_list("pk", "position", "said")]


def last_announced(now: datetime) -> tuple[int, float | None]:
    """The number of the latest announcement and how many seconds ago it was; (0, None) where there is none."""
    row = Announcement.objects.order_by("-pk").values_list("pk", "at").first()
    return (row[0], (now - row[1]).total_seconds()) if row else (0, None)


def announce(rows: Sequence[tuple[Any, ...]], batch: Batch) -> None:
    """Write down which units, kinds and identities a batch concerned, and forget what is old."""
    said: Said = {}
    for unit, kind, identities in rows:
        said.setdefault(unit, {})[kind] = identities
    Announcement.objects.create(position=batch.last_seq, said=said, at=batch.now)
    Announcement.objects.filter(at__lt=batch.now - KEPT).delete()


CONSUMERS.register(
    Reaction(
        key=KEY,
        order=30,  # with the first of those behind the log: pages need not wait for what follows from it
        select=f"""
            SELECT unit, kind, identities FROM (
                SELECT coalesce(unit, '') AS unit, kind, count(*) AS n FROM new_interactions
                GROUP BY ALL ORDER BY n DESC LIMIT {MOST_PLACES})
            LEFT JOIN (
                SELECT coalesce(unit, '') AS unit, kind, CASE WHEN count(DISTINCT identity_id) <= {MOST_NAMED} THEN
                    coalesce(list(DISTINCT identity_id) FILTER (WHERE identity_id IS NOT NULL), []) END AS identities
                FROM new_interactions WHERE (SELECT count(*) FROM new_interactions) <= {LARGE}
                GROUP BY ALL) USING (unit, kind)
            ORDER BY n DESC, unit, kind""",
        react=announce,
    )
)
