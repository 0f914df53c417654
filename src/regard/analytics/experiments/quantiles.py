"""The middle, or the slowest tenth, of two variants."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from regard.analytics.arrays import EstimateArrays, Floats, divide, floats, two_sided
from regard.analytics.differences.independent import mover
from regard.analytics.distributions.normal import normal_quantile
from regard.analytics.experiments import sequences
from regard.analytics.experiments.comparisons import Compared
from regard.analytics.experiments.relative import share_ratio
from regard.analytics.means.quantiles import quantile_arrays

METHOD = "difference of quantiles, MOVER interval of order statistics"
SOURCE = (
    "Zou and Donner (2008), Statistics in Medicine 27, 1693-1702; David and Nagaraja (2003), Order Statistics, "
    "3rd ed., section 7.1"
)
SEQUENCE_SOURCE = f"{SOURCE}; Howard and Ramdas (2022), Bernoulli 28, 1704-1728"


def compare_quantiles(
    this: Floats,
    that: Floats,
    share: float = 0.5,
    *,
    confidence: float = 0.95,
    tightest: float | None = None,
) -> Compared:
    """The value below which `share` of variant `this` lies, against that of baseline `that`.

    p stands on the arm of the interval that faces 0, so that it is below 1 - confidence where the interval leaves out 0.

    Args:
        tightest: for an experiment that is looked at while it runs, see `comparisons.compare`: how many lie below the
            quantile is then followed by a confidence sequence, and turned into ranks.

    Returns: Compared without dimensions; no interval where the numbers do not reach far enough to tell an end.
    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693-1702; David and Nagaraja (2003), Order Statistics,
        section 7.1. Every look: Howard and Ramdas (2022), Bernoulli 28, 1704-1728, with the asymptotic sequence of
        Waudby-Smith et al. (2024), Annals of Statistics 52, 2613-2640.
    """
    units = floats(len(this) + len(that))
    if tightest is None:
        reach = floats(normal_quantile((1 + confidence) / 2))
        first, second = (quantile_arrays(one, share, confidence=confidence)[0] for one in (this, that))
    else:
        reach = sequences.sequence_reach(units, confidence=confidence, tightest=tightest)
        first, second = (_within(one, share, float(reach))[0] for one in (this, that))
    low, high = mover(first, second)
    difference = first.value - second.value
    z = _distance(difference, low, high, reach)
    if tightest is None:
        p = two_sided(z)
    else:
        p = sequences.sequence_p(z, units, confidence=confidence, tightest=tightest)
    positive = (first.low > 0) & (second.low > 0)
    ends = share_ratio(first, second)
    return Compared(
        value=first.value,
        baseline=second.value,
        difference=difference,
        low=low,
        high=high,
        p=np.where(np.isnan(low + high), np.nan, p),
        relative=divide(difference, np.where(second.value > 0, second.value, np.nan)),
        relative_low=np.where(positive, ends[0], np.nan),
        relative_high=np.where(positive, ends[1], np.nan),
        se=floats((high - low) / (2 * reach)),
        explained=floats(0.0),
    )


def _distance(difference: Floats, low: Floats, high: Floats, reach: Floats) -> Floats:
    """How many standard errors lie between the difference and 0, by the arm of the interval that faces it."""
    arm = np.where(difference > 0, difference - low, high - difference)
    return floats(np.where(difference == 0, 0.0, divide(reach * difference, arm)))


def _within(values: Floats, share: float, reach: float) -> EstimateArrays:
    """The quantile, and the numbers at the ranks that lie so many standard errors of a share away."""
    n = len(values)
    away = reach * math.sqrt(share * (1 - share) / n)
    ranks = math.floor(n * (share - away)), math.ceil(n * (share + away)) + 1
    ends = [np.partition(values, rank - 1)[rank - 1] if 1 <= rank <= n else np.nan for rank in ranks]
    found = quantile_arrays(values, share)
    return replace(found, low=floats([ends[0]]), high=floats([ends[1]]))
