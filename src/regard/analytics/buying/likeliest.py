"""The peak of a likelihood of positive numbers, and how sharp it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, floats

# Beyond e to this power a number has run away: the likelihood rises without end, or nothing tells how far.
FARTHEST = 12.0
MOST_STEPS = 500


@dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """Where a likelihood is highest.

    Args:
        at: the logarithms of the numbers.
        covariance: of these logarithms.
        log_likelihood: its height.
    """

    at: Floats
    covariance: Floats
    log_likelihood: float


def likeliest(likelihood: Callable[[Floats], tuple[float, Floats]], start: Floats, n: float) -> Peak | None:
    """The peak, by quasi-Newton steps (BFGS), then Newton's; None where there is none.

    Args:
        likelihood: gives the log-likelihood and its slope at the logarithms of the numbers.
        start: where to begin. n: how many customers there are, for the scale.
    """
    from scipy.optimize import minimize

    def loss(at: Floats) -> tuple[float, Floats]:
        value, slope = likelihood(np.clip(at, -2 * FARTHEST, 2 * FARTHEST))
        return -value / n, -slope / n

    found = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-7, "maxiter": MOST_STEPS})
    at = floats(found.x)
    if not np.isfinite(found.fun) or (np.abs(at) > FARTHEST).any():
        return None
    bend = _bend(likelihood, at)
    for _ in range(3):
        slope = likelihood(at)[1]
        try:
            step = np.linalg.solve(bend, -slope)
        except np.linalg.LinAlgError:
            return None
        if not np.isfinite(step).all() or np.abs(step).max() > 0.1:
            break
        at = at + step
    try:
        covariance = np.linalg.inv(-bend)
    except np.linalg.LinAlgError:
        return None
    spread = np.diag(covariance)
    if not ((spread > 0) & (spread < FARTHEST**2)).all():
        return None
    return Peak(at=at, covariance=floats(covariance), log_likelihood=likelihood(at)[0])


def _bend(likelihood: Callable[[Floats], tuple[float, Floats]], at: Floats) -> Floats:
    """The second derivatives, by differences of the slope."""
    step = 1e-4
    rows = []
    for place in range(len(at)):
        away = np.zeros(len(at))
        away[place] = step
        rows.append((likelihood(at + away)[1] - likelihood(at - away)[1]) / (2 * step))
    bend = np.array(rows)
    return floats((bend + bend.T) / 2)
