"""The effect adjusted by a regression, with errors that hold where rows vary unequally."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.given import EVERYBODY, Effect, Rows, effect

METHOD = "regression on treatment and confounders, HC2 errors"
LIN = "regression with the treatment's interactions, HC2 errors"
DIFFERENCE = "difference of means, unequal variances"
SOURCE = "MacKinnon & White (1985), J. Econometrics 29, 305-325; Lin (2013), Ann. Appl. Stat. 7, 295-318"


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """Ordinary least squares of k columns.

    Args:
        coefficients: array (k,). classical, robust: their covariances, (k, k); robust is HC2, or by cluster.
        residuals: array (n,). df: rows less columns.
    """

    coefficients: Floats
    classical: Floats
    robust: Floats
    residuals: Floats
    df: int


def least_squares(x: Floats, y: Floats, *, clusters: NDArray[np.int64] | None = None) -> Regression:
    """The regression of `y` (n,) on `x` (n, k), which holds its own constant.

    Args:
        clusters: equal for rows that belong together; their errors are then added up first.

    Source: MacKinnon and White (1985), Journal of Econometrics 29, 305-325 (HC2); Liang and Zeger (1986), Biometrika
        73, 13-22 (clusters).
    """
    n, k = x.shape
    inverse = np.linalg.inv(x.T @ x)
    found = inverse @ (x.T @ y)
    left = y - x @ found
    df = n - k
    leverage = np.minimum(np.einsum("ij,jk,ik->i", x, inverse, x), 1 - 1e-9)
    if clusters is None:
        scores = x * (left / np.sqrt(1 - leverage))[:, None]
        factor = 1.0
    else:
        place = np.unique(clusters, return_inverse=True)[1]
        many = int(place.max()) + 1
        scores = np.column_stack(
            [np.bincount(place, weights=column, minlength=many) for column in (x * left[:, None]).T]
        )
        factor = many / (many - 1) * (n - 1) / df
        df = min(df, many - 1)
    robust = inverse @ (scores.T @ scores * factor) @ inverse
    return Regression(
        floats(found), floats(inverse * (left @ left) / (n - k)), floats(robust), floats(left), df
    )


def difference_in_means(rows: Rows, *, confidence: float = 0.95) -> Effect:
    """The mean of the treated less that of the others, as it stands.

    Source: Welch (1947), Biometrika 34, 28-35.
    """
    sides = [rows.outcome[rows.treatment == which] for which in (1, 0)]
    parts = [side.var(ddof=1) / len(side) for side in sides]
    df = (
        sum(parts) ** 2
        / sum(part**2 / (len(side) - 1) for part, side in zip(parts, sides, strict=True) if part)
        if sum(parts)
        else np.inf
    )
    return effect(
        DIFFERENCE,
        EVERYBODY,
        sides[0].mean() - sides[1].mean(),
        np.sqrt(sum(parts)),
        df=float(df),
        confidence=confidence,
    )


def by_regression(rows: Rows, *, confidence: float = 0.95) -> tuple[Effect, float]:
    """(the effect with the confounders held fixed, its classical standard error).

    Source: MacKinnon and White (1985), Journal of Econometrics 29, 305-325.
    """
    fitted = least_squares(design(rows), rows.outcome)
    found = effect(
        METHOD,
        EVERYBODY,
        fitted.coefficients[1],
        np.sqrt(fitted.robust[1, 1]),
        df=fitted.df,
        confidence=confidence,
    )
    return found, float(np.sqrt(fitted.classical[1, 1]))


def by_interactions(rows: Rows, *, confidence: float = 0.95) -> Effect:
    """The effect on average where it may differ with the confounders; never less sure than the difference, at length.

    Source: Lin (2013), Annals of Applied Statistics 7, 295-318.
    """
    whole = design(rows)
    fitted = least_squares(np.column_stack((whole, rows.confounders * rows.treatment[:, None])), rows.outcome)
    return effect(
        LIN,
        EVERYBODY,
        fitted.coefficients[1],
        np.sqrt(fitted.robust[1, 1]),
        df=fitted.df,
        confidence=confidence,
    )


def design(rows: Rows) -> Floats:
    """Constant, treatment and confounders side by side."""
    return floats(np.column_stack((np.ones(len(rows)), rows.treatment, rows.confounders)))
