"""How often labels that were told agree with the true ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import EstimateArrays, floats
from regard.analytics.shares.wilson import share, share_arrays
from regard.kernel.errors import NotEnoughData
from regard.kernel.estimates import Estimate

SOURCE = (
    "van Rijsbergen (1979), Information Retrieval, 2nd ed., chapter 7; Wilson (1927), JASA 22(158), 209-212"
)


@dataclass(frozen=True, slots=True, eq=False)
class Agreement:
    """How well labels were told.

    Args:
        labels: those that are true of a row or were told of one.
        recall: of the rows of each label, the share told as such. precision: of those told as such, the share that are.
        f1: array (labels,), their harmonic mean; 0 where no row of the label was told rightly.
        in_scope: of the rows in scope, the share told rightly. out_of_scope: of the others, that told as such; None where
            there are none.
    """

    labels: tuple[str, ...]
    accuracy: Estimate
    recall: EstimateArrays
    precision: EstimateArrays
    f1: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    in_scope: Estimate | None
    out_of_scope: Estimate | None

    @property
    def macro_f1(self) -> float:
        """The mean of the labels' F1, each label counting as much."""
        return float(self.f1.mean())


def agreement(truth: Sequence[str], told: Sequence[str], *, out_of_scope: str | None = None) -> Agreement:
    """How well `told` agrees with `truth`.

    Args:
        out_of_scope: the label of what is nothing known.
    Raises: NotEnoughData without rows.
    Source: van Rijsbergen (1979), Information Retrieval, 2nd ed., chapter 7.

    >>> found = agreement(["buy", "buy", "pay"], ["buy", "pay", "pay"])
    >>> found.accuracy.value, found.macro_f1
    (0.666..., 0.666...)
    """
    if not truth:
        raise NotEnoughData("There are no rows to judge by.")
    true, given = np.array(truth, dtype=object), np.array(told, dtype=object)
    right = true == given
    labels = tuple(sorted({*truth, *told}))
    hits = floats([(right & (true == one)).sum() for one in labels])
    n_true = floats([(true == one).sum() for one in labels])
    n_told = floats([(given == one).sum() for one in labels])
    outside = true == out_of_scope
    return Agreement(
        labels, share(int(right.sum()), len(true)), share_arrays(hits, n_true), share_arrays(hits, n_told),
        floats(2 * hits / (n_true + n_told)), _part(right[~outside]), _part(right[outside]),
    )  # fmt: skip


def _part(right: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Estimate | None:
    return share(int(right.sum()), len(right)) if len(right) else None
