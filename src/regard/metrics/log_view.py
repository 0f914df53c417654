"""How a connection offers the log, and small questions asked of it beside the one query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from regard.kernel.periods import Grain, Period, floor, next_start
from regard.metrics.log import Log
from regard.metrics.question import Question
from regard.metrics.templates import fill

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine, Keeps

VIEWS = "SELECT table_name FROM information_schema.tables WHERE table_name IN ('log', 'customers_now')"
HAS_MONTH = "SELECT 1 FROM information_schema.columns WHERE table_name = 'log' AND column_name = 'month'"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def describe_log(connection: Engine) -> Log:
    """The view to read: the plain log where nobody was joined to anybody yet, else with the customers of today."""
    known = {name for (name,) in connection.execute(VIEWS).fetchall()}
    plain = (
        known == {"log", "customers_now"}
        and not connection.execute(
            "SELECT 1 FROM customers_now WHERE identity_id <> customer_id LIMIT 1"
        ).fetchall()
    )
    view, customer = ("log", "identity_id") if plain else ("interactions", "customer_id")
    nobody = _ask_once(f"SELECT 1 AS found FROM {view} WHERE {customer} IS NULL LIMIT 1", connection)
    weights = _ask_once(f"SELECT 1 AS found FROM {view} WHERE weight IS NOT NULL LIMIT 1", connection)
    months = view == "log" and connection.execute(HAS_MONTH).fetchall()
    return Log(view, customer, bool(nobody), bool(weights), bool(months))


def _ask_once(query: str, connection: Engine) -> list[tuple[Any, ...]]:
    """The rows of a question about the whole log, which an engine that keeps counts answers once."""
    from regard.warehouse.counts import Reads
    from regard.warehouse.engines.engine import Keeps

    if isinstance(connection, Keeps):
        return connection.keep(query, Reads(tables=("identities",))).fetchall()
    return connection.execute(query).fetchall()


def below(connection: Engine, scope: Sequence[str]) -> tuple[str, ...]:
    """The units of `scope` and all that lie below them."""
    children: dict[str, list[str]] = {}
    for unit, parent in connection.execute("SELECT DISTINCT unit, parent FROM units").fetchall():
        children.setdefault(parent, []).append(unit)
    found, waiting = set(), [*scope]
    while waiting:
        unit = waiting.pop()
        if unit not in found:
            found.add(unit)
            waiting += children.get(unit, ())
    return tuple(sorted(found))


def first_and_last(question: Question, connection: Engine, zone: tzinfo | None) -> Period | None:
    """The whole local days (or pieces) from the first to the last interaction that the metric reads."""
    condition = fill(question.metric.relation.filter, kinds=question.metric.reads, **question.values)
    row = connection.execute(
        f"SELECT epoch_us(min(occurred_at)), epoch_us(max(occurred_at)) FROM {question.log.view} WHERE {condition}"
    ).fetchone()
    return None if row is None or row[0] is None else around(row[0], row[1], question, zone)


def first_day(question: Question, connection: Engine) -> datetime | None:
    """The start of the local day on which the metric first reads something; before it, nothing is not 0."""
    from regard.warehouse.engines.engine import Keeps

    assert question.period is not None
    zone = question.period.start.tzinfo
    if isinstance(connection, Keeps):
        # Month by month, from counts that are kept, as months that are closed stay as they are.
        for month in connection.months():
            first = _first_of_month(question, connection, month)
            if first is not None:
                return floor((EPOCH + timedelta(microseconds=first)).astimezone(zone), Grain.DAY)
    found = first_and_last(replace(question, cut=None), connection, zone)
    return None if found is None else found.start


def _first_of_month(question: Question, connection: Keeps, month: str) -> int | None:
    """When in a month (in UTC, such as 2026-03) the metric first reads something, in µs since 1970."""
    from regard.warehouse.counts import Reads

    start = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    condition = fill(question.metric.relation.filter, kinds=question.metric.reads, **question.values)
    query = (
        f"SELECT epoch_us(min(occurred_at)) FROM {question.log.view} WHERE {condition} "
        f"AND occurred_at >= '{start.isoformat()}' AND occurred_at < '{next_start(start, Grain.MONTH).isoformat()}'"
    )
    tables = ("identities",) if question.log.view == "interactions" else ()
    row = connection.keep(query, Reads(month, month, tables)).fetchone()
    return None if row is None else row[0]


def first_instant(connection: Engine, zone: ZoneInfo) -> datetime | None:
    """The start of the local day of the log's first interaction."""
    row = connection.execute("SELECT epoch_us(min(occurred_at)) FROM interactions").fetchone()
    if row is None or row[0] is None:
        return None
    return floor((EPOCH + timedelta(microseconds=row[0])).astimezone(zone), Grain.DAY)


def around(first_us: int, last_us: int, question: Question, zone: tzinfo | None) -> Period:
    """The whole local days, or calendar pieces where the question cuts, that hold both instants."""
    grain = question.cut.grain if question.cut else Grain.DAY
    first, last = ((EPOCH + timedelta(microseconds=us)).astimezone(zone) for us in (first_us, last_us))
    return Period(floor(first, grain), next_start(last, grain))


def why_nothing(question: Question, connection: Engine) -> str:
    """Why a question found nothing: the log holds nothing of the kind, or nothing here."""
    metric = question.metric
    for wanted in metric.relation.needs:
        kinds = tuple(_kind(kind, question) for kind in wanted)
        found = f"SELECT 1 FROM {question.log.view} WHERE {fill('kind in ($kinds)', kinds=kinds)} LIMIT 1"
        if not connection.execute(found).fetchall():
            return f"no {_listed(kinds)} in the log"
    condition = fill(metric.relation.filter, kinds=metric.reads, **question.values)
    if connection.execute(f"SELECT 1 FROM {question.log.view} WHERE {condition} LIMIT 1").fetchall():
        return metric.nobody or "nothing to count in this period and selection"
    nothing = metric.absent or f"no {_listed(metric.reads)} in the log"
    return nothing + _otherwise(question, connection)


def _otherwise(question: Question, connection: Engine) -> str:
    """The setting by which there would be something to count, where one chosen otherwise finds it; else nothing."""
    metric = question.metric
    for setting in metric.settings:
        for value in setting.allowed:
            values = {**question.values, setting.name: value}
            condition = fill(metric.relation.filter, kinds=metric.reads, **values)
            found = f"SELECT 1 FROM {question.log.view} WHERE {condition} LIMIT 1"
            if value != question.values[setting.name] and connection.execute(found).fetchall():
                return f"; try --set {setting.name}={value}"
    return ""


def _kind(kind: str, question: Question) -> str:
    """A kind, or the one that a setting names ("$from_kind")."""
    return str(question.values[kind[1:]]) if kind.startswith("$") else kind


def _listed(kinds: Sequence[str]) -> str:
    return " or ".join((", ".join(kinds[:-1]), kinds[-1])) if len(kinds) > 1 else kinds[0]
