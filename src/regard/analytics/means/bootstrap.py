"""Intervals by resampling, for means and ratios of uneven amounts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import EstimateArrays, Floats, divide, floats
from regard.analytics.distributions.normal import normal_quantile, normal_tail

MOST_UNITS = 10_000
"""Above so many customers the delta method is as good and far cheaper."""
RESAMPLES = 2_000
BLOCK = 2_000_000
# Drawing how many of a kind takes as long as drawing so many customers.
MANY_ALIKE = 32
METHOD = "BCa bootstrap"


def bca_ratio(
    y: ArrayLike,
    x: ArrayLike | None = None,
    *,
    times: ArrayLike | None = None,
    n: int | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 2,
) -> EstimateArrays:
    """Σy/Σx (the mean of y without `x`) with its bias-corrected and accelerated bootstrap interval, as one figure.

    Customers are drawn again with replacement, each with all that is theirs, so nothing more is needed where somebody
    counts more than once. The same input, in the same order, always gives the same output.

    Args:
        y, x: per customer, what they add above and below the line; at most `MOST_UNITS` customers.
        times: how many customers are alike in both; 1 each where it is left out.
        n: what was counted, if that is not the number of customers.
        seed: start of the random numbers; fixed, so that a page does not flicker.

    Returns: EstimateArrays without dimensions; no interval for one customer, or where all are alike. Like every
        bootstrap it is too narrow for fewer than about 20 customers.
    Raises: ValueError for more customers than `MOST_UNITS`.
    Source: Efron (1987), JASA 82, 171-185; Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 14.3.
    """
    above = floats(y)
    below = np.ones_like(above) if x is None else floats(x)
    many = np.ones(len(above), np.int64) if times is None else np.asarray(times, dtype=np.int64)
    customers = int(many.sum())
    if customers > MOST_UNITS:
        raise ValueError(f"{customers} customers are too many to resample; at most {MOST_UNITS}.")
    counted = customers if n is None else n
    value = divide((above * many).sum(), (below * many).sum())
    replicates = np.concatenate([floats([]), *_resampled(above, below, many, resamples, seed)])
    replicates = replicates[np.isfinite(replicates)]
    low, high = bca_ends(value, replicates, _acceleration(above, below, many), confidence)
    return EstimateArrays(
        value=value,
        low=low,
        high=high,
        n=floats(counted),
        method=METHOD,
        se=floats(replicates.std(ddof=1) if len(replicates) > 1 and customers > 1 else np.nan),
        n_customers=floats(customers),
        clustered=np.asarray(counted > customers),
        reason="There is nothing to divide by: nobody counts in the denominator.",
    )


def _resampled(y: Floats, x: Floats, many: NDArray[np.int64], resamples: int, seed: int) -> Iterator[Floats]:
    """The ratio in `resamples` draws with replacement, block by block so that memory stays small.

    Where most customers are alike, only how many of each kind are drawn is left to chance (a multinomial count), which
    is the same lottery and far cheaper.
    """
    m = int(many.sum())
    if m < 2:
        return
    generator = np.random.default_rng(seed)
    by_kind = len(many) * MANY_ALIKE <= m
    if not by_kind:
        y, x = np.repeat(y, many), np.repeat(x, many)
    has_ones = bool((x == 1).all())
    rows = max(1, BLOCK // (len(many) if by_kind else m))
    for start in range(0, resamples, rows):
        size = min(rows, resamples - start)
        if by_kind:
            drawn = generator.multinomial(m, many / m, size=size)
            yield divide(drawn @ y, drawn @ x)
            continue
        places = generator.integers(0, m, size=(size, m), dtype=np.int32)
        yield divide(y[places].sum(axis=1), float(m) if has_ones else x[places].sum(axis=1))


def _acceleration(y: Floats, x: Floats, many: NDArray[np.int64]) -> float:
    """How lopsided the figure is, from what it would be without each customer in turn; not a number below two."""
    left = divide((y * many).sum() - y, (x * many).sum() - x)
    known = np.isfinite(left)
    left, weight = left[known], many[known]
    if weight.sum() < 2:
        return np.nan
    pull = (left * weight).sum() / weight.sum() - left
    return float(np.nan_to_num(divide((weight * pull**3).sum(), 6 * (weight * pull**2).sum() ** 1.5)))


def bca_ends(
    value: Floats, replicates: Floats, acceleration: float, confidence: float
) -> tuple[Floats, Floats]:
    """The two quantiles of the replicates that correct for bias and skewness."""
    if len(replicates) == 0 or np.isnan(acceleration) or np.ptp(replicates) == 0:
        return floats(np.nan), floats(np.nan)
    below = (replicates < value).mean() + (replicates == value).mean() / 2
    bias = normal_quantile(float(np.clip(below, 1 / (2 * len(replicates)), 1 - 1 / (2 * len(replicates)))))
    z = np.array([normal_quantile((1 - confidence) / 2), normal_quantile((1 + confidence) / 2)])
    shifted = bias + z
    at = normal_tail(-(bias + shifted / (1 - acceleration * shifted)))
    low, high = np.quantile(replicates, at)
    return floats(min(low, value)), floats(max(high, value))
