"""Chances foretold to customers whom the model has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.predicting.columns import Column
from regard.analytics.predicting.judging import auc, brier
from regard.analytics.predicting.logistic import fit_logistic, log_odds, logistic
from regard.analytics.predicting.models import TREES, Model, fit_model
from regard.kernel.errors import NotEnoughData

FOLDS = 5
SEEDS = 5
FEWEST = 10
Progress = Callable[[], None]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What a model foretold to rows that it had not seen.

    Args:
        chance: array (seeds, n). auc, brier: array (seeds,).
        calibration: intercept and slope that correct the log odds of a model fitted to all rows.
    """

    kind: str
    chance: Floats
    auc: Floats
    brier: Floats
    calibration: tuple[float, float] = (0.0, 1.0)

    @property
    def mean(self) -> Floats:
        """The mean chance of each row over the seeds."""
        return floats(self.chance.mean(axis=0))


def held_out(
    kind: str,
    columns: Sequence[Column],
    outcome: Floats,
    *,
    folds: int = FOLDS,
    seeds: int = SEEDS,
    customers: Whole | None = None,
    first_seed: int = 2,
    progress: Progress | None = None,
) -> HeldOut:
    """What a model of this kind foretells to each fold when it is fitted to the others, for several ways to cut folds.

    Args:
        outcome: array (n,) of 0 and 1. customers: equal for rows of the same customer, which stay in one fold.

    Raises: NotEnoughData below ten customers of each outcome, or fewer than two a fold.
    Source: Stone (1974), J. R. Statist. Soc. B 36, 111-147.
    """
    needed = max(FEWEST, 2 * folds)
    for value, word in ((1, "yes"), (0, "no")):
        rows = outcome == value
        n = int(rows.sum()) if customers is None else len(np.unique(customers[rows]))
        if n < needed:
            raise NotEnoughData(
                f"There are {n:,} customers with the outcome {word}, and foretelling needs at least {needed} of each. "
                "Give more rows."
            )
    found, lines = [], []
    for seed in range(first_seed, first_seed + seeds):
        fold = cut_folds(outcome, folds, seed, customers)
        chance = np.empty(len(outcome))
        for one in range(folds):
            left = fold == one
            model = fit_model(kind, [column[~left] for column in columns], outcome[~left], seed=seed)
            chance[left] = model.chance([column[left] for column in columns])
            if progress:
                progress()
        lines.append(_line(chance, outcome) if kind == TREES else (0.0, 1.0))
        found.append(_calibrated_across(chance, outcome, fold) if kind == TREES else chance)
    intercept, slope = np.mean(lines, axis=0).tolist()
    return HeldOut(
        kind,
        floats(found),
        floats([auc(one, outcome) for one in found]),
        floats([brier(one, outcome)[0] for one in found]),
        (intercept, slope),
    )


def final_model(
    kind: str, columns: Sequence[Column], outcome: Floats, seen: HeldOut, *, seed: int = 2
) -> Model:
    """The model fitted to all rows, for customers who are not among them."""
    return fit_model(kind, columns, outcome, seed=seed).calibrated(*seen.calibration)


def cut_folds(outcome: Floats, folds: int, seed: int, customers: Whole | None = None) -> Whole:
    """The fold of each row, by lot, with the same share of yes in each; a customer's rows stay together."""
    generator = np.random.default_rng(seed)
    place = np.arange(len(outcome)) if customers is None else np.unique(customers, return_inverse=True)[1]
    yes = np.zeros(int(place.max()) + 1, dtype=bool)
    np.logical_or.at(yes, place, outcome > 0.5)
    fold = np.empty(len(yes), dtype=np.int64)
    for which in (True, False):
        members = generator.permutation(np.flatnonzero(yes == which))
        fold[members] = np.arange(len(members)) % folds
    return np.asarray(fold[place], dtype=np.int64)


def _line(chance: Floats, outcome: Floats) -> tuple[float, float]:
    """Intercept and slope that correct log odds.

    Source: Platt (1999), Advances in Large Margin Classifiers, 61-74.
    """
    line = fit_logistic(log_odds(chance)[:, None], outcome, ridge=0.01)
    return line.intercept, float(line.slopes[0])


def _calibrated_across(chance: Floats, outcome: Floats, fold: Whole) -> Floats:
    """The chances of each fold, corrected by what came true in the others."""
    found = np.empty(len(chance))
    for one in np.unique(fold):
        left = fold == one
        intercept, slope = _line(chance[~left], outcome[~left])
        found[left] = logistic(intercept + slope * log_odds(chance[left]))
    return found
