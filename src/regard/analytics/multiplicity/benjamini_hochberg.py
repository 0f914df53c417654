"""The false discovery rate over a stated family of comparisons."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, floats


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Each p after correction for how many were looked at together.

    Calling a change what stays at or below 0.05 keeps false alarms at 5% of what is called a change.

    Args:
        p: two-sided p of one family, any shape; not a number where there was no test, which then counts for nothing.

    Returns: adjusted p, same shape, each at least its p and at most 1; not a number stays so.
    Source: Benjamini and Hochberg (1995), J. R. Statist. Soc. B 57, 289-300.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, float("nan")]).round(3).tolist()
    [0.03, 0.04, 0.04, nan]
    """
    given = floats(p)
    flat = given.ravel()
    tested = np.flatnonzero(~np.isnan(flat))
    order = tested[np.argsort(flat[tested], kind="stable")]
    stretched = flat[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted = np.full(flat.shape, np.nan)
    adjusted[order] = np.minimum(np.minimum.accumulate(stretched[::-1])[::-1], 1.0)
    return adjusted.reshape(given.shape)
