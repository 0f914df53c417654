"""Intervals that hold at every look together, however often somebody looks while the experiment runs."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, divide, floats

METHOD = "asymptotic confidence sequence, valid at every look"
SOURCE = (
    "Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), Annals of Statistics 52, 2613-2640 (equation 9)"
)
# At so many units, both variants together, the interval is tightest for what it could be.
TIGHTEST = 5_000


def mixture(confidence: float = 0.95, tightest: float = TIGHTEST) -> float:
    """ρ², which says for how many units the sequence is tuned. It must be settled before anybody looks.

    Source: Waudby-Smith et al. (2024), appendix B.2.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence lies between 0 and 1, not {confidence}.")
    doubt = -2 * math.log(1 - confidence)
    return (doubt + math.log(doubt + 1)) / tightest


def sequence_reach(n: ArrayLike, *, confidence: float = 0.95, tightest: float = TIGHTEST) -> Floats:
    """How many standard errors the interval reaches to each side after `n` units.

    Where it is tuned for, it reaches 3.0 standard errors; an interval for a single look reaches 1.96.

    Source: Waudby-Smith et al. (2024), Annals of Statistics 52, 2613-2640, equation 9.

    >>> sequence_reach([500, 5000, 50000]).round(2).tolist()
    [3.86, 3.04, 3.24]
    """
    share = mixture(confidence, tightest) * floats(n)
    return np.sqrt(divide(2 * (share + 1) * (np.log1p(share) / 2 - math.log(1 - confidence)), share))


def sequence_p(z: ArrayLike, n: ArrayLike, *, confidence: float = 0.95, tightest: float = TIGHTEST) -> Floats:
    """A p that may be read at every look: the chance that it is ever so small if there is no difference.

    Args:
        z: difference over its standard error. n: units of both variants together.

    Source: Waudby-Smith et al. (2024), Annals of Statistics 52, 2613-2640, appendix B.
    """
    share = mixture(confidence, tightest) * floats(n)
    evidence = share * floats(z) ** 2 / (2 * (share + 1)) - np.log1p(share) / 2
    return np.exp(-np.maximum(evidence, 0.0))
