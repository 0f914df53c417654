"""Pictures of points with an interval to each side; see `pictures`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from regard.analyses.pictures import FOOT, HEAD, LETTER, WIDTH, framed, round_ends, shortened, ticks

HEIGHT = 380
LINE = 22
NEAR = 18.0


@dataclass(frozen=True, slots=True)
class Cross:
    """One point.

    Args:
        x, y: where it lies. x_ends, y_ends: the interval of each; None for none.
        is_told: grey where it is not.
    """

    name: str
    x: float
    y: float
    x_ends: tuple[float, float] | None = None
    y_ends: tuple[float, float] | None = None
    is_told: bool = True


def crosses(title: str, x_axis: str, y_axis: str, points: Sequence[Cross]) -> str:
    """Points, numbered in their order and named at the side, with lines through the means of both axes."""
    longest = max(len(one.name) for one in points)
    left, top, right = 64.0, HEAD + 16.0, WIDTH - 56 - LETTER * min(longest, 22)
    bottom = top + max(HEIGHT, LINE * len(points))
    x_low, x_high, x_step = round_ends([end for one in points for end in (one.x, *(one.x_ends or ()))])
    y_low, y_high, y_step = round_ends([end for one in points for end in (one.y, *(one.y_ends or ()))])
    across, down = Scale(left, right, x_low, x_high), Scale(bottom, top, y_low, y_high)
    parts = [
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        f'<text x="16" y="46">{escape(y_axis)}</text>',
        *_grid(across, down, ticks(x_low, x_high, x_step), ticks(y_low, y_high, y_step)),
    ]
    x_mean, y_mean = (
        sum(values) / len(points) for values in ([one.x for one in points], [one.y for one in points])
    )
    parts.append(
        f'<path class="untold" stroke-dasharray="3 3" fill="none" d="M{across.at(x_mean)} {top}V{bottom}'
        f'M{left} {down.at(y_mean)}H{right}"/>'
    )
    for one in points:
        parts.extend(_drawn(one, across, down))
    labels = _labels([(across.at(one.x), down.at(one.y)) for one in points])
    for place, (one, (x, y)) in enumerate(zip(points, labels, strict=True), 1):
        name = escape(shortened(one.name, WIDTH - right - 40))
        parts.append(f'<text class="value" x="{x:g}" y="{y:g}">{place}</text>')
        parts.append(
            f'<text class="name" x="{right + 24:g}" y="{top + LINE * place - 6:g}">{place} {name}</text>'
        )
    parts.append(
        f'<text x="{(left + right) / 2:.0f}" y="{bottom + 38}" text-anchor="middle">{escape(x_axis)}</text>'
    )
    return framed(title, bottom + FOOT, parts)


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a value lies between two ends of the picture."""

    start: float
    end: float
    low: float
    high: float

    def at(self, value: float) -> float:
        """The place of a value."""
        return round(self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start), 1)


def _grid(across: Scale, down: Scale, x_ticks: Sequence[float], y_ticks: Sequence[float]) -> list[str]:
    parts = []
    for tick in y_ticks:
        parts.append(f'<path class="grid" d="M{across.start} {down.at(tick)}H{across.end}"/>')
        parts.append(
            f'<text x="{across.start - 8}" y="{down.at(tick) + 4}" text-anchor="end">{tick:g}</text>'
        )
    for tick in x_ticks:
        parts.append(f'<path class="grid" d="M{across.at(tick)} {down.end}V{down.start}"/>')
        parts.append(
            f'<text x="{across.at(tick)}" y="{down.start + 18}" text-anchor="middle">{tick:g}</text>'
        )
    return parts


def _drawn(one: Cross, across: Scale, down: Scale) -> list[str]:
    kind, x, y = "told" if one.is_told else "untold", across.at(one.x), down.at(one.y)
    lines = []
    if one.x_ends:
        lines.append(f"M{across.at(one.x_ends[0])} {y}H{across.at(one.x_ends[1])}")
    if one.y_ends:
        lines.append(f"M{x} {down.at(one.y_ends[0])}V{down.at(one.y_ends[1])}")
    path = f'<path class="{kind}" stroke-width="2" d="{"".join(lines)}"/>'
    return [path, f'<circle class="{kind}" cx="{x}" cy="{y}" r="5"/>']


def _labels(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """A place beside each point where neither the number of another nor another point stands."""
    found: list[tuple[float, float]] = []
    for own, (x, y) in enumerate(points):
        others = [(a - 4, b + 4) for place, (a, b) in enumerate(points) if place != own]
        sides = [(8, -8), (-18, -8), (8, 18), (-18, 18), (20, -8), (-30, -8), (20, 18), (-30, 18)]
        places = [(x + right, y + below) for right, below in sides]
        free = (
            one
            for one in places
            if all(abs(one[0] - a) >= NEAR or abs(one[1] - b) >= NEAR - 4 for a, b in [*found, *others])
        )
        found.append(next(free, places[0]))
    return found
