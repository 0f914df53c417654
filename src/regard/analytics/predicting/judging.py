"""How good foretold chances are: whether they tell apart, and whether they come true as often as they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import EstimateArrays, Floats, critical, divide, floats, two_sided
from regard.analytics.predicting.logistic import fit_logistic, log_odds
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.errors import NotEnoughData

METHOD = "AUC with DeLong's interval; Brier score against the base rate; reliability by tenths with Wilson intervals"
SOURCE = (
    "DeLong, DeLong & Clarke-Pearson (1988), Biometrics 44, 837-845; Brier (1950), Mon. Weather Rev. 78, 1-3; "
    "Cox (1958), Biometrika 45, 562-565"
)
BINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """What came true of what was foretold, by groups of equal size from the smallest chances to the largest.

    Args:
        foretold: array (bins,), the mean chance in each. came_true: the share that it came true for.
        intercept, slope: of the log odds of coming true on those foretold; 0 and 1 where all is right.
    """

    foretold: Floats
    came_true: EstimateArrays
    intercept: float
    slope: float
    slope_low: float
    slope_high: float

    @property
    def error(self) -> float:
        """How far foretold and true lie apart on average, as a share."""
        away = np.abs(self.foretold - self.came_true.value)
        return float(np.average(away, weights=self.came_true.n))


def auc(chance: ArrayLike, outcome: ArrayLike) -> float:
    """How often a yes by lot has a higher chance than a no by lot; equal ones count half.

    Source: Hanley and McNeil (1982), Radiology 143, 29-36.

    >>> auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    """
    return float(_placements(floats(chance), floats(outcome))[0].mean())


def auc_estimate(
    chance: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95
) -> tuple[float, float, float]:
    """(AUC, low, high), the interval made on its log odds so that it stays between 0 and 1.

    Source: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845; Pepe (2003), section 5.2.
    """
    above, below = _placements(floats(chance), floats(outcome))
    value = float(above.mean())
    if not 0 < value < 1:
        return value, value, value
    se = float(np.sqrt(above.var(ddof=1) / len(above) + below.var(ddof=1) / len(below)))
    reach = float(critical(confidence)) * se / (value * (1 - value))
    low, high = (1 / (1 + np.exp(-(np.log(value / (1 - value)) + way * reach))) for way in (-1, 1))
    return value, float(low), float(high)


def auc_difference(one: ArrayLike, other: ArrayLike, outcome: ArrayLike) -> tuple[float, float, float]:
    """(difference, standard error, p) of two AUCs on the same rows.

    Source: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845.
    """
    y = floats(outcome)
    (above, below), (above2, below2) = _placements(floats(one), y), _placements(floats(other), y)
    up, down = above - above2, below - below2
    se = float(np.sqrt(up.var(ddof=1) / len(up) + down.var(ddof=1) / len(down)))
    difference = float(up.mean())
    return difference, se, float(two_sided(divide(difference, se))) if se else 1.0


def _placements(chance: Floats, outcome: Floats) -> tuple[Floats, Floats]:
    """Of each yes, the share of noes below it; of each no, the share of yeses above it."""
    yes, no = chance[outcome > 0.5], chance[outcome <= 0.5]
    if len(yes) < 2 or len(no) < 2:
        raise NotEnoughData("Telling apart needs at least two rows of each kind of outcome.")
    return _share_below(yes, no), floats(1 - _share_below(no, yes))


def _share_below(values: Floats, others: Floats) -> Floats:
    """Of each value, the share of the others below it; equal ones count half."""
    ranked = np.sort(others)
    both = np.searchsorted(ranked, values, "left") + np.searchsorted(ranked, values, "right")
    return floats(both / (2 * len(others)))


def brier(chance: ArrayLike, outcome: ArrayLike) -> tuple[float, float]:
    """(Brier score, that of foretelling the base rate to everybody); smaller is better.

    Source: Brier (1950), Monthly Weather Review 78, 1-3.

    >>> brier([0.75, 0.25], [1, 0])
    (0.0625, 0.25)
    """
    p, y = floats(chance), floats(outcome)
    return float(((p - y) ** 2).mean()), float(y.mean() * (1 - y.mean()))


def reliability(chance: ArrayLike, outcome: ArrayLike, *, confidence: float = 0.95) -> Reliability:
    """Whether what was foretold with a chance came true that often.

    Source: Cox (1958), Biometrika 45, 562-565; Wilson (1927), JASA 22(158), 209-212.
    """
    p, y = floats(chance), floats(outcome)
    bins = _tenths(p)
    n = np.bincount(bins)
    line = fit_logistic(log_odds(p)[:, None], y, ridge=0.0) if np.ptp(p) > 0 else None
    slope = float(line.slopes[0]) if line else np.nan
    reach = float(critical(confidence) * np.sqrt(line.covariance[1, 1])) if line else np.nan
    return Reliability(
        foretold=floats(np.bincount(bins, weights=p) / n),
        came_true=share_arrays(np.bincount(bins, weights=y), n, confidence=confidence),
        intercept=line.intercept if line else np.nan,
        slope=slope,
        slope_low=slope - reach,
        slope_high=slope + reach,
    )


def _tenths(chance: Floats) -> NDArray[np.int64]:
    """The tenth of each; equal chances stand in the same one."""
    edges = np.unique(np.quantile(chance, np.linspace(0, 1, BINS + 1))[1:-1])
    found = np.searchsorted(edges, chance, "left")
    return np.unique(found, return_inverse=True)[1].astype(np.int64)
