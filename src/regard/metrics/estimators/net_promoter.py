"""Net scores: the share of one side less the share of the other."""

from __future__ import annotations

from dataclasses import dataclass

from regard.analytics.arrays import DifferenceArrays, EstimateArrays
from regard.analytics.scores.nps import nps_difference_arrays, nps_from_sums
from regard.metrics.estimators.estimator import FromSums, Sums, renamed, weighted


@dataclass(frozen=True, slots=True)
class NetScore(FromSums):
    """Share above less share below in points, with the adjusted Wald interval (Rocks 2016).

    The metric counts `y` as those above less those below, and `above` as those above.
    """

    def figures(self, sums: Sums) -> EstimateArrays:
        """Net scores in points, -100 to 100."""
        above = sums.extra["above"]
        below = above - sums.y
        # Sums of weights leave crumbs below zero.
        middle = (sums.x - above - below).clip(min=0.0)
        found = nps_from_sums(sums.m, above, middle, below.clip(min=0.0), sums.xx, sums.yy, sums.xy, n=sums.n)
        return renamed(found, weighted("adjusted Wald", sums))

    def differences(self, this: Sums, that: Sums) -> DifferenceArrays:
        """Differences in points."""
        return nps_difference_arrays(self.figures(this), self.figures(that))


net_score = NetScore()
