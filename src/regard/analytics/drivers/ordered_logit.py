"""What a step of each driver does to an ordered answer, in points of probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, critical, floats, two_sided
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "ordered logit (proportional odds), average marginal effects, delta method"
SOURCE = "McCullagh (1980), J. R. Statist. Soc. B 42, 109-142; Greene & Hensher (2010), Modeling Ordered Choices, ch. 3 and 5"
MOST_LEVELS = 20
MOST_STEPS = 100
STEP = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class OrderedEffects:
    """Average marginal effects of p drivers on an answer of k ordered levels.

    Args:
        levels: array (k,), the answers.
        coefficients, se: array (p,), on the log odds of a higher answer, per unit of the driver.
        thresholds: array (k - 1,).
        effects: array (p, k), what one unit more adds to the probability of each answer; rows add up to 0.
        top, low, high, p: array (p,), the effect on the highest answer with its interval and two-sided p.
        mean: array (p,), what one unit more adds to the mean answer.
    """

    n: int
    levels: Floats
    coefficients: Floats
    se: Floats
    thresholds: Floats
    effects: Floats
    top: Floats
    low: Floats
    high: Floats
    p: Floats
    mean: Floats
    log_likelihood: float


def ordered_effects(
    drivers: ArrayLike,
    outcome: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    customers: NDArray[np.int64] | None = None,
    confidence: float = 0.95,
) -> OrderedEffects:
    """What a unit more of each driver goes with in the probability of each answer, the other drivers held fixed.

    Args:
        drivers: array (n, p), no value missing. outcome: array (n,) of 2 to 20 different answers.
        weights: array (n,). customers: array (n,), equal for rows of the same customer; intervals are then clustered, and
            where either is given they hold also if the model is not quite right (sandwich).

    Raises: NotEnoughData, InvalidInput with the reason, also where a driver tells answers apart without fail.
    Source: McCullagh (1980), J. R. Statist. Soc. B 42, 109-142; Greene and Hensher (2010), Modeling Ordered Choices;
        Liang and Zeger (1986), Biometrika 73, 13-22, for clusters.
    """
    x, y = floats(drivers), floats(outcome)
    levels, answer = np.unique(y, return_inverse=True)
    _check(len(y), x.shape[1], len(levels))
    weight = np.ones(len(y)) if weights is None else floats(weights)
    centre, scale = x.mean(axis=0), x.std(axis=0)
    standard = (x - centre) / scale
    found, hessian = _fitted(standard, answer, len(levels), weight)
    inverse = floats(np.linalg.inv(hessian))
    if weights is not None or customers is not None:
        scores = _scores(standard, answer, len(levels), found) * weight[:, None]
        inverse = _sandwiched(inverse, scores, customers)
    cuts = len(levels) - 1
    effects = _effects(standard, found, cuts, weight) / scale[:, None]
    slope = _slope_of_top(standard, found, cuts, weight) / scale[:, None]
    se = np.sqrt(np.einsum("pi,ij,pj->p", slope, inverse, slope))
    reach = critical(confidence) * se
    top = effects[:, -1]
    return OrderedEffects(
        n=len(y),
        levels=levels,
        coefficients=found[cuts:] / scale,
        se=np.sqrt(np.diag(inverse)[cuts:]) / scale,
        thresholds=found[:cuts] + (found[cuts:] / scale) @ centre,
        effects=effects,
        top=top,
        low=top - reach,
        high=top + reach,
        p=two_sided(top / se),
        mean=effects @ levels,
        log_likelihood=float((weight * np.log(_chances(standard, found, cuts, answer)[0])).sum()),
    )


def _check(rows: int, drivers: int, levels: int) -> None:
    if not 2 <= levels <= MOST_LEVELS:
        raise InvalidInput(
            f"An ordered outcome has 2 to {MOST_LEVELS} different answers, and this one has {levels}. "
            "Leave the ordered model out, or put answers together."
        )
    size = drivers + levels - 1
    if rows <= size:
        raise NotEnoughData(f"There are {rows} complete rows, and the ordered model needs more than {size}.")


def _sandwiched(inverse: Floats, scores: Floats, customers: NDArray[np.int64] | None) -> Floats:
    """The variance that holds also if the model is not quite right, rows of one customer taken together."""
    if customers is not None:
        places = np.unique(customers, return_inverse=True)[1]
        scores = np.column_stack([np.bincount(places, weights=column) for column in scores.T])
    return floats(inverse @ (scores.T @ scores * len(scores) / (len(scores) - 1)) @ inverse)


def _slope_of_top(x: Floats, found: Floats, cuts: int, weight: Floats) -> Floats:
    """How the effect on the highest answer moves with each parameter, (p, cuts + p), by small steps."""
    moved = [
        _effects(x, found + move, cuts, weight)[:, -1] - _effects(x, found - move, cuts, weight)[:, -1]
        for move in STEP * np.eye(len(found))
    ]
    return floats(np.stack(moved, axis=1) / (2 * STEP))


def _logistic(z: Floats) -> Floats:
    return floats(1 / (1 + np.exp(-np.clip(z, -500, 500))))


def _chances(x: Floats, found: Floats, cuts: int, answer: NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    """The probability of each row's answer, and the logistic function at its upper and lower threshold."""
    edges = np.concatenate(([-np.inf], found[:cuts], [np.inf]))
    index = x @ found[cuts:]
    upper, lower = _logistic(edges[answer + 1] - index), _logistic(edges[answer] - index)
    return np.maximum(upper - lower, 1e-300), upper, lower


def _scores(x: Floats, answer: NDArray[np.int64], levels: int, found: Floats) -> Floats:
    """What each row adds to the slope of the log-likelihood, (n, cuts + p)."""
    cuts = levels - 1
    chance, upper, lower = _chances(x, found, cuts, answer)
    up, down = upper * (1 - upper) / chance, lower * (1 - lower) / chance
    at = np.arange(cuts)
    by_cut = up[:, None] * (answer[:, None] == at) - down[:, None] * (answer[:, None] == at + 1)
    return np.column_stack((by_cut, -(up - down)[:, None] * x))


def _fitted(x: Floats, answer: NDArray[np.int64], levels: int, weight: Floats) -> tuple[Floats, Floats]:
    """The maximum of the likelihood by Newton's steps, each halved until it leads upwards, and the information there."""
    cuts = levels - 1
    share = np.cumsum(np.bincount(answer, weights=weight, minlength=levels))[:-1] / weight.sum()
    found = np.concatenate((np.log(share / (1 - share)), np.zeros(x.shape[1])))
    height = (weight * np.log(_chances(x, found, cuts, answer)[0])).sum()
    for _ in range(MOST_STEPS):
        slope = weight @ _scores(x, answer, levels, found)
        information = _information(x, answer, cuts, found, weight)
        step = np.linalg.solve(information, slope)
        for _ in range(40):
            tried = found + step
            now = -np.inf
            if (np.diff(tried[:cuts]) > 0).all():
                now = (weight * np.log(_chances(x, tried, cuts, answer)[0])).sum()
            if now >= height - 1e-9:
                break
            step = step / 2
        found, height = tried, now
        if np.abs(found[cuts:]).max(initial=0) > 30:
            raise InvalidInput(
                "A driver, or several together, tell the answers apart without fail, so that the ordered model has no end. "
                "Leave that driver out."
            )
        if np.abs(step).max() < 1e-9:
            return found, _information(x, answer, cuts, found, weight)
    raise NotEnoughData("The ordered model came to no end: there are too few rows for so many drivers.")


def _information(x: Floats, answer: NDArray[np.int64], cuts: int, found: Floats, weight: Floats) -> Floats:
    """The negative second derivatives of the log-likelihood."""
    chance, upper, lower = _chances(x, found, cuts, answer)
    up, down = upper * (1 - upper), lower * (1 - lower)
    # The log of a difference of logistic functions bends by these in its two thresholds, and in both at once.
    both = up * down / chance**2
    above = up**2 / chance**2 - up * (1 - 2 * upper) / chance
    below = down**2 / chance**2 + down * (1 - 2 * lower) / chance
    at = np.arange(cuts)
    ends = (answer[:, None] == at, answer[:, None] == at + 1)
    size = cuts + x.shape[1]
    found_ = np.zeros((size, size))
    one = [np.column_stack((end, -x)).astype(float) for end in ends]
    for first, second, bend in ((0, 0, above), (1, 1, below), (0, 1, -both), (1, 0, -both)):
        found_ += (one[first] * (weight * bend)[:, None]).T @ one[second]
    return found_


def _effects(x: Floats, found: Floats, cuts: int, weight: Floats) -> Floats:
    """What one more of each standardised driver adds to the probability of each answer, on average; (p, levels)."""
    heights = _logistic(found[None, :cuts] - (x @ found[cuts:])[:, None])
    density = weight @ (heights * (1 - heights)) / weight.sum()
    edges = np.concatenate(([0.0], density, [0.0]))
    return floats(-np.diff(edges)[None, :] * found[cuts:, None])
