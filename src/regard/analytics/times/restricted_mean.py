"""How long the wait is on average up to a horizon, when some are still waiting."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays, Floats, critical, divide, floats, root
from regard.analytics.times.kaplan_meier import SurvivalCurves
from regard.kernel.estimates import Estimate


def restricted_mean_arrays(
    curves: SurvivalCurves, horizon: ArrayLike, *, confidence: float = 0.95
) -> EstimateArrays:
    """The mean of the waiting time, counting at most `horizon` of it, for each group.

    It is the area under the Kaplan–Meier curve. Unlike the mean of what has ended it is not pulled down by what is
    still open, and unlike the median it moves with the long waits.

    Args:
        horizon: one for all or one for each group, in the unit of the times. Compare groups at one horizon only.

    Returns: EstimateArrays in the unit of the times; no value where nobody was followed up to the horizon, no
        interval where nothing differed. `welch` compares two of them.
    Source: Irwin (1949), J. Hygiene 47, 188-189; Klein and Moeschberger (2003), Survival Analysis, 2nd ed., section
    4.5; Royston and Parmar (2013), BMC Medical Research Methodology 13, 152.
    """
    group, starts, many = curves.group, curves.starts, curves.n_groups
    until = np.broadcast_to(floats(horizon), (many,))
    if (until <= 0).any():
        raise ValueError("A horizon must be positive.")
    filled = starts[1:] > starts[:-1]
    cut = np.minimum(curves.time, until[group])
    area = _areas(curves, cut, until)
    before = np.concatenate([[0.0], np.cumsum(area)])
    remaining = before[starts[1:][group]] - before[:-1]
    weight = divide(curves.events, curves.at_risk * (curves.at_risk - curves.events))
    counts = (curves.time <= until[group]) & (curves.at_risk > curves.events)
    terms = np.where(counts, remaining**2 * weight, 0.0)
    variance = np.bincount(group, weights=terms, minlength=many) * curves.design
    mean = np.bincount(group, weights=area, minlength=many)
    ends = np.where(filled, starts[1:] - 1, -1)
    first = np.append(cut, np.nan)[np.where(filled, starts[:-1], -1)]
    known = (np.append(curves.time, 0.0)[ends] >= until) | (np.append(curves.survival, 1.0)[ends] <= 0)
    value = np.where(filled & known, first + mean, np.nan)
    se = np.where(np.isnan(value), np.nan, root(variance))
    reach = np.where(se > 0, critical(confidence, curves.df) * se, np.nan)
    return EstimateArrays(
        value=value,
        low=np.maximum(value - reach, 0.0),
        high=np.minimum(value + reach, until),
        n=curves.n,
        method="restricted mean (Kaplan–Meier)",
        se=se,
        df=curves.df,
        n_customers=curves.n_customers,
        clustered=curves.clustered,
        reason="Nobody has been followed as long as the horizon yet.",
    )


def _areas(curves: SurvivalCurves, cut: Floats, until: Floats) -> Floats:
    """The area under each step of the curves, from its own time to the next one or the horizon."""
    last = np.zeros(len(cut), dtype=bool)
    last[curves.starts[1:][curves.starts[1:] > curves.starts[:-1]] - 1] = True
    following = np.where(last, until[curves.group], np.append(cut[1:], 0.0))
    return curves.survival * np.maximum(following - cut, 0.0)


def restricted_mean(curves: SurvivalCurves, horizon: float, *, confidence: float = 0.95) -> Estimate:
    """The mean waiting time of the first group, counting at most `horizon` of it.

    Raises: NotEnoughData where nobody was followed as long.
    Source: Klein and Moeschberger (2003), Survival Analysis, 2nd ed., section 4.5.

    >>> from regard.analytics.times.from_waits import kaplan_meier
    >>> restricted_mean(kaplan_meier([1, 2, 3, 6], [True, True, True, True]), 4).value
    2.5
    """
    return restricted_mean_arrays(curves, horizon, confidence=confidence).at(0)
