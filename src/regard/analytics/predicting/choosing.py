"""Which model to use: the plainest, unless another tells apart better than chance explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from regard.analytics.arrays import Floats
from regard.analytics.predicting.columns import Column
from regard.analytics.predicting.held_out import FOLDS, SEEDS, HeldOut, Progress, Whole, held_out
from regard.analytics.predicting.judging import auc_difference

REAL = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The models that were judged on the same rows, and the one to use.

    Args:
        above: of each, its AUC less that of the first, the standard error and p of that difference.
    """

    judged: tuple[HeldOut, ...]
    above: tuple[tuple[float, float, float], ...]
    chosen: HeldOut


def choose(
    kinds: Sequence[str],
    columns: Sequence[Column],
    outcome: Floats,
    *,
    folds: int = FOLDS,
    seeds: int = SEEDS,
    customers: Whole | None = None,
    first_seed: int = 2,
    progress: Progress | None = None,
) -> Choice:
    """Each kind of model judged on rows that it had not seen; a later kind is taken where it is really better.

    Source: DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, 837-845, for the difference of two AUCs.
    """
    judged = tuple(
        held_out(
            kind,
            columns,
            outcome,
            folds=folds,
            seeds=seeds,
            customers=customers,
            first_seed=first_seed,
            progress=progress,
        )
        for kind in kinds
    )
    above = tuple(auc_difference(one.mean, judged[0].mean, outcome) for one in judged)
    chosen = judged[0]
    for one in judged[1:]:
        difference, _, p = auc_difference(one.mean, chosen.mean, outcome)
        if difference > 0 and p < REAL:
            chosen = one
    return Choice(judged, above, chosen)
