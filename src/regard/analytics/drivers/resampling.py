"""How sure the shares of R² are: customers are drawn again, and everything is computed anew."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.distributions.normal import normal_tail
from regard.analytics.distributions.student import student_quantile
from regard.analytics.drivers.lmg import lmg, lmg_by_orders, random_orders
from regard.analytics.drivers.moments import Rows, correlations, drawn_totals, parts, products, totals
from regard.analytics.means.bootstrap import bca_ends

Progress = Callable[[int], None]
Statistic = Callable[[Floats], Floats]
RESAMPLES = 1_000
# With more drivers, replicates take some orders of the drivers only, always the same ones.
MOST_EXACT_DRAWN = 16
PAIRS_DRAWN = 128
STEP = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """LMG in each draw.

    Args:
        lmg: array (draws, p).
        acceleration: array (p,), how lopsided each is.
    """

    lmg: Floats
    acceleration: Floats


def statistic(drivers: int, seed: int) -> Statistic:
    """LMG of many correlation matrices: exact for few drivers, by some fixed orders for many."""
    if drivers <= MOST_EXACT_DRAWN:
        return lmg
    orders = random_orders(drivers, PAIRS_DRAWN, seed)
    return lambda correlation: lmg_by_orders(correlation, orders)[0]


def resampled(
    rows: Rows,
    matrix: Floats,
    value: Floats,
    *,
    resamples: int = RESAMPLES,
    seed: int = 2,
    progress: Progress | None = None,
) -> Replicates:
    """LMG in `resamples` draws of customers with replacement, each with all rows that are theirs.

    Args:
        matrix, value: the correlations and LMG of the rows themselves; where replicates take some orders only, they are
            moved by what these miss.
    """
    of = statistic(rows.size - 1, seed)
    missed = value - of(matrix)
    generator = np.random.default_rng(seed)
    found = []
    for sums in drawn_totals(rows, resamples, generator):
        found.append(of(correlations(sums, rows)) + missed)
        if progress:
            progress(len(sums))
    return Replicates(np.concatenate(found), acceleration(rows, of))


def acceleration(rows: Rows, of: Statistic) -> Floats:
    """How lopsided each share is, from what it changes by when a customer counts a little more.

    Source: Efron (1987), JASA 82, 171-185, section 6 (empirical influence).
    """
    sums = totals(rows)
    step = STEP * rows.weights.sum()
    moved = np.concatenate((sums + step * np.eye(sums.shape[1]), sums - step * np.eye(sums.shape[1])))
    up, down = np.split(of(correlations(moved, rows)), 2)
    slope = (up - down) / (2 * step)
    pull = rows.of_units(np.concatenate([products(rows, part) @ slope for part in parts(rows)]))
    pull = pull - pull.mean(axis=0)
    above, below = (pull**3).sum(axis=0), 6 * (pull**2).sum(axis=0) ** 1.5
    return floats(np.divide(above, below, out=np.zeros_like(above), where=below > 0))


def widened(confidence: float, units: int, drivers: int) -> float:
    """The confidence to ask replicates for, so that intervals from few customers hold the truth as often as said.

    Draws of n customers vary less than n customers do, and less surely: both as in a regression that n - p - 1 degrees
    of freedom are left to.

    Source: Hesterberg (2015), The American Statistician 69, 371-386, section 5 (expanded percentiles; there for a mean).

    >>> round(widened(0.95, 100, 4), 4), round(widened(0.95, 10_000, 4), 4)
    (0.9583, 0.9501)
    """
    left = max(1, units - drivers - 1)
    reach = math.sqrt(units / left) * float(student_quantile((1 + confidence) / 2, left))
    return 1 - 2 * float(normal_tail(reach))


def interval(
    value: Floats, replicates: Replicates, *, confidence: float = 0.95, is_bca: bool = True
) -> tuple[Floats, Floats]:
    """The two ends for each driver: corrected for bias and skewness, or plain quantiles of the replicates.

    Source: Efron (1987), JASA 82, 171-185; Efron and Tibshirani (1993), An Introduction to the Bootstrap, 13-14.
    """
    if not is_bca:
        low, high = np.quantile(replicates.lmg, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
        return floats(low), floats(high)
    ends = [
        bca_ends(one, drawn, float(lean), confidence)
        for one, drawn, lean in zip(value, replicates.lmg.T, replicates.acceleration, strict=True)
    ]
    return floats([low for low, _ in ends]), floats([high for _, high in ends])
