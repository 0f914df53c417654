"""What a customer has been through, read from the log: one scan for their identities, everything else from its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from regard.apps.organisation.policy import Sight
from regard.warehouse.schema.interactions import NOT_CONFIDENTIAL

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PAGE = 40
COLUMNS = (
    "lower(hex(interaction_id))", "identity_id", "source", "occurred_at", "kind", "channel", "touchpoint", "metric",
    "score", "text", "language", "amount_minor", "currency", "duration_seconds", "wait_seconds", "unit", "agent",
    "thread",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """One interaction of a customer. Personal: `text`."""

    interaction_id: str
    identity_id: int
    source: str
    occurred_at: datetime
    kind: str
    channel: str | None
    touchpoint: str | None
    metric: str | None
    score: float | None
    text: str | None
    language: str | None
    amount_minor: int | None
    currency: str | None
    duration_seconds: float | None
    wait_seconds: float | None
    unit: str | None
    agent: str | None
    thread: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a timeline ends: older ones follow."""

    occurred_at: datetime
    interaction_id: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of what a customer has been through, newest first.

    Args:
        n: all their interactions that the reader may see; n_chosen: those that fit the filter.
        channels, kinds: how many there are of each, the most frequent first.
        answers: the latest answer to each question. words: their latest words.
        first_at: when the first interaction was.
        is_made_up: whether any of it comes from a source in `made_up`.
    """

    moments: tuple[Moment, ...]
    n: int
    n_chosen: int
    channels: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    answers: tuple[Moment, ...]
    words: tuple[Moment, ...]
    first_at: datetime | None
    sources: frozenset[str]


@dataclass(frozen=True, slots=True)
class Seen:
    """How much of an identity a reader may see, for a list of customers."""

    n: int
    last_at: datetime


def read_timeline(
    connection: DuckDBPyConnection,
    identities: Sequence[int],
    sight: Sight,
    *,
    channel: str = "",
    kind: str = "",
    before: Place | None = None,
    limit: int = PAGE,
) -> Timeline:
    """A page of the timeline of these identities, within the reader's units.

    Args:
        channel, kind: only these; empty for all.
        before: only what is older.
    """
    with _rows_of(connection, identities, sight) as mine:
        chosen, values = _chosen(channel, kind)
        page_condition, page_values = _older(before)
        page = connection.execute(
            f"""SELECT * FROM {mine} WHERE {chosen} AND {page_condition}
                ORDER BY occurred_at DESC, interaction_id DESC LIMIT ?""",
            [*values, *page_values, limit],
        ).fetchall()
        facets = connection.execute(
            f"""SELECT channel, kind, source, count(*), min(occurred_at),
                    count(*) FILTER (WHERE {chosen}) FROM {mine} GROUP BY ALL""",
            values,
        ).fetchall()
        answers = connection.execute(
            f"""SELECT * FROM {mine} WHERE score IS NOT NULL AND metric IS NOT NULL QUALIFY row_number() OVER (
                PARTITION BY metric ORDER BY occurred_at DESC, interaction_id DESC) = 1
                ORDER BY occurred_at DESC, metric LIMIT 6"""
        ).fetchall()
        words = connection.execute(
            f"""SELECT * FROM {mine} WHERE trim(coalesce(text, '')) <> ''
                ORDER BY occurred_at DESC, interaction_id DESC LIMIT 3"""
        ).fetchall()
    return Timeline(
        moments=_moments(page),
        n=sum(row[3] for row in facets),
        n_chosen=sum(row[5] for row in facets),
        channels=_counted((row[0], row[3]) for row in facets),
        kinds=_counted((row[1], row[3]) for row in facets),
        answers=_moments(answers),
        words=_moments(words),
        first_at=min((row[4] for row in facets), default=None),
        sources=frozenset(row[2] for row in facets),
    )


def find_moment(
    connection: DuckDBPyConnection, identities: Sequence[int], sight: Sight, interaction_id: str
) -> Moment | None:
    """One interaction of these identities, where the reader may see it."""
    with _rows_of(connection, identities, sight) as mine:
        rows = connection.execute(
            f"SELECT * FROM {mine} WHERE interaction_id = ?", [interaction_id]
        ).fetchall()
    return next(iter(_moments(rows)), None)


def list_seen(connection: DuckDBPyConnection, identities: Sequence[int], sight: Sight) -> dict[int, Seen]:
    """How much of each identity the reader may see; identities of which they may see nothing are left out."""
    if not identities:
        return {}
    condition, values = _scope(identities, sight)
    rows = connection.execute(
        f"SELECT identity_id, count(*), max(occurred_at) FROM log WHERE {condition} GROUP BY 1", values
    ).fetchall()
    return {identity: Seen(n, last_at) for identity, n, last_at in rows}


@contextmanager
def _rows_of(connection: DuckDBPyConnection, identities: Sequence[int], sight: Sight) -> Iterator[str]:
    """A temporary table of all that the reader may see of these identities; gone afterwards."""
    condition, values = _scope(identities, sight)
    names = ", ".join(
        f"{column} AS {column.split('(')[-1].rstrip(')')}" if "(" in column else column for column in COLUMNS
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE mine AS SELECT {names} FROM log WHERE {condition}", values
    )
    try:
        yield "mine"
    finally:
        connection.execute("DROP TABLE mine")


def _scope(identities: Sequence[int], sight: Sight) -> tuple[str, list[object]]:
    """Numbers stand in the condition itself, so that files that cannot hold them stay closed."""
    listed = ", ".join(str(int(identity)) for identity in identities) or "NULL"
    condition = f"identity_id IN ({listed}) AND {NOT_CONFIDENTIAL}"
    if sight.units is None:
        return condition, []
    if not sight.units:
        return "false", []
    return f"{condition} AND unit IN ({', '.join('?' for _ in sight.units)})", [*sorted(sight.units)]


def _chosen(channel: str, kind: str) -> tuple[str, list[object]]:
    parts, values = ["true"], list[object]()
    for name, value in (("channel", channel), ("kind", kind)):
        if value:
            parts.append(f"{name} = ?")
            values.append(value)
    return " AND ".join(parts), values


def _older(before: Place | None) -> tuple[str, list[object]]:
    if before is None:
        return "true", []
    return "(occurred_at, interaction_id) < (?, ?)", [before.occurred_at, before.interaction_id]


def _moments(rows: Sequence[Sequence[object]]) -> tuple[Moment, ...]:
    return tuple(Moment(*row) for row in rows)  # type: ignore[arg-type]


def _counted(pairs: Iterator[tuple[str | None, int]]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for key, n in pairs:
        if key:
            counts[key] = counts.get(key, 0) + n
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
