"""The mean of complete times, with the median and the 90th percentile beside it."""

from __future__ import annotations

from dataclasses import dataclass

from regard.analytics.arrays import EstimateArrays
from regard.analytics.times.quantiles import waiting_quantile_arrays
from regard.metrics.estimators.estimator import Sums
from regard.metrics.estimators.mean import Mean


@dataclass(frozen=True, slots=True)
class MeanTime(Mean):
    """Σy/Σx by the delta method; quantiles with Brookmeyer and Crowley's interval, here of times that all ended."""

    lowest: float = 0.0
    wants_times = True

    def details(self, sums: Sums) -> dict[str, EstimateArrays]:
        """The median and the 90th percentile."""
        if sums.curves is None:
            return {}
        return {
            "median": waiting_quantile_arrays(sums.curves, 0.5),
            "p90": waiting_quantile_arrays(sums.curves, 0.9),
        }


mean_time = MeanTime()
