"""Shares: how many of those who could, did."""

from __future__ import annotations

from dataclasses import dataclass

from regard.analytics.arrays import DifferenceArrays, EstimateArrays
from regard.analytics.shares.clustered import share_clustered_arrays
from regard.analytics.shares.difference import share_difference_arrays
from regard.metrics.estimators.estimator import FromSums, Sums, renamed, weighted


@dataclass(frozen=True, slots=True)
class Share(FromSums):
    """Σy/Σx as a fraction with its Wilson interval (Wilson 1927), on the effective n where clustered or weighted."""

    def figures(self, sums: Sums) -> EstimateArrays:
        """Shares with Wilson intervals."""
        found = share_clustered_arrays(sums.m, sums.x, sums.y, sums.xx, sums.yy, sums.xy, n=sums.n)
        return renamed(found, weighted("Wilson", sums))

    def differences(self, this: Sums, that: Sums) -> DifferenceArrays:
        """Newcombe's interval and the pooled test."""
        return share_difference_arrays(self.figures(this), self.figures(that))


share = Share()
