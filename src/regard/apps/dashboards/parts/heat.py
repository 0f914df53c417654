"""Where it hurts: the leading metric by channel and touchpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards import words
from regard.apps.dashboards.apart import standings
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.readings import Ask, Readings
from regard.apps.dashboards.tiles import Tile
from regard.apps.dashboards.windows import Window
from regard.webkit.figures import interval_text, n_text
from regard.webkit.measures import MEASURES

if TYPE_CHECKING:
    from regard.metrics.readings import Reading, Result

MAX_TOUCHPOINTS = 7
MAX_CHANNELS = 9
# How far from the whole, in points or per cent, for the second and the third shade.
SHADES = (15.0, 30.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the heat map: `tone` is a class of the style sheet, empty where it is not told apart."""

    value: str
    n: str
    interval: str
    tone: str
    reason: str
    label: str


@dataclass(frozen=True, slots=True)
class LowPoint:
    """The lowest field of those that are below the rest by more than chance."""

    place: str
    value: str
    n: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Channels down, touchpoints across; `worst` lists the same fields from the lowest, for a narrow screen."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    worst: tuple[Cell, ...]
    low_point: LowPoint | None

    @property
    def hint(self) -> str:
        """What stands beside the heading."""
        return f"{self.title} · {_now('channel and touchpoint')}"


def read_heat_part(context: Context) -> HeatMap | None:
    """The heat map of the first wanted metric that is asked on several channels and at several touchpoints."""
    known = {tile.metric: tile for tile in context.tiles if tile.estimate}
    maps = (read_heat(known[key], context.window, context.readings) for key in context.lead if key in known)
    return next((found for found in maps if found is not None), None)


def say_low_point(heat: HeatMap) -> SafeString:
    """Where it hurts most, if anywhere by more than chance."""
    low = heat.low_point
    if low is None:
        return SafeString("")
    text = _now("It hurts most at {place}: {value} ({n}), below the rest by more than chance.")
    place, value = (format_html("<b>{}</b>", one) for one in (low.place, f"{heat.title} {low.value}"))
    return format_html(text, place=place, value=value, n=low.n)


def read_heat(lead: Tile, window: Window, readings: Readings) -> HeatMap | None:
    """The lead metric by channel and touchpoint; None where the log names neither."""
    result = readings.ask(Ask(lead.metric, window.period, by=("channel", "touchpoint")))
    found = [r for r in result.readings if r.group and r.group.get("touchpoint") and r.group.get("channel")]
    columns = _largest(found, "touchpoint", MAX_TOUCHPOINTS)
    rows = _largest(found, "channel", MAX_CHANNELS)
    if len(columns) < 2 or len(rows) < 2:
        return None
    sides = standings([reading.estimate for reading in found], result.total.estimate)
    cells = {
        (r.group["channel"], r.group["touchpoint"]): _cell(r, side, lead, result)
        for r, side in zip(found, sides, strict=True)
    }
    shown = [
        r for r in found if r.group["touchpoint"] in columns and r.group["channel"] in rows and r.estimate
    ]
    shown.sort(key=lambda r: r.estimate.value * lead.better if r.estimate else 0)
    low = [r for r, side in zip(found, sides, strict=True) if side * lead.better < 0 and r.estimate]
    low.sort(key=lambda r: r.estimate.value * lead.better if r.estimate else 0)
    return HeatMap(
        title=lead.title,
        columns=tuple(words.touchpoint_of(column) for column in columns),
        rows=tuple(
            (words.channel_of(row), tuple(cells.get((row, column)) for column in columns)) for row in rows
        ),
        worst=tuple(cells[(r.group["channel"], r.group["touchpoint"])] for r in shown),
        low_point=_low_point(low, cells),
    )


def _low_point(
    low: Sequence[Reading], cells: Mapping[tuple[str | None, str | None], Cell]
) -> LowPoint | None:
    if not low:
        return None
    cell = cells[(low[0].group["channel"], low[0].group["touchpoint"])]
    return LowPoint(cell.label, cell.value, cell.n)


def _cell(reading: Reading, side: int, lead: Tile, result: Result) -> Cell:
    measure = MEASURES.get(str(result.unit))
    label = (
        f"{words.channel_of(reading.group['channel'])} · {words.touchpoint_of(reading.group['touchpoint'])}"
    )
    estimate, whole = reading.estimate, result.total.estimate
    if estimate is None or whole is None:
        return Cell("", "", "", "none", words.reason_of(reading.reason), label)
    distance = abs(estimate.value - whole.value) * (100 if str(result.unit) == "fraction" else 1)
    shade = 1 + sum(distance >= step for step in SHADES)
    tone = "" if side == 0 or lead.better == 0 else f"{'h' if side == lead.better else 'l'}{shade}"
    return Cell(
        measure.value(estimate.value, lead.currency),
        n_text(estimate.n),
        interval_text(estimate, measure, lead.currency),
        tone,
        "",
        label,
    )


def _largest(found: Sequence[Reading], dimension: str, limit: int) -> list[str]:
    sizes: Counter[str] = Counter()
    for reading in found:
        sizes[str(reading.group[dimension])] += _n(reading)
    return [key for key, n in sizes.most_common(limit) if n]


def _n(reading: Reading) -> int:
    return reading.estimate.n if reading.estimate else 0


heat = PARTS.register(PartKind(key="heat", title=_("Where it hurts"), read=read_heat_part, say=say_low_point))
