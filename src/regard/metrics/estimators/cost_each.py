"""Cost of each: a known sum of money shared by those who were won with it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from regard.analytics.arrays import DifferenceArrays, EstimateArrays, divide
from regard.analytics.differences.independent import difference_arrays
from regard.analytics.means.totals import count_arrays
from regard.metrics.estimators.estimator import FromSums, Sums


@dataclass(frozen=True, slots=True)
class CostEach(FromSums):
    """Σy/Σx, the sum being known exactly and the number won being an exact Poisson count (Garwood 1936)."""

    def figures(self, sums: Sums) -> EstimateArrays:
        """Cost for each one won; none where nobody was won or nothing was spent."""
        won = count_arrays(sums.x)
        value = np.where(sums.y > 0, divide(sums.y, sums.x), np.nan)
        unknown = np.isnan(value)
        return EstimateArrays(
            value=value,
            low=np.where(unknown, np.nan, divide(sums.y, won.high)),
            high=np.where(unknown, np.nan, divide(sums.y, won.low)),
            n=sums.x,
            method="cost over an exact Poisson count (Garwood)",
            se=divide(value, np.sqrt(sums.x)),
            n_customers=sums.x,
            reason="nobody was won, or no cost was recorded, in this period and group",
        )

    def differences(self, this: Sums, that: Sums) -> DifferenceArrays:
        """MOVER interval and a z test."""
        gaps = difference_arrays(self.figures(this), self.figures(that))
        return replace(gaps, reason="One of the two has no cost or nobody won.")


cost_each = CostEach()
