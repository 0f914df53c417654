"""Pictures of lines with the band that they are sure within; see `pictures`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from regard.analyses.pictures import FOOT, HEAD, LETTER, WIDTH, framed, round_ends, ticks

HEIGHT = 300
DASHES = ("", "7 4", "2 4", "12 4 2 4", "1 3", "4 2")
LABEL = 17
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """One line.

    Args:
        x, y: where it goes. low, high: its band at each x; not a number where there is none.
    """

    name: str
    x: Floats
    y: Floats
    low: Floats | None = None
    high: Floats | None = None


def bands(
    title: str,
    x_axis: str,
    y_axis: str,
    lines: Sequence[Band],
    *,
    steps: bool = False,
    mark: float | None = None,
) -> str:
    """Lines with their bands, each named at its end; the first in the accent colour, all with strokes of their own.

    Args:
        steps: values hold until the next x, as survival does. mark: a place on the x axis to read against.
    """
    ends = [part for line in lines for part in (line.y, line.low, line.high) if part is not None]
    values = np.concatenate(ends)
    low, high, step = round_ends(values[np.isfinite(values)].tolist())
    xs = np.concatenate([line.x for line in lines])
    first, last, x_step = round_ends([float(xs.min()), float(xs.max())], 6)
    longest = max((len(line.name) for line in lines), default=0) if len(lines) > 1 else 0
    left, right, bottom = 64.0, WIDTH - 24 - LETTER * min(longest, 24), HEAD + 16.0 + HEIGHT
    across = (left, right, first, last)
    down = (bottom, HEAD + 16.0, low, high)
    parts = [
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        f'<text x="16" y="46">{escape(y_axis)}</text>',
        *_grid(across, down, ticks(first, last, x_step), ticks(low, high, step)),
    ]
    if mark is not None:
        at = _at(across, mark)
        parts.append(f'<path class="untold" stroke-dasharray="3 3" d="M{at} {down[1]}V{bottom}"/>')
    for place, line in enumerate(lines):
        parts.extend(_drawn(line, place, across, down, steps))
    parts.extend(_labels(lines, across, down) if longest else [])
    parts.append(
        f'<text x="{(left + right) / 2:.0f}" y="{bottom + 38}" text-anchor="middle">{escape(x_axis)}</text>'
    )
    return framed(title, bottom + FOOT, parts)


Scale = tuple[float, float, float, float]


def _at(scale: Scale, value: float) -> float:
    start, end, low, high = scale
    return round(start + (value - low) / (high - low) * (end - start), 1)


def _grid(across: Scale, down: Scale, x_ticks: Sequence[float], y_ticks: Sequence[float]) -> list[str]:
    left, right, bottom = across[0], across[1], down[0]
    found = [f'<path class="grid" d="M{left} {_at(down, tick)}H{right}"/>' for tick in y_ticks]
    found += [
        f'<text x="{left - 8}" y="{_at(down, tick) + 4}" text-anchor="end">{tick:g}</text>'
        for tick in y_ticks
    ]
    found += [
        f'<text x="{_at(across, tick)}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>'
        for tick in x_ticks
    ]
    return found


def _drawn(line: Band, place: int, across: Scale, down: Scale, steps: bool) -> list[str]:
    found = []
    if line.low is not None and line.high is not None:
        sure = np.isfinite(line.low) & np.isfinite(line.high)
        if sure.any():
            there = _path(line.x[sure], line.high[sure], across, down, steps)
            back = _path(line.x[sure], line.low[sure], across, down, steps)[::-1]
            shade = ' style="fill: var(--mid)"' if place else ""
            found.append(f'<path class="band"{shade} d="M{_points(there)}L{_points(back)}Z"/>')
    dash = DASHES[place % len(DASHES)]
    stroke = f' stroke-dasharray="{dash}"' if dash else ""
    colour = ' style="stroke: var(--mid)"' if place else ""
    found.append(
        f'<path class="line"{stroke}{colour} d="M{_points(_path(line.x, line.y, across, down, steps))}"/>'
    )
    return found


def _path(x: Floats, y: Floats, across: Scale, down: Scale, steps: bool) -> list[tuple[float, float]]:
    if steps:
        x, y = np.repeat(x, 2)[1:], np.repeat(y, 2)[:-1]
    return [(_at(across, one), _at(down, other)) for one, other in zip(x.tolist(), y.tolist(), strict=True)]


def _points(path: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x:g} {y:g}" for x, y in path)


def _labels(lines: Sequence[Band], across: Scale, down: Scale) -> list[str]:
    """The names at the lines' ends, moved apart where they would cover each other."""
    # Of lines that end together, the one that ran higher is named first.
    ends = sorted(
        (_at(down, float(line.y[-1])), -float(np.nanmean(line.y)), _at(across, float(line.x[-1])), line.name)
        for line in lines
    )
    found, before = [], 0.0
    for y, _, x, name in ends:
        y = max(y, before + LABEL)
        before = y
        said = name if len(name) <= 24 else name[:23] + "…"
        found.append(f'<text class="name" x="{x + 8}" y="{y + 4}">{escape(said)}</text>')
    return found
