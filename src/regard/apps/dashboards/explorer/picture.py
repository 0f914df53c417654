"""The chart as one drawing that stands by itself: title, span, axes, words and how it was counted, in one SVG.

It is light whatever the reader's screen, as it goes into documents. Its words are text in the fonts of whoever looks
at it, so every language is drawn without a font of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from django.utils.translation import gettext as _

from regard.apps.dashboards.explorer.lines import Line
from regard.apps.dashboards.explorer.shown import DOTS, MOST_DOTS, MOST_SMALL, SMALL, TREND, Shown, sub_of
from regard.webkit.charts.scales import Scale
from regard.webkit.charts.trend import Point

WIDTH, EDGE = 960, 32
INK, SOFT, FAINT, RULE, ACCENT, BAND = "#16202a", "#4d5b68", "#5f6e7b", "#e3e8ed", "#0b6e6e", "#d9eeec"
GOOD, BAD, GREY = "#156a4e", "#a83f10", "#8c97a3"
ROW, PLOT, SMALL_HEIGHT, COLUMNS = 34, 320, 120, 3
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Armenian', sans-serif"


def draw_picture(shown: Shown, *, language: str) -> str:
    """The drawing of an answer, as text in SVG."""
    top = 100
    if shown.chart == TREND:
        body, height = list(_trend(shown, top)), PLOT + 40
    elif shown.chart == DOTS:
        lines = sorted(shown.lines.groups[:MOST_DOTS], key=_value, reverse=True)
        body, height = list(_dots(shown, lines, top)), ROW * len(lines) + 40
    elif shown.chart == SMALL:
        lines = list(shown.lines.groups[:MOST_SMALL])
        body, height = list(_multiples(shown, lines, top)), (SMALL_HEIGHT + 60) * -(-len(lines) // COLUMNS)
    else:
        value = f"{shown.value} {shown.unit}".strip() or shown.reason
        body, height = (
            [_text(EDGE, top + 50, value, size=44, weight=650), _text(EDGE, top + 84, shown.sub)],
            100,
        )
    foot = [
        _text(EDGE, top + height + 20 + 20 * at, line, size=12, fill=FAINT)
        for at, line in enumerate(_folded(_told(shown), 140))
    ]
    total = top + height + 40 + 20 * len(foot)
    head = [
        _text(EDGE, 44, shown.title, size=22, weight=650),
        _text(EDGE, 70, f"{shown.span} · {_figure(shown)}", fill=SOFT),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{total}" viewBox="0 0 {WIDTH} {total}" '
        f'lang="{escape(language)}" font-family="{FONT}"><title>{escape(shown.title)}</title>'
        f'<rect width="{WIDTH}" height="{total}" fill="#fff"/>{"".join([*head, *body, *foot])}</svg>'
    )


def _figure(shown: Shown) -> str:
    """The whole's figure with its unit, interval and n, or why there is none."""
    return f"{shown.value} {shown.unit}".strip() + f" · {shown.sub}" if shown.value else shown.reason


def _told(shown: Shown) -> str:
    """What has to be known to read the drawing."""
    made_up = [_("Made-up data of a sample company")] if shown.is_made_up else []
    parts = [
        *made_up,
        *([shown.condition] if shown.condition else []),
        shown.definition,
        "; ".join(shown.methods),
    ]
    return " · ".join(parts)


def _trend(shown: Shown, top: int) -> Iterator[str]:
    left, width = EDGE + 70, WIDTH - 2 * EDGE - 70
    for tick, text in zip(shown.scale.ticks, shown.ticks, strict=True):
        y = _y(shown.scale, tick, top, PLOT)
        yield f'<path d="M{left} {y}h{width}" stroke="{RULE}"/>'
        yield _text(left - 8, y + 4, text, size=12, fill=FAINT, anchor="end")
    yield from _line(shown.lines.total.points, shown.scale, left, top, width, PLOT)
    yield from _days(shown.days, left, width, top + PLOT + 20)


def _multiples(shown: Shown, lines: Sequence[Line], top: int) -> Iterator[str]:
    width = (WIDTH - 2 * EDGE - 24 * (COLUMNS - 1)) // COLUMNS
    for at, line in enumerate(lines):
        x, y = EDGE + (at % COLUMNS) * (width + 24), top + (at // COLUMNS) * (SMALL_HEIGHT + 60)
        yield _text(x, y + 12, _short(line.label, 40), size=13, weight=650)
        yield _text(x, y + 30, sub_of(line, shown.measure, shown.lines.currency), size=12, fill=FAINT)
        for tick in (shown.scale.low, shown.scale.high):
            place = _y(shown.scale, tick, y + 38, SMALL_HEIGHT - 10)
            yield f'<path d="M{x} {place}h{width}" stroke="{RULE}"/>'
            label = shown.measure.tick(tick, shown.lines.currency)
            yield _text(x + width, place - 3, label, size=10, fill=FAINT, anchor="end")
        yield from _line(line.points, shown.scale, x, y + 38, width, SMALL_HEIGHT - 10)


def _dots(shown: Shown, lines: Sequence[Line], top: int) -> Iterator[str]:
    left, width = EDGE + 250, WIDTH - 2 * EDGE - 250 - 230
    for tick, text in zip(shown.scale.ticks, shown.ticks, strict=True):
        x = left + shown.scale.at(tick, width)
        yield f'<path d="M{x} {top}v{ROW * len(lines)}" stroke="{RULE}"/>'
        yield _text(x, top + ROW * len(lines) + 20, text, size=12, fill=FAINT, anchor="middle")
    whole = shown.lines.total.reading.estimate
    if whole is not None and shown.lines.has_rest:
        x = left + shown.scale.at(whole.value, width)
        yield f'<path d="M{x} {top}v{ROW * len(lines)}" stroke="{GREY}"/>'
    for at, line in enumerate(lines):
        y = top + ROW * at + ROW / 2
        yield _text(EDGE, y + 5, _short(line.label, 34))
        estimate = line.reading.estimate
        if estimate is None:
            continue
        low, high = (estimate.value if end is None else end for end in (estimate.low, estimate.high))
        a, b, c = (left + shown.scale.at(value, width) for value in (low, high, estimate.value))
        side = line.standing * shown.better
        tone = GREY if side == 0 else GOOD if side > 0 else BAD
        yield f'<path d="M{a} {y}H{b}" stroke="{tone}" stroke-opacity=".45" stroke-width="3" stroke-linecap="round"/>'
        yield f'<circle cx="{c}" cy="{y}" r="5" fill="{tone}"/>'
        value = shown.measure.value(estimate.value, shown.lines.currency)
        yield _text(WIDTH - EDGE, y - 1, value, weight=650, anchor="end")
        sub = sub_of(line, shown.measure, shown.lines.currency)
        yield _text(WIDTH - EDGE, y + 13, sub, size=11, fill=FAINT, anchor="end")


def _line(
    points: Sequence[Point], scale: Scale, x: float, y: float, width: float, height: float
) -> Iterator[str]:
    step = width / max(1, len(points) - 1)
    run: list[tuple[float, Point]] = []
    for at, point in enumerate([*points, Point(None)]):
        if point.value is not None:
            run.append((round(x + at * step, 1), point))
            continue
        band = [(px, p.low, p.high) for px, p in run if p.low is not None and p.high is not None]
        if len(band) > 1:
            upper = [f"{px},{_y(scale, high, y, height)}" for px, _low, high in band]
            lower = [f"{px},{_y(scale, low, y, height)}" for px, low, _high in reversed(band)]
            yield f'<polygon points="{" ".join(upper + lower)}" fill="{BAND}"/>'
        places = [(px, _y(scale, p.value or 0.0, y, height)) for px, p in run]
        if len(places) > 1:
            drawn = " ".join(f"{px},{py}" for px, py in places)
            yield f'<polyline points="{drawn}" fill="none" stroke="{ACCENT}" stroke-width="2" stroke-linejoin="round"/>'
        elif places:
            yield f'<circle cx="{places[0][0]}" cy="{places[0][1]}" r="3" fill="{ACCENT}"/>'
        run = []


def _days(days: Sequence[str], left: float, width: float, y: float) -> Iterator[str]:
    anchors = ("start", "middle", "end")
    for at, day in enumerate(days):
        share = at / max(1, len(days) - 1)
        anchor = anchors[0 if at == 0 else 2 if at == len(days) - 1 else 1]
        yield _text(left + share * width, y, day, size=12, fill=FAINT, anchor=anchor)


def _text(
    x: float,
    y: float,
    text: str,
    *,
    size: int = 14,
    weight: int = 400,
    fill: str = INK,
    anchor: str = "start",
) -> str:
    return (
        f'<text x="{round(x, 1)}" y="{round(y, 1)}" font-size="{size}" font-weight="{weight}" fill="{fill}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )


def _y(scale: Scale, value: float, top: float, height: float) -> float:
    return round(top + height - scale.at(value, height), 1)


def _value(line: Line) -> float:
    return line.reading.estimate.value if line.reading.estimate else float("-inf")


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _folded(text: str, most: int) -> list[str]:
    """The text in lines of at most so many letters, broken between words."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
