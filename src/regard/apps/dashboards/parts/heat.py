"""Where it hurts: the leading metric by channel and stage of the journey, with what really changed there."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.analytics.differences.part_of_whole import SIGNIFICANT, standings
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.apps.dashboards import words
from regard.apps.dashboards.headlines import leading
from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.apps.dashboards.narrowing import Group
from regard.apps.dashboards.readings import Ask
from regard.apps.dashboards.tiles import Tile
from regard.apps.organisation.stages import OTHER
from regard.apps.organisation.web.words import stage_title
from regard.webkit.figures import interval_text, n_text
from regard.webkit.measures import MEASURES, Measure

if TYPE_CHECKING:
    from regard.metrics.readings import Reading, Result

MAX_CHANNELS = 9
# How far from the whole, in points or per cent, for the second and the third shade.
SHADES = (15.0, 30.0)
# Points of a figure's whole width, for those that are not written in them; a mean is looked at as on a scale 1–5.
IN_POINTS = {"fraction": 100.0, "score": 25.0}


@dataclass(frozen=True, slots=True)
class Cell:
    """One field: `tone` is a class of the style sheet, empty where it is not told apart from the rest.

    Args:
        change: the size of a change that is real, with its sign; empty where there is none.
        is_worse: whether that change is bad news.
    """

    label: str
    href: str
    value: str = ""
    n: str = ""
    interval: str = ""
    tone: str = "none"
    reason: str = ""
    change: str = ""
    is_worse: bool = False


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Channels down, stages across.

    Args:
        worst: the same fields from the lowest, for a narrow screen.
        low_point: the lowest of those that are below the rest by more than chance.
        fall: the largest real turn for the worse.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]
    worst: tuple[Cell, ...]
    low_point: Cell | None
    fall: Cell | None

    @property
    def hint(self) -> str:
        """What stands beside the heading."""
        return f"{self.title} · {_now('channel and stage')}"


@dataclass(frozen=True, slots=True)
class Field:
    """One reading with what tests said of it."""

    reading: Reading
    side: int
    change: int

    @property
    def place(self) -> tuple[str, str]:
        """Channel and stage."""
        return str(self.reading.group["channel"]), str(self.reading.group["stage"])


def read_heat(context: Context) -> HeatMap | None:
    """The heat map of the first leading metric that is asked on several channels and in several stages.

    Where none is, the one that is asked in most places; None where none is asked in two.
    """
    maps = []
    for found in (_read(lead, context) for lead in leading(context.tiles, context.lead)):
        if found is not None and len(found.rows) > 1 and len(found.columns) > 1:
            return found
        maps += [found] if found is not None else []
    return max(maps, key=lambda found: len(found.worst), default=None)


def say_where(heat: HeatMap) -> SafeString:
    """Where it hurts most and where it got worse, if anywhere by more than chance."""
    found = []
    if heat.low_point is not None:
        low = heat.low_point
        text = _now("It hurts most at {place}: {value} ({n}), below the rest by more than chance.")
        found.append(_fill(text, place=low.label, value=f"{heat.title} {low.value}", n=low.n))
    if heat.fall is not None:
        text = _now("The largest real turn for the worse: {place}, {change}.")
        found.append(_fill(text, place=heat.fall.label, change=heat.fall.change))
    return format_html_join(" ", "{}", ((part,) for part in found))


def _fill(text: str, *, n: str = "", **values: str) -> SafeString:
    return format_html(text, n=n, **{name: format_html("<b>{}</b>", value) for name, value in values.items()})


def _read(lead: Tile, context: Context) -> HeatMap | None:
    window, stages = context.window, context.settings.stages
    result = context.readings.ask(
        Ask(
            lead.metric,
            window.period,
            by=("channel", "stage"),
            is_compared=window.is_compared,
            where=lead.condition,
        )
    )
    fields = _fields(result)
    rows = _largest(fields)
    order = [*(stage.key for stage in stages), OTHER]
    columns = [key for key in order if any(field.place[1] == key and _n(field.reading) for field in fields)]
    if len(rows) * len(columns) < 2:
        return None
    cells = {field.place: _cell(field, lead, result, context) for field in fields}
    shown = sorted(
        (field for field in fields if field.reading.estimate and field.place[0] in rows),
        key=lambda field: _value(field) * (lead.better or 1),
    )
    low = [field for field in shown if field.side * lead.better < 0]
    fallen = [field for field in shown if field.change * lead.better < 0]
    fallen.sort(key=lambda field: _turn(field) * lead.better)
    return HeatMap(
        title=lead.title,
        columns=tuple(stage_title(column, stages) for column in columns),
        rows=tuple((words.channel_of(row), tuple(cells.get((row, one)) for one in columns)) for row in rows),
        worst=tuple(cells[field.place] for field in shown),
        low_point=cells[low[0].place] if low else None,
        fall=cells[fallen[0].place] if fallen else None,
    )


def _fields(result: Result) -> list[Field]:
    """Every place with what stands out from the rest, and what really changed, each corrected over all places."""
    found = [r for r in result.readings if r.group and r.group.get("channel") and r.group.get("stage")]
    sides = standings([r.estimate for r in found], result.total.estimate)
    ps = [r.difference.p if r.difference and r.estimate else math.nan for r in found]
    adjusted = benjamini_hochberg(ps).tolist()
    changes = [
        0
        if math.isnan(p) or p >= SIGNIFICANT or r.difference is None
        else 1
        if r.difference.value > 0
        else -1
        for r, p in zip(found, adjusted, strict=True)
    ]
    return [Field(*one) for one in zip(found, sides, changes, strict=True)]


def _cell(field: Field, lead: Tile, result: Result, context: Context) -> Cell:
    measure = MEASURES.get(str(result.unit))
    channel, stage = field.place
    stages = context.settings.stages
    label = f"{words.channel_of(channel)} · {stage_title(stage, stages)}"
    where = Group((("channel", channel), ("stage", stage))).where
    href = lead.href(context.window, *where)
    estimate, whole = field.reading.estimate, result.total.estimate
    if estimate is None or whole is None:
        return Cell(label, href, reason=words.reason_of(field.reading.reason))
    distance = abs(estimate.value - whole.value) * IN_POINTS.get(str(result.unit), 1.0)
    shade = 1 + sum(distance >= step for step in SHADES)
    is_told = field.side != 0 and lead.better != 0
    return Cell(
        label=label,
        href=href,
        value=measure.value(estimate.value, lead.currency),
        n=n_text(estimate.n),
        interval=interval_text(estimate, measure, lead.currency),
        tone=f"{'h' if field.side == lead.better else 'l'}{shade}" if is_told else "",
        change=_change(field, measure, lead.currency),
        is_worse=field.change * lead.better < 0,
    )


def _change(field: Field, measure: Measure, currency: str) -> str:
    if not field.change:
        return ""
    size = f"{measure.change(_turn(field), currency)} {measure.change_unit()}".strip()
    return (_now("up %(size)s") if field.change > 0 else _now("down %(size)s")) % {"size": size}


def _turn(field: Field) -> float:
    return field.reading.difference.value if field.reading.difference else 0.0


def _value(field: Field) -> float:
    return field.reading.estimate.value if field.reading.estimate else 0.0


def _largest(fields: Sequence[Field]) -> list[str]:
    """The channels with the most answers."""
    sizes: Counter[str] = Counter()
    for field in fields:
        sizes[field.place[0]] += _n(field.reading)
    return [key for key, n in sizes.most_common(MAX_CHANNELS) if n]


def _n(reading: Reading) -> int:
    return reading.estimate.n if reading.estimate else 0


heat = PARTS.register(PartKind(key="heat", title=_("Where it hurts"), read=read_heat, say=say_where))
