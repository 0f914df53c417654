"""The tiles of a home: each figure with its interval, trend and change, corrected over the whole row of tiles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.urls import reverse

from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.apps.dashboards import words
from regard.apps.dashboards.narrowing import QUESTION, question_condition
from regard.apps.dashboards.own_questions import main_of
from regard.apps.dashboards.readings import Ask, Readings
from regard.apps.dashboards.windows import Window
from regard.kernel.estimates import Difference, Estimate
from regard.kernel.periods import Grain
from regard.webkit.charts.trend import Point
from regard.webkit.figures import SIGNIFICANT, Figure, make_figure
from regard.webkit.measures import MEASURES

if TYPE_CHECKING:
    from regard.metrics.readings import Reading, Result

BETTER = {"higher": 1, "lower": -1, "neither": 0}
COARSER = {
    Grain.DAY: Grain.WEEK,
    Grain.WEEK: Grain.MONTH,
    Grain.MONTH: Grain.QUARTER,
    Grain.QUARTER: Grain.YEAR,
}
# The share of pieces that must have a figure for a line to be worth drawing.
ENOUGH = 0.8
# Sums grow with the length of what they cover, so a piece that is cut short would look like a fall.
SUMS = frozenset({"money", "count"})


@dataclass(frozen=True, slots=True)
class Tile:
    """One metric on a page, before it is drawn.

    Args:
        difference: to the period before, with p corrected over the page.
        question: of a metric of own questions the one that it was asked about, where it is only that one.
    """

    metric: str
    title: str
    result: Result
    total: Reading
    difference: Difference | None
    better: int
    question: str = ""

    @property
    def condition(self) -> str:
        """What the log was narrowed to for it, as a condition; empty for the whole."""
        return question_condition(self.question) if self.question else ""

    def href(self, window: Window, *where: str) -> str:
        """Where its page stands, within a group if any; that leads to its interactions."""
        asked = (f"{QUESTION}={self.question}", *where) if self.question else where
        return reverse("figure", args=[self.metric]) + window.within(*asked)

    @property
    def estimate(self) -> Estimate | None:
        """The figure of the whole period."""
        return self.total.estimate

    @property
    def currency(self) -> str:
        """The currency of an amount; empty for all else."""
        return self.total.group.get("currency") or self.result.currency

    @property
    def change(self) -> int:
        """1 where it really rose, -1 where it really fell, 0 where chance explains the change."""
        difference = self.difference
        if difference is None:
            return 0
        p = difference.p if difference.p_adjusted is None else difference.p_adjusted
        return 0 if p >= SIGNIFICANT else 1 if difference.value > 0 else -1


def read_tiles(metrics: Sequence[str], window: Window, readings: Readings, *, where: str = "") -> list[Tile]:
    """Every metric's figure, trend and change, within a condition if any; the changes are one family."""
    return corrected(ask_tiles(metrics, window, readings, where=where))


def ask_tiles(metrics: Sequence[str], window: Window, readings: Readings, *, where: str = "") -> list[Tile]:
    """Every metric's figure, trend and change, before the changes are corrected."""
    from regard.metrics.catalogue import METRICS

    asked = [
        Ask(key, window.period, every=window.grain, is_compared=window.is_compared, where=where)
        for key in metrics
        if key in METRICS
    ]
    found = [
        _with_fuller_trend(result, question, window, readings)
        for result, question in zip(readings.ask_all(asked), asked, strict=True)
    ]
    return [tile_of(result) for result in found]


def corrected(tiles: Sequence[Tile]) -> list[Tile]:
    """The same tiles, the p of each change corrected over all of them."""
    ps = [tile.difference.p if tile.difference and tile.estimate else math.nan for tile in tiles]
    adjusted = benjamini_hochberg(ps).tolist()
    return [
        replace(tile, difference=replace(tile.difference, p_adjusted=p))
        if tile.difference and not math.isnan(p)
        else replace(tile, difference=None)
        for tile, p in zip(tiles, adjusted, strict=True)
    ]


def draw_tile(tile: Tile, window: Window) -> Figure:
    """The tile as it is shown."""
    return make_figure(
        key=tile.metric,
        title=tile.title,
        hint=tile.title,
        measure=MEASURES.get(str(tile.result.unit)),
        estimate=tile.estimate,
        reason="" if tile.estimate else words.reason_of(tile.total.reason),
        difference=tile.difference,
        better=tile.better,
        trend=trend_of(tile, window)[1],
        compared=window.is_compared,
        currency=tile.currency,
        href=tile.href(window) if tile.question else reverse("figure", args=[tile.metric]) + window.query,
    )


def tile_of(result: Result, question: str = "") -> Tile:
    """The tile of an answer, before its change is corrected; `question` is the only one that was asked about."""
    from regard.metrics.catalogue import METRICS

    metric = METRICS.get(result.metric)
    total = _main_reading(result)
    title = words.title_of(result.metric, metric.title)
    if named := question or (result.apart != "currency" and total.group.get(result.apart)):
        title = words.title_of_answers(result.metric, named, title)
    return Tile(result.metric, title, result, total, total.difference, BETTER[str(metric.better)], question)


def _with_fuller_trend(result: Result, question: Ask, window: Window, readings: Readings) -> Result:
    """The same figure cut more coarsely, where most of the fine pieces have too few answers for a line."""
    grain: Grain | None = window.grain
    while grain is not None and result.total.estimate is not None:
        pieces = [reading for reading in result.readings[1:] if not reading.group]
        if sum(reading.estimate is not None for reading in pieces) >= ENOUGH * len(pieces):
            break
        grain = COARSER.get(grain)
        if grain is not None:
            result = readings.ask(replace(question, every=grain))
    return result


def _main_reading(result: Result) -> Reading:
    """The total; of several currencies or questions the one that leads, as they are never put together."""
    total = result.total
    if total.estimate is not None:
        return total
    whole = [
        r
        for r in result.readings
        if r.period == total.period and r.estimate and set(r.group) == {result.apart}
    ]
    return main_of(result, whole)


def trend_of(tile: Tile, window: Window) -> tuple[list[Reading], list[Point]]:
    """The whole pieces of time in order, as readings and as points; a piece without a figure breaks the line."""
    pieces = []
    for reading in tile.result.readings:
        piece = reading.period
        if reading is tile.total or piece is None or dict(reading.group) != dict(tile.total.group):
            continue
        is_cut = piece.start == window.period.start or piece.end == window.period.end
        if piece == window.period or (is_cut and str(tile.result.unit) in SUMS):
            continue
        pieces.append(reading)
    return pieces, [
        Point(r.estimate.value, r.estimate.low, r.estimate.high) if r.estimate else Point(None)
        for r in pieces
    ]
