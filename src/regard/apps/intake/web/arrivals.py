"""What arrives, as it arrives: by source and kind, and what was refused and why. Never whose it is or what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from regard.apps.journal import queries as journal
from regard.apps.journal.queries import Aside, QuarantineRow
from regard.apps.organisation.policy import Sight

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHOWN = 12
LATELY = timedelta(hours=1)
LOOKED_BACK = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One interaction that stands in the log."""

    received_at: datetime
    occurred_at: datetime
    source: str
    kind: str
    channel: str
    touchpoint: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came in within a day, the latest first; how much of each kind within the hour; what was refused last.

    Args:
        n_waiting: interactions that are stored and not yet in the log.
        last_at: when the latest segment was received, whatever became of it.
    """

    latest: tuple[Arrival, ...]
    lately: tuple[tuple[str, str, int], ...]
    refused: tuple[QuarantineRow, ...]
    n_refused: int
    n_waiting: int
    last_at: datetime | None


def list_arrivals(
    connection: DuckDBPyConnection, sight: Sight, *, now: datetime, source: str = ""
) -> tuple[tuple[Arrival, ...], tuple[tuple[str, str, int], ...]]:
    """The latest interactions of the reader's units, of one source or all, and how many of each kind within the hour."""
    condition, values = _within(sight, source)
    latest = connection.execute(
        f"""SELECT received_at, occurred_at, source, kind, coalesce(channel, ''), coalesce(touchpoint, '')
            FROM log WHERE received_at >= ? AND {condition}
            ORDER BY received_at DESC, occurred_at DESC, interaction_id LIMIT {SHOWN}""",
        [now - LOOKED_BACK, *values],
    ).fetchall()
    lately = connection.execute(
        f"""SELECT source, kind, count(*) AS n FROM log WHERE received_at >= ? AND {condition}
            GROUP BY source, kind ORDER BY n DESC, source, kind LIMIT {SHOWN}""",
        [now - LATELY, *values],
    ).fetchall()
    return tuple(Arrival(*row) for row in latest), tuple(lately)


def list_refused(source: str = "") -> tuple[tuple[QuarantineRow, ...], int]:
    """What was refused last and still waits for somebody, and how much of it there is."""
    wanted = Aside(source=source)
    return tuple(journal.search_quarantine(wanted, limit=SHOWN)), journal.count_aside(wanted)


def _within(sight: Sight, source: str) -> tuple[str, list[object]]:
    parts, values = ["true"], list[object]()
    if sight.units is not None:
        marks = ", ".join("?" for _ in sight.units)
        parts.append(f"unit IN ({marks})" if sight.units else "false")
        values += sorted(sight.units)
    if source:
        parts.append("source = ?")
        values.append(source)
    return " AND ".join(parts), values
