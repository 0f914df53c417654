"""Where a value stands between the ends of an axis, and which round numbers name the axis."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high` with evenly spaced ticks at both ends and between."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float, length: float = 100.0) -> float:
        """How far along an axis of this length the value stands, kept within the axis."""
        share = (value - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0) * length, 2)


def round_scale(values: Iterable[float], *, n_ticks: int = 4, floor: float | None = None) -> Scale:
    """A scale with round ends that holds all values.

    Args:
        floor: the scale never goes below this (0 for shares, times and counts).

    >>> round_scale([12.0, 47.0]).ticks
    (0.0, 20.0, 40.0, 60.0)
    """
    finite = [value for value in values if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 1.0)
    if high == low:
        spread = abs(high) * 0.1 or 1.0
        low, high = low - spread, high + spread
    step = _round_step((high - low) / (n_ticks - 1))
    start = math.floor(low / step) * step
    if floor is not None:
        start = max(start, floor)
    n = max(2, math.ceil((high - start) / step - 1e-9) + 1)
    ticks = tuple(round(start + step * i, 10) for i in range(n))
    return Scale(low=ticks[0], high=ticks[-1], ticks=ticks)


def _round_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return float(next(step * size for step in STEPS if step * size >= rough * 0.999))
