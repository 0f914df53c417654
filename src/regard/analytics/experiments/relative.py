"""A difference as a share of the baseline, with the baseline's own uncertainty in its interval."""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import EstimateArrays, Floats, divide, root
from regard.analytics.experiments.effects import Effects

SOURCE = "Fieller (1954), J. R. Statist. Soc. B 16, 175-185"


def fieller(found: Effects, reach: Floats) -> tuple[Floats, Floats]:
    """Ends of difference / baseline; not a number where the baseline cannot be told from 0.

    Args:
        reach: how many standard errors the interval reaches to each side.

    Source: Fieller (1954), J. R. Statist. Soc. B 16, 175-185.
    """
    square = reach**2
    leading = found.baseline**2 - square * found.baseline_variance
    middle = found.difference * found.baseline - square * found.covariance
    last = found.difference**2 - square * found.variance
    under = middle**2 - leading * last
    known = (leading > 0) & (under >= 0)
    leading = np.where(known, leading, np.nan)
    width = root(np.where(known, under, np.nan))
    return divide(middle - width, leading), divide(middle + width, leading)


def share_ratio(this: EstimateArrays, that: EstimateArrays) -> tuple[Floats, Floats]:
    """Ends of share `this` / share `that` less 1, from the two Wilson intervals, however lopsided.

    Source: Donner and Zou (2012), Statistical Methods in Medical Research 21, 347-359 (MOVER for ratios).
    """
    product = this.value * that.value
    below = this.low * (2 * this.value - this.low)
    above = this.high * (2 * this.value - this.high)
    far = that.high * (2 * that.value - that.high)
    near = that.low * (2 * that.value - that.low)
    low = divide(product - root(product**2 - below * far), far)
    high = divide(product + root(product**2 - above * near), np.where(near > 0, near, np.nan))
    known = (far > 0) & (product**2 - above * near >= 0)
    return np.where(known, np.maximum(low, 0.0), np.nan) - 1, np.where(known, high, np.nan) - 1
