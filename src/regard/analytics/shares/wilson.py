"""The share of answers that are hits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays, Floats, critical, divide, root, together
from regard.kernel.estimates import Estimate

SOURCE = "Wilson (1927), JASA 22(158), 209-212"


def wilson_interval(p: ArrayLike, n: ArrayLike, z: ArrayLike) -> tuple[Floats, Floats]:
    """Ends of the score interval of a share `p` of `n` answers, reaching `z` standard errors.

    `n` may be an effective number and `z` a t quantile. Source: Wilson (1927), JASA 22(158), 209-212.
    """
    p, n, z = together(p, n, z)
    weight = divide(z * z, n)
    centre = (p + weight / 2) / (1 + weight)
    reach = z / (1 + weight) * root(divide(p * (1 - p), n) + divide(weight, 4 * n))
    # At 0 and 1 the ends meet the value; rounding must not leave the value outside.
    low = np.where(p <= 0, 0.0, np.minimum(centre - reach, p))
    high = np.where(p >= 1, 1.0, np.maximum(centre + reach, p))
    known = ~np.isnan(centre + reach)
    return np.where(known, np.maximum(low, 0.0), np.nan), np.where(known, np.minimum(high, 1.0), np.nan)


def share_arrays(hits: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> EstimateArrays:
    """Share of `n` answers that are hits, for each group, with Wilson intervals.

    Args:
        hits: answers that count, 0 <= hits <= n. Skipped questions are in neither number.
        n: answers given, each by another customer (else: `share_clustered_arrays`).

    Returns: EstimateArrays of fractions; no value where n is 0.
    Raises: ValueError for numbers outside their range.
    Source: Wilson (1927), JASA 22(158), 209-212.
    """
    hits, n = together(hits, n)
    if (hits < 0).any() or (hits > n).any():
        raise ValueError("Hits must lie between 0 and the number of answers.")
    value = divide(hits, n)
    low, high = wilson_interval(value, n, critical(confidence))
    return EstimateArrays(
        value=value,
        low=low,
        high=high,
        n=n,
        method="Wilson",
        se=root(divide(value * (1 - value), n)),
        n_effective=n,
    )


def share(hits: int, n: int, *, confidence: float = 0.95) -> Estimate:
    """Share of `n` answers that are hits, with its Wilson interval.

    Args:
        hits: answers that count, 0 <= hits <= n. Skipped questions are in neither number.
        n: answers given.
        confidence: coverage of the interval, strictly between 0 and 1.

    Returns: Estimate; value, low and high are fractions in [0, 1].
    Raises: NotEnoughData if n is 0; ValueError for numbers outside their range.
    Source: Wilson (1927), JASA 22(158), 209-212.

    >>> share(8, 10)
    Estimate(value=0.8, low=0.490..., high=0.943..., n=10, method='Wilson', n_customers=None)
    """
    return share_arrays(hits, n, confidence=confidence).at()
