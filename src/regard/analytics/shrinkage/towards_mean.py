"""How good is each of many, when small numbers scatter most?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays, Floats, critical, divide, floats, root

METHOD = "empirical Bayes, shrunk towards the mean (Morris)"
LEAST_GROUPS = 4  # With three or fewer nothing is gained by shrinking (Stein).
ROUNDS = 200
CLOSE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Shrunken:
    """Groups seen together.

    Args:
        figures: each group's figure, shrunk, with its interval.
        own_share: how much of each figure is the group's own, 0 to 1; the rest is the mean's.
        mean: what they are shrunk towards.
        spread: the standard deviation of what the groups really are, chance taken away; 0 where chance explains all.
    """

    figures: EstimateArrays
    own_share: Floats
    mean: float
    spread: float


def shrink(
    values: ArrayLike,
    errors: ArrayLike,
    *,
    n: ArrayLike | None = None,
    confidence: float = 0.95,
    bounds: tuple[float, float] = (-np.inf, np.inf),
) -> Shrunken:
    """Each of several figures, shrunk towards their mean by as much as its own uncertainty asks for.

    The groups are taken as a sample of a normal spread around their mean. A figure that is sure stays where it is; one
    of few answers goes near the mean, so that nobody leads or trails a list for having been asked less often. The
    intervals allow for the mean and the spread being estimated too.

    Args:
        values: one figure a group; shape (k,). Not a number takes no part.
        errors: their standard errors, above 0. Not a number takes no part.
        n: what each figure counted; passed on.
        confidence: coverage of the intervals, on average over the groups.
        bounds: values that cannot be exceeded; intervals are cut there.

    Returns: Shrunken. With fewer than four groups every figure stays as it is.
    Source: Morris (1983), JASA 78, 47-55, sections 1 and 5; with equal errors it is the estimator of James and Stein
        (1961) in the form of Efron and Morris (1975), JASA 70, 311-319.

    >>> shrink([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18]).figures.value.round(1).tolist()
    [13.5, 7.8, 4.6, 7.5, 5.2, 5.8, 10.6, 8.9]
    """
    y, s = np.broadcast_arrays(floats(values), floats(errors))
    counted = np.broadcast_to(np.nan if n is None else floats(n), y.shape)
    if np.any(s <= 0):
        raise ValueError("Standard errors lie above 0.")
    known = ~np.isnan(y + s)
    k = int(known.sum())
    reach = critical(confidence)
    if k < LEAST_GROUPS:
        plain = EstimateArrays(
            y, y - reach * s, y + reach * s, counted, "as observed (too few groups to shrink)", se=s
        )
        mean = float(y[known].mean()) if k else float("nan")
        return Shrunken(plain, np.where(known, 1.0, np.nan), mean, float("nan"))
    v = s[known] ** 2
    mean, between = _moments(y[known], v)
    weights = 1 / (v + between)
    pull = (k - 3) / (k - 1) * v / (v + between)
    off = y[known] - mean
    leverage = weights / weights.sum()
    average = float((weights * v).sum() / weights.sum())
    extra = 2 / (k - 3) * pull**2 * (average + between) / (v + between)
    variance = v * (1 - (1 - leverage) * pull) + extra * off**2
    value, se = np.full(y.shape, np.nan), np.full(y.shape, np.nan)
    own = np.full(y.shape, np.nan)
    value[known], se[known], own[known] = mean + (1 - pull) * off, root(variance), 1 - pull
    low, high = (np.clip(value + side * reach * se, *bounds) for side in (-1, 1))
    figures = EstimateArrays(value, low, high, counted, METHOD, se=se)
    return Shrunken(figures, own, mean, float(np.sqrt(between)))


def pooled(values: ArrayLike, errors: ArrayLike) -> tuple[float, float]:
    """The mean of several figures weighted by their precision, and its standard error, if they were all alike.

    Source: Cochran (1954), Biometrics 10, 101-129.

    >>> mean, error = pooled([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
    >>> round(mean, 1), round(error, 1)
    (7.7, 4.1)
    """
    y, s = floats(values), floats(errors)
    weights = 1 / s**2
    return float(divide((weights * y).sum(), weights.sum())), float(1 / np.sqrt(weights.sum()))


def _moments(y: Floats, v: Floats) -> tuple[float, float]:
    """The mean and the variance between groups, by Morris's weighted moments; never below 0."""
    k = len(y)
    between = max(float(y.var(ddof=1) - v.mean()), 0.0)
    for _ in range(ROUNDS):
        weights = 1 / (v + between)
        mean = float((weights * y).sum() / weights.sum())
        found = float((weights * (k / (k - 1) * (y - mean) ** 2 - v)).sum() / weights.sum())
        step, between = abs(max(found, 0.0) - between), max(found, 0.0)
        if step <= CLOSE * (1 + between):
            break
    weights = 1 / (v + between)
    return float((weights * y).sum() / weights.sum()), between
