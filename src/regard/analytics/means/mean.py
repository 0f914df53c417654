"""The mean of numbers that each belong to another customer."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays
from regard.analytics.ratios.linearised import ratio_arrays
from regard.kernel.estimates import Estimate


def mean_arrays(
    n: ArrayLike,
    sy: ArrayLike,
    syy: ArrayLike,
    *,
    confidence: float = 0.95,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> EstimateArrays:
    """The mean of `n` numbers for each group, from their total and the total of their squares, with a t interval.

    Where customers count more than once, use `ratio_arrays`. Where few numbers are very uneven, use `bca_ratio`.

    Source: Student (1908), Biometrika 6, 1-25.
    """
    return ratio_arrays(n, n, sy, n, syy, sy, confidence=confidence, bounds=bounds, method="mean, t interval")


def mean(values: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """The mean of numbers that each belong to another customer, with its t interval.

    Raises: NotEnoughData if there are none.
    Source: Student (1908), Biometrika 6, 1-25.

    >>> mean([1, 2, 3]).value
    2.0
    """
    numbers = np.asarray(values, dtype=np.float64)
    # Squares are taken around a middle value, so that large numbers of small spread keep their digits.
    around = float(numbers[0]) if len(numbers) else 0.0
    shifted = numbers - around
    estimates = mean_arrays(len(numbers), shifted.sum(), (shifted**2).sum(), confidence=confidence)
    return EstimateArrays(
        value=estimates.value + around,
        low=estimates.low + around,
        high=estimates.high + around,
        n=estimates.n,
        method=estimates.method,
        n_customers=estimates.n_customers,
        reason="There are no values to average.",
    ).at()
