"""Two figures of different customers: how far apart, and could that be chance?"""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import (
    DifferenceArrays,
    EstimateArrays,
    Floats,
    critical,
    divide,
    floats,
    root,
    two_sided,
)
from regard.kernel.estimates import Difference


def satterthwaite(this: EstimateArrays, that: EstimateArrays) -> Floats:
    """Degrees of freedom of the difference of two figures whose standard errors have their own.

    Source: Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
    """
    first, second = this.se**2, that.se**2
    parts = first**2 / np.where(this.df > 0, this.df, np.nan) + second**2 / np.where(
        that.df > 0, that.df, np.nan
    )
    freedom = divide((first + second) ** 2, parts)
    unknown = np.isnan(this.se + that.se) | ~(this.df > 0) | ~(that.df > 0)
    return np.where(unknown, np.nan, np.where(np.isnan(freedom), np.inf, freedom))


def welch(
    this: EstimateArrays,
    that: EstimateArrays,
    *,
    confidence: float = 0.95,
    method: str = "Welch",
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> DifferenceArrays:
    """`this` less `that`, for each pair, from their standard errors.

    Interval and p stand on the same statistic, so the interval holds 0 exactly where p is above 1 - confidence.
    Figures of the same customers (a period and the one before) usually rise and fall together; then p is a little too
    large and the interval a little too wide, never the other way.

    Returns: DifferenceArrays; nothing where a side has no standard error, no p where both are without any spread.
    Source: Welch (1947), Biometrika 34, 28-35; Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
    """
    df = satterthwaite(this, that)
    se = root(this.se**2 + that.se**2)
    centre = floats(this.centre - that.centre)
    value = this.value - that.value
    # Two groups each without any spread can be equal, but nothing says how sure a difference between them is.
    statistic = np.where((se == 0) & (centre == 0), 0.0, divide(centre, se))
    df = np.where(se == 0, np.inf, df)
    reach = critical(confidence, df) * se
    low = np.where(np.isnan(reach), np.nan, np.fmin(centre - reach, value))
    high = np.where(np.isnan(reach), np.nan, np.fmax(centre + reach, value))
    return DifferenceArrays(
        value=value,
        low=np.clip(low, *bounds),
        high=np.clip(high, *bounds),
        p=two_sided(statistic, df),
        method=method,
        clustered=this.clustered | that.clustered,
    )


def mover(this: EstimateArrays, that: EstimateArrays) -> tuple[Floats, Floats]:
    """Interval of a difference from the two intervals alone, however lopsided they are.

    With Wilson intervals this is Newcombe's hybrid score interval; it serves for medians and rates as well.

    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693-1702 ("MOVER").
    """
    value = this.value - that.value
    low = value - np.hypot(this.value - this.low, that.high - that.value)
    high = value + np.hypot(this.high - this.value, that.value - that.low)
    return low, high


def difference_arrays(
    this: EstimateArrays, that: EstimateArrays, *, confidence: float = 0.95
) -> DifferenceArrays:
    """`this` less `that` for figures of any kind: MOVER interval, and p from the standard errors.

    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.
    """
    plain = welch(this, that, confidence=confidence)
    low, high = mover(this, that)
    return DifferenceArrays(plain.value, low, high, plain.p, "MOVER interval, z test", plain.clustered)


def difference(this: EstimateArrays, that: EstimateArrays, *, confidence: float = 0.95) -> Difference:
    """`this` less `that`, each a single figure with its standard error.

    Raises: NotEnoughData where a side has no interval.
    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693-1702.
    """
    return difference_arrays(this, that, confidence=confidence).at()
