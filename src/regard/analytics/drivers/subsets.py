"""How much of the outcome each set of drivers explains, all sets at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, floats

MOST_EXACT = 20
"""With more drivers than this there are too many sets to go through."""
# What is left of a driver's unit variance, below which it says nothing that the set does not say already.
TINY = 1e-10


def subset_r2(correlation: ArrayLike) -> Floats:
    """R² of the outcome on every set of drivers.

    Drivers are taken in one after the other: whether a driver is in the set or not, what remains is a smaller matrix of
    what the others and the outcome hold beyond it (a Schur complement). So all sets share their first steps, and a set
    costs about ten operations however many drivers it has.

    Args:
        correlation: of p drivers and, last, the outcome; of shape (p + 1, p + 1) or (batch, p + 1, p + 1).

    Returns: array (2**p, batch), fractions; bit j of the first index says whether driver j is in the set.
    Raises: ValueError for more than `MOST_EXACT` drivers.
    Source: Beaton (1964), The Use of Special Matrix Operators in Statistical Calculus (sweeping).

    >>> subset_r2([[1, 0, 0.6], [0, 1, 0.5], [0.6, 0.5, 1]]).round(2).ravel().tolist()
    [0.0, 0.36, 0.25, 0.61]
    """
    given = floats(correlation)
    size = given.shape[-1]
    if size - 1 > MOST_EXACT:
        raise ValueError(f"{size - 1} drivers are too many to go through all sets; at most {MOST_EXACT}.")
    state = np.ascontiguousarray(np.moveaxis(given.reshape(-1, size, size), 0, -1))[:, :, None, :]
    while len(state) > 1:
        rest, pivot, link = state[1:, 1:], state[0, 0], state[0, 1:]
        sets = state.shape[2]
        slope = np.divide(link, pivot, out=np.zeros_like(link), where=pivot > TINY)
        grown = np.empty((len(rest), len(rest), 2 * sets, state.shape[3]))
        grown[:, :, :sets] = rest
        beyond = grown[:, :, sets:]
        np.multiply(slope[:, None], link[None], out=beyond)
        np.subtract(rest, beyond, out=beyond)
        state = grown
    return floats(1.0 - state[0, 0])


def subset_sizes(drivers: int) -> NDArray[np.int64]:
    """How many drivers are in each of the 2**drivers sets, in the order of `subset_r2`."""
    sizes = np.zeros(1, dtype=np.int64)
    for _ in range(drivers):
        sizes = np.concatenate((sizes, sizes + 1))
    return sizes
