"""Intervals by resampling, for means and ratios of uneven amounts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays, Floats, divide, floats
from regard.analytics.distributions.normal import normal_quantile, normal_tail

MOST_UNITS = 10_000
"""Above so many customers the delta method is as good and far cheaper."""
RESAMPLES = 4_000
BLOCK = 2_000_000
METHOD = "BCa bootstrap"


def bca_ratio(
    y: ArrayLike,
    x: ArrayLike | None = None,
    *,
    n: int | None = None,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = 2,
) -> EstimateArrays:
    """Σy/Σx (the mean of y without `x`) with its bias-corrected and accelerated bootstrap interval, as one figure.

    Customers are drawn again with replacement, each with all that is theirs, so nothing more is needed where somebody
    counts more than once. The same input always gives the same output.

    Args:
        y, x: per customer, what they add above and below the line; at most `MOST_UNITS` customers.
        n: what was counted, if that is not the number of customers.
        seed: start of the random numbers; fixed, so that a page does not flicker.

    Returns: EstimateArrays without dimensions; no interval for one customer, or where all are alike. Like every
        bootstrap it is too narrow for fewer than about 20 customers.
    Raises: ValueError for more customers than `MOST_UNITS`.
    Source: Efron (1987), JASA 82, 171-185; Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 14.3.
    """
    above = floats(y)
    below = np.ones_like(above) if x is None else floats(x)
    if len(above) > MOST_UNITS:
        raise ValueError(f"{len(above)} customers are too many to resample; at most {MOST_UNITS}.")
    counted = len(above) if n is None else n
    value = divide(above.sum(), below.sum())
    replicates = np.concatenate([floats([]), *_resampled(above, below, resamples, seed)])
    replicates = replicates[np.isfinite(replicates)]
    low, high = _bca_ends(value, replicates, _jackknife(above, below), confidence)
    return EstimateArrays(
        value=value,
        low=low,
        high=high,
        n=floats(counted),
        method=METHOD,
        se=floats(replicates.std(ddof=1) if len(replicates) > 1 and len(above) > 1 else np.nan),
        n_customers=floats(len(above)),
        clustered=np.asarray(counted > len(above)),
        reason="There is nothing to divide by: nobody counts in the denominator.",
    )


def _resampled(y: Floats, x: Floats, resamples: int, seed: int) -> Iterator[Floats]:
    """The ratio in `resamples` draws with replacement, block by block so that memory stays small."""
    m = len(y)
    if m < 2:
        return
    generator = np.random.default_rng(seed)
    rows = max(1, BLOCK // m)
    for start in range(0, resamples, rows):
        drawn = generator.integers(0, m, size=(min(rows, resamples - start), m), dtype=np.int32)
        yield divide(y[drawn].sum(axis=1), x[drawn].sum(axis=1))


def _jackknife(y: Floats, x: Floats) -> Floats:
    """The ratio without each customer in turn."""
    left = divide(y.sum() - y, x.sum() - x)
    return left[np.isfinite(left)]


def _bca_ends(
    value: Floats, replicates: Floats, left_out: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """The two quantiles of the replicates that correct for bias and skewness."""
    if len(replicates) == 0 or len(left_out) < 2 or np.ptp(replicates) == 0:
        return floats(np.nan), floats(np.nan)
    below = (replicates < value).mean() + (replicates == value).mean() / 2
    bias = normal_quantile(float(np.clip(below, 1 / (2 * len(replicates)), 1 - 1 / (2 * len(replicates)))))
    pull = left_out.mean() - left_out
    acceleration = divide((pull**3).sum(), 6 * (pull**2).sum() ** 1.5)
    z = np.array([normal_quantile((1 - confidence) / 2), normal_quantile((1 + confidence) / 2)])
    shifted = bias + z
    at = normal_tail(-(bias + shifted / (1 - np.nan_to_num(acceleration) * shifted)))
    low, high = np.quantile(replicates, at)
    return floats(min(low, value)), floats(max(high, value))
