"""Logarithms of Poisson chances and of their sums, exact also where the chances themselves are too small to be held."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import gammainc, gammaincc, gammaln

from regard.analytics.arrays import Floats, floats

# Below this the sums are taken term by term: the incomplete gamma function loses digits, then becomes 0.
TINY = 1e-250
MOST_TERMS = 200_000
# From here on Stirling's series has all the digits.
MANY = 15.0


def log_chance(n: Floats, mean: Floats) -> Floats:
    """The logarithm of a Poisson variable's chance of `n`, which need not be whole: n log(mean) - mean - log Γ(n + 1).

    Written so that large terms do not cancel. Source: Loader (2000), Fast and accurate computation of binomial
    probabilities.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        away = n * np.log1p((n - mean) / mean) + mean - n
        found = -_stirling_error(n) - away - np.log(2 * math.pi * n) / 2
    return floats(np.where(n == 0, -mean, np.where(mean == 0, -np.inf, found)))


def log_up_to(n: Floats, mean: Floats) -> Floats:
    """The logarithm of a Poisson variable's chance of at most `n`."""
    return _log_sum(gammaincc(n + 1, mean), n, mean, lambda n, mean, k: (n - k + 1) / mean)


def log_from(n: Floats, mean: Floats) -> Floats:
    """The logarithm of the regularised lower incomplete gamma function P(n, mean).

    For whole n it is the chance of at least n; it equals the chance of `n` times 1 + mean/(n+1) + mean²/((n+1)(n+2)) + …
    """
    return _log_sum(gammainc(n, mean), n, mean, lambda n, mean, k: mean / (n + k))


def _log_sum(
    found: Floats, n: Floats, mean: Floats, ratio: Callable[[Floats, Floats, int], Floats]
) -> Floats:
    """log(found); where that is too small, from its terms, of which the k-th is `ratio(n, mean, k)` times the last."""
    with np.errstate(divide="ignore"):
        told = np.asarray(np.log(found))
    few = (found < TINY) & (mean > 0)
    if few.any():
        told[few] = log_chance(n[few], mean[few]) + np.log(_terms(n[few], mean[few], ratio))
    return told


def _terms(n: Floats, mean: Floats, ratio: Callable[[Floats, Floats, int], Floats]) -> Floats:
    term, total = np.ones(n.shape), np.ones(n.shape)
    for k in range(1, MOST_TERMS):
        term = term * np.maximum(ratio(n, mean, k), 0.0)
        total = total + term
        if (term <= 1e-17 * total).all():
            break
    return total


def _stirling_error(n: Floats) -> Floats:
    """log Γ(n + 1) less Stirling's formula for it."""
    large = np.maximum(n, MANY)
    square = large * large
    series = (
        1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square
    ) / large
    small = np.clip(n, 1e-300, MANY)
    direct = gammaln(small + 1) - (small + 0.5) * np.log(small) + small - math.log(2 * math.pi) / 2
    return floats(np.where(n > MANY, series, direct))
