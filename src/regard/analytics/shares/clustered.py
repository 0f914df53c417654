"""The share of answers that are hits, where some customers answered more than once or answers carry weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays, Floats, critical, divide, root, together
from regard.analytics.ratios.linearised import linearised_variance
from regard.analytics.shares.wilson import wilson_interval
from regard.kernel.estimates import Estimate

SOURCE = (
    "Wilson (1927) on the effective sample size of Korn and Graubard (1998), Survey Methodology 24, 193-201"
)


def effective_n(
    spread: ArrayLike, variance: ArrayLike, sx: ArrayLike, sxx: ArrayLike, n: ArrayLike, m: ArrayLike
) -> Floats:
    """How many independent answers would tell as much as these `n` of `m` customers.

    Where everyone answered once: Kish's (Σw)²/Σw², which is n without weights. Where somebody answered twice: the
    spread of single answers divided by the linearised variance, at most n; if all answers are alike, so that neither
    is known, each customer counts as one answer ((Σx)²/Σx²).

    Args:
        spread: variance of a single answer, such as p(1-p). variance: linearised variance of the figure.
        sx, sxx: totals over customers of x and x², x being the (weighted) number of answers of a customer.

    Source: Kish (1965), Survey Sampling, section 8.2 and 11.7; Korn and Graubard (1998), Survey Methodology 24, 193-201.
    """
    spread, variance, sx, sxx, n, m = together(spread, variance, sx, sxx, n, m)
    kish = divide(sx * sx, sxx)
    by_variance = np.minimum(divide(spread, variance), n)
    alike = (variance <= 0) | (spread <= 0)
    repeated = np.where(alike, kish, by_variance)
    # A single customer, however often they answered, says nothing on how customers differ.
    return np.where(n > m, np.where(m > 1, repeated, np.nan), kish)


def share_clustered_arrays(
    m: ArrayLike,
    sx: ArrayLike,
    sy: ArrayLike,
    sxx: ArrayLike,
    syy: ArrayLike,
    sxy: ArrayLike,
    *,
    n: ArrayLike | None = None,
    variance: ArrayLike | None = None,
    confidence: float = 0.95,
) -> EstimateArrays:
    """Share Σy/Σx of answers that are hits, for each group, with Wilson intervals on the effective number of answers.

    Args:
        m: customers who answered. sx, sy: answers and hits (or their weights) in all.
        sxx, syy, sxy: totals over customers of answers², hits² and answers × hits.
        n: answers given, if x is weighted. Where n = m (everyone once) and nothing is weighted, this is plain Wilson.
        variance: of the share, where single customers are at hand to tell it by the jackknife; linearised if not given.

    Returns: EstimateArrays of fractions; no value where Σx is 0, no interval where one customer answered repeatedly.
    Source: Wilson (1927), JASA 22(158), 209-212; Korn and Graubard (1998), Survey Methodology 24, 193-201; degrees of freedom:
        Carter, Schnepel and Steigerwald (2017), Rev. Econ. Stat. 99, 698-709, with Kish's (Σx)²/Σx² customers in place of m.
    """
    m, sx, sy, sxx, syy, sxy = together(m, sx, sy, sxx, syy, sxy)
    counted = sx if n is None else together(n, sx)[0]
    value = np.clip(divide(sy, sx), 0.0, 1.0)
    spread = value * (1 - value)
    clustered = counted > m
    told = linearised_variance(m, sx, sy, sxx, syy, sxy) if variance is None else variance
    effective = effective_n(spread, told, sx, sxx, counted, m)
    # Customers who answer much more often than others make the spread as unsure as if there were fewer of them.
    df = np.where(clustered, np.where(m > 1, np.maximum(divide(sx * sx, sxx) - 1, 1.0), m - 1), np.inf)
    low, high = wilson_interval(value, effective, critical(confidence, df))
    return EstimateArrays(
        value=value,
        low=low,
        high=high,
        n=counted,
        method="Wilson",
        se=root(divide(spread, effective)),
        df=df,
        n_customers=m,
        clustered=clustered,
        n_effective=effective,
    )


def share_clustered(
    m: int,
    sx: float,
    sy: float,
    sxx: float,
    syy: float,
    sxy: float,
    *,
    n: int | None = None,
    confidence: float = 0.95,
) -> Estimate:
    """Share of answers that are hits, customers having answered more than once. See `share_clustered_arrays`.

    Raises: NotEnoughData if there are no answers.
    Source: Wilson (1927); Korn and Graubard (1998), Survey Methodology 24, 193-201.

    >>> share_clustered(80, 400, 200, 2000, 1000, 1000)  # 80 customers, five alike answers each, half of them hits
    Estimate(value=0.5, low=0.39..., high=0.60..., n=400, method='Wilson, clustered by customer', n_customers=80)
    """
    return share_clustered_arrays(m, sx, sy, sxx, syy, sxy, n=n, confidence=confidence).at()
