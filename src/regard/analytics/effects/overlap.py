"""Whether there is anybody to compare with: the chance of treatment, and how alike both sides are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.given import Rows
from regard.analytics.predicting.logistic import Logistic, fit_logistic
from regard.kernel.errors import NotEnoughData

SOURCE = "Rosenbaum & Rubin (1983), Biometrika 70, 41-55; Crump et al. (2009), Biometrika 96, 187-199; Austin (2009), Stat. Med. 28, 3083-3107"
EXTREME = 0.02
MOST_EXTREME = 0.1
FEWEST_EFFECTIVE = 10.0
BALANCED = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """How far the treated and the others can be compared.

    Args:
        chance: array (n,), of being treated, given the confounders. model: what it comes from.
        extreme: the share of rows at a chance below 2% or above 98%.
        effective: how many treated, and how many others, the weighted rows are worth.
    """

    chance: Floats
    model: Logistic
    extreme: float
    effective: tuple[float, float]
    low: float
    high: float


def overlap_of(rows: Rows) -> Overlap:
    """The chance of treatment by logistic regression, and whether both sides have a fair share of every kind of customer.

    Raises: NotEnoughData where they have not, naming the confounders that set them apart.
    Source: Rosenbaum and Rubin (1983), Biometrika 70, 41-55; Crump, Hotz, Imbens and Mitnik (2009), Biometrika 96.
    """
    try:
        model = fit_logistic(rows.confounders, rows.treatment, ridge=0.0)
    except NotEnoughData:
        raise NotEnoughData(
            f"Overlap fails: the confounders tell without fail who was treated. {_apart(rows)}"
        ) from None
    chance = model.chance(rows.confounders)
    extreme = float(((chance < EXTREME) | (chance > 1 - EXTREME)).mean())
    sizes = []
    for which in (1, 0):
        side = rows.treatment == which
        weight = 1 / np.where(which, chance, 1 - chance)[side]
        sizes.append(float(weight.sum() ** 2 / (weight**2).sum()))
    if extreme > MOST_EXTREME or min(sizes) < FEWEST_EFFECTIVE:
        raise NotEnoughData(
            f"Overlap fails: for {extreme:.0%} of the rows the confounders leave hardly any doubt whether they were treated, and the "
            f"comparison would rest on {min(sizes):.0f} rows. {_apart(rows)}"
        )
    return Overlap(chance, model, extreme, (sizes[0], sizes[1]), float(chance.min()), float(chance.max()))


def _apart(rows: Rows) -> str:
    away = np.abs(standardised_differences(rows, rows.treatment, 1 - rows.treatment))
    worst = ", ".join(f"'{rows.names[at]}'" for at in np.argsort(-away)[:3] if away[at] > BALANCED)
    return f"Give rows in which both kinds occur; what sets them apart most: {worst or 'all together'}."


def standardised_differences(rows: Rows, treated: Floats, others: Floats) -> Floats:
    """Of each confounder, how far both sides' weighted means lie apart, in standard deviations of the unweighted rows.

    Args:
        treated, others: weights, array (n,), 0 for who is on the other side.

    Source: Austin (2009), Statistics in Medicine 28, 3083-3107.
    """
    x = rows.confounders
    spread = np.sqrt(
        (x[rows.treatment > 0].var(axis=0, ddof=1) + x[rows.treatment < 1].var(axis=0, ddof=1)) / 2
    )
    apart = treated @ x / treated.sum() - others @ x / others.sum()
    return floats(np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0))
