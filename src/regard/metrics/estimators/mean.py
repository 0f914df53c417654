"""Means and other ratios of sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import DifferenceArrays, EstimateArrays
from regard.analytics.differences.independent import welch
from regard.analytics.ratios.linearised import ratio_arrays
from regard.metrics.estimators.estimator import FromSums, Sums, renamed, weighted


@dataclass(frozen=True, slots=True)
class Mean(FromSums):
    """Σy/Σx with its interval by the delta method over customers (Cochran 1977, section 6.3).

    Args:
        lowest, highest: values that cannot be exceeded; the interval is cut there.
    """

    lowest: float = -np.inf
    highest: float = np.inf
    resamples = True

    def figures(self, sums: Sums) -> EstimateArrays:
        """Ratios with t intervals on the customers' residuals."""
        bounds = (self.lowest, self.highest)
        parts = (sums.m, sums.x, sums.y, sums.xx, sums.yy, sums.xy)
        found = ratio_arrays(*parts, n=sums.n, bounds=bounds)
        plain = bool(np.all((sums.x == sums.m) & (sums.n == sums.m)))
        return renamed(found, weighted("mean, t interval" if plain else "ratio of sums, delta method", sums))

    def differences(self, this: Sums, that: Sums) -> DifferenceArrays:
        """Welch's test on the linearised standard errors."""
        return welch(self.figures(this), self.figures(that))


mean = Mean()
not_negative_mean = Mean(lowest=0.0)
