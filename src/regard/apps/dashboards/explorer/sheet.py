"""The answer as a file of comma-separated values: every reading, nothing rounded, with what a spreadsheet needs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from regard.apps.dashboards.explorer.answering import Answer
from regard.apps.dashboards.explorer.lines import CURRENCY
from regard.apps.dashboards.explorer.table import over_time

if TYPE_CHECKING:
    from regard.metrics.readings import Reading, Result

# Spreadsheets take UTF-8 for something else without this mark; those who read tables skip it.
MARK = "\ufeff"
# A cell that begins with one of these is run as a formula by spreadsheets.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIGURES = (
    "start",
    "end",
    "value",
    "low",
    "high",
    "n",
    "n_customers",
    "difference",
    "difference_low",
    "difference_high",
    "p",
    "p_adjusted",
    "measured_in",
    "currency",
    "method",
    "reason",
    "published_in",
)


def sheet(answer: Answer) -> str:
    """All readings: the whole period first, then piece by piece. Shares are fractions, money is in major units."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    apart = answer.whole.apart if answer.whole else ""
    by = [name for name in dict.fromkeys([*answer.question.by, apart]) if name not in ("", CURRENCY)]
    writer.writerow(["figure", "covers", *by, *FIGURES])
    for result, reading, covers in _readings(answer):
        names = [safe(reading.group.get(name) or "") for name in by]
        writer.writerow([result.metric, covers, *names, *_figures(result, reading)])
    return MARK + out.getvalue()


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> safe("=1+1"), safe("web")
    ("'=1+1", 'web')
    """
    return "'" + text if text.startswith(FORMULA) else text


def _readings(answer: Answer) -> Iterator[tuple[Result, Reading, str]]:
    if answer.whole is not None:
        yield from ((answer.whole, reading, "period") for reading in answer.whole.readings)
    if answer.cut is not None:
        yield from (
            (answer.cut, one, str(answer.question.every)) for one in over_time(answer.cut, answer.question.by)
        )


def _figures(result: Result, reading: Reading) -> list[object]:
    estimate, gap, scale = reading.estimate, reading.difference, result.scale(reading)
    period = reading.period
    found: list[object] = [period.start.isoformat(), period.end.isoformat()] if period else ["", ""]
    found += (
        [_over(end, scale) for end in (estimate.value, estimate.low, estimate.high)] if estimate else [""] * 3
    )
    found += (
        [estimate.n, "" if estimate.n_customers is None else estimate.n_customers] if estimate else [""] * 2
    )
    if gap is None:
        found += [""] * 5
    else:
        found += [gap.value / scale, gap.low / scale, gap.high / scale, gap.p]
        found.append("" if gap.p_adjusted is None else gap.p_adjusted)
    found += [str(result.unit), reading.group.get(CURRENCY) or result.currency]
    return [*found, estimate.method if estimate else "", safe(reading.reason or ""), result.source]


def _over(value: float | None, scale: float) -> object:
    return "" if value is None else value / scale
