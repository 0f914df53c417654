"""The value below which half, or nine in ten, of complete numbers lie. With open ones: `times.quantiles`."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import EstimateArrays, critical, divide, floats
from regard.analytics.shares.wilson import wilson_interval

METHOD = "order statistics"


def quantile_arrays(
    values: ArrayLike,
    share: float = 0.5,
    *,
    group: ArrayLike | None = None,
    n_groups: int | None = None,
    customers: ArrayLike | None = None,
    confidence: float = 0.95,
) -> EstimateArrays:
    """The value below which `share` of the numbers of each group lie (0.5: the median), with its interval.

    The interval runs between two of the ordered numbers, at least as wide as its confidence asks; the ranks are
    binomial, or, where customers have several numbers, the Wilson interval of the share on their effective number.
    Where the share falls exactly between two numbers the value is their midpoint.

    Args:
        values: complete numbers in any order; none open, none missing.
        group: number of the group of each, from 0. n_groups: how many groups there are.
        customers: whose number it is; where somebody has several, the interval rests on the effective number of them.

    Returns: EstimateArrays in the unit of the values; an end is missing where the numbers do not reach so far.
    Source: David and Nagaraja (2003), Order Statistics, 3rd ed., section 7.1; Woodruff (1952), JASA 47, 635-646;
        Hyndman and Fan (1996), The American Statistician 50, 361-365, type 2.
    """
    if not 0 < share < 1:
        raise ValueError(f"A quantile lies between 0 and 1, not {share}.")
    numbers = floats(values)
    of = np.zeros(len(numbers), np.int64) if group is None else np.asarray(group, dtype=np.int64)
    many = n_groups if n_groups is not None else int(of.max(initial=0)) + 1
    order = np.lexsort((numbers, of))
    ordered, rows = numbers[order], of[order]
    n = np.bincount(rows, minlength=many)
    starts = np.concatenate([[0], np.cumsum(n)[:-1]])
    value = _middle(ordered, starts, n, share)
    m: NDArray[np.float64] = np.full(many, np.nan)
    effective = floats(n)
    if customers is not None:
        who = np.unique(np.asarray(customers), return_inverse=True)[1][order]
        m, effective = _effective(ordered <= value[rows], rows, who, n, share)
    clustered = n > m
    first, last = _ranks(n, share, effective, m, clustered, confidence)
    low, high = _ranked(ordered, starts, n, first), _ranked(ordered, starts, n, last)
    return EstimateArrays(
        value=value,
        low=low,
        high=high,
        n=floats(n),
        method=METHOD,
        n_customers=m,
        clustered=clustered,
        reason="There are no values to take the middle of.",
    )


def _ranks(
    n: NDArray[np.int64],
    share: float,
    effective: NDArray[np.float64],
    m: NDArray[np.float64],
    clustered: NDArray[np.bool_],
    confidence: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ranks between which the quantile lies: binomial, or Woodruff's where some customers have several numbers."""
    tail = (1 - confidence) / 2
    exact = _binomial_rank(n, share, tail), _binomial_rank(n, share, 1 - tail) + 1
    z = critical(confidence, np.where(clustered, m - 1, np.inf))
    low, high = wilson_interval(np.where(n > 0, share, np.nan), effective, z)
    return (
        np.where(clustered, np.floor(low * n), exact[0]),
        np.where(clustered, np.ceil(high * n) + 1, exact[1]),
    )


def _binomial_rank(n: NDArray[np.int64], share: float, chance: float) -> NDArray[np.float64]:
    """The smallest number of `n` numbers below the quantile that is not exceeded with at least `chance`."""
    from scipy import special  # its import takes longer than most answers

    some = np.maximum(n, 1)
    rank = np.ceil(special.bdtrik(chance, some, share))
    lower = np.maximum(rank - 1, 0.0)
    found = np.where(special.bdtr(lower, some, share) >= chance, lower, np.maximum(rank, 0.0))
    return np.where(n > 0, found, np.nan)


def _ranked(
    ordered: NDArray[np.float64], starts: NDArray[np.int64], n: NDArray[np.int64], rank: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The number of the given rank, from 1, in each group; not a number where the rank lies outside."""
    known = (rank >= 1) & (rank <= n)
    place = np.where(known, starts + np.where(known, rank, 1).astype(np.int64) - 1, len(ordered))
    return np.append(ordered, np.nan)[place]


def _middle(
    ordered: NDArray[np.float64], starts: NDArray[np.int64], n: NDArray[np.int64], share: float
) -> NDArray[np.float64]:
    """The quantile of each group, averaging two numbers where it falls between them."""
    rank = share * n
    whole = np.round(rank)
    between = np.abs(rank - whole) < 1e-9 * np.maximum(n, 1)
    first = np.where(between, np.maximum(whole, 1.0), np.ceil(rank))
    second = np.where(between, np.minimum(whole + 1, n), first)
    return (_ranked(ordered, starts, n, first) + _ranked(ordered, starts, n, second)) / 2


def _effective(
    below: NDArray[np.bool_],
    rows: NDArray[np.int64],
    who: NDArray[np.int64],
    n: NDArray[np.int64],
    share: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(customers, effective number) of each group, from how alike the numbers of one customer are at the quantile.

    Source: Kish (1965), Survey Sampling, section 8.2.
    """
    pair, first, place = np.unique(
        rows * (who.max(initial=0) + 1) + who, return_index=True, return_inverse=True
    )
    group = rows[first]
    m = np.bincount(group, minlength=len(n)).astype(np.float64)
    residual = np.bincount(place, weights=below - share, minlength=len(pair))
    together = np.bincount(group, weights=residual**2, minlength=len(n))
    singly = np.bincount(rows, weights=(below - share) ** 2, minlength=len(n))
    design = divide(together, singly) * divide(m, np.where(m > 1, m - 1, 0))
    design = np.where(n > m, np.maximum(design, 1.0), 1.0)
    return m, divide(n, design)
