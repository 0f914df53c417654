"""Which driver dominates which: in every set of the others, on average within each size of set, or on average."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.lmg import shared_out
from regard.analytics.drivers.subsets import subset_r2, subset_sizes


@dataclass(frozen=True, slots=True, eq=False)
class Dominance:
    """What every driver adds to every set of the others, summed up three ways.

    Args:
        general: array (p,), the mean over all sizes of set; this is LMG.
        conditional: array (p, p), row: driver; column k: the mean it adds to sets of k others.
        complete: array (p, p), the share of sets to which the row's driver adds more than the column's; 1 is complete
            dominance, 0 the opposite, not a number on the diagonal.
    """

    general: Floats
    conditional: Floats
    complete: Floats


def dominance(correlation: ArrayLike) -> Dominance:
    """General, conditional and complete dominance of at most 20 drivers.

    Args:
        correlation: of p drivers and, last, the outcome, of shape (p + 1, p + 1).

    Source: Budescu (1993), Psychological Bulletin 114, 542-551; Azen and Budescu (2003), Psychological Methods 8,
        129-148.

    >>> dominance([[1, 0, 0.6], [0, 1, 0.5], [0.6, 0.5, 1]]).complete[0, 1].item()
    1.0
    """
    r2 = subset_r2(floats(correlation))
    drivers = (len(r2) - 1).bit_length()
    alone = r2[:, 0]
    return Dominance(shared_out(r2)[:, 0], _conditional(alone, drivers), _complete(alone, drivers))


def _conditional(r2: Floats, drivers: int) -> Floats:
    sizes = subset_sizes(drivers)
    sets = floats([math.comb(drivers - 1, size) for size in range(drivers)])
    found = np.empty((drivers, drivers))
    for driver in range(drivers):
        pairs = r2.reshape(-1, 2, 1 << driver)
        others = sizes.reshape(-1, 2, 1 << driver)[:, 0].ravel()
        added = (pairs[:, 1] - pairs[:, 0]).ravel()
        found[driver] = np.bincount(others, weights=added, minlength=drivers) / sets
    return found


def _complete(r2: Floats, drivers: int) -> Floats:
    found = np.full((drivers, drivers), np.nan)
    for low in range(drivers):
        for high in range(low + 1, drivers):
            cube = r2.reshape(-1, 2, 1 << (high - low - 1), 2, 1 << low)
            more = cube[:, 0, :, 1] - cube[:, 1, :, 0]
            share = ((more > 1e-12).mean() + (more >= -1e-12).mean()) / 2
            found[low, high], found[high, low] = share, 1 - share
    return found
