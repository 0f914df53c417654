"""Whom a treatment moves: the difference that it makes to each customer, learnt where it was given by lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, critical, divide, floats
from regard.analytics.predicting.columns import Column, learn_encoding
from regard.analytics.predicting.held_out import FOLDS, Whole, cut_folds
from regard.analytics.predicting.logistic import fit_logistic
from regard.kernel.errors import NotEnoughData

METHOD = (
    "uplift by two models and by the transformed outcome, foretold to rows left out of fitting; Qini with "
    "t intervals (infinitesimal jackknife); treatment by lot checked by an F test"
)
SOURCE = (
    "Radcliffe (2007), Direct Marketing Analytics J. 3, 14-21; Athey & Imbens (2016), PNAS 113, 7353-7360; "
    "Künzel et al. (2019), PNAS 116, 4156-4165; Efron (1982), The Jackknife, the Bootstrap and Other Resampling Plans, ch. 6"
)
TWO_MODELS, TRANSFORMED = "two_model", "transformed_outcome"
FEWEST = 20
NOT_BY_LOT = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Qini:
    """What treating the most movable first would bring.

    Args:
        share: the share of customers treated, from 0 to 1. gained: yeses brought by then, per customer of all.
        area: between `gained` and treating by lot. low, high: its interval. perfect: its share of what perfect
            knowledge of who answered how would reach.
    """

    share: Floats
    gained: Floats
    area: float
    low: float
    high: float
    perfect: float


def chance_of_lot(columns: Sequence[Column], treatment: Floats) -> float:
    """p of the columns telling so much of who was treated, if it was by lot (F test of a regression).

    Source: Rao (1973), Linear Statistical Inference and Its Applications, 2nd ed., section 4a.
    """
    from scipy.special import fdtrc

    x = learn_encoding(columns).matrix(columns)
    whole = np.column_stack((np.ones(len(x)), x))
    rank = int(np.linalg.matrix_rank(whole))
    slopes = np.linalg.lstsq(whole, treatment, rcond=None)[0]
    left = float(((treatment - whole @ slopes) ** 2).sum())
    total = float(((treatment - treatment.mean()) ** 2).sum())
    df = len(x) - rank
    if rank <= 1 or df <= 0:
        return 1.0
    if left <= 1e-9 * total:
        return 0.0
    return float(fdtrc(rank - 1, df, (total - left) / (rank - 1) / (left / df)))


def uplift_scores(
    kind: str,
    columns: Sequence[Column],
    outcome: Floats,
    treatment: Floats,
    *,
    folds: int = FOLDS,
    customers: Whole | None = None,
    seed: int = 2,
) -> Floats:
    """By how much treatment raises each customer's chance, as foretold by models that had not seen them; array (n,).

    Args:
        kind: TWO_MODELS (one of the treated, one of the others, subtracted) or TRANSFORMED (a regression of the outcome
            turned so that its mean is the uplift).
        outcome, treatment: arrays (n,) of 0 and 1.

    Raises: NotEnoughData below 20 customers of either outcome, treated or not.
    Source: Künzel, Sekhon, Bickel and Yu (2019), PNAS 116, 4156-4165 (two models); Athey and Imbens (2016), PNAS 113,
        7353-7360 (transformed outcome).
    """
    for treated in (0, 1):
        for answer in (0, 1):
            n = int(((treatment == treated) & (outcome == answer)).sum())
            if n < FEWEST:
                who = "treated" if treated else "untreated"
                raise NotEnoughData(
                    f"Of the {who} customers, {n} have the outcome {'yes' if answer else 'no'}; uplift needs at least {FEWEST}."
                )
    fold = cut_folds(floats(2 * treatment + outcome > 1.5), folds, seed, customers)
    found = np.empty(len(outcome))
    for one in range(folds):
        left = fold == one
        encoding = learn_encoding([column[~left] for column in columns])
        x = encoding.matrix([column[~left] for column in columns])
        at = encoding.matrix([column[left] for column in columns])
        fitted = _two_models if kind == TWO_MODELS else _transformed
        found[left] = fitted(x, outcome[~left], treatment[~left], at)
    return found


def _two_models(x: Floats, outcome: Floats, treatment: Floats, at: Floats) -> Floats:
    with_, without = (
        fit_logistic(x[treatment == which], outcome[treatment == which], ridge=5.0) for which in (1, 0)
    )
    return floats(with_.chance(at) - without.chance(at))


def _transformed(x: Floats, outcome: Floats, treatment: Floats, at: Floats) -> Floats:
    share = treatment.mean()
    # The mean outcome is taken off first: that leaves the mean of what is regressed as it is and halves its noise.
    turned = (outcome - outcome.mean()) * (treatment - share) / (share * (1 - share))
    bend = x.T @ x + 0.02 * len(x) * np.eye(x.shape[1])
    return floats(turned.mean() + at @ np.linalg.solve(bend, x.T @ (turned - turned.mean())))


def qini(score: Floats, outcome: Floats, treatment: Floats, *, confidence: float = 0.95) -> Qini:
    """What treating those with the highest scores first would bring, and by how much more than treating by lot.

    Args:
        score: array (n,), the higher the sooner treated; foretold without these rows. outcome, treatment: 0 or 1.

    Returns: Qini; its interval is that of the area which these scores would have among ever more customers like these. It is
        t, since few yeses make the spread itself unsure; it need not hold for what a model fitted anew would reach.
    Source: Radcliffe (2007), Direct Marketing Analytics Journal 3, 14-21; Efron (1982), The Jackknife, the Bootstrap and
        Other Resampling Plans, ch. 6 (spread); Satterthwaite (1946), Biometrics Bulletin 2, 110-114 (degrees of freedom).
    """
    order = np.argsort(-score, kind="stable")
    y, t = outcome[order], treatment[order]
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)
    share, gained = _curve(y, t, ends)
    area, pulls = _area(share, gained), _pulls(y, t, ends)
    squares = pulls**2
    total = squares.sum()
    # By how much the squares differ says how sure the spread is: where a few rows make it, it is not.
    df = divide(2 * total**2, (squares**2).sum() - total**2 / len(y))
    reach = float(critical(confidence, np.maximum(df, 1.0)) * np.sqrt(total)) / len(y)
    return Qini(share, gained, area, area - reach, area + reach, area / _perfect(y, t))


def _curve(y: Floats, t: Floats, ends: Whole) -> tuple[Floats, Floats]:
    """Share treated and yeses gained per customer, at the end of each run of equal scores, from 0."""
    treated, other, yes, yes_other = _counts(y, t, ends)
    gained = (yes - yes_other * _or_zero(treated, other)) / len(y)
    return np.append(0.0, (treated + other) / len(y)), np.append(0.0, gained)


def _counts(y: Floats, t: Floats, ends: Whole) -> tuple[Floats, Floats, Floats, Floats]:
    """Treated, others, yeses of the treated and of the others, each up to the ends."""
    treated, other, yes, yes_other = (floats(np.cumsum(one)[ends]) for one in (t, 1 - t, t * y, (1 - t) * y))
    return treated, other, yes, yes_other


def _or_zero(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def _area(share: Floats, gained: Floats) -> float:
    return float(np.trapezoid(gained, share) - gained[-1] / 2)


def _pulls(y: Floats, t: Floats, ends: Whole) -> Floats:
    """By how much the area would move if a row weighed more, times how many rows there are; array (n,), adds up to 0.

    The area is a sum of what is gained at each end times a width, and of each share times a height; a row moves what is
    gained from its own end on, and the shares too.
    """
    treated, other, _, yes_other = _counts(y, t, ends)
    share, gained = _curve(y, t, ends)
    width = (np.append(share, share[-1])[2:] - share[:-1]) / 2
    width[-1] -= 0.5
    height = (gained[:-1] - np.append(gained, -gained[-1])[2:]) / 2
    factor, usual = _or_zero(treated, other), _or_zero(yes_other, other)
    place = np.searchsorted(ends, np.arange(len(y)))

    def onwards(each: Floats) -> Floats:
        return floats(np.cumsum(each[::-1])[::-1][place])

    of_treated = y * onwards(width) - onwards(width * usual)
    of_other = onwards(width * factor * usual) - y * onwards(width * factor)
    pulls = np.where(t > 0.5, of_treated, of_other) + onwards(height)
    return floats(pulls - pulls.mean())


def _perfect(y: Floats, t: Floats) -> float:
    """The area if those whom treatment moved stood first and those whom it put off last."""
    ranked = np.where(t > 0.5, y, -y)
    best = np.argsort(-ranked, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(ranked[best])), len(y) - 1)
    return _area(*_curve(y[best], t[best], ends))
