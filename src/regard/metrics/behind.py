"""The interactions behind a figure: what the metric reads, in the same period, units and group, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from regard.kernel.periods import Period
from regard.metrics.compute import read_condition
from regard.metrics.log_view import below, describe_log
from regard.metrics.metric import METRICS
from regard.metrics.settings import MetricSettings
from regard.metrics.templates import fill, literal

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine

# A confidential answer counts in figures and stands in no list.
NOT_CONFIDENTIAL = """NOT (kind = 'survey.answered' AND attributes IS NOT NULL
    AND coalesce(json_extract_string(attributes, '$.confidential'), '') IN ('true', '1'))"""
COLUMNS = (
    "lower(hex(entry.interaction_id))",
    *(f"entry.{name}" for name in "occurred_at kind channel touchpoint metric score text language".split()),
    *(f"entry.{name}" for name in "amount_minor currency unit agent thread".split()),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """One interaction that a figure counts. Personal: `text`. `customer_id` is None where nobody is known."""

    interaction_id: str
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
    unit: str | None
    agent: str | None
    thread: str | None
    customer_id: int | None


@dataclass(frozen=True, slots=True)
class Behind:
    """A page of them, and how many there are in all."""

    n: int
    rows: tuple[Counted, ...]


def list_behind(
    key: str,
    *,
    connection: Engine,
    period: Period,
    where: str | None = None,
    scope: Sequence[str] | None = None,
    settings: MetricSettings | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Behind:
    """A page of the interactions that the metric `key` reads in this period, newest first.

    A metric of threads or of customers reads more than it counts; what it reads within the period is what is listed.

    Args:
        where, scope: as in `compute`; the condition may not read traits or accounts.
    """
    metric, log = METRICS.get(key), describe_log(connection)
    values = (settings or MetricSettings()).resolve(metric.settings)
    kept = [
        f"({fill(metric.relation.filter, kinds=metric.reads, until=period.end, **values)})",
        f"occurred_at >= {_instant(period.start)} AND occurred_at < {_instant(period.end)}",
        NOT_CONFIDENTIAL,
    ]
    if log.has_months:
        first, last = (f"{moment.astimezone(UTC):%Y-%m}" for moment in (period.start, period.end))
        kept.append(f"month >= '{first}' AND month <= '{last}'")
    if scope is not None:
        units = below(connection, scope)
        kept.append(f"unit IN ({', '.join(literal(unit) for unit in units) or 'NULL'})")
    condition = read_condition(where)
    if condition.traits or condition.has_account:
        raise ValueError("The interactions behind a figure are not narrowed by what customers are.")
    rows = f"(SELECT * FROM {log.view} WHERE {' AND '.join(kept)}) AS entry WHERE {condition.text or 'true'}"
    counted = connection.execute(f"SELECT count(*) FROM {rows}").fetchall()
    found = connection.execute(
        f"SELECT {', '.join(COLUMNS)}, entry.{log.customer} FROM {rows} "
        f"ORDER BY entry.occurred_at DESC, entry.interaction_id LIMIT {int(limit)} OFFSET {int(offset)}"
    ).fetchall()
    return Behind(int(counted[0][0]), tuple(Counted(*row) for row in found))


def _instant(moment: datetime) -> str:
    return f"TIMESTAMPTZ '{moment.astimezone(UTC).isoformat()}'"
