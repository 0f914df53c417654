"""Local lines through evenly spaced values: the same weights in all of the middle, others at the ends."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.signal import oaconvolve

from regard.analytics.arrays import Floats, floats

# Weights nearer and further than these shares of the window are 1 and 0, as in the authors' own program.
NEAR, FAR = 0.001, 0.999


@dataclass(frozen=True, slots=True, eq=False)
class Smoother:
    """What smooths series of one length.

    Args:
        first, last: arrays (half, width), the weights of the first and last few; where the window is wider than the
            series `first` is (n, n) and does all.
        middle: array (width,), the weights of all others.
    """

    first: Floats
    middle: Floats
    last: Floats

    def __call__(self, values: Floats) -> Floats:
        """The smoothed series; array (..., n)."""
        if not len(self.middle):
            return floats(values @ self.first.T)
        half, width = self.first.shape
        found = np.empty_like(values)
        found[..., :half] = values[..., :width] @ self.first.T
        found[..., values.shape[-1] - half :] = values[..., values.shape[-1] - width :] @ self.last.T
        kernel = self.middle.reshape((1,) * (values.ndim - 1) + (-1,))
        found[..., half : values.shape[-1] - half] = oaconvolve(values, kernel, mode="valid", axes=-1)
        return found


@lru_cache(maxsize=64)
def smoother(n: int, width: int) -> Smoother:
    """Locally linear smoothing of `n` values within an odd number of neighbours, by tricube weights.

    Source: Cleveland (1979), JASA 74, 829-836.
    """
    if width >= n:
        whole = local_lines(np.arange(n, dtype=np.float64), np.zeros(n), n, width)
        return Smoother(whole, np.empty(0), np.empty(0))
    half = width // 2
    ends = local_lines(np.arange(half + 1, dtype=np.float64), np.zeros(half + 1), width, width)
    return Smoother(ends[:half], ends[half], ends[:half][::-1, ::-1].copy())


@lru_cache(maxsize=64)
def widened(n: int, width: int) -> Floats:
    """The matrix (n + 2, n) that smooths `n` values by means of their neighbours, and carries them on by one at each end.

    Means and not lines, as few seasons tell no slope.
    """
    at = np.arange(-1, n + 1, dtype=np.float64)
    seen = min(width, n)
    start = np.clip(at - width // 2, 0, n - seen)
    rows = tricube(at, start, seen, width)
    found = np.zeros((n + 2, n))
    for place, (row, begin) in enumerate(zip(rows, start.astype(int), strict=True)):
        found[place, begin : begin + seen] = row
    return found


def local_lines(at: Floats, start: Floats, seen: int, width: int) -> Floats:
    """For each place, the weights of the `seen` values from `start` on in the line through them."""
    x = start[:, None] + np.arange(seen)
    weights = tricube(at, start, seen, width)
    middle = (weights * x).sum(axis=1, keepdims=True)
    spread = (weights * (x - middle) ** 2).sum(axis=1, keepdims=True)
    slope = np.where(
        spread > 0, (at[:, None] - middle) / np.where(spread > 0, spread, 1.0) * (x - middle), 0.0
    )
    return floats(weights * (1 + slope))


def tricube(at: Floats, start: Floats, seen: int, width: int) -> Floats:
    """For each place, the weights of the `seen` values from `start` on by how near they are; they sum to 1."""
    x = start[:, None] + np.arange(seen)
    reach = np.maximum(at - start, start + seen - 1 - at)[:, None] + max(0, (width - seen) // 2)
    away = np.abs(x - at[:, None])
    weights = (1 - (away / reach) ** 3) ** 3
    weights = np.where(away <= NEAR * reach, 1.0, np.where(away <= FAR * reach, weights, 0.0))
    return floats(weights / weights.sum(axis=1, keepdims=True))
