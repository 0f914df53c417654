"""The normal distribution, from the error function that comes with Python."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

_erfc = np.frompyfunc(math.erfc, 1, 1)
MOST_STEPS = 200


def normal_tail(z: ArrayLike) -> NDArray[np.float64]:
    """The chance of a value above each `z`. Source: NIST Digital Library of Mathematical Functions, 7.2.2."""
    size = np.asarray(z, dtype=np.float64) / math.sqrt(2)
    return np.asarray(_erfc(size), dtype=np.float64) / 2


@lru_cache(maxsize=256)
def normal_quantile(share: float) -> float:
    """The value below which `share` of a standard normal distribution lies.

    Newton's steps from the middle outwards: the distribution is concave there, so that no step goes too far.

    Raises: ValueError for a share that is not strictly between 0 and 1.
    Source: Wichura (1988), Applied Statistics 37, 477-484, for the values that it is tested against.

    >>> round(normal_quantile(0.975), 12)
    1.95996398454
    """
    if not 0 < share < 1:
        raise ValueError(f"A share lies between 0 and 1, not {share}.")
    if share > 0.5:
        return -normal_quantile(1 - share)
    z = 0.0
    for _ in range(MOST_STEPS):
        tail = math.erfc(z / math.sqrt(2)) / 2
        step = (tail - share) / (math.exp(-z * z / 2) / math.sqrt(2 * math.pi))
        z += step
        if abs(step) <= 1e-15 * max(1.0, z):
            break
    return -z
