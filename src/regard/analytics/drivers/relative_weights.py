"""Relative weights: nearly the same division of R² as LMG, for any number of drivers at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, floats


def relative_weights(correlation: ArrayLike) -> Floats:
    """The share of R² that goes through each driver's nearest uncorrelated stand-in.

    Args:
        correlation: of p drivers and, last, the outcome; of shape (p + 1, p + 1) or (batch, p + 1, p + 1).

    Returns: array (p,) or (batch, p); at least 0, adding up to R².
    Source: Johnson (2000), Multivariate Behavioral Research 35, 1-19.

    >>> relative_weights([[1, 0.5, 0.6], [0.5, 1, 0.6], [0.6, 0.6, 1]]).round(2).tolist()
    [0.24, 0.24]
    """
    given = floats(correlation)
    among, with_outcome = given[..., :-1, :-1], given[..., :-1, -1]
    values, vectors = np.linalg.eigh(among)
    size = np.sqrt(np.maximum(values, 0.0))
    loaded = (vectors * size[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    turned = np.einsum("...ij,...i->...j", vectors, with_outcome)
    turned = np.divide(turned, size, out=np.zeros_like(turned), where=size > 1e-6)
    weights = np.einsum("...ij,...j->...i", vectors, turned)
    return floats(np.einsum("...ij,...j->...i", loaded**2, weights**2))
