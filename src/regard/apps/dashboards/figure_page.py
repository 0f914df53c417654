"""One figure on a page of its own: over time with an axis, by channel, unit and touchpoint, and how it is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards import words
from regard.apps.dashboards.comparing import Beside, read_beside
from regard.apps.dashboards.defining import definition_of, method_of
from regard.apps.dashboards.narrowing import Group
from regard.apps.dashboards.readings import Readings
from regard.apps.dashboards.tiles import Tile, draw_tile, read_tiles, trend_of
from regard.apps.dashboards.windows import Window
from regard.apps.organisation.queries import Settings
from regard.apps.organisation.stages import OTHER, Stage
from regard.apps.organisation.web.words import stage_title
from regard.webkit import formats
from regard.webkit.charts.trend import draw_trend, ends_of
from regard.webkit.figures import Figure, interval_text
from regard.webkit.measures import MEASURES

DIMENSIONS = (
    ("channel", _("By channel")),
    ("stage", _("By stage")),
    ("touchpoint", _("By touchpoint")),
    ("unit", _("By unit")),
    ("language", _("By language")),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of the table beside the chart."""

    start: str
    value: str
    interval: str
    n: str
    reason: str


@dataclass(frozen=True, slots=True)
class FigurePage:
    """All that the page of one figure shows.

    Args:
        group: what is looked at, where it is not the whole.
    """

    title: str
    group: str
    figure: Figure
    chart: SafeString
    ticks: tuple[str, ...]
    days: tuple[str, ...]
    pieces: tuple[Piece, ...]
    beside: tuple[tuple[str, Beside], ...]
    definition: str
    method: str
    source: str


def make_figure_page(
    metric: str,
    window: Window,
    readings: Readings,
    *,
    group: Group,
    unit_titles: Mapping[str, str],
    settings: Settings,
) -> FigurePage:
    """The page of `metric`, which must be in the catalogue, for the whole or within a group."""
    zone, stages = ZoneInfo(settings.zone), settings.stages
    where = group.condition(stages)
    tile = read_tiles([metric], window, readings, where=where)[0]
    measure = MEASURES.get(str(tile.result.unit))
    pieces, points = trend_of(tile, window)
    ends = ends_of(points) if any(point.value is not None for point in points) else ()
    scale = measure.axis(ends)
    chart = draw_trend(points, label=tile.title, scale=scale, is_tall=True)
    shown = tuple(
        Piece(
            start=formats.day(reading.period.start, zone),
            value=measure.value(reading.estimate.value, tile.currency) if reading.estimate else "",
            interval=interval_text(reading.estimate, measure, tile.currency) if reading.estimate else "",
            n=formats.number(reading.estimate.n) if reading.estimate else "",
            reason="" if reading.estimate else words.reason_of(reading.reason),
        )
        for reading in pieces
        if reading.period
    )
    days = [formats.short_day(r.period.start, zone) for r in pieces if r.period]
    return FigurePage(
        title=tile.title,
        group=group.title(stages, unit_titles),
        figure=draw_tile(tile, window),
        chart=chart,
        ticks=tuple(measure.tick(tick, tile.currency) for tick in scale.ticks) if chart else (),
        days=tuple(days[i] for i in sorted({0, len(days) // 2, len(days) - 1})) if days else (),
        pieces=shown,
        beside=_beside(tile, window, readings, group, {**unit_titles, **_stage_titles(stages)}, where),
        definition=definition_of(metric, tile.result.definition),
        method=method_of(tile.estimate.method if tile.estimate else tile.result.method),
        source=tile.result.source,
    )


def _stage_titles(stages: Sequence[Stage]) -> dict[str, str]:
    return {key: stage_title(key, stages) for key in (*(stage.key for stage in stages), OTHER)}


def _beside(
    tile: Tile,
    window: Window,
    readings: Readings,
    group: Group,
    titles: Mapping[str, str],
    where: str,
) -> tuple[tuple[str, Beside], ...]:
    """The figure by every dimension that the group does not name."""
    if tile.estimate is None:
        return ()
    found = [
        (str(title), read_beside(tile, key, window, readings, titles, where=where))
        for key, title in DIMENSIONS
        if not group.names(key)
    ]
    return tuple((title, beside) for title, beside in found if beside is not None)
