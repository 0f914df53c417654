"""The Net Promoter Score: the share of promoters less the share of detractors, in points from -100 to 100."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import (
    DifferenceArrays,
    EstimateArrays,
    Floats,
    critical,
    divide,
    root,
    together,
)
from regard.analytics.differences.independent import welch
from regard.analytics.ratios.linearised import linearised_variance
from regard.analytics.shares.clustered import effective_n
from regard.kernel.estimates import Difference, Estimate

SOURCE = (
    "Rocks (2016), Interval Estimation for the Net Promoter Score, The American Statistician 70(4), 365-372"
)
METHOD = "adjusted Wald"
POINTS = 100.0


def _adjusted(p: Floats, d: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Score and its standard error after adding 3/4 promoters, 3/2 passives and 3/4 detractors."""
    above = (p * n + 0.75) / (n + 3)
    below = (d * n + 0.75) / (n + 3)
    return above - below, root((above + below - (above - below) ** 2) / (n + 3))


def _interval(value: Floats, centre: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """The ends around the adjusted score, within -1 to 1.

    With one or two answers the shrunk interval can miss what was observed; it is stretched to hold it.
    """
    known = ~np.isnan(centre + reach)
    low = np.where(known, np.clip(np.fmin(centre - reach, value), -1, 1), np.nan)
    return low, np.where(known, np.clip(np.fmax(centre + reach, value), -1, 1), np.nan)


def nps_from_sums(
    m: ArrayLike,
    promoters: ArrayLike,
    passives: ArrayLike,
    detractors: ArrayLike,
    sxx: ArrayLike,
    syy: ArrayLike,
    sxy: ArrayLike,
    *,
    n: ArrayLike | None = None,
    confidence: float = 0.95,
) -> EstimateArrays:
    """The NPS for each group, customers having answered more than once or with weights.

    Args:
        m: customers who answered.
        promoters, passives, detractors: answers of 9-10, 7-8 and 0-6, or the totals of their weights.
        sxx, syy, sxy: totals over customers of x², y² and xy, where x is a customer's (weighted) answers and y is
            promoters less detractors among them.
        n: answers given, if they are weighted. Where n = m and nothing is weighted, this is the plain method.

    Returns: EstimateArrays in points; no value without answers, no interval where one customer answered repeatedly.
    Source: Rocks (2016), The American Statistician 70(4), 365-372; effective n of Kish (1965), Survey Sampling.
    """
    m, above, middle, below, sxx, syy, sxy = together(m, promoters, passives, detractors, sxx, syy, sxy)
    if (above < 0).any() or (middle < 0).any() or (below < 0).any():
        raise ValueError("Promoters, passives and detractors cannot be negative.")
    sx, sy = above + middle + below, above - below
    counted = sx if n is None else together(n, sx)[0]
    p, d = divide(above, sx), divide(below, sx)
    spread = p + d - (p - d) ** 2
    clustered = counted > m
    effective = effective_n(spread, linearised_variance(m, sx, sy, sxx, syy, sxy), sx, sxx, counted, m)
    df = np.where(clustered, m - 1, np.inf)
    centre, se = _adjusted(p, d, effective)
    low, high = _interval(p - d, centre, critical(confidence, df) * se)
    return EstimateArrays(
        value=divide(POINTS * sy, sx),
        low=POINTS * low,
        high=POINTS * high,
        n=counted,
        method=METHOD,
        se=POINTS * se,
        df=df,
        n_customers=m,
        clustered=clustered,
        centre=POINTS * centre,
        n_effective=effective,
        reason="Nobody answered how likely they are to recommend.",
    )


def nps_arrays(
    promoters: ArrayLike, passives: ArrayLike, detractors: ArrayLike, *, confidence: float = 0.95
) -> EstimateArrays:
    """The NPS for each group from its three counts, every customer having answered once.

    Source: Rocks (2016), The American Statistician 70(4), 365-372.
    """
    above, middle, below = together(promoters, passives, detractors)
    n = above + middle + below
    return nps_from_sums(n, above, middle, below, n, above + below, above - below, confidence=confidence)


def nps(promoters: int, passives: int, detractors: int, *, confidence: float = 0.95) -> Estimate:
    """Net Promoter Score of answers from 0 to 10: share of 9-10 less share of 0-6, in points.

    Args:
        promoters, passives, detractors: answers of 9-10, 7-8 and 0-6, each by another customer.

    Returns: Estimate in points from -100 to 100, unrounded.
    Raises: NotEnoughData without answers; ValueError for negative counts.
    Source: Rocks (2016), The American Statistician 70(4), 365-372.

    >>> nps(230, 120, 50)
    Estimate(value=45.0, low=37.76..., high=51.56..., n=400, method='adjusted Wald', n_customers=400)
    """
    return nps_arrays(promoters, passives, detractors, confidence=confidence).at()


def nps_difference_arrays(
    this: EstimateArrays, that: EstimateArrays, *, confidence: float = 0.95
) -> DifferenceArrays:
    """How far one NPS stands from another, for each pair, with a z test (t where clustered) on the adjusted scores.

    The difference shown is the plain one; interval and p are of the adjusted scores and so always agree.

    Source: Rocks (2016), The American Statistician 70(4), 365-372; Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
    """
    return welch(this, that, confidence=confidence, method="adjusted Wald difference", bounds=(-200.0, 200.0))


def nps_difference(this: tuple[int, int, int], that: tuple[int, int, int]) -> Difference:
    """The NPS of `this` less that of `that`, each (promoters, passives, detractors).

    Source: Rocks (2016), The American Statistician 70(4), 365-372.

    >>> nps_difference((209, 114, 57), (230, 120, 50)).p
    0.33...
    """
    return nps_difference_arrays(nps_arrays(*this), nps_arrays(*that)).at()
