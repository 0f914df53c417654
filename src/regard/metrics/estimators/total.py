"""Totals: how many, how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import DifferenceArrays, EstimateArrays, critical, root
from regard.analytics.differences.independent import welch
from regard.metrics.estimators.estimator import FromSums, Sums

METHOD = "total, compound Poisson over customers"


@dataclass(frozen=True, slots=True)
class Total(FromSums):
    """Σy with the spread that it would show if customers came independently of each other.

    A total of everything that happened has no sampling error. The interval tells how far the same circumstances could
    have given another total: customers arrive as a Poisson process and bring y each, so the variance is Σy² (compound
    Poisson; Klugman, Panjer and Willmot, Loss Models, section 9.3). It keeps a change from being called one too soon.

    Args:
        lowest: where the interval is cut.
    """

    lowest: float = 0.0

    def figures(self, sums: Sums) -> EstimateArrays:
        """Totals; without a single observation there is none."""
        value = np.where(sums.n > 0, sums.y, np.nan)
        se = root(sums.yy)
        reach = critical(0.95) * se
        low = np.maximum(value - reach, np.minimum(value, self.lowest))
        return EstimateArrays(
            value=value,
            low=low,
            high=value + reach,
            n=sums.n,
            method=METHOD,
            se=se,
            n_customers=sums.m,
            clustered=sums.n > sums.m,
            reason="Nothing of the kind happened.",
        )

    def differences(self, this: Sums, that: Sums) -> DifferenceArrays:
        """A z test on the two totals."""
        return welch(self.figures(this), self.figures(that), method="compound Poisson, z test")


total = Total()
signed_total = Total(lowest=-np.inf)
