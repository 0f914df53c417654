"""A line over time with the band of its intervals: small in a tile, larger on a figure's own page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from regard.webkit.charts.scales import Scale


@dataclass(frozen=True, slots=True)
class Point:
    """One piece of time; without a value the line is broken there.

    Args:
        href: where what stands behind it is found. label: the point in words, for who follows it.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    href: str = ""
    label: str = ""


def draw_trend(
    points: Sequence[Point], *, label: str, scale: Scale | None = None, is_tall: bool = False
) -> SafeString:
    """The line and its band in a box 120 wide that stretches to the room it gets; empty for fewer than two values.

    Args:
        label: what a screen reader says instead.
        scale: the vertical axis; left out, it is made to fit.
        is_tall: for a page of its own, with room for rules at the ticks.
    """
    known = [point for point in points if point.value is not None]
    if len(known) < 2:
        return SafeString("")
    height = 200 if is_tall else 36
    scale = scale or _fit(known)
    places = [(round(i * 116 / (len(points) - 1) + 2, 1), point) for i, point in enumerate(points)]
    body = [f'<path class="trend-rule" d="M0 {_y(scale, tick, height)}h120"/>' for tick in scale.ticks]
    body += [part for run in _runs(places) for part in _run(run, scale, height)]
    x, last = next((x, point) for x, point in reversed(places) if point.value is not None)
    y = _y(scale, last.value or 0.0, height)
    body.append(f'<path class="trend-end" d="M{x} {y}h0"/>')
    spots = _spots(places, scale, height)
    return format_html(
        '<svg class="{}" viewBox="0 0 120 {}" preserveAspectRatio="none" role="{}" aria-label="{}">{}{}</svg>',
        "trend tall" if is_tall else "trend",
        height,
        # What is an image holds no links for a screen reader.
        "group" if spots else "img",
        label,
        mark_safe("".join(body)),  # numbers only
        spots,
    )


def ends_of(points: Sequence[Point]) -> tuple[float, float]:
    """From where to where a vertical axis should reach: all values, and the band as far as it leaves them readable."""
    values = [point.value for point in points if point.value is not None]
    bands = [
        (p.low, p.high) for p in points if p.value is not None and p.low is not None and p.high is not None
    ]
    low, high = min(values), max(values)
    room = max(high - low, median(top - bottom for bottom, top in bands) if bands else 0.0)
    low = max(min((bottom for bottom, _ in bands), default=low), low - room)
    high = min(max((top for _, top in bands), default=high), high + room)
    return low, high


def _fit(points: Sequence[Point]) -> Scale:
    low, high = ends_of(points)
    if low == high:
        low, high = low - 1, high + 1
    return Scale(low, high, ())


def _runs(places: list[tuple[float, Point]]) -> Iterator[list[tuple[float, Point]]]:
    run: list[tuple[float, Point]] = []
    for place in places:
        if place[1].value is None:
            if run:
                yield run
            run = []
        else:
            run.append(place)
    if run:
        yield run


def _run(run: list[tuple[float, Point]], scale: Scale, height: int) -> Iterator[str]:
    band = [(x, p.low, p.high) for x, p in run if p.low is not None and p.high is not None]
    if len(band) > 1:
        upper = " ".join(f"{x},{_y(scale, high, height)}" for x, _, high in band)
        lower = " ".join(f"{x},{_y(scale, low, height)}" for x, low, _ in reversed(band))
        yield f'<polygon class="trend-band" points="{upper} {lower}"/>'
    line = " ".join(f"{x},{_y(scale, p.value or 0.0, height)}" for x, p in run)
    if len(run) > 1:
        yield f'<polyline class="trend-line" points="{line}"/>'
    else:
        yield f'<path class="trend-dot" d="M{line.replace(",", " ")}h0"/>'


def _spots(places: list[tuple[float, Point]], scale: Scale, height: int) -> SafeString:
    """A link over the whole height for each point that leads somewhere.

    The last can be reached with the Tab key, and from it the others with the arrow keys, so that a long line is one stop.
    """
    linked = [(x, point) for x, point in places if point.value is not None and point.href]
    edges = [0.0, *((a + b) / 2 for (a, _), (b, _) in pairwise(linked)), 120.0]
    return format_html_join(
        "",
        '<a class="trend-spot" href="{}" aria-label="{}" tabindex="{}" data-spot><title>{}</title>'
        '<rect x="{}" y="0" width="{}" height="{}"/><path class="trend-mark" d="M{} {}h0"/></a>',
        (
            (
                *(point.href, point.label, 0 if at == len(linked) - 1 else -1, point.label),
                *(round(edges[at], 2), round(edges[at + 1] - edges[at], 2), height),
                *(x, _y(scale, point.value or 0.0, height)),
            )
            for at, (x, point) in enumerate(linked)
        ),
    )


def _y(scale: Scale, value: float, height: int) -> float:
    return round(height - 3 - scale.at(value, height - 6), 1)
