"""One series that was changed at a known time: what it did beyond where it was heading."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.given import Effect, effect
from regard.analytics.effects.regression import least_squares
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = (
    "interrupted time series: change of level and slope, first-order autocorrelation by restricted likelihood"
)
SOURCE = "Wagner et al. (2002), J. Clin. Pharm. Ther. 27, 299-309; Prais & Winsten (1954), Cowles Commission 383; Harville (1977), JASA 72, 320-338"
PERIODS = "the periods after"
FEWEST = 8
TRIED = np.arange(0.0, 0.96, 0.03)


@dataclass(frozen=True, slots=True, eq=False)
class Interrupted:
    """What the change did.

    Args:
        mean: the effect on average over the periods after. level: at once; slope: per period.
        time, real: the series. foretold: where it was heading, without the change. began: the first period after.
        together: how much each period goes with the one before, beyond the trend.
    """

    mean: Effect
    level: Effect
    slope: Effect
    time: Floats
    real: Floats
    foretold: Floats
    began: int
    together: float


def interrupted_series(
    time: Floats, outcome: Floats, treatment: Floats, *, confidence: float = 0.95
) -> Interrupted:
    """Level and slope before and after, of the means of each period.

    Raises: NotEnoughData below eight periods before or after; InvalidInput where the treatment ends again.
    Source: Wagner, Soumerai, Zhang and Ross-Degnan (2002), Journal of Clinical Pharmacy and Therapeutics 27, 299-309.
    """
    known = np.isfinite(time) & np.isfinite(outcome) & np.isfinite(treatment)
    periods, place = np.unique(time[known], return_inverse=True)
    n = np.bincount(place)
    series = np.bincount(place, weights=outcome[known]) / n
    status = np.bincount(place, weights=treatment[known]) / n >= 0.5
    if (np.diff(status.astype(np.int8)) < 0).any():
        raise InvalidInput("The treatment ends again. This design needs 0 before and 1 from then on.")
    began = int((~status).sum())
    for many, word in ((began, "before"), (len(periods) - began, "after")):
        if many < FEWEST:
            raise NotEnoughData(
                f"There are {many} periods {word} the change, and this design needs at least {FEWEST}."
            )
    if np.ptp(series) == 0:
        raise InvalidInput("The outcome is the same in every period. There is nothing to tell.")
    at = np.arange(len(periods), dtype=np.float64)
    since = np.where(status, at - began, 0.0)
    x = np.column_stack((np.ones(len(at)), at, status, since))
    coefficients, spread, together = _fitted(x, floats(series))
    middle = (len(at) - began - 1) / 2

    def told(*row: float) -> Effect:
        pick = floats(row)
        error = float(np.sqrt(pick @ spread @ pick))
        df = _df(len(at), together)
        return effect(METHOD, PERIODS, float(pick @ coefficients), error, df=df, confidence=confidence)

    return Interrupted(
        told(0, 0, 1, middle), told(0, 0, 1, 0), told(0, 0, 0, 1), floats(periods), floats(series),
        floats(x[:, :2] @ coefficients[:2]), began, together,
    )  # fmt: skip


def _df(n: int, together: float) -> float:
    """As many independent periods as the series is worth, less the four columns."""
    return max(n * (1 - together) / (1 + together) - 4, 2.0)


def _fitted(x: Floats, y: Floats) -> tuple[Floats, Floats, float]:
    """(coefficients, covariance, how much a period goes with the one before), over all that the series leaves likely.

    How much periods go together is hardly known from a short series; each value counts as its restricted likelihood says.

    Source: Harville (1977), JASA 72, 320-338; Prais and Winsten (1954).
    """
    whole = np.column_stack((x, y))
    fits, heights = [], []
    for together in TRIED:
        turned = _turned(whole, together)
        fit = least_squares(turned[:, :-1], turned[:, -1])
        fits.append((fit.coefficients, fit.classical))
        heights.append(_height(turned, together))
    weight = np.exp(np.array(heights) - max(heights))
    weight /= weight.sum()
    each = np.array([found for found, _ in fits])
    middle = weight @ each
    away = each - middle
    spread = (
        np.einsum("r,rij->ij", weight, np.array([one for _, one in fits])) + (away * weight[:, None]).T @ away
    )
    return floats(middle), floats(spread), float(weight @ TRIED)


def _turned(whole: Floats, together: float) -> Floats:
    first = np.sqrt(1 - together**2) * whole[:1]
    return floats(np.vstack((first, whole[1:] - together * whole[:-1])))


def _height(turned: Floats, together: float) -> float:
    """The logarithm of the restricted likelihood, less what is the same for all."""
    n, k = len(turned), turned.shape[1] - 1
    corner = np.linalg.qr(turned, mode="r")
    log_size = np.log(np.abs(np.diag(corner)))
    return float(0.5 * np.log(1 - together**2) - log_size[:k].sum() - (n - k) * log_size[k])
