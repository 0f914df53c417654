"""How far the mean of each part lies from that of the rest, and how far it moves the mean of all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from regard.analytics.arrays import (
    DifferenceArrays,
    EstimateArrays,
    Flags,
    Floats,
    critical,
    divide,
    floats,
    root,
    two_sided,
)
from regard.analytics.differences.independent import satterthwaite

Whole = NDArray[np.int64]
SOURCE = (
    "Welch (1947), Biometrika 34, 28-35; Binder (1983), Int. Stat. Rev. 51, 279-292; Carter et al. (2017), Rev. Econ. Stat. 99, 698-709; "
    "MacKinnon et al. (2004), Multivar. Behav. Res. 39, 99-128"
)
# What a share and a difference may both be is drawn evenly rather than by chance: the same in, the same out.
DRAWS = 1 << 12
EVENLY = floats([0.7548776662466927, 0.5698402909980532])
APART, SHARE = floats([1, -1, 0]), floats([0, 0, 1])


@dataclass(frozen=True, slots=True, eq=False)
class AgainstRest:
    """Array entries are parts.

    Args:
        score: the mean of each part. apart: that less the mean of all other rows.
        pull: the mean of all rows less that of all other rows, which is `apart` times the part's share: how far the mean of
            all would move without the difference. Its interval is that of the product of the difference and the logarithm of a
            share that is not sure either, and so need not lie evenly around it.
    """

    score: EstimateArrays
    apart: DifferenceArrays
    pull: EstimateArrays


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Two means and a share of one part.

    Args:
        figures: array (3,), the mean of the part, that of the rest, and the part's share.
        spread: array (3, 3), their variances and covariances. customers: array (2,), how many the part and the rest are worth.
    """

    n: int
    figures: Floats
    spread: Floats
    customers: Floats


def against_rest(
    part: Whole, values: Floats, n_parts: int, *, clusters: Whole | None = None, confidence: float = 0.95
) -> AgainstRest:
    """Each part against all other rows.

    Args:
        part: array (n,), from 0; rows from `n_parts` on are in no part and count among the others.
        values: array (n,), all finite.
        clusters: array (n,), whose row it is, from 0; None where each row is another customer's.

    Returns: no intervals for a part behind which, or behind whose rest, there is a single customer.
    Source: Welch (1947), Biometrika 34, 28-35; where rows hang together, linearised over customers: Binder (1983), Int. Stat.
        Rev. 51, 279-292, those who have many rows telling less: Carter, Schnepel and Steigerwald (2017), Rev. Econ. Stat. 99,
        698-709; the pull: MacKinnon, Lockwood and Williams (2004), Multivar. Behav. Res. 39, 99-128.

    >>> found = against_rest(np.array([0, 0, 1, 1]), floats([1, 3, 5, 7]), 1)
    >>> found.apart.value.tolist(), found.pull.value.tolist()
    ([-4.0], [-2.0])
    """
    around = float(values.mean()) if len(values) else 0.0
    parts = [_part(part == at, values - around, clusters) for at in range(n_parts)]
    n, figures = floats([one.n for one in parts]), floats([one.figures for one in parts]).reshape(-1, 3)
    customers = floats([one.customers for one in parts]).reshape(-1, 2)
    spread = floats([one.spread for one in parts]).reshape(-1, 3, 3)
    own, rest = root(spread[:, 0, 0]), root(spread[:, 1, 1])
    clustered = np.full(n_parts, clusters is not None) & (customers.sum(axis=1) < len(values))
    mine = _estimates(figures[:, 0] + around, own, n, customers[:, 0], clustered, confidence)
    others = _estimates(figures[:, 1] + around, rest, len(values) - n, customers[:, 1], clustered, confidence)
    value = floats(figures[:, 0] - figures[:, 1])
    share, df = figures[:, 2], satterthwaite(mine, others)
    reach, se = critical(confidence, df), root(_covariance(spread, APART, APART))
    told = np.where(se > 0, se, np.nan)
    # Without any spread nothing says how sure a difference is; none is then no surprise.
    statistic = np.where((se == 0) & (value == 0), 0.0, divide(value, se))
    method = "Welch" if clusters is None else "linearised over customers"
    ends = (value - reach * told, value + reach * told)
    apart = DifferenceArrays(value, *ends, two_sided(statistic, df), method, clustered)
    low, high = ends_of_product(value, share, spread, reach, confidence)
    return AgainstRest(mine, apart, EstimateArrays(share * value, low, high, n, method))


def _covariance(spread: Floats, one: Floats, other: Floats) -> Floats:
    """Of each part that of two sums of its figures, each figure times its part of `one` and of `other`."""
    return floats(np.einsum("i,kij,j->k", one, spread, other))


def ends_of_product(
    value: Floats, share: Floats, spread: Floats, reach: Floats, confidence: float
) -> tuple[Floats, Floats]:
    """Between what the difference times the share lies, the difference and the share's logarithm being drawn together."""
    of_value, of_share = (
        _covariance(spread, APART, APART),
        divide(_covariance(spread, SHARE, SHARE), share**2),
    )
    both = divide(_covariance(spread, APART, SHARE), share)
    # The t quantile in the normal one's place: where the share is sure, the ends are those of the difference.
    drawn = ndtri((np.arange(DRAWS)[:, None] * EVENLY + 0.5) % 1.0) / ndtri((1 + confidence) / 2)
    first, second = (column[None, :] * reach[:, None] for column in drawn.T)
    along = np.where(of_value > 0, divide(both, root(of_value)), 0.0)
    across = root(np.maximum(of_share - along**2, 0.0))
    products = (value[:, None] + root(of_value)[:, None] * first) * (
        share[:, None] * np.exp(along[:, None] * first + across[:, None] * second)
    )
    outside = (1 - confidence) / 2
    low, high = np.quantile(products, [outside, 1 - outside], axis=1)
    is_told = high > low
    return floats(np.where(is_told, low, np.nan)), floats(np.where(is_told, high, np.nan))


def _part(mine: Flags, values: Floats, clusters: Whole | None) -> _Part:
    """One part: by how much each customer's rows pull at the figures tells how these vary."""
    n, size = int(mine.sum()), len(mine)
    mean, other = divide(values[mine].sum(), n), divide(values[~mine].sum(), size - n)
    share = divide(n, size)
    inside, outside = np.where(mine, values - mean, 0.0), np.where(mine, 0.0, values - other)
    pulls = [divide(inside, n), divide(outside, size - n), divide(mine - share, size)]
    customers = floats([n, size - n, size])
    if clusters is not None:
        pulls = [floats(np.bincount(clusters, one)) for one in pulls]
        customers = floats([_worth(clusters[one]) for one in (mine, ~mine, mine | ~mine)])
    factor = root(divide(customers, np.where(customers > 1, customers - 1, 0.0)))
    scaled = floats(pulls) * np.where(customers > 1, factor, np.nan)[:, None]
    return _Part(n, floats([mean, other, share]), floats(scaled @ scaled.T), customers[:2])


def _worth(clusters: Whole) -> float:
    """How many customers with equally many rows tell as much. Source: Kish (1965), Survey Sampling, section 11.7."""
    rows = np.bincount(clusters).astype(np.float64)
    return float(divide(rows.sum() ** 2, (rows**2).sum()))


def _estimates(
    value: Floats, se: Floats, n: Floats, customers: Floats, clustered: Flags, confidence: float
) -> EstimateArrays:
    reach = np.where(se > 0, critical(confidence, customers - 1) * se, np.nan)
    return EstimateArrays(
        value, value - reach, value + reach, n, "mean, t interval", se=se, df=customers - 1, n_customers=customers,
        clustered=clustered,
    )  # fmt: skip
