"""By when was half, or nine in ten, done, when some are still waiting?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import EstimateArrays, Floats
from regard.analytics.times.kaplan_meier import METHOD, SurvivalCurves
from regard.kernel.estimates import Estimate

TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


def _first_at_or_below(curves: SurvivalCurves, curve: Floats, level: float) -> Floats:
    """For each group, the time at which `curve` reaches `level`, or the midpoint of the stretch on which it equals it."""
    rows = np.arange(len(curve))
    reached = np.where(curve < level + TOLERANCE, rows, len(curve))
    below = np.where(curve < level - TOLERANCE, rows, len(curve))
    filled = np.append(reached, len(curve)), np.append(below, len(curve))
    ends = curves.starts[1:]
    first, next_lower = (_least(rows_of, curves.starts) for rows_of in filled)
    time = np.append(curves.time, np.nan)
    found = first < ends
    on_level = found & (next_lower != first) & (next_lower < ends)
    at = time[np.where(found, first, len(curve))]
    later = time[np.where(on_level, next_lower, len(curve))]
    return np.where(on_level, (at + later) / 2, at)


def _least(values: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The smallest of `values` (one longer than the rows) in each group; the length where the group is empty."""
    smallest = np.minimum.reduceat(values, starts[:-1]) if len(starts) > 1 else values[:0]
    return np.where(starts[:-1] < starts[1:], smallest, len(values) - 1)


def waiting_quantile_arrays(curves: SurvivalCurves, share: float = 0.5) -> EstimateArrays:
    """The time by which `share` of each group was done (0.5: the median), with its interval.

    Where the curve runs level exactly at the wanted share, this is the midpoint of that stretch, as R's survfit does;
    other software takes one of its ends. The interval holds the times whose pointwise interval contains the share; its
    upper end is missing where the curve's upper band never comes down that far.

    Returns: EstimateArrays in the unit of the times; no value where too few ended to tell.
    Source: Brookmeyer and Crowley (1982), Biometrics 38, 29-41; Therneau and Grambsch (2000), section 2.1 (survfit).
    """
    if not 0 < share < 1:
        raise ValueError(f"A quantile lies between 0 and 1, not {share}.")
    level = 1 - share
    value = _first_at_or_below(curves, curves.survival, level)
    low = _first_at_or_below(curves, np.where(np.isnan(curves.low), np.inf, curves.low), level)
    high = _first_at_or_below(curves, np.where(np.isnan(curves.high), np.inf, curves.high), level)
    # Where every remaining one ended at once the band stops short: the value bounds what is known.
    low = np.where(np.isnan(low), value, np.fmin(low, value))
    return EstimateArrays(
        value=value,
        low=np.where(np.isnan(value) | ~(curves.df > 0), np.nan, low),
        high=np.where(np.isnan(value), np.nan, high),
        n=curves.n,
        method=METHOD,
        n_customers=curves.n_customers,
        clustered=curves.clustered,
        reason=f"Fewer than {share:.0%} are done, so this time is not known yet.",
    )


def waiting_quantile(curves: SurvivalCurves, share: float = 0.5) -> Estimate:
    """The time by which `share` of the first group was done, with its interval.

    Raises: NotEnoughData where fewer are done.
    Source: Brookmeyer and Crowley (1982), Biometrics 38, 29-41.

    >>> from regard.analytics.times.from_waits import kaplan_meier
    >>> waiting_quantile(kaplan_meier([1, 2, 3, 4], [True, True, True, True]))
    Estimate(value=2.5, low=1.0, high=None, n=4, method='Kaplan–Meier, Greenwood log-log', n_customers=None)
    """
    return waiting_quantile_arrays(curves, share).at(0)
