"""By how much faster something happens in one group than in another, at every moment: Cox's proportional hazards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, critical, divide, floats, two_sided
from regard.kernel.errors import NotEnoughData

METHOD = "Cox proportional hazards, Efron's ties; proportionality by scaled Schoenfeld residuals over ranks of time"
SOURCE = (
    "Cox (1972), J. R. Statist. Soc. B 34, 187-220; Efron (1977), JASA 72, 557-565; Grambsch & Therneau (1994), "
    "Biometrika 81, 515-526"
)
MOST_STEPS = 50
LARGEST = 20.0


@dataclass(frozen=True, slots=True, eq=False)
class CoxModel:
    """Proportional hazards of p columns.

    Args:
        coefficients, se: array (p,), on the logarithm of the hazard, per unit of the column.
        covariance: array (p, p). low, high: array (p,), the ends of the hazard ratios' intervals. p: two-sided.
        proportional_p: array (p,), the chance of residuals that go with time as much, if the ratio is the same at all
            times; small where it is not.
    """

    n: int
    n_events: int
    coefficients: Floats
    covariance: Floats
    low: Floats
    high: Floats
    p: Floats
    proportional_p: Floats
    log_likelihood: float

    @property
    def se(self) -> Floats:
        """Standard errors of the coefficients."""
        return floats(np.sqrt(np.diag(self.covariance)))

    @property
    def hazard_ratios(self) -> Floats:
        """How many times as fast it happens with one unit more."""
        return floats(np.exp(self.coefficients))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows from the latest time to the earliest.

    Args:
        moment: array (n,), the place of each row's time among the distinct ones, the latest first.
        last: array (moments,), the last row that is at risk at each. deaths: how many end at each.
        of_end: array (ends,), the moment of each end, one element for each. step: its place among the ends of its
            moment, as a share of them.
    """

    x: Floats
    event: NDArray[np.bool_]
    moment: NDArray[np.int64]
    last: NDArray[np.int64]
    of_end: NDArray[np.int64]
    step: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """The likelihood at some coefficients, with its slope and bend; `means` are the expected columns at each end."""

    height: float
    slope: Floats
    bend: Floats
    means: Floats


def cox_model(columns: ArrayLike, time: ArrayLike, ended: ArrayLike, *, confidence: float = 0.95) -> CoxModel:
    """How much faster it ends with one unit more of each column, the others held fixed.

    Args:
        columns: array (n, p), no value missing. time: array (n,), 0 or more. ended: false where it still went on.

    Raises: NotEnoughData where nothing ended, columns repeat each other, or one tells who ends without fail.
    Source: Cox (1972); Efron (1977), JASA 72, 557-565; Grambsch and Therneau (1994), Biometrika 81, 515-526.
    """
    x, waited, done = floats(columns), floats(time), np.asarray(ended, dtype=bool)
    if int(done.sum()) <= x.shape[1]:
        raise NotEnoughData(f"Only {int(done.sum())} ended; {x.shape[1]} comparisons need more.")
    scale = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    rows = _rows((x - x.mean(axis=0)) / scale, waited, done)
    found = np.zeros(x.shape[1])
    state = _state(rows, found)
    for _ in range(MOST_STEPS):
        if np.linalg.cond(state.bend) > 1e12:
            raise NotEnoughData(
                "Groups or columns repeat each other, or in one of them nothing ends. Put some together."
            )
        step = np.linalg.solve(state.bend, state.slope)
        for _ in range(30):
            tried = _state(rows, found + step)
            if tried.height >= state.height - 1e-10:
                break
            step = step / 2
        found, state = found + step, tried
        if np.abs(found).max() > LARGEST:
            raise NotEnoughData(
                "In one group nothing ends, or all do before anybody else. Put groups together."
            )
        if np.abs(step).max() < 1e-9:
            break
    return _told(rows, found, state, scale, confidence)


def _told(rows: _Rows, found: Floats, state: _State, scale: Floats, confidence: float) -> CoxModel:
    inverse = floats(np.linalg.inv(state.bend))
    se = np.sqrt(np.diag(inverse))
    reach = float(critical(confidence)) * se
    return CoxModel(
        n=len(rows.x),
        n_events=len(rows.of_end),
        coefficients=found / scale,
        covariance=inverse / np.outer(scale, scale),
        low=np.exp((found - reach) / scale),
        high=np.exp((found + reach) / scale),
        p=two_sided(found / se),
        proportional_p=_proportional(rows, state, inverse),
        log_likelihood=state.height,
    )


def _rows(x: Floats, time: Floats, ended: NDArray[np.bool_]) -> _Rows:
    order = np.lexsort((~ended, -time))
    moments, moment = np.unique(-time[order], return_inverse=True)
    last = np.searchsorted(moment, np.arange(len(moments)), "right") - 1
    done = ended[order]
    deaths = np.bincount(moment[done], minlength=len(moments))
    of_end = np.repeat(np.arange(len(moments)), deaths)
    before = np.concatenate(([0], np.cumsum(deaths)))[:-1]
    step = (np.arange(len(of_end)) - before[of_end]) / deaths[of_end]
    return _Rows(x[order], done, moment.astype(np.int64), last, of_end, floats(step))


def _state(rows: _Rows, found: Floats) -> _State:
    """By Efron, who takes the ends of one moment as happening one after the other, in any order."""
    index = rows.x @ found
    weight = np.exp(index)
    at_risk = np.cumsum(weight)[rows.last]
    sums = np.cumsum(weight[:, None] * rows.x, axis=0)[rows.last]
    many, done = len(rows.last), rows.event
    dying = np.bincount(rows.moment[done], weights=weight[done], minlength=many)
    dying_sums = np.stack(
        [
            np.bincount(rows.moment[done], weights=column, minlength=many)
            for column in (weight[:, None] * rows.x)[done].T
        ],
        axis=1,
    )
    end, step = rows.of_end, rows.step
    left = at_risk[end] - step * dying[end]
    means = (sums[end] - step[:, None] * dying_sums[end]) / left[:, None]
    # What each row at risk has taken up by its time; times run backwards here.
    taken = np.bincount(end, weights=1 / left, minlength=many)
    spared = np.bincount(end, weights=step / left, minlength=many)
    share = weight * (np.cumsum(taken[::-1])[::-1][rows.moment] - np.where(done, spared[rows.moment], 0.0))
    return _State(
        height=float(index[done].sum() - np.log(left).sum()),
        slope=floats(rows.x[done].sum(axis=0) - share @ rows.x),
        bend=floats((rows.x * share[:, None]).T @ rows.x - means.T @ means),
        means=means,
    )


def _proportional(rows: _Rows, state: _State, inverse: Floats) -> Floats:
    """p of each column's scaled Schoenfeld residuals having no trend over the rank of time."""
    ends = len(rows.of_end)
    mean = np.stack(
        [divide(np.bincount(rows.of_end, weights=one), np.bincount(rows.of_end)) for one in state.means.T],
        axis=1,
    )
    residuals = rows.x[rows.event] - mean[rows.moment[rows.event]]
    scaled = ends * residuals @ inverse
    # The earlier, the lower the rank; ends of one moment share theirs.
    moment = rows.moment[rows.event]
    _, place, counts = np.unique(-moment, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    away = rank - rank.mean()
    if not away.any():
        return np.full(inverse.shape[0], np.nan)
    z = (away @ scaled) / np.sqrt(ends * np.diag(inverse) * (away @ away))
    return two_sided(z)
