"""The share of R² that each driver carries, fairly divided."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.subsets import subset_r2, subset_sizes

BLOCK = 1 << 19
# Keeps an ordering from stopping at a driver that repeats those before it.
RIDGE = 1e-10


def lmg(correlation: ArrayLike) -> Floats:
    """What each driver adds to R², as the mean over all orders in which drivers can be taken in (Shapley value of R²).

    Args:
        correlation: of p <= 20 drivers and, last, the outcome; of shape (p + 1, p + 1) or (batch, p + 1, p + 1).

    Returns: array (p,) or (batch, p); at least 0, adding up to R².
    Source: Lindeman, Merenda and Gold (1980), Introduction to Bivariate and Multivariate Analysis, 119 ff.; Grömping
        (2006), Journal of Statistical Software 17(1).

    >>> lmg([[1, 0, 0.6], [0, 1, 0.5], [0.6, 0.5, 1]]).round(2).tolist()
    [0.36, 0.25]
    """
    given = floats(correlation)
    batch = given.reshape(-1, *given.shape[-2:])
    rows = max(1, BLOCK >> (given.shape[-1] - 1))
    found = [shared_out(subset_r2(batch[start : start + rows])) for start in range(0, len(batch), rows)]
    return np.concatenate(found, axis=1).T.reshape(*given.shape[:-2], -1)


def shared_out(r2: Floats) -> Floats:
    """LMG from R² of all sets, (2**p, batch) as `subset_r2` gives it; of shape (p, batch)."""
    drivers = (len(r2) - 1).bit_length()
    each = [1 / (drivers * math.comb(drivers - 1, size)) for size in range(drivers)]
    inside, outside = floats([0.0, *each]), floats([*each, 0.0])
    sizes = subset_sizes(drivers)
    left = r2 * (inside + outside)[sizes, None]
    without = outside[sizes] @ r2
    found = np.empty((drivers, r2.shape[1]))
    for driver in range(drivers - 1, -1, -1):
        half = len(left) // 2
        found[driver] = left[half:].sum(axis=0)
        left = left[:half] + left[half:]
    return found - without


def random_orders(drivers: int, pairs: int, seed: int) -> NDArray[np.int64]:
    """Orders of the drivers drawn by lot, each with its reverse beside it, which steadies their mean."""
    generator = np.random.default_rng(seed)
    drawn = np.array([generator.permutation(drivers) for _ in range(pairs)])
    return np.concatenate((drawn, drawn[:, ::-1]))


def lmg_by_orders(correlation: ArrayLike, orders: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """LMG as the mean over some orders only, and the standard error that this leaves.

    In each order the outcome's row of the Cholesky factor holds the roots of what the drivers add.

    Args:
        correlation: as for `lmg`, of any number of drivers.
        orders: array (orders, p), the second half the reverse of the first; see `random_orders`.

    Returns: LMG and its standard error by sampling, (p,) or (batch, p) each.
    Source: Castro, Gómez and Tejada (2009), Computers & Operations Research 36, 1726-1730.
    """
    given = floats(correlation)
    size = given.shape[-1]
    batch = given.reshape(-1, size, size) + RIDGE * np.eye(size)
    orders = np.column_stack((orders, np.full(len(orders), size - 1)))
    pairs = len(orders) // 2
    total = np.zeros((len(batch), size - 1))
    squares = np.zeros_like(total)
    rows = max(1, BLOCK // (len(orders) * size))
    for start in range(0, len(batch), rows):
        part = batch[start : start + rows]
        factor = np.linalg.cholesky(part[:, orders[:, :, None], orders[:, None, :]])
        added = np.empty((len(part), len(orders), size - 1))
        np.put_along_axis(added, orders[None, :, :-1], factor[:, :, -1, :-1] ** 2, axis=2)
        mean = (added[:, :pairs] + added[:, pairs:]) / 2
        total[start : start + rows] = mean.sum(axis=1)
        squares[start : start + rows] = ((mean - mean.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
    shape = (*given.shape[:-2], size - 1)
    error = np.sqrt(squares / (pairs - 1) / pairs)
    return (total / pairs).reshape(shape), error.reshape(shape)
