"""How much altogether, how many, and how many for each unit of exposure?"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import DifferenceArrays, EstimateArrays, critical, divide, floats, root, together
from regard.analytics.differences.independent import mover


def total_arrays(m: ArrayLike, sy: ArrayLike, syy: ArrayLike, *, confidence: float = 0.95) -> EstimateArrays:
    """A total over customers (revenue, orders) for each group, with the interval of a compound Poisson total.

    The figure itself is exact: it is what happened. The interval says how far it could have come out otherwise with
    the same customers' habits: customers come independently of each other, as in a Poisson process, each with all of
    theirs, so the variance is the total of squares per customer. It is what a change of the total is judged by.

    Args:
        m: customers. sy: the total. syy: total of the squares, taken per customer first.

    Returns: EstimateArrays in the unit of y; no interval below two customers, no value where nobody came.
    Source: Feller (1968), An Introduction to Probability Theory, vol. 1, 3rd ed., section XII.2.
    """
    m, sy, syy = together(m, sy, syy)
    value = np.where(m > 0, sy, np.nan)
    se = np.where(m > 1, root(syy), np.nan)
    reach = np.where(se > 0, critical(confidence) * se, np.nan)
    return EstimateArrays(
        value=value,
        low=value - reach,
        high=value + reach,
        n=m,
        method="total, compound Poisson",
        se=se,
        n_customers=m,
        reason="There is nothing to add up.",
    )


def count_arrays(events: ArrayLike, exposure: ArrayLike = 1.0, *, confidence: float = 0.95) -> EstimateArrays:
    """Events for each unit of exposure (days, customers; 1 for the bare count), with the exact Poisson interval.

    Each event should be of another customer; where customers bring several, use `total_arrays` (totals) or
    `ratio_arrays` (rates).

    Returns: EstimateArrays; no value where the exposure is 0. No events in a known exposure are 0, with an upper end.
    Source: Garwood (1936), Biometrika 28, 437-442.
    """
    from scipy import special  # its import takes longer than most answers

    events, exposure = together(events, exposure)
    if (events < 0).any() or (exposure < 0).any():
        raise ValueError("Events and exposure cannot be negative.")
    critical(confidence)
    tail = (1 - confidence) / 2
    low = np.where(events > 0, special.gammaincinv(np.maximum(events, 1), tail), 0.0)
    high = special.gammaincinv(events + 1, 1 - tail)
    return EstimateArrays(
        value=divide(events, exposure),
        low=divide(low, exposure),
        high=divide(high, exposure),
        n=events,
        method="exact Poisson (Garwood)",
        se=divide(root(events), exposure),
        n_effective=events,
        reason="There was nothing in which it could have happened.",
    )


def count_difference_arrays(
    events: ArrayLike, other_events: ArrayLike, exposure: ArrayLike = 1.0, other_exposure: ArrayLike = 1.0
) -> DifferenceArrays:
    """Rate of `events` less rate of `other_events`, for each pair: MOVER interval and the exact conditional test.

    Given their sum, the events of one side are binomial with its part of the exposure; p is twice the smaller tail.

    Source: Przyborowski and Wilenski (1940), Biometrika 31, 313-323; Zou and Donner (2008), Statistics in Medicine 27.
    """
    from scipy import special  # its import takes longer than most answers

    k, other, time, other_time = together(events, other_events, exposure, other_exposure)
    this, that = count_arrays(k, time), count_arrays(other, other_time)
    low, high = mover(this, that)
    part = divide(time, time + other_time)
    lower = special.bdtr(k, (k + other).astype(np.int64), part)
    upper = special.bdtrc(k - 1, (k + other).astype(np.int64), part)
    upper = np.where(k <= 0, 1.0, upper)
    p = np.where(k + other > 0, np.minimum(2 * np.minimum(lower, upper), 1.0), 1.0)
    return DifferenceArrays(
        value=this.value - that.value,
        low=low,
        high=high,
        p=np.where(np.isnan(floats(this.value - that.value)), np.nan, p),
        method="MOVER interval, exact Poisson test",
    )
