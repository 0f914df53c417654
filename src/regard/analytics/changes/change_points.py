"""When the level of a figure changed."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.changes.series import seasonal

METHOD = "change points of the level by PELT, the penalty set by simulation so that noise alone has one in 5 of 100 series"
SOURCE = "Killick, Fearnhead and Eckley (2012), JASA 107, 1590-1598"
FALSE_ALARMS = 0.05
# A second look, and three changes at once, bring alarms of their own.
STRICTER = 0.55
SHORTEST = 3
DRAWN = 40_000_000
FEWEST_DRAWS, MOST_DRAWS = 200, 1_000
QUARTILE = 0.6744897501960817


def pelt(values: Floats, weights: Floats, penalty: float, *, shortest: int = SHORTEST) -> list[int]:
    """Where a level ends and the next begins, at the least cost: squares around the levels and a penalty for each.

    Args:
        values, weights: arrays (n,); weights above 0.
        shortest: the fewest points of a level.

    Returns: the first point of each level but the first.
    Source: Killick, Fearnhead and Eckley (2012), JASA 107, 1590-1598.
    """
    n = len(values)
    w, s = np.cumsum([0.0, *weights]), np.cumsum([0.0, *(weights * values)])
    best, last = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=np.int64)
    best[0] = -penalty
    open_ = np.array([0])
    for end in range(shortest, n + 1):
        cost = best[open_] - (s[end] - s[open_]) ** 2 / (w[end] - w[open_])
        place = int(cost.argmin())
        best[end], last[end] = cost[place] + penalty, open_[place]
        # A start that costs more than beginning anew here can never be the best again.
        open_ = open_[cost <= best[end]]
        if end - shortest + 1 >= shortest:
            open_ = np.append(open_, end - shortest + 1)
    found, at = list[int](), n
    while last[at] > 0:
        at = int(last[at])
        found.append(at)
    return found[::-1]


def scatter(values: Floats, weights: Floats) -> Floats:
    """The variance of a value of weight 1, from the middle size of the steps between neighbours, which levels, their
    changes and single outliers hardly move.

    Args:
        values: array (..., n). weights: array (n,), above 0.
    """
    steps = np.diff(values, axis=-1) / np.sqrt(1 / weights[1:] + 1 / weights[:-1])
    return floats((np.median(np.abs(steps), axis=-1) / QUARTILE) ** 2)


def penalty(weights: Floats, season: int, *, false_alarms: float = FALSE_ALARMS, seed: int = 2) -> float:
    """The penalty, in variances of a value of weight 1, that noise alone exceeds in so many series.

    Series of noise with these weights are made, their season and scatter are taken off as of the real one, and the
    least penalty that leaves none of them a change is noted: the larger of what one change gains, and half of what two do.

    Args:
        weights: array (n,), 0 for a point that is not used.
        false_alarms: the share of series of noise with a change, at most.
    """
    return _penalty(tuple(weights / weights.max()), season, STRICTER * false_alarms, seed)


@lru_cache(maxsize=8)
def _penalty(shares: tuple[float, ...], season: int, false_alarms: float, seed: int) -> float:
    weights = floats(shares)
    used = weights > 0
    draws = int(np.clip(DRAWN // len(weights) ** 2, FEWEST_DRAWS, MOST_DRAWS))
    noise = np.random.default_rng(seed).standard_normal((draws, len(weights)))
    noise = np.where(used, noise / np.sqrt(np.where(used, weights, 1.0)), 0.0)
    noise = (noise - seasonal(noise, weights, season))[:, used]
    return float(np.quantile(_gains(noise, weights[used]) / scatter(noise, weights[used]), 1 - false_alarms))


def _gains(values: Floats, weights: Floats) -> Floats:
    """By how much the squares shrink for each change, with one or two of them, (draws,)."""
    start = np.zeros((len(values), 1))
    w = np.concatenate([[0.0], np.cumsum(weights)])
    s = np.concatenate([start, np.cumsum(values * weights, axis=1)], axis=1)
    n = len(weights)
    whole = s[:, -1] ** 2 / w[-1]
    inner = np.arange(SHORTEST, n - SHORTEST + 1)
    left, right = s[:, inner] ** 2 / w[inner], (s[:, -1:] - s[:, inner]) ** 2 / (w[-1] - w[inner])
    one = (left + right).max(axis=1) - whole
    two = np.zeros(len(values))
    for place, first in enumerate(inner[:-SHORTEST]):
        ends = inner[place + SHORTEST :]
        between = (s[:, ends] - s[:, first, None]) ** 2 / (w[ends] - w[first])
        np.maximum(
            two, left[:, place] + (between + right[:, place + SHORTEST :]).max(axis=1) - whole, out=two
        )
    return floats(np.maximum(one, two / 2))


def levels(n: int, points: list[int]) -> NDArray[np.int64]:
    """For each of `n` points the place of its level."""
    return np.searchsorted(np.asarray(points, dtype=np.int64), np.arange(n), side="right").astype(np.int64)
