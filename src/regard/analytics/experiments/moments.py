"""What of single units is enough to compare variants: means and covariances of metric, denominator and time before."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, divide, together


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Of each variant (and metric), arrays of one shape.

    Args:
        n: units.
        y: mean of the metric. x: mean of its denominator, 1 where there is none. z: mean of the metric before, 0 where none.
        yy, xx, zz, xy, yz, xz: covariances between units, over n - 1; not a number below two units.
    """

    n: Floats
    y: Floats
    x: Floats
    z: Floats
    yy: Floats
    xx: Floats
    zz: Floats
    xy: Floats
    yz: Floats
    xz: Floats

    def __getitem__(self, index: Any) -> Moments:
        """The chosen elements, indexed as numpy does."""
        return Moments(*(np.asarray(getattr(self, one.name)[index]) for one in fields(self)))


def moments(
    variant: NDArray[np.int64],
    y: Floats,
    x: Floats | None = None,
    z: Floats | None = None,
    *,
    n_variants: int | None = None,
) -> Moments:
    """The moments of single units, one element a variant.

    Deviations are taken from the mean first, so that large numbers of small spread keep their digits.

    Args:
        variant: of each unit, from 0. y, x, z: its metric, denominator and metric before.
    """
    many = int(variant.max(initial=-1)) + 1 if n_variants is None else n_variants
    n = np.bincount(variant, minlength=many).astype(np.float64)
    below = np.where(n > 1, n - 1, 0.0)
    given = {"y": y, "x": x, "z": z}
    means: dict[str, Floats] = {"x": np.ones(many), "z": np.zeros(many)}
    away: dict[str, Floats] = {}
    for name, values in given.items():
        if values is None:
            continue
        means[name] = divide(np.bincount(variant, values, many), n)
        away[name] = values - means[name][variant]
    pairs = {}
    for pair in ("yy", "xx", "zz", "xy", "yz", "xz"):
        first, second = pair
        if first in away and second in away:
            pairs[pair] = divide(np.bincount(variant, away[first] * away[second], many), below)
        else:
            pairs[pair] = np.where(n > 1, 0.0, np.nan)
    return Moments(n, means["y"], means["x"], means["z"], **pairs)


def moments_of_sums(
    n: ArrayLike,
    sy: ArrayLike,
    syy: ArrayLike,
    *,
    sx: ArrayLike | None = None,
    sxx: ArrayLike = 0.0,
    sxy: ArrayLike = 0.0,
    sz: ArrayLike = 0.0,
    szz: ArrayLike = 0.0,
    syz: ArrayLike = 0.0,
    sxz: ArrayLike = 0.0,
) -> Moments:
    """The moments of units that are known only by totals of their values, squares and products, of any shape.

    Left out `sx` says that there is no denominator. Rounding takes digits where the spread is tiny beside the mean: take
    `moments` where single units are at hand.
    """
    n, sy, syy, sxx, sxy, sz, szz, syz, sxz = together(n, sy, syy, sxx, sxy, sz, szz, syz, sxz)
    below = np.where(n > 1, n - 1, 0.0)

    def covariance(products: Floats, first: Floats, second: Floats) -> Floats:
        found = divide(products - divide(first * second, n), below)
        rounding = 1e-13 * np.abs(divide(products, below))
        return np.where(np.abs(found) > rounding, found, np.where(np.isnan(found), np.nan, 0.0))

    if sx is None:
        zero = np.where(n > 1, 0.0, np.nan)
        x, xx, xy, xz = np.ones_like(n), zero, zero, zero
    else:
        sx = together(sx, n)[0]
        x = divide(sx, n)
        xx, xy, xz = covariance(sxx, sx, sx), covariance(sxy, sx, sy), covariance(sxz, sx, sz)
    yy, zz, yz = covariance(syy, sy, sy), covariance(szz, sz, sz), covariance(syz, sy, sz)
    return Moments(n, divide(sy, n), x, divide(sz, n), yy, xx, zz, xy, yz, xz)
