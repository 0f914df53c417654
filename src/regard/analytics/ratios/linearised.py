"""A total over a total, each customer adding to both: mean scores, revenue per order, contacts per customer."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays, Floats, critical, divide, root, together
from regard.kernel.estimates import Estimate

SOURCE = "Cochran (1977), Sampling Techniques, 3rd ed., ch. 6; Binder (1983), Int. Stat. Rev. 51, 279-292"


def linearised_variance(
    m: ArrayLike, sx: ArrayLike, sy: ArrayLike, sxx: ArrayLike, syy: ArrayLike, sxy: ArrayLike
) -> Floats:
    """Variance of Σy/Σx over `m` customers drawn independently, by Taylor linearisation.

    Each customer's residual is e = y - r x; the variance is m/(m-1) Σe² / (Σx)². If x is 1 for everyone this is the
    ordinary variance of a mean. Not a number below two customers.

    Source: Cochran (1977), Sampling Techniques, 3rd ed., section 6.3; Binder (1983), Int. Stat. Rev. 51, 279-292.
    """
    m, sx, sy, sxx, syy, sxy = together(m, sx, sy, sxx, syy, sxy)
    r = divide(sy, sx)
    squares = syy - 2 * r * sxy + r * r * sxx
    # Sums of squares lose digits when the spread is tiny beside the mean: what is below rounding is none.
    floor = 1e-13 * (np.abs(syy) + r * r * sxx)
    squares = np.where(squares > floor, squares, np.where(np.isnan(squares), np.nan, 0.0))
    return divide(m, np.where(m > 1, m - 1, 0.0)) * divide(squares, sx * sx)


def ratio_arrays(
    m: ArrayLike,
    sx: ArrayLike,
    sy: ArrayLike,
    sxx: ArrayLike,
    syy: ArrayLike,
    sxy: ArrayLike,
    *,
    n: ArrayLike | None = None,
    confidence: float = 0.95,
    bounds: tuple[float, float] = (-np.inf, np.inf),
    method: str = "",
) -> EstimateArrays:
    """Σy/Σx for each group, with a t interval on m - 1 degrees of freedom.

    Args:
        m: customers, each counted once, who stand in the denominator.
        sx, sy: totals of x and y over them. sxx, syy, sxy: totals of x², y² and xy, taken per customer first.
        n: what was counted, if that is not Σx (weighted answers). Where n > m the figure counts as clustered.
        bounds: values that cannot be exceeded; the interval is cut there.
        method: name of the estimator; "mean, t interval" where everyone counts once, else "ratio of sums, delta method".

    Returns: EstimateArrays of the common shape; no value where Σx is 0; no interval for a single customer,
        nor where all customers are alike.
    Source: Cochran (1977), Sampling Techniques, 3rd ed., section 6.3; Binder (1983), Int. Stat. Rev. 51, 279-292.
    """
    m, sx, sy, sxx, syy, sxy = together(m, sx, sy, sxx, syy, sxy)
    counted = sx if n is None else together(n, sx)[0]
    value = divide(sy, sx)
    se = root(linearised_variance(m, sx, sy, sxx, syy, sxy))
    df = m - 1
    # Where all are alike, nothing shows how far others would differ: no interval, rather than one of no width.
    reach = np.where(se > 0, critical(confidence, df) * se, np.nan)
    clustered = counted > m
    name = method or ("ratio of sums, delta method" if clustered.any() else "mean, t interval")
    return EstimateArrays(
        value=value,
        low=np.clip(value - reach, *bounds),
        high=np.clip(value + reach, *bounds),
        n=counted,
        method=name,
        se=se,
        df=df,
        n_customers=m,
        clustered=clustered,
        reason="There is nothing to divide by: nobody counts in the denominator.",
    )


def ratio(
    m: int,
    sx: float,
    sy: float,
    sxx: float,
    syy: float,
    sxy: float,
    *,
    n: int | None = None,
    confidence: float = 0.95,
    bounds: tuple[float, float] = (-np.inf, np.inf),
    method: str = "",
) -> Estimate:
    """Σy/Σx over `m` customers, with its interval. See `ratio_arrays` for the arguments.

    Raises: NotEnoughData if Σx is 0.
    Source: Cochran (1977), Sampling Techniques, 3rd ed., section 6.3.

    >>> ratio(3, 3, 12, 3, 56, 12)
    Estimate(value=4.0, low=-0.96..., high=8.96..., n=3, method='mean, t interval', n_customers=3)
    """
    return ratio_arrays(
        m, sx, sy, sxx, syy, sxy, n=n, confidence=confidence, bounds=bounds, method=method
    ).at()


def customer_sums(
    customers: ArrayLike, y: ArrayLike, x: ArrayLike | None = None
) -> tuple[int, float, float, float, float, float]:
    """(m, Σx, Σy, Σx², Σy², Σxy) from single rows: each customer's x and y are added up first.

    Args:
        customers: ids, one for each row. y, x: what the row adds above and below the line (x: 1 if left out).
    """
    _, place = np.unique(np.asarray(customers), return_inverse=True)
    above = np.bincount(place, weights=np.asarray(y, dtype=np.float64))
    rows = np.ones(len(place)) if x is None else np.asarray(x, dtype=np.float64)
    below = np.bincount(place, weights=rows)
    totals = (below, above, below**2, above**2, below * above)
    sx, sy, sxx, syy, sxy = (float(total.sum()) for total in totals)
    return len(above), sx, sy, sxx, syy, sxy
