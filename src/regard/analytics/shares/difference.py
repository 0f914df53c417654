"""Two shares of different customers: how far apart, and could that be chance?"""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import DifferenceArrays, EstimateArrays, divide, root, two_sided
from regard.analytics.differences.independent import mover, satterthwaite
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.estimates import Difference


def share_difference_arrays(this: EstimateArrays, that: EstimateArrays) -> DifferenceArrays:
    """Share `this` less share `that`, for each pair: Newcombe's hybrid score interval and the pooled z test.

    Clustered or weighted shares enter with their effective numbers of answers and with Student's t. Near the border
    interval and p can disagree by a hair, being two methods; what is called a change follows p.

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; the pooled test of Fleiss, Levin and Paik
    (2003), Statistical Methods for Rates and Proportions, 3rd ed., section 3.2.
    """
    value = this.value - that.value
    low, high = mover(this, that)
    n, k = this.n_effective, that.n_effective
    pooled = divide(this.value * n + that.value * k, n + k)
    se = root(pooled * (1 - pooled) * (divide(1.0, n) + divide(1.0, k)))
    statistic = np.where(se > 0, divide(value, se), np.where(np.isnan(se), np.nan, 0.0))
    return DifferenceArrays(
        value=value,
        low=np.maximum(low, -1.0),
        high=np.minimum(high, 1.0),
        p=two_sided(statistic, satterthwaite(this, that)),
        method="Newcombe interval, pooled z test",
        clustered=this.clustered | that.clustered,
    )


def share_difference(hits: int, n: int, other_hits: int, other_n: int) -> Difference:
    """Share hits/n less other_hits/other_n, every answer being of another customer.

    Raises: NotEnoughData where a side has no answers.
    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10.

    >>> share_difference(56, 70, 48, 80)
    Difference(value=0.2..., low=0.05..., high=0.33..., p=0.00..., method='Newcombe interval, pooled z test', ...)
    """
    return share_difference_arrays(share_arrays(hits, n), share_arrays(other_hits, other_n)).at()
