"""From an answer to what is drawn: the total and the groups, each with its figure, its pieces and its standing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from regard.analytics.differences.part_of_whole import standings
from regard.apps.dashboards.explorer import words
from regard.apps.dashboards.explorer.answering import Answer
from regard.apps.dashboards.own_questions import main_of
from regard.webkit.charts.trend import Point

if TYPE_CHECKING:
    from regard.metrics.readings import Reading, Result

CURRENCY = "currency"
# Sums grow with the length of what they cover, so a piece that is cut short would look like a fall.
SUMS = frozenset({"money", "count"})


@dataclass(frozen=True, slots=True)
class Line:
    """The total (without a label) or one group.

    Args:
        reading: the figure of the whole period.
        pieces: the readings over time, in order.
        standing: 1 above the rest by more than chance, -1 below, 0 not told apart.
    """

    label: str
    reading: Reading
    pieces: tuple[Reading, ...] = ()
    standing: int = 0

    @property
    def n(self) -> int:
        """How much stands behind it."""
        return self.reading.estimate.n if self.reading.estimate else 0

    @property
    def value(self) -> float:
        """Its figure, 0 where there is none."""
        return self.reading.estimate.value if self.reading.estimate else 0.0

    @property
    def points(self) -> list[Point]:
        """The pieces as points of a line."""
        found = [piece.estimate for piece in self.pieces]
        return [Point(e.value, e.low, e.high) if e else Point(None) for e in found]


@dataclass(frozen=True, slots=True)
class Lines:
    """The total and the groups, those with most behind them first.

    Args:
        currency: of all amounts; groups in other currencies stand in the table only.
        is_sum: whether the groups add up to the total, so that none can stand above the rest.
        is_apart: whether the groups are what is never put together, such as questions, so that there is no rest.
        of: which of them the total is, where there are several and they are no groups; else empty.
    """

    total: Line
    groups: tuple[Line, ...]
    currency: str
    is_sum: bool
    is_apart: bool = False
    of: str = ""

    @property
    def has_rest(self) -> bool:
        """Whether a group can be held against all the others."""
        return not (self.is_sum or self.is_apart)


def lines_of(answer: Answer, units: Mapping[str, str]) -> Lines:
    """The lines of an answer, which must have one."""
    from regard.metrics.catalogue import METRICS
    from regard.metrics.estimators.total import Total

    whole = answer.whole
    assert whole is not None
    total = main_reading(whole)
    currency = total.group.get(CURRENCY) or whole.currency
    is_sum = isinstance(METRICS.get(answer.question.metric).estimate, Total)
    by = answer.question.by
    groups = [
        reading
        for reading in groups_of(whole, by)
        if whole.apart in by or reading.group.get(whole.apart) in (None, total.group.get(whole.apart))
    ]
    sides = [0] * len(groups)
    is_apart = whole.apart in by
    if not (is_sum or is_apart) and len(groups) > 1:
        sides = standings([reading.estimate for reading in groups], total.estimate)
    over_time = pieces_of(answer)
    found = [
        Line(group_label(reading, by, units), reading, over_time.get(_key(reading), ()), side)
        for reading, side in zip(groups, sides, strict=True)
    ]
    found.sort(key=lambda line: -line.n)
    of = "" if is_apart or whole.apart == CURRENCY else total.group.get(whole.apart)
    line = Line("", total, over_time.get(_key(total), ()))
    return Lines(
        line,
        tuple(found),
        currency,
        is_sum,
        is_apart,
        words.value_title(whole.apart, of, units) if of else "",
    )


def main_reading(result: Result) -> Reading:
    """The total; of several currencies or questions the one that leads, as they are never put together."""
    if result.total.estimate is not None:
        return result.total
    apart = [one for one in result.readings if one.estimate and set(one.group) == {result.apart}]
    return main_of(result, apart)


def groups_of(result: Result, by: Sequence[str]) -> list[Reading]:
    """The readings of groups, without the totals."""
    return [reading for reading in result.readings[1:] if by and set(by) <= set(reading.group)]


def pieces_of(answer: Answer) -> dict[tuple[tuple[str, str | None], ...], tuple[Reading, ...]]:
    """The readings over time by group, whole pieces only where a sum is cut short at the ends."""
    result, by = answer.cut, answer.question.by
    if result is None:
        return {}
    found: dict[tuple[tuple[str, str | None], ...], list[Reading]] = {}
    totals = set()
    for reading in result.readings:
        key = _key(reading)
        if not set(by) <= set(reading.group) or (not by and key not in totals):
            totals.add(key)
            continue
        if str(result.unit) in SUMS and _is_short(reading, answer):
            continue
        found.setdefault(key, []).append(reading)
    return {key: tuple(readings) for key, readings in found.items()}


def group_label(reading: Reading, by: Sequence[str], units: Mapping[str, str]) -> str:
    """What a group is called."""
    return " · ".join(words.value_title(name, reading.group.get(name), units) for name in by)


def _is_short(reading: Reading, answer: Answer) -> bool:
    from regard.kernel.periods import floor, next_start

    piece, grain = reading.period, answer.question.every
    if piece is None or grain is None:
        return False
    return floor(piece.start, grain) != piece.start or next_start(piece.start, grain) != piece.end


def _key(reading: Reading) -> tuple[tuple[str, str | None], ...]:
    return tuple(sorted(reading.group.items()))
