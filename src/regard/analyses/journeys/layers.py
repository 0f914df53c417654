"""Places for the steps of a graph: in layers from top to bottom, so that most of what happens goes down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 8
Edge = tuple[int, int, float]
Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Layers:
    """Where everything goes.

    Args:
        rows: from top to bottom, what stands in each from left to right: a step as (step, -1), or the place where
            an edge from further up passes through, as (edge, layer).
        layer: of each step.
        down: for each edge, whether it goes down.
    """

    rows: list[list[Spot]]
    layer: list[int]
    down: list[bool]


def layers(n: int, edges: Sequence[Edge]) -> Layers:
    """Layers for `n` steps, so that as little as possible of the edges' weight goes up.

    Source: Sugiyama, Tagawa and Toda (1981), IEEE Trans. SMC 11, 109-125; the order is that of Eades, Lin and Smyth
    (1993), Information Processing Letters 47, 319-323.

    >>> layers(3, [(0, 1, 5.0), (1, 2, 5.0), (2, 1, 1.0)]).rows
    [[(0, -1)], [(1, -1)], [(2, -1)]]
    """
    rank = {step: place for place, step in enumerate(_order(n, edges))}
    down = [rank[a] < rank[b] for a, b, _ in edges]
    layer = [0] * n
    for step in sorted(range(n), key=rank.__getitem__):
        above = [
            layer[a] + 1 for (a, b, _), is_down in zip(edges, down, strict=True) if is_down and b == step
        ]
        layer[step] = max(above, default=0)
    rows: list[list[Spot]] = [[] for _ in range(max(layer, default=0) + 1)]
    for step in range(n):
        rows[layer[step]].append((step, -1))
    chains: list[list[Spot]] = []
    for place, (a, b, _) in enumerate(edges):
        if down[place]:
            between = [(place, one) for one in range(layer[a] + 1, layer[b])]
            for spot in between:
                rows[spot[1]].append(spot)
            chains.append([(a, -1), *between, (b, -1)])
    _untangle(rows, chains)
    return Layers(rows, layer, down)


def _order(n: int, edges: Sequence[Edge]) -> list[int]:
    """The steps one after the other, so that little weight goes back."""
    left = set(range(n))
    first: list[int] = []
    last: list[int] = []
    while left:
        inward: dict[int, float] = defaultdict(float)
        outward: dict[int, float] = defaultdict(float)
        for a, b, weight in edges:
            if a in left and b in left and a != b:
                outward[a] += weight
                inward[b] += weight
        sinks = sorted(step for step in left if not outward[step] and inward[step])
        sources = sorted(step for step in left if not inward[step])
        if sinks:
            last = [*sinks, *last]
        elif sources:
            first += sources
        else:
            first.append(max(sorted(left), key=lambda step: outward[step] - inward[step]))
        left -= {*first, *last}
    return first + last


def _untangle(rows: list[list[Spot]], chains: Sequence[Sequence[Spot]]) -> None:
    """Put what is joined near to each other, row by row, down and up again."""
    near: dict[Spot, list[Spot]] = defaultdict(list)
    for chain in chains:
        for one, other in pairwise(chain):
            near[one].append(other)
            near[other].append(one)
    for sweep in range(SWEEPS):
        place = {spot: (at + 1) / (len(row) + 1) for row in rows for at, spot in enumerate(row)}
        where = {spot: number for number, row in enumerate(rows) for spot in row}
        order = range(1, len(rows)) if sweep % 2 == 0 else range(len(rows) - 2, -1, -1)
        step = -1 if sweep % 2 == 0 else 1
        for number in order:
            row = rows[number]
            mean = {}
            for spot in row:
                beside = [place[one] for one in near[spot] if where[one] == number + step]
                mean[spot] = sum(beside) / len(beside) if beside else place[spot]
            row.sort(key=lambda spot: (mean[spot], place[spot]))
            place |= {spot: (at + 1) / (len(row) + 1) for at, spot in enumerate(row)}
