"""What customers say: their words in a period, the latest, those with the lowest and those with the highest answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from regard.apps.organisation.policy import Sight
from regard.kernel.periods import Period
from regard.metrics.compute import read_condition
from regard.warehouse.schema.interactions import NOT_CONFIDENTIAL

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Fewer comments than this, and a reader who may not read single answers sees none: they would point at people.
LEAST_COMMENTS = 8
# Answers on their scales as a share of it, and which of them are unhappy or happy ones.
MOODS = """CASE metric WHEN 'nps' THEN score / 10 WHEN 'csat' THEN (score - 1) / 4 WHEN 'ces' THEN (score - 1) / 6 END"""
LOW = "metric = 'nps' AND score <= 6 OR metric = 'csat' AND score <= 2 OR metric = 'ces' AND score <= 3"
HIGH = "metric = 'nps' AND score >= 9 OR metric = 'csat' AND score >= 5 OR metric = 'ces' AND score >= 6"
COLUMNS = "text, coalesce(language, ''), occurred_at, metric, score, channel, touchpoint, unit"


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
    customer_id: int | None


@dataclass(frozen=True, slots=True)
class Comments:
    """Comments of a period, or how few there were where they are withheld."""

    n: int
    latest: tuple[Comment, ...] = ()
    lowest: tuple[Comment, ...] = ()
    highest: tuple[Comment, ...] = ()
    is_withheld: bool = False


def list_comments(
    connection: DuckDBPyConnection,
    sight: Sight,
    period: Period,
    *,
    source: str | None = None,
    where: str = "",
    limit: int = 6,
) -> Comments:
    """Comments of the period within the reader's units, never confidential ones.

    Args:
        source: of this source only. where: a condition over the columns of the log, as `compute` reads it.
        limit: how many of each; a comment that stands among the extremes may also be one of the latest.
    """
    scope, values = _scope(sight)
    condition = read_condition(where).text or "true"
    kept = f"trim(coalesce(text, '')) <> '' AND occurred_at >= ? AND occurred_at < ? AND {scope} AND {NOT_CONFIDENTIAL}"
    values = [period.start, period.end, *values]
    if source is not None:
        kept, values = f"{kept} AND source = ?", [*values, source]
    rows = f"(SELECT * FROM log WHERE {kept}) AS entry WHERE ({condition})"
    counted = connection.execute(f"SELECT count(*) FROM {rows}", values).fetchone()
    n = counted[0] if counted else 0
    if not n or (not sight.reads_answers and n < LEAST_COMMENTS):
        return Comments(n, is_withheld=n > 0)

    def pick(which: str, order: str) -> tuple[Comment, ...]:
        found = connection.execute(
            f"""SELECT {COLUMNS}, coalesce(customer_id, identity_id) FROM (
                    SELECT * FROM {rows} AND ({which}) ORDER BY {order}occurred_at DESC, interaction_id LIMIT {limit}
                ) LEFT JOIN customers_now USING (identity_id)
                ORDER BY {order}occurred_at DESC, interaction_id""",
            values,
        ).fetchall()
        return tuple(Comment(*row) for row in found)

    return Comments(
        n,
        latest=pick("true", ""),
        lowest=pick(LOW, f"{MOODS}, "),
        highest=pick(HIGH, f"{MOODS} DESC, "),
    )


def _scope(sight: Sight) -> tuple[str, Sequence[object]]:
    """The condition that keeps to the reader's units."""
    if sight.units is None:
        return "true", []
    if not sight.units:
        return "false", []
    return f"unit IN ({', '.join('?' for _ in sight.units)})", [*sorted(sight.units)]
