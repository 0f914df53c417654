"""Waiting times of which some are still going on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import DifferenceArrays, EstimateArrays, floats
from regard.analytics.times.differences import waiting_quantile_difference
from regard.analytics.times.quantiles import waiting_quantile_arrays
from regard.analytics.times.restricted_mean import restricted_mean_arrays
from regard.metrics.estimators.estimator import Sums

THIRTY_DAYS = 30 * 86_400.0


@dataclass(frozen=True, slots=True)
class MedianWait:
    """The Kaplan–Meier median, and beside it the 90th percentile and the restricted mean.

    Args:
        horizon: seconds that the restricted mean counts at most of each wait; the same for all groups, so that they
            can be compared. Groups that nobody followed as long have none.
    """

    horizon: float = THIRTY_DAYS
    event_time = True
    wants_times = False
    resamples = False
    adds_up = False

    def figures(self, sums: Sums) -> EstimateArrays:
        """Medians in seconds with Brookmeyer and Crowley's interval."""
        assert sums.curves is not None
        return waiting_quantile_arrays(sums.curves, 0.5)

    def details(self, sums: Sums) -> dict[str, EstimateArrays]:
        """The 90th percentile, the restricted mean, and the share that had ended."""
        assert sums.curves is not None
        horizon = min(self.horizon, float(sums.curves.time.max(initial=0.0)))
        found = {"p90": waiting_quantile_arrays(sums.curves, 0.9)}
        if horizon > 0:
            found["restricted_mean"] = restricted_mean_arrays(sums.curves, floats(horizon))
            # Up to the last instant ends a microsecond after it, which is nobody's horizon.
            seconds = np.full(sums.curves.n_groups, round(horizon, 3))
            found["restricted_to"] = EstimateArrays(seconds, seconds, seconds, sums.n, "horizon")
        return found

    def differences(self, this: Sums, that: Sums) -> DifferenceArrays:
        """Interval from the two intervals (MOVER), p on the log-log scale of the curves."""
        assert this.curves is not None
        assert that.curves is not None
        return waiting_quantile_difference(this.curves, that.curves, 0.5)


median_wait = MedianWait()
