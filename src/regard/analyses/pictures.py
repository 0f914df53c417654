"""Pictures that stand alone: SVG drawn here, light or dark as its reader has it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

STYLE = """<style>
svg { --ink: #16202a; --soft: #4d5b68; --line: #e3e8ed; --ground: #ffffff; --accent: #0b6e6e; --mid: #8c97a3; }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e7edf2; --soft: #aebac5; --line: #26323d; --ground: #161f27; --accent: #52c0ba; --mid: #8c97a3; }
}
text { font: 13px system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Armenian", sans-serif; fill: var(--soft); }
.title { font-size: 15px; font-weight: 650; fill: var(--ink); }
.name, .value { fill: var(--ink); }
.value { font-variant-numeric: tabular-nums; }
.ground { fill: var(--ground); }
.grid { stroke: var(--line); }
.told { stroke: var(--accent); fill: var(--accent); }
.untold { stroke: var(--mid); fill: var(--mid); }
.band { stroke: none; fill: var(--accent); fill-opacity: 0.16; }
.line { fill: none; stroke: var(--accent); stroke-width: 2; }
</style>"""
WIDTH = 720
ROW = 30
HEAD = 44
FOOT = 48
LETTER = 9.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One row of a comparison.

    Args:
        low, high: its interval; None for none.
        said: the value as it is read.
        is_told: whether it can be told from the reference; grey where it cannot.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    said: str
    is_told: bool = True


def dots(title: str, axis: str, rows: Sequence[Dot], *, reference: float | None = 0.0) -> str:
    """Values with their intervals, one below the other; `reference` is a line to read against."""
    ends = [end for row in rows for end in (row.value, row.low, row.high) if end is not None]
    low, high, step = round_ends([*ends, *([] if reference is None else [reference])])
    left = min(300, 24 + LETTER * max(len(row.name) for row in rows))
    right = WIDTH - 24 - LETTER * max(len(row.said) for row in rows)
    height = HEAD + ROW * len(rows) + FOOT
    bottom = HEAD + ROW * len(rows)

    def at(value: float) -> float:
        return round(left + (value - low) / (high - low) * (right - left), 1)

    parts = [f'<text class="title" x="16" y="26">{escape(title)}</text>']
    for tick in ticks(low, high, step):
        parts.append(f'<path class="grid" d="M{at(tick)} {HEAD}V{bottom}"/>')
        parts.append(f'<text x="{at(tick)}" y="{bottom + 18}" text-anchor="middle">{tick:g}</text>')
    if reference is not None:
        parts.append(f'<path class="untold" stroke-dasharray="3 3" d="M{at(reference)} {HEAD}V{bottom}"/>')
    for place, row in enumerate(rows):
        y = HEAD + ROW * place + ROW // 2
        kind = "told" if row.is_told else "untold"
        parts.append(f'<text class="name" x="16" y="{y + 4}">{escape(shortened(row.name, left - 24))}</text>')
        if row.low is not None and row.high is not None:
            parts.append(f'<path class="{kind}" stroke-width="3" d="M{at(row.low)} {y}H{at(row.high)}"/>')
        parts.append(f'<circle class="{kind}" cx="{at(row.value)}" cy="{y}" r="5"/>')
        parts.append(
            f'<text class="value" x="{WIDTH - 16}" y="{y + 4}" text-anchor="end">{escape(row.said)}</text>'
        )
    parts.append(
        f'<text x="{(left + right) / 2:.0f}" y="{bottom + 38}" text-anchor="middle">{escape(axis)}</text>'
    )
    return framed(title, height, parts)


def framed(title: str, height: float, parts: Sequence[str]) -> str:
    """The parts as a whole picture of `WIDTH` by `height`."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}" '
        f'role="img" aria-label="{escape(title)}">{STYLE}<rect class="ground" width="100%" height="100%" rx="10"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def round_ends(values: Sequence[float], n_ticks: int = 5) -> tuple[float, float, float]:
    """Round ends that hold all values, and the step between the ticks.

    >>> round_ends([0.03, 0.41])
    (0.0, 0.5, 0.1)
    """
    low, high = min(values), max(values)
    rough = ((high - low) or abs(high) or 1.0) / n_ticks
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(one * size for one in (1, 2, 2.5, 5, 10) if one * size >= rough)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return first * step, max(last, first + 1) * step, step


def ticks(low: float, high: float, step: float) -> list[float]:
    """The round values from `low` to `high`."""
    return [low + step * place for place in range(round((high - low) / step) + 1)]


def shortened(name: str, width: float) -> str:
    """The name, or its beginning where it is wider than `width`."""
    most = int(width / LETTER)
    return name if len(name) <= most else name[: max(1, most - 1)] + "…"
