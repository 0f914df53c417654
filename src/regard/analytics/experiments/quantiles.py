"""The middle, or the slowest tenth, of two variants."""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import Floats, divide, floats, two_sided
from regard.analytics.differences.independent import mover
from regard.analytics.distributions.normal import normal_quantile
from regard.analytics.experiments.comparisons import Compared
from regard.analytics.experiments.relative import share_ratio
from regard.analytics.means.quantiles import quantile_arrays

METHOD = "difference of quantiles, MOVER interval of order statistics"
SOURCE = (
    "Zou and Donner (2008), Statistics in Medicine 27, 1693-1702; David and Nagaraja (2003), Order Statistics, "
    "3rd ed., section 7.1"
)


def compare_quantiles(
    this: Floats, that: Floats, share: float = 0.5, *, confidence: float = 0.95
) -> Compared:
    """The value below which `share` of variant `this` lies, against that of baseline `that`, for a single look.

    p stands on the arm of the interval that faces 0, so that it is below 1 - confidence where the interval leaves out 0.

    Returns: Compared without dimensions; no interval where the numbers do not reach far enough to tell an end.
    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693-1702; David and Nagaraja (2003), Order Statistics,
        section 7.1.
    """
    first, second = (quantile_arrays(one, share, confidence=confidence)[0] for one in (this, that))
    low, high = mover(first, second)
    difference = first.value - second.value
    z95 = normal_quantile((1 + confidence) / 2)
    arm = np.where(difference > 0, difference - low, high - difference)
    z = np.where(difference == 0, 0.0, divide(z95 * difference, arm))
    known = ~np.isnan(low + high)
    positive = (first.low > 0) & (second.low > 0)
    ends = share_ratio(first, second)
    return Compared(
        value=first.value,
        baseline=second.value,
        difference=difference,
        low=low,
        high=high,
        p=np.where(known, two_sided(z), np.nan),
        relative=divide(difference, np.where(second.value > 0, second.value, np.nan)),
        relative_low=np.where(positive, ends[0], np.nan),
        relative_high=np.where(positive, ends[1], np.nan),
        se=floats((high - low) / (2 * z95)),
        explained=floats(0.0),
    )
