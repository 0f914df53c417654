"""Whether straight lines miss something: boosted trees on the same drivers, judged on rows that they have not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Flags, Floats, floats
from regard.kernel.errors import NotEnoughData

METHOD = "gradient boosting and linear regression by cross-validation on whole customers; SHAP values by sampled orders"
SOURCE = (
    "Friedman (2001), Ann. Statist. 29, 1189-1232; Lundberg & Lee (2017), NeurIPS 30; Štrumbelj & Kononenko (2014), "
    "Knowl. Inf. Syst. 41, 647-665"
)
FOLDS = 5
FEWEST = 50
EXPLAINED = 200
PAIRS = 32
MOST_ROWS = 100_000
Predict = Callable[[Floats], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class BoostingCheck:
    """What trees find beside lines.

    Args:
        n: rows used.
        r2_linear, r2_boosted: the share of variance explained on rows left out of fitting; below 0 is worse than the mean.
        gain, gain_se: r2_boosted less r2_linear, over the folds, with its standard error between folds.
        shap: array (p,), the mean size of each driver's SHAP value, in units of the outcome.
    """

    n: int
    r2_linear: float
    r2_boosted: float
    gain: float
    gain_se: float
    shap: Floats

    @property
    def shares(self) -> Floats:
        """The SHAP sizes out of 1."""
        return floats(self.shap / self.shap.sum()) if self.shap.sum() > 0 else self.shap


def boosting_check(
    drivers: ArrayLike,
    outcome: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    customers: NDArray[np.int64] | None = None,
    seed: int = 2,
) -> BoostingCheck:
    """How much better boosted trees foretell the outcome than straight lines do, and which drivers they use.

    Args:
        drivers: array (n, p), no value missing. outcome: array (n,). weights: array (n,).
        customers: array (n,), equal for rows of the same customer, which stay on one side of each fold.

    Raises: NotEnoughData below 50 customers.
    Source: Friedman (2001), Annals of Statistics 29, 1189-1232.
    """
    from threadpoolctl import threadpool_limits

    generator = np.random.default_rng(seed)
    rows = _rows(floats(drivers), floats(outcome), weights, customers, generator)
    if rows.units < FEWEST:
        raise NotEnoughData(
            f"There are {rows.units} complete rows of different customers; trees need at least {FEWEST}."
        )
    # Threads that wait for each other by spinning are slower than none on a busy machine.
    with threadpool_limits(1):
        scores = [
            (_r2(rows, _lines(rows, ~left), left), _r2(rows, _trees(rows, ~left, seed), left))
            for left in _folds(rows, generator)
        ]
        linear, boosted = np.array(scores).T
        gain = boosted - linear
        predict = _trees(rows, np.ones(len(rows), dtype=bool), seed)
        chosen = generator.choice(len(rows), min(EXPLAINED, len(rows)), replace=False)
        values = sampled_shap(predict, rows.x[chosen], rows.x, generator)
    return BoostingCheck(
        n=len(rows),
        r2_linear=float(linear.mean()),
        r2_boosted=float(boosted.mean()),
        gain=float(gain.mean()),
        gain_se=float(gain.std(ddof=1) / np.sqrt(FOLDS)),
        shap=np.abs(values).mean(axis=0),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The rows looked at: drivers (n, p), outcome and weight (n,), and the number of each one's customer."""

    x: Floats
    y: Floats
    weight: Floats
    places: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.y)

    @property
    def units(self) -> int:
        """How many customers they are of."""
        return int(self.places.max(initial=-1)) + 1


def _rows(
    x: Floats,
    y: Floats,
    weights: ArrayLike | None,
    customers: NDArray[np.int64] | None,
    generator: np.random.Generator,
) -> _Rows:
    """The rows, or so many of them by lot as can be looked at."""
    weight = np.ones(len(y)) if weights is None else floats(weights)
    places = np.arange(len(y)) if customers is None else np.unique(customers, return_inverse=True)[1]
    if len(y) <= MOST_ROWS:
        return _Rows(x, y, weight, places)
    kept = np.sort(generator.choice(len(y), MOST_ROWS, replace=False))
    return _Rows(x[kept], y[kept], weight[kept], np.unique(places[kept], return_inverse=True)[1])


def _trees(rows: _Rows, chosen: Flags, seed: int) -> Predict:
    """How trees grown on the chosen rows foretell."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(
        max_iter=150, learning_rate=0.06, max_leaf_nodes=8, min_samples_leaf=max(5, min(20, len(rows) // 20)),
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    predict: Predict = model.fit(rows.x[chosen], rows.y[chosen], sample_weight=rows.weight[chosen]).predict
    return predict


def sampled_shap(
    predict: Predict, rows: Floats, background: Floats, generator: np.random.Generator, pairs: int = PAIRS
) -> Floats:
    """SHAP values of some rows: what each driver moves the prediction by, from a row by lot to this one, on average.

    Drivers are changed one after the other in an order by lot, and then in its reverse.

    Returns: array (rows, p), in units of the prediction; a row's values add up to its prediction less the average one.
    Source: Štrumbelj and Kononenko (2014), Knowledge and Information Systems 41, 647-665; Lundberg and Lee (2017).
    """
    n, drivers = rows.shape
    found = np.zeros((n, drivers))
    for _ in range(pairs):
        order = generator.permutation(drivers)
        start = background[generator.integers(0, len(background), n)]
        for one in (order, order[::-1]):
            steps = np.repeat(start[None], drivers + 1, axis=0)
            for place, driver in enumerate(one):
                steps[place + 1 :, :, driver] = rows[:, driver]
            told = predict(steps.reshape(-1, drivers)).reshape(drivers + 1, n)
            found[:, one] += np.diff(told, axis=0).T
    return found / (2 * pairs)


def _folds(rows: _Rows, generator: np.random.Generator) -> Iterator[Flags]:
    """Which rows are left out in turn; those of a customer together."""
    fold = generator.permutation(np.arange(rows.units) % FOLDS)[rows.places]
    for one in range(FOLDS):
        yield fold == one


def _lines(rows: _Rows, chosen: Flags) -> Predict:
    """How a linear regression on the chosen rows foretells."""
    root = np.sqrt(rows.weight[chosen])[:, None]
    whole = np.column_stack((np.ones(int(chosen.sum())), rows.x[chosen]))
    slopes = np.linalg.lstsq(whole * root, rows.y[chosen] * root[:, 0], rcond=None)[0]
    return lambda at: floats(slopes[0] + at @ slopes[1:])


def _r2(rows: _Rows, predict: Predict, left: Flags) -> float:
    """The share of variance explained on the rows left out, against the mean of the others."""
    y, weight = rows.y[left], rows.weight[left]
    mean = np.average(rows.y[~left], weights=rows.weight[~left])
    missed = weight @ (y - predict(rows.x[left])) ** 2
    return float(1 - missed / (weight @ (y - mean) ** 2))
