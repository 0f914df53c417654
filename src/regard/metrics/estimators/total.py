"""Totals: how many, how much."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from regard.analytics.arrays import DifferenceArrays, EstimateArrays
from regard.analytics.differences.independent import welch
from regard.analytics.means.totals import total_arrays
from regard.metrics.estimators.estimator import FromSums, Sums


@dataclass(frozen=True, slots=True)
class Total(FromSums):
    """Σy with the spread of a compound Poisson total over customers (Feller 1968, section XII.2).

    A total of everything that happened has no sampling error. The interval tells how far the same circumstances could
    have given another total, and keeps a change from being called one too soon.

    Args:
        lowest: where the interval is cut.
    """

    lowest: float = 0.0
    adds_up = True

    def figures(self, sums: Sums) -> EstimateArrays:
        """Totals; without a single observation there is none."""
        found = total_arrays(sums.m, sums.y, sums.yy)
        low = np.where(found.low < self.lowest, np.minimum(found.value, self.lowest), found.low)
        return replace(found, low=low, n=sums.n, clustered=sums.n > sums.m)

    def differences(self, this: Sums, that: Sums) -> DifferenceArrays:
        """A z test on the two totals."""
        return welch(self.figures(this), self.figures(that), method="compound Poisson, z test")


total = Total()
signed_total = Total(lowest=-np.inf)
