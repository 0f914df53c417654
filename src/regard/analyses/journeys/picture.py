"""The directly-follows graph drawn: the most frequent edges, from top to bottom as cases mostly go, back at the side."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from regard.analyses.durations import said_seconds
from regard.analyses.journeys.layers import Layers, Spot, layers
from regard.analyses.pictures import HEAD, LETTER, WIDTH, framed, shortened
from regard.analytics.journeys.follows import Follows

STEPS = 14
EDGES = 26
SLOWEST = 3
HIGH, GAP, SIDE = 40, 62, 92
PASSING = 26.0
Point = tuple[float, float]
STYLE = (
    "<style>.box { fill: var(--ground); stroke: var(--mid); } .way { fill: none; stroke: var(--mid); } "
    ".slow { fill: none; stroke: var(--accent); } .tip { fill: var(--mid); } .slowtip { fill: var(--accent); } "
    ".said { font-size: 11px; paint-order: stroke; stroke: var(--ground); stroke-width: 4px; } "
    ".slowsaid { fill: var(--accent); font-weight: 650; }</style>"
)


def graph(names: Sequence[str], follows: Follows) -> str:
    """The graph as SVG; the edges on which most time passes stand out, grey ones are thick where many cases pass."""
    steps, edges = _chosen(len(names), follows)
    number = {step: place for place, step in enumerate(steps)}
    weights = [
        (number[int(follows.before[one])], number[int(follows.after[one])], float(follows.n[one]))
        for one in edges
    ]
    found = layers(len(steps), weights)
    spots, wide = _placed(found)
    height = HEAD + len(found.rows) * (HIGH + GAP) + 24
    total = (follows.n * follows.mean)[edges]
    slow = set(np.argsort(-total, kind="stable")[:SLOWEST].tolist()) if total.any() else set()
    lines, words = [], []
    for place, (a, b, weight) in enumerate(weights):
        kind = "slow" if place in slow else "way"
        points = _passed(found, spots, place, a, b)
        width = 1 + 5 * weight / max(one for _, _, one in weights)
        path, middle = _path(points, found.down[place], a == b, wide)
        lines.append(
            f'<path class="{kind}" stroke-width="{width:.1f}" marker-end="url(#{kind}-tip)" d="{path}"/>'
        )
        said = f"{int(weight):,} · {said_seconds(follows.median[edges[place]])}"
        words.append(
            f'<text class="said{" slowsaid" if kind == "slow" else ""}" x="{middle[0]:.0f}" y="{middle[1]:.0f}" '
            f'text-anchor="middle">{said}</text>'
        )
    boxes = [
        _box(names[step], _counted(follows, step), spots[(place, -1)], wide)
        for place, step in enumerate(steps)
    ]
    shown = "" if len(edges) == len(follows) else f", the {len(edges)} most frequent of {len(follows)} edges"
    parts = [
        STYLE,
        f"<defs>{_tip('way')}{_tip('slow')}</defs>",
        f'<text class="title" x="16" y="26">What follows upon what{shown}</text>',
        *(lines + boxes + words),
        f'<text x="16" y="{height - 12}">times · median time until the next; coloured: most time passes here</text>',
    ]
    return framed("What follows upon what", height, parts)


def _chosen(n_names: int, follows: Follows) -> tuple[list[int], list[int]]:
    """The steps drawn, and the edges between them, the most frequent."""
    weight = np.bincount(follows.after, weights=follows.n, minlength=n_names) + follows.start
    steps = set(np.argsort(-weight, kind="stable")[:STEPS].tolist())
    inside = [
        place
        for place in range(len(follows))
        if {int(follows.before[place]), int(follows.after[place])} <= steps
    ][:EDGES]
    used = {int(step) for one in inside for step in (follows.before[one], follows.after[one])}
    return sorted(used), inside


def _counted(follows: Follows, step: int) -> int:
    return int(follows.n[follows.after == step].sum() + follows.start[step])


def _placed(found: Layers) -> tuple[dict[Spot, Point], float]:
    """The middle of every step and passing, and how wide a step is."""
    room = WIDTH - 32 - SIDE
    steps = max(sum(kind < 0 for _, kind in row) for row in found.rows)
    passing = max(sum(kind >= 0 for _, kind in row) for row in found.rows)
    wide = max(70.0, min(168.0, (room - PASSING * passing) / steps - 12))
    spots: dict[Spot, Point] = {}
    for number, row in enumerate(found.rows):
        sizes = [wide + 12 if kind < 0 else PASSING for _, kind in row]
        free = max(room - sum(sizes), 0.0) / len(row)
        x = 16.0
        for spot, size in zip(row, sizes, strict=True):
            spots[spot] = (x + (size + free) / 2, HEAD + number * (HIGH + GAP) + 20)
            x += size + free
    return spots, wide


def _passed(found: Layers, spots: dict[Spot, Point], place: int, a: int, b: int) -> list[Point]:
    between = range(found.layer[a] + 1, found.layer[b]) if found.down[place] else ()
    return [spots[(a, -1)], *(spots[(place, one)] for one in between), spots[(b, -1)]]


def _path(points: list[Point], is_down: bool, is_loop: bool, wide: float) -> tuple[str, Point]:
    """The line through the points, and where its words stand."""
    (x, y), (to_x, to_y) = points[0], points[-1]
    half = HIGH / 2
    if is_loop:
        edge = x + wide / 2
        return f"M{edge:.0f} {y - 8:.0f}c34 -14 34 30 0 16", (edge + 26, y - 14)
    if not is_down:
        start, end = x + wide / 2, to_x + wide / 2
        bulge = max(start, end) + 40 + 0.06 * abs(y - to_y)
        path = f"M{start:.0f} {y - 6:.0f}C{bulge:.0f} {y - 6:.0f} {bulge:.0f} {to_y + 6:.0f} {end:.0f} {to_y + 6:.0f}"
        return path, (0.125 * (start + end) + 0.75 * bulge, (y + to_y) / 2)
    path, at, below = f"M{x:.0f} {y + half:.0f}", (x, y + half), points[1:]
    for number, (next_x, next_y) in enumerate(below):
        end_y = next_y - half - 4 if number == len(below) - 1 else next_y
        bend = (end_y - at[1]) / 2
        path += f"C{at[0]:.0f} {at[1] + bend:.0f} {next_x:.0f} {end_y - bend:.0f} {next_x:.0f} {end_y:.0f}"
        at = (next_x, end_y)
    first_x = below[0][0]
    return path, (x + 0.5 * (first_x - x), y + half + GAP / 2 + (0 if len(below) == 1 else 4))


def _box(name: str, n: int, spot: Point, wide: float) -> str:
    x, y = spot
    said = shortened(name, wide + LETTER)
    return (
        f'<g><title>{escape(name)}: {n:,}</title><rect class="box" x="{x - wide / 2:.0f}" y="{y - HIGH / 2:.0f}" '
        f'width="{wide:.0f}" height="{HIGH}" rx="8"/>'
        f'<text class="name" x="{x:.0f}" y="{y - 2:.0f}" text-anchor="middle">{escape(said)}</text>'
        f'<text x="{x:.0f}" y="{y + 14:.0f}" text-anchor="middle">{n:,}</text></g>'
    )


def _tip(kind: str) -> str:
    return (
        f'<marker id="{kind}-tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="9" markerHeight="9" orient="auto" '
        f'markerUnits="userSpaceOnUse"><path class="{"slowtip" if kind == "slow" else "tip"}" d="M0 0L8 4L0 8z"/></marker>'
    )
