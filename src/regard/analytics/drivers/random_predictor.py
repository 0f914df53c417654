"""Whether a driver is told apart from nothing: it is raced against drivers that are nothing."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.moments import Rows
from regard.analytics.drivers.relative_weights import relative_weights

LEAST_DRAWS = 2_000
# So many for each driver that the best of them can stand out from all others after correction.
DRAWS_EACH = 50
BLOCK = 1 << 21


def random_predictor_p(correlation: Floats, rows: Rows, *, draws: int | None = None, seed: int = 2) -> Floats:
    """How often a driver made by lot carries as much as each driver does.

    A driver of pure chance is added to the others, and its relative weight is compared with theirs; this is done again
    and again. A driver that has nothing to do with the outcome nor with the other drivers changes places with it at
    will, so that its p is as likely to be small as any. Shares of R² are positive also for noise: that their interval
    stays above 0 tells nothing.

    The driver made by lot is alike within a customer, as drivers often are; only its correlations with the others are
    needed, and these are drawn themselves, from the spread that customers' sums give them.

    Args:
        correlation: of the p drivers and, last, the outcome, (p + 1, p + 1).
        rows: what it was made from.
        draws: how many drivers are made; at least 2,000 where left out.

    Returns: array (p,), one-sided, at least 1 / (draws + 1); not yet corrected for the number of drivers.
    Source: Tonidandel, LeBreton and Johnson (2009), Psychological Methods 14, 387-399.
    """
    given = floats(correlation)
    drivers = len(given) - 1
    made = max(LEAST_DRAWS, DRAWS_EACH * drivers) if draws is None else draws
    generator = np.random.default_rng(seed)
    chance = _drawn(given, rows, made, generator)
    beaten = np.zeros(drivers)
    batch = max(1, BLOCK // (drivers + 2) ** 2)
    with threadpool_limits(1):  # Thousands of small matrices: more threads only wait for each other.
        for start in range(0, made, batch):
            weights = relative_weights(_with_chance(given, chance[start : start + batch]))
            beaten += (weights[:, -1:] >= weights[:, :-1]).sum(axis=0)
    return (1 + beaten) / (1 + made)


def _drawn(correlation: Floats, rows: Rows, made: int, generator: np.random.Generator) -> Floats:
    """Correlations of drivers made by lot with the drivers and the outcome, (made, p + 1)."""
    size = len(correlation)
    filled = np.nan_to_num(rows.values)
    sums = rows.of_units(filled * rows.weights[:, None])
    share = rows.of_units(rows.weights)
    whole = rows.weights.sum()
    spread = sums.T @ sums / whole**2
    if rows.is_pairwise:
        known = np.isfinite(rows.values).mean(axis=0)
        spread = spread / np.minimum(known[:, None], known) ** 2
    units = whole**2 / (share**2).sum()
    values, vectors = np.linalg.eigh(spread)
    turn = vectors * np.sqrt(np.maximum(values, 0.0))
    lots = generator.standard_normal((made, size))
    others = generator.chisquare(max(units - 1 - size, 1.0), size=made)
    length = np.sqrt(((lots**2).sum(axis=1) + others) / units)
    return floats((lots / length[:, None]) @ turn.T)


def _with_chance(correlation: Floats, chance: Floats) -> Floats:
    """The correlation matrices with one more driver, which stands last before the outcome."""
    size = len(correlation)
    drivers = size - 1
    found = np.empty((len(chance), size + 1, size + 1))
    found[:, :drivers, :drivers] = correlation[:drivers, :drivers]
    found[:, :drivers, drivers] = found[:, drivers, :drivers] = chance[:, :drivers]
    found[:, :drivers, size] = found[:, size, :drivers] = correlation[:drivers, drivers]
    found[:, drivers, size] = found[:, size, drivers] = chance[:, drivers]
    found[:, drivers, drivers] = found[:, size, size] = 1.0
    return found
