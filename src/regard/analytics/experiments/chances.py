"""The chance that a variant is better than its baseline, and what is lost on average if it is not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, divide, floats, root
from regard.analytics.distributions.normal import normal_tail

METHOD = "normal posterior"
SOURCE = "Stucchio (2015), Bayesian A/B Testing at VWO; Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.5"


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """Of each variant; arrays of one shape.

    Args:
        chance_to_win: that the variant is better than its baseline.
        risk: what is lost on average if the variant is taken. baseline_risk: if the baseline is kept. Both in the
            unit of the difference, what is gained on the other side counting as no loss.
        mean, sd: of the difference, after prior and data.
    """

    chance_to_win: Floats
    risk: Floats
    baseline_risk: Floats
    mean: Floats
    sd: Floats


def chances(
    difference: ArrayLike, se: ArrayLike, *, prior_sd: ArrayLike = np.inf, lower_is_better: bool = False
) -> Chances:
    """What to believe of a difference after the data.

    Args:
        difference, se: as observed, with their standard error.
        prior_sd: how large differences usually are, as the standard deviation of a normal prior around 0; infinite
            where nothing is known before.

    Source: Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 2.5; Stucchio (2015), Bayesian A/B Testing at VWO.

    >>> found = chances(0.05, 0.03)
    >>> found.chance_to_win.round(4).item(), found.risk.round(5).item()
    (0.9522, 0.00059)
    """
    observed, error, prior = floats(difference), floats(se), floats(prior_sd)
    # A difference without any spread says nothing of how sure it is.
    error = np.where(error > 0, error, np.nan)
    kept = divide(1.0, 1.0 + divide(error**2, prior**2))
    mean, sd = kept * observed, root(kept * error**2)
    z = divide(mean, sd)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    above = sd * density + mean * normal_tail(-z)
    below = np.maximum(sd * density - mean * normal_tail(z), 0.0)
    if lower_is_better:
        return Chances(normal_tail(z), above, below, mean, sd)
    return Chances(normal_tail(-z), below, np.maximum(above, 0.0), mean, sd)
