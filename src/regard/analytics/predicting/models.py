"""The models that foretell, all with one face: lines, curves and boosted trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.boosting import sampled_shap
from regard.analytics.predicting.columns import Column, Encoding, learn_encoding
from regard.analytics.predicting.logistic import Logistic, fit_logistic, log_odds, logistic

LINES, CURVES, TREES = "logistic", "curved", "boosted"
MODELS = (LINES, CURVES, TREES)
RIDGES = {LINES: 1.0, CURVES: 0.1}
METHODS = {
    LINES: "logistic regression with a ridge of 1 on standardised columns",
    CURVES: "logistic regression on restricted cubic splines of seven knots with a ridge of 0.1",
    TREES: "gradient boosting, calibrated on rows of other folds",
}
SOURCES = {
    LINES: "le Cessie & van Houwelingen (1992), Appl. Statist. 41, 191-201",
    CURVES: "Harrell (2015), Regression Modeling Strategies, 2nd ed., sections 2.4 and 10.2",
    TREES: "Friedman (2001), Ann. Statist. 29, 1189-1232; Platt (1999), Advances in Large Margin Classifiers, 61-74",
}


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A fitted model.

    Args:
        kind: one of MODELS. encoding: how columns become its matrix.
        lines: where it is a logistic regression. trees: scikit-learn's model otherwise.
        calibration: intercept and slope by which log odds are corrected.
    """

    kind: str
    encoding: Encoding
    lines: Logistic | None = None
    trees: Any = None
    calibration: tuple[float, float] = (0.0, 1.0)

    def chance(self, columns: Sequence[Column]) -> Floats:
        """The chance of a yes for each row."""
        return logistic(self._log_odds(self.encoding.matrix(columns)))

    def _log_odds(self, x: Floats) -> Floats:
        if self.lines is not None:
            return self.lines.log_odds(x)
        intercept, slope = self.calibration
        return floats(intercept + slope * log_odds(self.trees.predict_proba(x)[:, 1]))

    def reasons(self, columns: Sequence[Column], background: Sequence[Column], *, seed: int = 2) -> Floats:
        """By how much each column moves each row's log odds, away from the average of `background`.

        Of lines and curves this is exact: the columns' parts add up. Of trees it is a SHAP value by sampled orders.

        Returns: array (n, columns); a row adds up to its log odds less the average ones.
        Source: Štrumbelj and Kononenko (2014), Knowledge and Information Systems 41, 647-665; Lundberg and Lee (2017).
        """
        x, behind = self.encoding.matrix(columns), self.encoding.matrix(background)
        if self.lines is not None:
            single = (x - behind.mean(axis=0)) * self.lines.slopes
        else:
            single = sampled_shap(self._log_odds, x, behind, np.random.default_rng(seed), pairs=8)
        of = np.zeros((x.shape[1], len(columns)))
        of[np.arange(x.shape[1]), self.encoding.owners] = 1.0
        return floats(single @ of)

    def calibrated(self, intercept: float, slope: float) -> Model:
        """The same with its log odds corrected."""
        return replace(self, calibration=(intercept, slope))


def fit_model(kind: str, columns: Sequence[Column], outcome: Floats, *, seed: int = 2) -> Model:
    """A model of this kind, fitted to these rows.

    Args:
        outcome: array (n,) of 0 and 1.
    """
    encoding = learn_encoding(columns, curved=kind == CURVES)
    x = encoding.matrix(columns)
    if kind != TREES:
        return Model(kind, encoding, lines=fit_logistic(x, outcome, ridge=RIDGES[kind]))
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    trees = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.05, max_leaf_nodes=6, l2_regularization=5.0, early_stopping=False,
        min_samples_leaf=int(np.clip(len(outcome) // 50, 5, 40)), random_state=seed,
    )  # fmt: skip
    with threadpool_limits(1):
        return Model(kind, encoding, trees=trees.fit(x, outcome))
