"""The chance of a yes from lines: logistic regression by Newton's steps, held back a little or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, floats
from regard.kernel.errors import NotEnoughData

SOURCE = "Cox (1958), J. R. Statist. Soc. B 20, 215-242; le Cessie & van Houwelingen (1992), Appl. Statist. 41, 191-201"
MOST_STEPS = 60
LARGEST = 35.0
BLOCK = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Logistic:
    """A fitted logistic regression.

    Args:
        intercept, slopes: on the log odds; slopes array (p,).
        covariance: of intercept and slopes, (p + 1, p + 1), as the curvature of the (penalised) likelihood has it.
    """

    intercept: float
    slopes: Floats
    covariance: Floats

    def log_odds(self, x: Floats) -> Floats:
        """Of each row of `x`, (n,)."""
        return floats(self.intercept + x @ self.slopes)

    def chance(self, x: Floats) -> Floats:
        """Of each row of `x`, (n,)."""
        return logistic(self.log_odds(x))


def logistic(log_odds: ArrayLike) -> Floats:
    """The chance that log odds stand for."""
    return floats(1 / (1 + np.exp(-np.clip(floats(log_odds), -500, 500))))


def log_odds(chance: ArrayLike) -> Floats:
    """The log odds of a chance, which may reach 0 or 1 but for a billionth."""
    inside = np.clip(floats(chance), 1e-9, 1 - 1e-9)
    return floats(np.log(inside / (1 - inside)))


def fit_logistic(
    x: Floats, outcome: ArrayLike, *, ridge: float = 1.0, weights: ArrayLike | None = None
) -> Logistic:
    """The likeliest intercept and slopes, less half of `ridge` for each squared slope.

    Args:
        x: array (n, p), best with variances near 1. outcome: array (n,) of 0 and 1.

    Raises: NotEnoughData where, without a ridge, the rows are told apart without fail or columns repeat each other.
    Source: Cox (1958), J. R. Statist. Soc. B 20, 215-242; le Cessie and van Houwelingen (1992).
    """
    y = floats(outcome)
    weight = np.ones(len(y)) if weights is None else floats(weights)
    whole = np.column_stack((np.ones(len(y)), x))
    held = np.full(whole.shape[1], float(ridge))
    held[0] = 0.0
    found = np.zeros(whole.shape[1])
    share = np.clip((weight @ y) / weight.sum(), 1e-9, 1 - 1e-9)
    found[0] = np.log(share / (1 - share))
    at = whole @ found
    height = _height(at, y, weight, held, found)
    for _ in range(MOST_STEPS):
        chance = logistic(at)
        slope = whole.T @ (weight * (y - chance)) - held * found
        bend = _bend(whole, weight * chance * (1 - chance)) + np.diag(held)
        step = _step(bend, slope)
        for _ in range(30):
            at = whole @ (found + step)
            now = _height(at, y, weight, held, found + step)
            if now >= height - 1e-12 * abs(height):
                break
            step = step / 2
        found, height = found + step, now
        if not ridge and np.abs(found).max() > LARGEST:
            raise NotEnoughData("Columns tell the two groups apart without fail. Leave out those that do.")
        if np.abs(step).max() < 1e-8:
            return Logistic(float(found[0]), found[1:], floats(np.linalg.inv(bend)))
    raise NotEnoughData("The logistic regression came to no end: there are too few rows for so many columns.")


def _bend(x: Floats, spread: Floats) -> Floats:
    """`x.T @ diag(spread) @ x`, block by block, so that what is multiplied stays in the processor's cache."""
    bend = np.zeros((x.shape[1], x.shape[1]))
    for low in range(0, len(x), BLOCK):
        part = slice(low, low + BLOCK)
        bend += (x[part] * spread[part, None]).T @ x[part]
    return bend


def _step(bend: Floats, slope: Floats) -> Floats:
    try:
        return floats(np.linalg.solve(bend, slope))
    except np.linalg.LinAlgError:
        raise NotEnoughData(
            "Columns repeat each other, or tell the groups apart without fail. Leave some of them out."
        ) from None


def _height(at: Floats, y: Floats, weight: Floats, held: Floats, found: Floats) -> float:
    """The log-likelihood at these log odds, less what holds the slopes back."""
    unlikely = np.maximum(at, 0) + np.log1p(np.exp(-np.abs(at)))  # log(1 + exp(at)), without overflow
    return float(weight @ (y * at - unlikely) - held @ found**2 / 2)
