"""The chance of any false alarm at all in a stated family of comparisons."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, floats


def holm(p: ArrayLike) -> Floats:
    """Each p after a correction that keeps the chance of even one false alarm in the family at what is asked.

    Stricter than `benjamini_hochberg`: for a single decision that one false alarm would spoil.

    Args:
        p: two-sided p of one family, any shape; not a number where there was no test, which then counts for nothing.

    Returns: adjusted p, same shape, each at least its p and at most 1; not a number stays so.
    Source: Holm (1979), Scandinavian Journal of Statistics 6, 65-70.

    >>> holm([0.01, 0.04, 0.03, float("nan")]).round(3).tolist()
    [0.03, 0.06, 0.06, nan]
    """
    given = floats(p)
    flat = given.ravel()
    tested = np.flatnonzero(~np.isnan(flat))
    order = tested[np.argsort(flat[tested], kind="stable")]
    stretched = flat[order] * np.arange(len(order), 0, -1)
    adjusted = np.full(flat.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(stretched), 1.0)
    return adjusted.reshape(given.shape)
