"""The directly-follows graph drawn: the most frequent edges, from top to bottom as cases mostly go, back at the side."""

from __future__ import annotations

import math
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
    ".said { font-size: 11px; } "
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
    height = HEAD + len(found.rows) * (HIGH + GAP) - GAP + 48
    total = (follows.n * follows.mean)[edges]
    slow = set(np.argsort(-total, kind="stable")[:SLOWEST].tolist()) if total.any() else set()
    taken = [
        (x - wide / 2, y - HIGH / 2, x + wide / 2, y + HIGH / 2)
        for (_, kind), (x, y) in spots.items()
        if kind < 0
    ]
    most = max((weight for _, _, weight in weights), default=1.0)
    lines, words = [], []
    for place, (a, b, weight) in enumerate(weights):
        kind = "slow" if place in slow else "way"
        path, places = _path(_passed(found, spots, place, a, b), found.down[place], a == b, wide)
        lines.append(_way(kind, path, 1 + 5 * weight / most))
        said = f"{int(weight):,} · {said_seconds(follows.median[edges[place]])}"
        words.append(_words(kind, said, _free(places, said, taken)))
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


def _way(kind: str, path: str, width: float) -> str:
    return f'<path class="{kind}" stroke-width="{width:.1f}" marker-end="url(#{kind}-tip)" d="{path}"/>'


def _words(kind: str, said: str, middle: Point) -> str:
    """What is said of an edge, on a ground of its own."""
    return (
        f'<rect class="ground" x="{middle[0] - 3 * len(said) - 2:.0f}" y="{middle[1] - 11:.0f}" '
        f'width="{6 * len(said) + 4}" height="15" rx="3"/>'
        f'<text class="said{" slowsaid" if kind == "slow" else ""}" x="{middle[0]:.0f}" y="{middle[1]:.0f}" '
        f'text-anchor="middle">{said}</text>'
    )


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


def _path(points: list[Point], is_down: bool, is_loop: bool, wide: float) -> tuple[str, list[Point]]:
    """The line through the points, and places along it where its words may stand."""
    (x, y), (to_x, to_y) = points[0], points[-1]
    if is_loop:
        edge = x + wide / 2
        return f"M{edge:.0f} {y - 8:.0f}c34 -14 34 30 0 16", [(edge + 30, y - 14), (edge + 34, y + 24)]
    if not is_down:
        start, end = x + wide / 2, to_x + wide / 2
        bulge = min(max(start, end) + 40 + 0.06 * abs(y - to_y), WIDTH - 40.0)
        curve = ((start, y - 6), (bulge, y - 6), (bulge, to_y + 6), (end, to_y + 6))
        return _drawn(curve[0], [curve[1:]]), _along([curve])
    at, curves = (x, y + HIGH / 2), []
    for next_x, next_y in points[1:]:
        end_y = next_y - HIGH / 2 - 4 if (next_x, next_y) == (to_x, to_y) else next_y
        bend = (end_y - at[1]) / 2
        curves.append((at, (at[0], at[1] + bend), (next_x, end_y - bend), (next_x, end_y)))
        at = (next_x, end_y)
    return _drawn((x, y + HIGH / 2), [one[1:] for one in curves]), _along(curves)


def _drawn(start: Point, curves: list[tuple[Point, Point, Point]]) -> str:
    said = "".join("C" + " ".join(f"{x:.0f} {y:.0f}" for x, y in one) for one in curves)
    return f"M{start[0]:.0f} {start[1]:.0f}{said}"


def _along(curves: Sequence[tuple[Point, Point, Point, Point]]) -> list[Point]:
    """Points on the curves: first the middles, then nearer to their ends."""
    found = []
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.8):
        for one in curves:
            parts = ((1 - share) ** 3, 3 * (1 - share) ** 2 * share, 3 * (1 - share) * share**2, share**3)
            x, y = (
                sum(part * point[axis] for part, point in zip(parts, one, strict=True)) for axis in (0, 1)
            )
            found.append((x, y + 4))
    return found


def _free(places: list[Point], said: str, taken: list[tuple[float, float, float, float]]) -> Point:
    """The first of the places where the words meet nothing that stands already; else the one that meets least."""
    half, best, least = 3.2 * len(said) + 2, places[0], math.inf
    for x, y in places:
        x = min(max(x, half + 8), WIDTH - half - 8)
        met = 0.0
        for left, top, right, bottom in taken:
            across, down = min(x + half, right) - max(x - half, left), min(y + 4, bottom) - max(y - 10, top)
            met += max(across, 0.0) * max(down, 0.0)
        if met < least:
            best, least = (x, y), met
    taken.append((best[0] - half, best[1] - 10, best[0] + half, best[1] + 4))
    return best


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
