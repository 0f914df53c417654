"""Shares: how many of those who could, did."""

from __future__ import annotations

from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Rest(Share):
    """(Σx − Σy)/Σx: the share of those who could and did not. Its counts are those of the share that it completes."""

    def figures(self, sums: Sums) -> EstimateArrays:
        """Shares with Wilson intervals."""
        y, yy, xy = sums.x - sums.y, sums.xx - 2 * sums.xy + sums.yy, sums.xx - sums.xy
        return Share.figures(self, replace(sums, y=y, yy=yy, xy=xy))


share = Share()
rest = Rest()
