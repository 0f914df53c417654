"""Which drivers go with the outcome, how much each carries, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.given import correlation_of, usable
from regard.analytics.drivers.imputation import FILLED, imputed
from regard.analytics.drivers.lmg import lmg, lmg_by_orders, random_orders
from regard.analytics.drivers.moments import Rows
from regard.analytics.drivers.random_predictor import random_predictor_p
from regard.analytics.drivers.relative_weights import relative_weights
from regard.analytics.drivers.resampling import (
    RESAMPLES,
    Progress,
    Replicates,
    interval,
    resampled,
    widened,
)
from regard.analytics.drivers.subsets import MOST_EXACT
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.kernel.errors import InvalidInput

PAIRS = 2_000
MISSING_SAID = {
    "listwise": "listwise (complete rows)",
    "pairwise": "pairwise",
    "impute": f"imputed {FILLED} times (multiple imputation by chained normal regressions)",
}
SOURCE = (
    "Lindeman, Merenda & Gold (1980); Grömping (2006), J. Stat. Softw. 17(1); Johnson (2000), Multivar. Behav. Res. "
    "35, 1-19; Efron (1987), JASA 82, 171-185; Tonidandel, LeBreton & Johnson (2009), Psychol. Methods 14, 387-399; "
    "Benjamini & Hochberg (1995), J. R. Statist. Soc. B 57, 289-300"
)


@dataclass(frozen=True, slots=True, eq=False)
class KeyDrivers:
    """What is known of each driver; arrays of length p in the order given.

    Args:
        names: of the drivers.
        n: rows that were used. n_customers: those drawn as a whole.
        r2: the share of the outcome's variance that all drivers explain together, 0 to 1.
        lmg: what each adds to R², on average over all orders. low, high: its interval.
        sampling_error: what taking some orders only leaves; 0 up to 20 drivers.
        weights: Johnson's relative weights, also adding up to R².
        coefficients: standardised, of the regression on all drivers together.
        correlations: with the outcome; their sign is the driver's sign.
        inflation: variance inflation factors; above 10 a driver is hardly told from the others.
        p_alone: how often a driver made by lot carries as much. p: the same, corrected for the number of drivers.
        replicates: of lmg; rows draws.
        method: in words.
    """

    names: tuple[str, ...]
    n: int
    n_customers: int
    r2: float
    lmg: Floats
    low: Floats
    high: Floats
    sampling_error: Floats
    weights: Floats
    coefficients: Floats
    correlations: Floats
    inflation: Floats
    p_alone: Floats
    p: Floats
    replicates: Floats
    kept: NDArray[np.int64]
    matrix: Floats
    method: str

    @property
    def shares(self) -> Floats:
        """The part of R² that each driver carries; they add up to 1."""
        return floats(self.lmg / self.lmg.sum())


def key_drivers(
    drivers: ArrayLike,
    outcome: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    weights: ArrayLike | None = None,
    customers: NDArray[np.int64] | None = None,
    missing: str = "listwise",
    resamples: int = RESAMPLES,
    confidence: float = 0.95,
    is_bca: bool = True,
    seed: int = 2,
    progress: Progress | None = None,
) -> KeyDrivers:
    """What each driver carries of the outcome, with interval, sign and a test against nothing.

    It is an association: what carries much need not move the outcome when it is changed.

    Args:
        drivers: array (n, p); not a number where missing.
        outcome: array (n,).
        names: of the drivers and, last, the outcome, for errors.
        weights: array (n,), how much each row counts.
        customers: array (n,), equal for rows of the same customer, which are then drawn together.
        missing: "listwise" (complete rows), "pairwise" (each correlation from the rows that have both) or "impute" (gaps
            filled twenty times by lot).
        resamples: draws of the bootstrap. is_bca: corrected for bias and skewness, else plain quantiles.
        progress: told how many draws were done.

    Raises: InvalidInput, NotEnoughData with a sentence on what to do.
    Source: see the single methods: `lmg`, `relative_weights`, `random_predictor_p`, `interval`.
    """
    columns = np.column_stack((floats(drivers), floats(outcome)))
    named = tuple(names) if names else (*(f"x{i + 1}" for i in range(columns.shape[1] - 1)), "outcome")
    if len(named) < 2:
        raise InvalidInput("There is no driver. Name at least one column of numbers beside the outcome.")
    weight = None if weights is None else floats(weights)
    rows, kept = usable(named, columns, weight, customers, missing)
    if missing == "impute" and rows.is_pairwise:
        matrix, drawn = imputed(named, rows, resamples=resamples, seed=seed, progress=progress)
        shares, error = point(matrix, seed)
    else:
        matrix = correlation_of(named, rows)
        shares, error = point(matrix, seed)
        drawn = resampled(rows, matrix, shares, resamples=resamples, seed=seed, progress=progress)
    asked = widened(confidence, rows.n_units, rows.size - 1)
    low, high = interval(shares, drawn, confidence=asked, is_bca=is_bca)
    alone = random_predictor_p(matrix, rows, seed=seed)
    inverse = np.linalg.inv(matrix[:-1, :-1])
    coefficients = inverse @ matrix[:-1, -1]
    return KeyDrivers(
        names=named[:-1],
        n=len(kept),
        n_customers=rows.n_units,
        r2=float(coefficients @ matrix[:-1, -1]),
        lmg=shares,
        low=np.maximum(low, 0.0),
        high=high,
        sampling_error=error,
        weights=relative_weights(matrix),
        coefficients=coefficients,
        correlations=matrix[:-1, -1],
        inflation=np.diag(inverse).copy(),
        p_alone=alone,
        p=benjamini_hochberg(alone),
        replicates=drawn.lmg,
        kept=kept,
        matrix=matrix,
        method=_method(rows, drawn, missing, is_bca),
    )


def point(matrix: Floats, seed: int) -> tuple[Floats, Floats]:
    """LMG, and the standard error that taking some orders only leaves (0 up to 20 drivers)."""
    drivers = len(matrix) - 1
    if drivers <= MOST_EXACT:
        return lmg(matrix), np.zeros(drivers)
    return lmg_by_orders(matrix, random_orders(drivers, PAIRS, seed))


def _method(rows: Rows, drawn: Replicates, missing: str, is_bca: bool) -> str:
    drivers = rows.size - 1
    sets = f"all {2**drivers:,} sets of drivers" if drivers <= MOST_EXACT else f"{2 * PAIRS:,} orders by lot"
    kind = "BCa" if is_bca else "percentile"
    by = ", drawn by customer" if rows.units is not None else ""
    return (
        f"LMG (Shapley) shares of R² over {sets}; {kind} bootstrap of {len(drawn.lmg):,} draws{by}; Johnson's relative "
        f"weights; p by random predictors, Benjamini-Hochberg over {drivers} drivers; missing values {MISSING_SAID[missing]}"
    )
