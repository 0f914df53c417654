"""Groups of customers made alike in what they were before."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats

STEPS = 5


def matched_weights(groups: NDArray[np.int64], traits: Sequence[Floats], *, steps: int = STEPS) -> Floats:
    """How much each customer counts, so that all groups are alike in these traits.

    Each trait is cut into up to `steps` parts with as many customers each. Where customers of every group are alike in
    all parts, those of each group count together as much as all of them; the rest count nothing.

    Args:
        groups: array (n,), the group of each customer. traits: arrays (n,).

    Returns: array (n,), 0 for whom nobody of some group is like.
    Source: Iacus, King and Porro (2012), Political Analysis 20(1), 1-24 (coarsened exact matching).
    """
    cell = np.zeros(len(groups), dtype=np.int64)
    for trait in traits:
        cuts = np.unique(np.quantile(trait, np.arange(1, steps) / steps))
        cell = cell * (len(cuts) + 1) + np.searchsorted(cuts, trait, side="left")
    places, cell = np.unique(cell, return_inverse=True)
    kinds, group = np.unique(groups, return_inverse=True)
    counts = np.bincount(cell * len(kinds) + group, minlength=len(places) * len(kinds)).reshape(
        -1, len(kinds)
    )
    everywhere = (counts > 0).all(axis=1)
    aim = np.where(everywhere, counts.sum(axis=1), 0)
    return np.asarray(aim[cell] / np.maximum(counts[cell, group], 1), dtype=np.float64)
