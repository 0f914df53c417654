"""Every figure of an answer leads to the interactions behind it: where, and what an address asks for there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from regard.apps.dashboards.explorer.asked import Params, Question
from regard.apps.dashboards.explorer.lines import CURRENCY, Line
from regard.kernel.periods import Period
from regard.metrics.moments import FIRST_YEAR, LAST_YEAR
from regard.webkit import formats
from regard.webkit.charts.trend import Point
from regard.webkit.figures import interval_text, n_text
from regard.webkit.measures import Measure

if TYPE_CHECKING:
    from regard.metrics.readings import Reading

# How an address names the group and the piece of time.
WITHIN, FROM, TO = "in", "from", "to"


@dataclass(frozen=True, slots=True)
class Spot:
    """Which part of an answer is looked behind: the values of its dimensions (None where there is none), and when."""

    group: tuple[tuple[str, str | None], ...]
    period: Period


@dataclass(frozen=True, slots=True)
class Leads:
    """The addresses of what stands behind the figures of one question.

    Args:
        is_open: whether the reader may read single answers; without, no figure leads anywhere.
    """

    question: Question
    is_open: bool = True

    def to(self, reading: Reading, *, is_piece: bool = False) -> str:
        """Where the interactions of a reading stand; empty where there is no figure or nothing may be read."""
        if not self.is_open or reading.estimate is None:
            return ""
        pairs = [
            (WITHIN, name if value is None else f"{name}={value}") for name, value in reading.group.items()
        ]
        if is_piece and reading.period:
            pairs += [(FROM, _written(reading.period.start)), (TO, _written(reading.period.end))]
        asked = "&".join(part for part in (self.question.query, urlencode(pairs)) if part)
        return f"{reverse('explorer-behind')}?{asked}"


def read_spot(params: Params, question: Question, period: Period) -> Spot:
    """What an address looks behind; what cannot be read, or is no part of the answer, counts as not given."""
    from regard.metrics.catalogue import METRICS

    names = [*question.by, CURRENCY, METRICS.get(question.metric).apart]
    group: dict[str, str | None] = {}
    for given in params.get(WITHIN, []):
        for name in filter(None, names):
            if given == name:
                group.setdefault(name, None)
            elif given.startswith(f"{name}=") and "\x00" not in given:
                group.setdefault(name, given.removeprefix(f"{name}="))
    first, last = (_instant(params.get(name, [""])[-1]) for name in (FROM, TO))
    start = max(period.start, first or period.start)
    end = min(period.end, last or period.end)
    return Spot(tuple(group.items()), Period(start, end) if start < end else period)


def points_of(line: Line, leads: Leads, measure: Measure, currency: str, zone: ZoneInfo) -> list[Point]:
    """The points of a line, each with what it says and where it leads."""
    return [
        Point(
            reading.estimate.value,
            reading.estimate.low,
            reading.estimate.high,
            href=leads.to(reading, is_piece=True),
            label=_told(reading, measure, currency, zone),
        )
        if reading.estimate
        else Point(None)
        for reading in line.pieces
    ]


def _told(reading: Reading, measure: Measure, currency: str, zone: ZoneInfo) -> str:
    """A point in words: since when, its value, interval and n."""
    one = reading.estimate
    if one is None:
        return ""
    start = f"{formats.day(reading.period.start, zone)}: " if reading.period else ""
    value = f"{measure.value(one.value, currency)} {measure.unit()}".strip()
    return start + " · ".join(
        part for part in (value, interval_text(one, measure, currency), n_text(one.n)) if part
    )


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo and FIRST_YEAR <= moment.year <= LAST_YEAR else None
