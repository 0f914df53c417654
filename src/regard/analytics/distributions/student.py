"""Student's t distribution for any degrees of freedom, by arrays."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.distributions.normal import normal_quantile, normal_tail

Floats = NDArray[np.float64]

# From here on the expansion about the normal distribution is exact to ten digits; below, the fraction ends soon.
MANY = 400.0
# From here on, and for values that are not far out, the expansion of the quantile is right to four digits.
SOME = 20.0
NEAR = 3.5
MOST_TERMS = 400
MOST_STEPS = 200
_lgamma = np.frompyfunc(math.lgamma, 1, 1)


def student_tail(t: ArrayLike, df: ArrayLike) -> Floats:
    """The chance of a value above each `t`, with `df` degrees of freedom (infinite: the normal distribution).

    Source: NIST Digital Library of Mathematical Functions, 8.17.5 and 8.17.22 (incomplete beta by continued fraction);
    Hill (1970), Communications of the ACM 13, 617-619 (algorithm 395) for many degrees of freedom.

    >>> float(student_tail(2.0, 10.0).round(6))
    0.036694
    """
    size, freedom = np.broadcast_arrays(np.asarray(t, np.float64), np.asarray(df, np.float64))
    known = ~np.isnan(size) & (freedom > 0)
    few = known & (freedom < MANY)
    many = known & ~few
    away = np.abs(size)
    upper = np.full(size.shape, np.nan)
    upper[few] = _by_fraction(away[few], freedom[few])
    upper[many] = normal_tail(_normalised(away[many], freedom[many]))
    return np.where(size < 0, 1 - upper, upper)


def student_quantile(share: float, df: ArrayLike) -> Floats:
    """The value below which `share` lies, for each number of degrees of freedom; not a number where there are none.

    Source: Newton's steps from the normal quantile, which lies nearer the middle; from some degrees of freedom on from the
    expansion of Cornish and Fisher (Abramowitz and Stegun 1964, 26.7.5), which is nearly there.

    >>> student_quantile(0.975, [1, 10, float("inf")]).round(4).tolist()
    [12.7062, 2.2281, 1.96]
    """
    freedom = np.asarray(df, dtype=np.float64)
    kinds, place = np.unique(freedom, return_inverse=True)
    usable = np.isfinite(kinds) & (kinds > 0)
    middle = normal_quantile(share)
    found = np.where(kinds > 0, middle, np.nan)
    if usable.any() and share != 0.5:
        side = 1.0 if share > 0.5 else -1.0
        start = np.full(kinds.shape, abs(middle))
        some = usable & (kinds >= SOME)
        if abs(middle) < NEAR:
            start[some] = _expanded(abs(middle), kinds[some])
        found[usable] = side * _outwards(min(share, 1 - share), kinds[usable], start[usable])
    return found[place].reshape(freedom.shape)


def _expanded(z: float, df: Floats) -> Floats:
    """About the value that is as rare as `z` is of the normal distribution."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return np.asarray(z + first / df + second / df**2 + third / df**3)


def _outwards(tail: float, df: Floats, start: Floats) -> Floats:
    """The value above which `tail` lies: the distribution is concave there, so that no step goes too far."""
    t = start.copy()
    for _ in range(MOST_STEPS):
        step = (student_tail(t, df) - tail) / _density(t, df)
        t = t + step
        if (np.abs(step) <= 1e-12 * t).all():
            break
    return t


def _density(t: Floats, df: Floats) -> Floats:
    constant = _log_gamma((df + 1) / 2) - _log_gamma(df / 2) - np.log(np.pi * df) / 2
    return np.asarray(np.exp(constant - (df + 1) / 2 * np.log1p(t * t / df)))


def _log_gamma(values: Floats) -> Floats:
    return np.asarray(_lgamma(values), dtype=np.float64)


def _normalised(t: Floats, df: Floats) -> Floats:
    """The value of the normal distribution that is as rare as `t`."""
    with np.errstate(invalid="ignore"):
        a = df - 0.5
        b = 48 * a * a
        y = a * np.log1p(t * t / df)
        more = ((-0.4 * y - 3.3) * y - 24.0) * y - 85.5
        near = ((more / (0.8 * y * y + 100 + b) + y + 3) / b + 1) * np.sqrt(y)
    return np.where(np.isinf(df), t, near)


def _by_fraction(t: Floats, df: Floats) -> Floats:
    """Half the incomplete beta function I(df / (df + t²); df/2, 1/2), on the side where its fraction ends sooner."""
    a, b = df / 2, np.full(df.shape, 0.5)
    x = df / (df + t * t)
    swapped = x > (a + 1) / (a + b + 2)
    y = t * t / (df + t * t)
    x, y = np.where(swapped, y, x), np.where(swapped, x, y)
    a, b = np.where(swapped, b, a), np.where(swapped, a, b)
    with np.errstate(divide="ignore"):
        ahead = a * np.log(x) + b * np.log(y) - np.log(a)
    front = np.exp(ahead + _log_gamma(a + b) - _log_gamma(a) - _log_gamma(b))
    beta = front * _fraction(x, a, b)
    return np.asarray(np.where(swapped, 1 - beta, beta) / 2, dtype=np.float64)


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    """The continued fraction of the incomplete beta function, from the front (Lentz's way)."""
    c = np.ones(x.shape)
    d = 1 / (1 - (a + b) * x / (a + 1))
    found = d.copy()
    for m in range(1, MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = np.ones(x.shape)
        for term in (even, odd):
            d, c = 1 / (1 + term * d), 1 + term / c
            change = change * d * c
        found = found * change
        if m % 4 == 0 and (np.abs(change - 1) < 1e-15).all():
            break
    return found
