"""Who waits for an answer: customers who have the last word in a thread."""

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
# A wait is worrying after this long for a letter, and at once for whoever holds the line.
LONG = timedelta(hours=24)
ASKED_BY_LETTER = ("message.received", "email.received")
ASKED_BY_TALK = ("call.queued", "chat.started")
ANSWERED = (
    *("message.sent", "email.sent", "case.replied", "case.resolved", "case.closed"),
    *("call.started", "call.answered", "call.ended", "call.abandoned"),
    *("chat.answered", "chat.ended", "chat.abandoned"),
)


COLUMNS = ("kind", "channel", "unit", "text", "language")


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


@dataclass(frozen=True, slots=True)
class Waiters:
    """All who wait, and those of them who wait longest.

    Args:
        n: how many customers wait; n_long: of them, too long.
        first: at most MOST of them, one line each, the longest first.
    """

    n: int = 0
    n_long: int = 0
    first: tuple[Waiting, ...] = ()


def list_waiting(
    connection: DuckDBPyConnection, sight: Sight, *, now: datetime, source: str | None = None
) -> Waiters:
    """The customers who have had no answer in a thread of the reader's units since they last asked; longest first.

    Whoever's case was resolved since then waits no longer.

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
    latest = ", ".join(
        f"arg_max({name}, occurred_at) FILTER (WHERE {asked}) AS {alias}"
        for name, alias in (("identity_id", "who"), *((one, f"asked_{one}") for one in COLUMNS))
    )
    rows = connection.execute(
        f"""WITH open_threads AS (
                SELECT max(occurred_at) FILTER (WHERE {asked}) AS asked_at, {latest}
                FROM log WHERE occurred_at > ? AND occurred_at <= ? AND thread IS NOT NULL AND identity_id IS NOT NULL
                    AND kind IN {(*ASKED_BY_LETTER, *ASKED_BY_TALK, *ANSWERED)} AND {scope}
                GROUP BY source, thread
                HAVING asked_at > coalesce(max(occurred_at) FILTER (WHERE kind IN {ANSWERED}), TIMESTAMPTZ '1970-01-01')
            ), settled AS (
                SELECT identity_id AS who, max(occurred_at) AS settled_at
                FROM log WHERE kind = 'case.resolved' AND occurred_at > ? AND occurred_at <= ? GROUP BY 1
            ), waiting AS (
                SELECT open_threads.* FROM open_threads LEFT JOIN settled USING (who)
                WHERE settled_at IS NULL OR settled_at < asked_at
                QUALIFY row_number() OVER (PARTITION BY who ORDER BY asked_at) = 1
            )
            SELECT count(*) OVER (), count(*) FILTER (WHERE asked_kind IN {ASKED_BY_TALK} OR asked_at < ?) OVER (),
                who, asked_at, {", ".join(f"asked_{one}" for one in COLUMNS)}
            FROM waiting ORDER BY asked_at, who LIMIT ?""",
        [*[now - TALKS] * 7, *[now - LETTERS, now], *values, *[now - LETTERS, now], now - LONG, MOST],
    ).fetchall()
    if not rows:
        return Waiters()
    return Waiters(rows[0][0], rows[0][1], tuple(Waiting(*row[2:]) for row in rows))


def is_long(one: Waiting, now: datetime) -> bool:
    """Whether somebody waits too long."""
    return one.kind in ASKED_BY_TALK or now - one.since > LONG
