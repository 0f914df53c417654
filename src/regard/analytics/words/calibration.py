"""Scores as chances that come true as often as they say, and from which chance on a label is believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp, softmax

from regard.analytics.arrays import Floats, floats

Whole = NDArray[np.int64]
STEEPNESS = (-3.0, 4.0)
WRONGLY_REFUSED = 0.05
STEPS = 100
SOURCE = "Guo et al. (2017), ICML, 1321-1330"


@dataclass(frozen=True, slots=True)
class Scaling:
    """Turns scores into chances without changing which label is likeliest.

    Args:
        slope: by what all scores are multiplied.
    """

    slope: float

    def chances(self, scores: Floats) -> Floats:
        """The chance of each label: array (n, labels), each row adding up to 1."""
        return floats(softmax(self.slope * scores, axis=1))


def fit_scaling(scores: Floats, truth: Whole) -> Scaling:
    """The slope by which scores of rows left out of fitting tell best what these rows are.

    Each label counts as if one more row of it had been seen anywhere, so that few rows, all told rightly, make no certainty.

    Args:
        scores: array (n, labels). truth: array (n,), the place of each row's label.
    Source: Guo et al. (2017), ICML, 1321-1330 (section 4.2, temperature scaling).
    """
    n, n_labels = scores.shape
    doubt = n_labels / (n + n_labels)
    meant = (1 - doubt) * scores[np.arange(n), truth].mean() + doubt * scores.mean()

    def loss(log_slope: float) -> float:
        slope = np.exp(log_slope)
        return float(np.mean(logsumexp(slope * scores, axis=1)) - slope * meant)

    return Scaling(float(np.exp(minimize_scalar(loss, bounds=STEEPNESS, method="bounded").x)))


def best_threshold(chances: Floats, truth: Whole, out: int | None) -> float:
    """The chance below which no label is believed, so that most rows are told rightly.

    Args:
        chances: array (n, labels), told of rows left out of fitting. truth: array (n,).
        out: the place of the label that means out of scope; None where no example of it was given. Then the threshold
            is such that 5% of the rows in scope fall below it.

    Returns: a chance in [0, 1]; of several equally good ones the lowest.
    """
    inside = within(chances, out)
    sure = inside.max(axis=1)
    if out is None:
        return float(np.quantile(sure, WRONGLY_REFUSED))
    best = chances.argmax(axis=1)
    right, is_out = best == truth, truth == out
    steps = np.linspace(0, 1, STEPS + 1)
    rightly = [np.where(sure < step, is_out, right).sum() for step in steps]
    return float(steps[int(np.argmax(rightly))])


def within(chances: Floats, out: int | None) -> Floats:
    """The chances of the labels in scope; that of the one out of scope is taken as 0."""
    if out is None:
        return chances
    inside = chances.copy()
    inside[:, out] = 0.0
    return inside


def calibration_error(sure: Floats, right: NDArray[np.bool_], *, bins: int = 10) -> float:
    """How far chances lie from the share that came true, on average over bins of equally many rows.

    Source: Naeini, Cooper & Hauskrecht (2015), AAAI, 2901-2907.
    """
    order = np.argsort(sure, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(len(part) * abs(sure[part].mean() - right[part].mean()) for part in parts) / len(sure))
