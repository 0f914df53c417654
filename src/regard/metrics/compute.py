"""The one way to a number: one query that reduces, the mathematics on what it leaves, and readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Grain, Period
from regard.metrics.compare import Comparison, read_comparison
from regard.metrics.dimensions import NO_NAMES, Condition, Filtered, Gathered, read_dimensions
from regard.metrics.lay_out import from_settings, lay_out
from regard.metrics.log_view import below, describe_log, first_and_last
from regard.metrics.measure import measure
from regard.metrics.metric import METRICS, Metric, Unit
from regard.metrics.pieces import Cut
from regard.metrics.question import Question
from regard.metrics.readings import Result
from regard.metrics.settings import MetricSettings
from regard.metrics.small_groups import MIN_N
from regard.metrics.whole_weeks import hidden_of_source, in_whole_weeks

if TYPE_CHECKING:
    from regard.warehouse.engines.engine import Engine

MOST_PIECES = 50_000
SHORTEST = {
    Grain.HOUR: timedelta(hours=1),
    Grain.DAY: timedelta(days=1),
    Grain.WEEK: timedelta(days=7),
    Grain.MONTH: timedelta(days=28),
    Grain.QUARTER: timedelta(days=90),
    Grain.YEAR: timedelta(days=365),
}


def compute(
    key: str,
    *,
    connection: Engine,
    by: Sequence[str] = (),
    period: Period | None = None,
    every: Grain | None = None,
    where: str | None = None,
    scope: Sequence[str] | None = None,
    compare: str | None = None,
    compare_pieces: bool = True,
    zone: ZoneInfo | None = None,
    currency: str | None = None,
    source: str | None = None,
    min_n: int = MIN_N,
    whole_weeks: bool = False,
    settings: MetricSettings | None = None,
    now: datetime | None = None,
    gathered: Sequence[Gathered] = (),
    called: Mapping[str, str] = NO_NAMES,
) -> Result:
    """The metric `key`, in all and by group, over the whole period and piece by piece.

    Args:
        key: a metric of the catalogue.
        connection: offers the views `interactions`, `traits_now`, `memberships_now` and `units`.
        by: dimensions to cut by: columns, `attributes.NAME`, `trait.NAME` or `account`.
        period: what is covered; None for everything that the log holds of the kind.
        every: cut the period into calendar pieces of `zone`, empty ones included; weeks begin on Monday.
        where: a condition in DuckDB's SQL over the columns of the log, `attributes.NAME` and `trait.NAME`.
        scope: only these units of the organisation and what lies below them; None for all.
        compare: "previous", "year-ago" or "DIMENSION=VALUE": give each reading its difference to that.
        compare_pieces: whether each piece is compared too, or only the whole period, which is quicker.
        zone: the organisation's time zone, UTC by default.
        currency: read only amounts of this one; without it they come per currency, never added.
        min_n: figures below so many answers are withheld, and others with them where needed; 1 shows all.
        source: read only what this source sent.
        whole_weeks: for who may not read single answers: periods are widened to whole local weeks, and figures of one
            source are withheld where those of another would follow from them.
        settings: the metric's settings, the moment of looking and whether to leave weights aside.
        now: the moment of looking where neither the settings nor the period say one.
        gathered: dimensions of the caller's own that `by` may name, such as the stages of an organisation's journey.
        called: further names of dimensions and columns, such as those of a file: {"shop": "attributes.shop"}.

    Returns: Result; the total over the whole period always comes first. A reading without figure says why.
    Raises: InvalidInput for a name, condition or setting that does not exist, saying what is allowed.
    """
    metric = METRICS.get(key)
    chosen = settings or MetricSettings()
    comparison = read_comparison(compare)
    if comparison is not None:
        comparison = replace(comparison, has_pieces=compare_pieces)
    where_zone = zone or ZoneInfo("UTC")
    period = _read_period(period, every, where_zone)
    connection.execute(f"SET TimeZone = '{where_zone.key}'")
    question = Question(
        metric=metric,
        log=describe_log(connection),
        by=read_dimensions(_names(by, comparison), gathered, called),
        cut=Cut(Grain(every), where_zone) if every else None,
        period=period,
        until=_until(chosen, period, now),
        where=read_condition(where, called),
        units=None if scope is None else below(connection, scope),
        values=chosen.resolve(metric.settings),
        unweighted=chosen.unweighted,
        currency=_currency(metric, currency),
        apart=_apart(metric, currency),
        source=source or "",
    )
    if whole_weeks and min_n > 1:
        question = in_whole_weeks(question, Cut(Grain.WEEK, where_zone))
        # The moment of looking is widened too: an end in mid-week would be a single day's answers by subtraction.
        question = replace(question, until=_until(chosen, question.period, now))
    if metric.given is not None and (fixed := metric.given(question.values)) is not None:
        return from_settings(question, fixed, where_zone)
    return answer(question, connection, where_zone, comparison, min_n)


def _names(by: Sequence[str], comparison: Comparison | None) -> list[str]:
    """The dimensions that are cut by, the compared one among them."""
    compared = comparison.dimension if comparison else ""
    return [*by, compared] if compared and compared not in by else [*by]


def _read_period(period: Period | None, every: Grain | None, zone: ZoneInfo) -> Period | None:
    """The period in the zone that cuts it. Raises: InvalidInput where it has more pieces than anyone reads."""
    if period is None:
        return None
    if every and (period.end - period.start) / SHORTEST[Grain(every)] > MOST_PIECES:
        raise InvalidInput(
            "This period has more than %(most)s pieces (%(given)s); take a shorter one, or cut more coarsely.",
            most=f"{MOST_PIECES:,}",
            given=str(every),
        )
    return Period(period.start.astimezone(zone), period.end.astimezone(zone))


def answer(
    question: Question,
    connection: Engine,
    zone: ZoneInfo,
    comparison: Comparison | None,
    min_n: int,
) -> Result:
    """Ask a checked question and make its readings."""
    if question.period is None and (question.metric.relation.spans or comparison):
        question = replace(question, period=first_and_last(question, connection, zone))
        if question.period is None:
            question = replace(question, period=Period(question.until, question.until))
    measured = measure(question, connection)
    is_judged = question.weeks is not None and bool(question.source)
    hidden = hidden_of_source(question, measured, connection, min_n) if is_judged else set()
    return lay_out(question, measured, connection, zone, comparison, min_n, hidden)


def _until(settings: MetricSettings, period: Period | None, now: datetime | None) -> datetime:
    """The moment of looking: what was set, else the period's end, but never later than now."""
    present = now or datetime.now(UTC)
    if settings.until is not None:
        return settings.until
    return min(period.end, present) if period is not None else present


def read_condition(where: str | None, called: Mapping[str, str] = NO_NAMES) -> Condition:
    """A caller's filter, checked; an empty one holds always. Raises: InvalidInput saying what is allowed."""
    if not where or not where.strip():
        return Condition()
    from regard.metrics.conditions import parse_condition  # its parser takes longer to load than most answers

    found = Filtered(called)
    text = parse_condition(where, found.column)
    return Condition(text, tuple(sorted(found.traits)), found.has_account)


def _apart(metric: Metric, currency: str | None) -> str:
    """The column by which figures are kept apart: that of the metric, of amounts their currency if none was chosen."""
    if metric.unit is not Unit.MONEY:
        return metric.apart
    return "" if currency else "currency"


def _currency(metric: Metric, currency: str | None) -> str:
    if not currency:
        return ""
    if metric.unit is not Unit.MONEY:
        return ""
    if len(currency) != 3 or not currency.isalpha():
        raise InvalidInput("'%(given)s' is no currency; write it as ISO 4217 does: EUR.", given=currency)
    return currency.upper()
