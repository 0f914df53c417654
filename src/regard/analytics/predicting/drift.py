"""Whether new customers are like those that a model learnt from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.predicting.columns import MISSING, Column

METHOD = (
    "drift by population stability index over tenths, with a chi-squared test corrected by Benjamini–Hochberg"
)
SOURCE = "Yurdakul & Naranjo (2020), J. Risk Model Validation 14(4), 89-100; Pearson (1900), Phil. Mag. 50, 157-175"
PARTS = 10


@dataclass(frozen=True, slots=True)
class Drift:
    """How far a column moved.

    Args:
        psi: population stability index; below 0.1 is little, above 0.25 is much.
        p: of as large a difference by chance. before, after: the mean, or the commonest word.
    """

    name: str
    psi: float
    p: float
    before: str
    after: str


def drift_of(old: Column, new: Column) -> Drift:
    """How far the column lies from where it lay; missing ones and new words count as parts of their own.

    Source: Yurdakul and Naranjo (2020), Journal of Risk Model Validation 14(4), 89-100.
    """
    from scipy.special import chdtrc

    before, after = _counts(old, new)
    both = before + after
    used = both > 0
    before, after, both = before[used], after[used], both[used]
    shares = [(one + 0.5) / (one.sum() + 0.5 * len(one)) for one in (before, after)]
    psi = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    # Rare parts are put together, as the test needs five of each.
    common = both * min(before.sum(), after.sum()) / both.sum() >= 5
    tables = [np.append(one[common], one[~common].sum()) for one in (before, after)]
    total = tables[0] + tables[1]
    kept = total > 0
    statistic = sum(
        float(
            (
                ((one - total * one.sum() / total.sum()) ** 2)[kept] / (total * one.sum() / total.sum())[kept]
            ).sum()
        )
        for one in tables
    )
    p = float(chdtrc(max(int(kept.sum()) - 1, 1), statistic)) if kept.sum() > 1 else 1.0
    return Drift(old.name, psi, p, _said(old), _said(new))


def _counts(old: Column, new: Column) -> tuple[Floats, Floats]:
    """How many of each lie in each part."""
    if old.numbers is None:
        size = len(old.levels) + 1
        one, other = (
            np.bincount(np.where(column.words < 0, size - 1, column.words), minlength=size)
            for column in (old, new)
        )
        return one.astype(np.float64), other.astype(np.float64)
    assert new.numbers is not None, "the same column holds numbers in both"
    known = old.numbers[~np.isnan(old.numbers)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, PARTS + 1)[1:-1]))

    def count(values: Floats) -> NDArray[np.int64]:
        place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, "right"))
        return np.bincount(place, minlength=len(edges) + 2)

    return count(old.numbers).astype(np.float64), count(new.numbers).astype(np.float64)


def _said(column: Column) -> str:
    if column.numbers is not None:
        known = column.numbers[~np.isnan(column.numbers)]
        return f"mean {known.mean():.4g}" if len(known) else MISSING
    counts = np.bincount(column.words[column.words >= 0], minlength=max(len(column.levels), 1))
    if not counts.sum():
        return "new words only"
    most = int(np.argmax(counts))
    return f"{column.levels[most]} {counts[most] / len(column):.0%}"
