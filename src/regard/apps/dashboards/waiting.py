"""Who waits for an answer: threads whose last word is the customer's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from regard.apps.organisation.policy import Sight

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# How far back somebody can be waiting: a letter for two weeks, a call or chat as long as one holds the line.
LETTERS = timedelta(days=14)
TALKS = timedelta(hours=2)
MOST = 50
ASKED_BY_LETTER = ("message.received", "email.received")
ASKED_BY_TALK = ("call.queued", "chat.started")
ANSWERED = (
    *("message.sent", "email.sent", "case.replied", "case.resolved", "case.closed"),
    *("call.started", "call.answered", "call.ended", "call.abandoned"),
    *("chat.answered", "chat.ended", "chat.abandoned"),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One customer who waits. Personal: `text`."""

    identity_id: int
    since: datetime
    kind: str
    channel: str | None
    unit: str | None
    text: str | None
    language: str | None


def list_waiting(
    connection: DuckDBPyConnection, sight: Sight, *, now: datetime, source: str | None = None
) -> list[Waiting]:
    """The threads of the reader's units whose customer has had no answer since they last asked; longest first.

    Args:
        source: only of this one.
    """
    scope, values = "true", list[object]()
    if sight.units is not None:
        scope = f"unit IN ({', '.join('?' for _ in sight.units)})" if sight.units else "false"
        values = [*sorted(sight.units)]
    if source is not None:
        scope, values = f"{scope} AND source = ?", [*values, source]
    asked = f"(kind IN {ASKED_BY_LETTER} OR (kind IN {ASKED_BY_TALK} AND occurred_at > ?))"
    rows = connection.execute(
        f"""SELECT arg_max(identity_id, occurred_at) FILTER (WHERE {asked}),
                max(occurred_at) FILTER (WHERE {asked}) AS asked_at,
                arg_max(kind, occurred_at) FILTER (WHERE {asked}),
                arg_max(channel, occurred_at) FILTER (WHERE {asked}),
                arg_max(unit, occurred_at) FILTER (WHERE {asked}),
                arg_max(text, occurred_at) FILTER (WHERE {asked}),
                arg_max(language, occurred_at) FILTER (WHERE {asked})
            FROM log WHERE occurred_at > ? AND occurred_at <= ? AND thread IS NOT NULL AND identity_id IS NOT NULL
                AND kind IN {(*ASKED_BY_LETTER, *ASKED_BY_TALK, *ANSWERED)} AND {scope}
            GROUP BY source, thread
            HAVING asked_at > coalesce(max(occurred_at) FILTER (WHERE kind IN {ANSWERED}), TIMESTAMPTZ '1970-01-01')
            ORDER BY asked_at, 1 LIMIT ?""",
        [*[now - TALKS] * 7, now - LETTERS, now, *values, MOST],
    ).fetchall()
    return [Waiting(*row) for row in rows]
