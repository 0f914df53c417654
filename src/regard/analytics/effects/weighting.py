"""The effect by weights that make both sides alike, alone and together with a model of the outcome."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.given import EVERYBODY, Effect, Rows, effect
from regard.analytics.effects.overlap import Overlap
from regard.analytics.predicting.held_out import Whole, cut_folds
from regard.analytics.predicting.logistic import fit_logistic

IPW = "inverse probability weighting, errors that count the estimated chances"
DOUBLY_ROBUST = "doubly robust (AIPW), cross-fitted, median of several cuts"
SOURCE = (
    "Lunceford & Davidian (2004), Stat. Med. 23, 2937-2960; Robins, Rotnitzky & Zhao (1994), JASA 89, 846-866; "
    "Chernozhukov et al. (2018), Econometrics J. 21, C1-C68"
)
FOLDS = 5
CUTS = 5
TRIM = 0.01
LINES, TREES = "lines", "trees"


def by_weighting(
    rows: Rows, overlap: Overlap, *, target: str = EVERYBODY, confidence: float = 0.95
) -> Effect:
    """The effect by weights of one over the chance of what happened (each side's add up to 1).

    Source: Lunceford and Davidian (2004), Statistics in Medicine 23, 2937-2960; Stefanski and Boos (2002), American
        Statistician 56, 29-38, for the errors.
    """
    t, y, e = rows.treatment, rows.outcome, overlap.chance
    whole = np.column_stack((np.ones(len(t)), rows.confounders))
    one, other = weights(t, e, target)
    means = [(weight @ y) / weight.sum() for weight in (one, other)]
    pulls = [weight * (y - mean) / weight.mean() for weight, mean in ((one, means[0]), (other, means[1]))]
    # By how much a weight changes with the log odds of treatment.
    bends = (-(1 - e), e) if target == EVERYBODY else (np.zeros(len(e)), np.ones(len(e)))
    slope = ((pulls[0] * bends[0] - pulls[1] * bends[1])[:, None] * whole).mean(axis=0)
    information = (whole * (e * (1 - e))[:, None]).T @ whole / len(t)
    scores = whole * (t - e)[:, None]
    pull = pulls[0] - pulls[1] + scores @ np.linalg.solve(information, slope)
    se = np.sqrt((pull**2).sum()) / len(t) * np.sqrt(len(t) / (len(t) - whole.shape[1] - 1))
    return effect(IPW, target, means[0] - means[1], se, df=len(t) - whole.shape[1] - 1, confidence=confidence)


def weights(treatment: Floats, chance: Floats, target: str) -> tuple[Floats, Floats]:
    """(of the treated, of the others), arrays (n,), 0 on the other side."""
    if target == EVERYBODY:
        return floats(treatment / chance), floats((1 - treatment) / (1 - chance))
    return floats(treatment), floats((1 - treatment) * chance / (1 - chance))


def doubly_robust(
    rows: Rows,
    *,
    target: str = EVERYBODY,
    learner: str = LINES,
    cuts: int = CUTS,
    confidence: float = 0.95,
    seed: int = 2,
) -> Effect:
    """The effect by models of the outcome and of the treatment, right where either is; each fitted to other rows.

    Args:
        learner: LINES (regressions) or TREES (gradient boosting). cuts: in how many ways the rows are cut into folds; the
            median is taken and what they differ by is added to the error.

    Source: Chernozhukov et al. (2018), Econometrics Journal 21, C1-C68; Robins, Rotnitzky and Zhao (1994).
    """
    found = []
    for cut in range(seed, seed + cuts):
        value, se = cross_fitted(
            rows, cut_folds(rows.treatment, FOLDS, cut), target=target, learner=learner, seed=cut
        )
        found.append((value, se))
    values, errors = np.array(found).T
    middle = float(np.median(values))
    se = float(np.sqrt(np.median(errors**2 + (values - middle) ** 2)))
    df = len(rows) - rows.confounders.shape[1] - 2
    return effect(DOUBLY_ROBUST, target, middle, se, df=df, confidence=confidence)


def cross_fitted(
    rows: Rows, fold: Whole, *, target: str = EVERYBODY, learner: str = LINES, seed: int = 2
) -> tuple[float, float]:
    """(effect, standard error) for one way to cut the rows into folds."""
    x, y, t = rows.confounders, rows.outcome, rows.treatment
    chance, with_, without = (np.empty(len(rows)) for _ in range(3))
    for one in np.unique(fold):
        left = fold == one
        rest = ~left
        chance[left] = _chance(x[rest], t[rest], x[left], learner, seed)
        for place, which in ((with_, 1), (without, 0)):
            side = rest & (t == which)
            place[left] = _foretold(x[side], y[side], x[left], rows.is_share, learner, seed)
    e = np.clip(chance, TRIM, 1 - TRIM)
    if target == EVERYBODY:
        pull = with_ - without + t * (y - with_) / e - (1 - t) * (y - without) / (1 - e)
        value = float(pull.mean())
        return value, float(pull.std(ddof=1) / np.sqrt(len(y)))
    share = t.mean()
    pull = (t * (y - without) - (1 - t) * (y - without) * e / (1 - e)) / share
    value = float(pull.mean())
    return value, float((pull - t * value / share).std(ddof=1) / np.sqrt(len(y)))


def _chance(x: Floats, t: Floats, at: Floats, learner: str, seed: int) -> Floats:
    if learner == LINES or not x.shape[1]:
        return fit_logistic(x, t, ridge=0.1).chance(at)
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return floats(_trees(HistGradientBoostingClassifier, len(t), seed).fit(x, t).predict_proba(at)[:, 1])


def _foretold(x: Floats, y: Floats, at: Floats, is_share: bool, learner: str, seed: int) -> Floats:
    if is_share and 0 < y.mean() < 1:
        return _chance(x, y, at, learner, seed)
    if learner == LINES or is_share or not x.shape[1]:
        whole = np.column_stack((np.ones(len(y)), x))
        slopes = np.linalg.lstsq(whole, y, rcond=None)[0]
        return floats(slopes[0] + at @ slopes[1:])
    from sklearn.ensemble import HistGradientBoostingRegressor
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return floats(_trees(HistGradientBoostingRegressor, len(y), seed).fit(x, y).predict(at))


def _trees(kind: Callable[..., Any], n: int, seed: int) -> Any:
    """Small trees, few of them: the effect needs smooth models rather than sharp ones."""
    return kind(max_iter=80, learning_rate=0.06, max_leaf_nodes=6, min_samples_leaf=max(10, min(40, n // 20)),
                early_stopping=False, random_state=seed)  # fmt: skip
