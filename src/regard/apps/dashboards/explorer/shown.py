"""What the page of an answer shows: the sentence, the chart that fits the question, the table, and how it was counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from regard.apps.dashboards import words as names
from regard.apps.dashboards.defining import definition_of, methods_of
from regard.apps.dashboards.explorer import words
from regard.apps.dashboards.explorer.answering import Answer
from regard.apps.dashboards.explorer.lines import Line, Lines, lines_of
from regard.apps.dashboards.explorer.saying import sentence
from regard.apps.dashboards.explorer.spots import Leads, points_of
from regard.apps.dashboards.explorer.table import Table, table_of
from regard.apps.dashboards.tiles import BETTER
from regard.kernel.periods import Period
from regard.webkit import formats
from regard.webkit.charts.scales import Scale
from regard.webkit.charts.trend import draw_trend, ends_of
from regard.webkit.comparisons import Comparison, Contender, make_comparison
from regard.webkit.figures import interval_text, n_text
from regard.webkit.measures import MEASURES, Measure

MOST_DOTS = 30
MOST_SMALL = 12
ONE, TREND, DOTS, SMALL = "one", "trend", "dots", "small"


@dataclass(frozen=True, slots=True)
class Small:
    """One group over time, on the axis that all of them share."""

    label: str
    value: str
    sub: str
    chart: SafeString
    reason: str
    href: str


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page shows of an answer, and what a drawing of it is made from.

    Args:
        chart: which one stands here: ONE figure, a TREND, DOTS or SMALL multiples.
        ticks, days: what the axes of a trend say.
        condition: the filters, as they were asked.
        href: where the interactions of the whole stand.
    """

    title: str
    sentence: SafeString
    chart: str
    lines: Lines
    scale: Scale
    measure: Measure
    better: int
    trend: SafeString
    ticks: tuple[str, ...]
    days: tuple[str, ...]
    dots: Comparison | None
    small: tuple[Small, ...]
    n_hidden: int
    table: Table
    span: str
    value: str
    unit: str
    sub: str
    reason: str
    definition: str
    methods: tuple[str, ...]
    source: str
    condition: str
    href: str
    is_made_up: bool


def show(
    answer: Answer, *, units: Mapping[str, str], zone: ZoneInfo, leads: Leads, is_made_up: bool = False
) -> Shown:
    """The page of an answer, which must have one; `leads` says where its figures lead."""
    from regard.metrics.catalogue import METRICS

    whole, question = answer.whole, answer.question
    assert whole is not None
    lines = lines_of(answer, units)
    measure = MEASURES.get(str(whole.unit))
    better = BETTER[str(METRICS.get(question.metric).better)]
    title = " · ".join(one for one in (words.metric_title(question.metric), lines.of) if one)
    chart = _chart_of(answer, lines)
    drawn = lines.groups[: MOST_SMALL if chart == SMALL else MOST_DOTS] if question.by else ()
    scale = _scale((lines.total,) if chart == TREND else drawn, measure, chart)
    estimate = lines.total.reading.estimate
    return Shown(
        title=title,
        sentence=sentence(title, lines, measure=measure, compare=question.compare),
        chart=chart,
        lines=lines,
        scale=scale,
        measure=measure,
        better=better,
        trend=_trend(title, lines, scale, measure, leads, zone) if chart == TREND else SafeString(""),
        ticks=tuple(measure.tick(tick, lines.currency) for tick in scale.ticks),
        days=days_of(lines.total if chart == TREND else next(iter(drawn), lines.total), zone),
        dots=_dots(drawn, lines, measure, better, leads) if chart == DOTS else None,
        small=_smalls(drawn, lines, scale, measure, leads, zone) if chart == SMALL else (),
        n_hidden=len(lines.groups) - len(drawn),
        table=table_of(answer, units, zone, leads),
        span=span_of(answer.period, zone),
        value=measure.value(estimate.value, lines.currency) if estimate else "",
        unit=measure.unit(),
        sub=sub_of(lines.total, measure, lines.currency),
        reason="" if estimate else names.reason_of(lines.total.reading.reason),
        definition=definition_of(question.metric, whole.definition),
        methods=_methods(answer),
        source=whole.source,
        condition=question.condition,
        href=leads.to(lines.total.reading),
        is_made_up=is_made_up,
    )


def span_of(period: Period, zone: ZoneInfo) -> str:
    """From when to when, in days."""
    ends = (period.start, max(period.start, period.end - timedelta(seconds=1)))
    return " – ".join(dict.fromkeys(formats.day(one, zone) for one in ends))


def sub_of(line: Line, measure: Measure, currency: str) -> str:
    """The interval and n of a line."""
    estimate = line.reading.estimate
    if estimate is None:
        return ""
    return " · ".join(
        part for part in (interval_text(estimate, measure, currency), n_text(estimate.n)) if part
    )


def days_of(line: Line, zone: ZoneInfo) -> tuple[str, ...]:
    """The first, the middle and the last day of a line over time."""
    days = [piece.period.start for piece in line.pieces if piece.period]
    shown = sorted({0, len(days) // 2, len(days) - 1}) if days else []
    year = bool(days) and days[-1] - days[0] > timedelta(days=330)
    return tuple((formats.day if year else formats.short_day)(days[at], zone) for at in shown)


def _chart_of(answer: Answer, lines: Lines) -> str:
    if answer.question.by and lines.groups:
        return SMALL if answer.cut is not None else DOTS
    known = [point for point in lines.total.points if point.value is not None]
    return TREND if len(known) > 1 else ONE


def _scale(lines: tuple[Line, ...], measure: Measure, chart: str) -> Scale:
    if chart == DOTS:
        found = [line.reading.estimate for line in lines]
        return measure.axis([v for e in found if e for v in (e.value, e.low, e.high) if v is not None])
    points = [point for line in lines for point in line.points if point.value is not None]
    return measure.axis(ends_of(points) if points else ())


def _trend(
    title: str, lines: Lines, scale: Scale, measure: Measure, leads: Leads, zone: ZoneInfo
) -> SafeString:
    points = points_of(lines.total, leads, measure, lines.currency, zone)
    label = _label(title, lines.total, measure, lines.currency)
    return draw_trend(points, label=label, scale=scale, is_tall=True)


def _dots(drawn: tuple[Line, ...], lines: Lines, measure: Measure, better: int, leads: Leads) -> Comparison:
    whole = lines.total.reading.estimate if lines.has_rest else None
    contenders = [
        Contender(
            line.label, line.reading.estimate, _reason(line), line.standing, href=leads.to(line.reading)
        )
        for line in drawn
    ]
    return make_comparison(
        contenders,
        measure=measure,
        better=better,
        reference=whole.value if whole else None,
        currency=lines.currency,
    )


def _smalls(
    drawn: tuple[Line, ...], lines: Lines, scale: Scale, measure: Measure, leads: Leads, zone: ZoneInfo
) -> tuple[Small, ...]:
    currency = lines.currency
    found = []
    for line in drawn:
        estimate = line.reading.estimate
        points = points_of(line, leads, measure, currency, zone)
        found.append(
            Small(
                label=line.label,
                value=f"{measure.value(estimate.value, currency)} {measure.unit()}".strip()
                if estimate
                else "",
                sub=sub_of(line, measure, currency),
                chart=draw_trend(points, label=_label(line.label, line, measure, currency), scale=scale),
                reason=_reason(line),
                href=leads.to(line.reading),
            )
        )
    return tuple(found)


def _label(title: str, line: Line, measure: Measure, currency: str) -> str:
    known = [point.value for point in line.points if point.value is not None]
    if len(known) < 2:
        return title
    return _("%(title)s over time: from %(first)s to %(last)s") % {
        "title": title,
        "first": measure.value(known[0], currency),
        "last": measure.value(known[-1], currency),
    }


def _reason(line: Line) -> str:
    return "" if line.reading.estimate else names.reason_of(line.reading.reason)


def _methods(answer: Answer) -> tuple[str, ...]:
    results = [result for result in (answer.whole, answer.cut) if result is not None]
    found = [one.estimate.method for result in results for one in result.readings if one.estimate]
    return methods_of(dict.fromkeys(found) or (results[0].method,))
