"""The answer as a table: every reading with its interval, n, customers and difference, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from regard.apps.dashboards import words as names
from regard.apps.dashboards.defining import detail_of
from regard.apps.dashboards.explorer import words
from regard.apps.dashboards.explorer.answering import Answer
from regard.apps.dashboards.explorer.lines import CURRENCY
from regard.apps.dashboards.explorer.saying import tag_of
from regard.apps.dashboards.explorer.spots import Leads
from regard.apps.dashboards.tiles import BETTER
from regard.metrics.compare import PREVIOUS, YEAR_AGO
from regard.webkit import formats
from regard.webkit.figures import Tag, interval_text
from regard.webkit.measures import MEASURES

if TYPE_CHECKING:
    from regard.metrics.readings import Reading, Result

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One reading: `names` of its group in the order of the columns, empty for the total; `href` leads behind it."""

    names: tuple[str, ...]
    start: str
    value: str
    interval: str
    n: str
    customers: str
    tag: Tag | None
    reason: str
    more: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its headings; `n_hidden` rows stand only in the file."""

    headings: tuple[str, ...]
    has_pieces: bool
    is_compared: bool
    rows: tuple[Row, ...]
    n_hidden: int


def table_of(answer: Answer, units: Mapping[str, str], zone: ZoneInfo, leads: Leads) -> Table:
    """The whole period first, then piece by piece."""
    whole, cut = answer.whole, answer.cut
    assert whole is not None
    found = [(whole, reading, False) for reading in whole.readings]
    if cut is not None:
        found += [(cut, reading, True) for reading in over_time(cut, answer.question.by)]
    columns = [*answer.question.by]
    if whole.apart and whole.apart not in columns:
        columns.append(whole.apart)
    rows = [_row(answer, one, columns, units, zone, leads) for one in found[:MOST_ROWS]]
    return Table(
        headings=tuple(words.dimension_title(name) for name in columns),
        has_pieces=cut is not None,
        is_compared=bool(answer.question.comparison),
        rows=tuple(rows),
        n_hidden=max(0, len(found) - MOST_ROWS),
    )


def over_time(result: Result, by: tuple[str, ...]) -> list[Reading]:
    """The readings of pieces, without those of the whole period that stand before them."""
    n_totals = 1
    while n_totals < len(result.readings) and _is_total(result, n_totals, by):
        n_totals += 1
    return list(result.readings[n_totals:])


def _is_total(result: Result, at: int, by: tuple[str, ...]) -> bool:
    """Whether this is the total of one currency or question: it comes before any piece, once for each."""
    reading = result.readings[at]
    earlier = [one.group for one in result.readings[1:at]]
    return set(reading.group) == {result.apart} and result.apart not in by and reading.group not in earlier


def _row(
    answer: Answer,
    one: tuple[Result, Reading, bool],
    columns: list[str],
    units: Mapping[str, str],
    zone: ZoneInfo,
    leads: Leads,
) -> Row:
    from regard.metrics.catalogue import METRICS

    result, reading, is_piece = one
    measure, estimate = MEASURES.get(str(result.unit)), reading.estimate
    currency = reading.group.get(CURRENCY) or result.currency
    metric = METRICS.get(answer.question.metric)
    shown = tuple(
        words.value_title(name, reading.group[name], units) if name in reading.group else _("all")
        for name in columns
    )
    start = formats.day(reading.period.start, zone) if reading.period and is_piece else ""
    tag = tag_of(
        reading.difference,
        measure=measure,
        better=BETTER[str(metric.better)],
        currency=currency,
        is_over_time=answer.question.compare in (PREVIOUS, YEAR_AGO),
    )
    if estimate is None:
        return Row(shown, start, "", "", "", "", None, names.reason_of(reading.reason), "")
    customers = "" if estimate.n_customers is None else formats.number(estimate.n_customers)
    more = ", ".join(
        f"{detail_of(name)} {measure.value(e.value, currency)}" for name, e in reading.details.items()
    )
    return Row(
        shown,
        start,
        measure.value(estimate.value, currency),
        interval_text(estimate, measure, currency),
        formats.number(estimate.n),
        customers,
        tag,
        "",
        more,
        leads.to(reading, is_piece=is_piece),
    )
