"""The totals that a figure clustered by customer is told from, summed from single rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, floats

Whole = NDArray[np.int64]
Sums = tuple[Floats, Floats, Floats, Floats, Floats, Floats]


def sums_by_customer(owner: Whole, values: ArrayLike, group: Whole | None = None, n_groups: int = 1) -> Sums:
    """Totals over customers, the rows of each added up first, as `share_clustered_arrays` and `ratio_arrays` take them.

    Args:
        owner: array (rows,), whose row each is, from 0. values: array (figures, rows).
        group: array (rows,), the group of each row, from 0; None where there is one.

    Returns: for each group m, Σx, Σy, Σx², Σy² and Σxy, x being how many rows a customer has there and y the sum of their
        values: arrays (groups,), those with y (figures, groups).

    >>> sums = sums_by_customer(np.array([0, 0, 1]), [[1.0, 2.0, 4.0]])
    >>> [one.ravel().tolist() for one in sums]
    [[2.0], [3.0], [7.0], [5.0], [25.0], [10.0]]
    """
    n_owners = int(owner.max(initial=0)) + 1
    key = owner if group is None else group * n_owners + owner
    found, place = np.unique(key, return_inverse=True)
    whose = found // n_owners
    x = np.bincount(place, minlength=len(found)).astype(np.float64)
    y = [floats(np.bincount(place, one, len(found))) for one in floats(values)]

    def total(each: Floats) -> Floats:
        return floats(np.bincount(whose, each, n_groups))

    def totals(each: list[Floats]) -> Floats:
        return floats([total(one) for one in each])

    m, sx, sxx = (total(one) for one in (np.ones(len(found)), x, x * x))
    return m, sx, totals(y), sxx, totals([one * one for one in y]), totals([x * one for one in y])
