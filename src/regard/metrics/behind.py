"""The interactions behind a figure: what the metric reads, in the same period, units and group, newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from regard.kernel.periods import Period
from regard.metrics.compute import read_condition
from regard.metrics.dimensions import read_dimensions
from regard.metrics.joins import joins_sql
from regard.metrics.log import Log
from regard.metrics.log_view import below, describe_log
from regard.metrics.metric import METRICS
from regard.metrics.settings import MetricSettings
from regard.metrics.templates import fill, literal
from regard.warehouse.schema.interactions import NOT_CONFIDENTIAL

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine

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
    group: Mapping[str, str | None] | None = None,
    scope: Sequence[str] | None = None,
    settings: MetricSettings | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Behind:
    """A page of the interactions that the metric `key` reads in this period, newest first.

    A metric of threads or of customers reads more than it counts; what it reads within the period is what is listed.

    Args:
        where, scope: as in `compute`.
        group: the value of each dimension, as a reading tells it; None is the group of those that have none.
    """
    log = describe_log(connection)
    source = _source_sql(key, log, connection, period, scope, settings or MetricSettings())
    condition, within = read_condition(where), read_dimensions([*(group or ())])
    has_account = condition.has_account or any(one.is_account for one in within)
    traits = [*condition.traits, *(one.trait for one in within if one.trait)]
    kept = [f"({condition.text or 'true'})"]
    for dimension, value in zip(within, (group or {}).values(), strict=True):
        kept.append(
            f"{dimension.column} IS NULL" if value is None else f"{dimension.column} = {literal(value)}"
        )
    rows = f"({source}) AS entry {joins_sql(traits, has_account=has_account)} WHERE {' AND '.join(kept)}"
    # Someone of two accounts stands there twice.
    once = "DISTINCT" if has_account else ""
    counted = connection.execute(f"SELECT count({once} entry.interaction_id) FROM {rows}").fetchall()
    found = connection.execute(
        f"SELECT {once} {', '.join(COLUMNS)}, entry.{log.customer} FROM {rows} "
        f"ORDER BY occurred_at DESC, 1 LIMIT {int(limit)} OFFSET {int(offset)}"
    ).fetchall()
    return Behind(int(counted[0][0]), tuple(Counted(*row) for row in found))


def _source_sql(
    key: str,
    log: Log,
    connection: Engine,
    period: Period,
    scope: Sequence[str] | None,
    settings: MetricSettings,
) -> str:
    """What the metric reads in this period and these units, with whose it is."""
    metric = METRICS.get(key)
    values = settings.resolve(metric.settings)
    kept = [
        f"({fill(metric.relation.filter, kinds=metric.reads, until=period.end, **values)})",
        f"occurred_at >= {literal(period.start)} AND occurred_at < {literal(period.end)}",
        NOT_CONFIDENTIAL,
    ]
    if log.has_months:
        first, last = (f"{moment.astimezone(UTC):%Y-%m}" for moment in (period.start, period.end))
        kept.append(f"month >= '{first}' AND month <= '{last}'")
    if scope is not None:
        units = below(connection, scope)
        kept.append(f"unit IN ({', '.join(literal(unit) for unit in units) or 'NULL'})")
    customer = "" if log.customer == "customer_id" else f", {log.customer} AS customer_id"
    return f"SELECT *{customer} FROM {log.view} WHERE {' AND '.join(kept)}"
