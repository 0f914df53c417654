"""How each driver is doing: the other coordinate beside its importance."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import EstimateArrays, floats
from regard.analytics.ratios.linearised import ratio_arrays


def performance(
    values: ArrayLike, weights: ArrayLike, customers: NDArray[np.int64] | None, *, confidence: float = 0.95
) -> EstimateArrays:
    """The mean of each driver, clustered by customer; what was not answered is left out.

    Args:
        values: array (n, p), in the drivers' own units; not a number where missing.
        weights: array (n,). customers: array (n,), equal for rows of the same customer.

    Source: Cochran (1977), Sampling Techniques, 3rd ed., section 6.3; as a coordinate Martilla and James (1977),
        Journal of Marketing 41, 77-79.
    """
    numbers, weight = floats(values), floats(weights)
    units = np.arange(len(numbers)) if customers is None else np.unique(customers, return_inverse=True)[1]
    known = np.isfinite(numbers)
    around = np.nanmean(numbers, axis=0)
    sums = np.empty((6, numbers.shape[1]))
    for place, (there, column) in enumerate(zip(known.T, (numbers - around).T, strict=True)):
        above = np.bincount(units[there], weights=(column * weight)[there], minlength=1)
        below = np.bincount(units[there], weights=weight[there], minlength=1)
        some = below > 0
        x, y = below[some], above[some]
        sums[:, place] = len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y
    means = ratio_arrays(*sums, n=known.sum(axis=0), confidence=confidence)
    return EstimateArrays(
        value=means.value + around,
        low=means.low + around,
        high=means.high + around,
        n=means.n,
        method=means.method,
        n_customers=means.n_customers,
    )
