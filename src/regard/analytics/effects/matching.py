"""The effect on the treated, each compared with the untreated most like them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.given import THE_TREATED, Effect, Rows, effect

METHOD = "matching on Mahalanobis distance with replacement, bias corrected, Abadie–Imbens errors"
SOURCE = (
    "Abadie & Imbens (2006), Econometrica 74, 235-267; Abadie & Imbens (2011), J. Bus. Econ. Stat. 29, 1-11"
)


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The effect, and by how much each untreated row counts as somebody's match; array (n,), 0 for the treated."""

    effect: Effect
    weights: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Kinds:
    """Rows with the same confounders taken as one: places of the rows, how many, mean outcome and variance within."""

    x: Floats
    place: NDArray[np.int64]
    n: Floats
    mean: Floats


def by_matching(rows: Rows, *, confidence: float = 0.95) -> Matched:
    """Each treated row against the nearest untreated ones (all that are equally near), with what distance leaves taken off.

    Source: Abadie and Imbens (2006), Econometrica 74, 235-267; (2011), Journal of Business and Economic Statistics 29.
    """
    from scipy.spatial import cKDTree

    x = _whitened(rows.confounders)
    treated, others = rows.treatment > 0.5, rows.treatment < 0.5
    kinds = _kinds(x[others], rows.outcome[others])
    nearest = cKDTree(kinds.x).query(x[treated])[1]
    away = _line(x[others], rows.outcome[others])
    corrected = kinds.mean[nearest] + away(x[treated]) - away(kinds.x[nearest])
    gains = rows.outcome[treated] - corrected
    n = int(treated.sum())
    value = float(gains.mean())
    # Of each untreated row: how often it counts, and the sum of its squared shares in single matches.
    often = np.bincount(nearest, minlength=len(kinds.n)) / kinds.n
    squares = np.bincount(nearest, minlength=len(kinds.n)) / kinds.n**2
    counted, squared = often[kinds.place], squares[kinds.place]
    within = _variance_near(x[others], rows.outcome[others])
    variance = ((gains - value) ** 2).sum() + ((counted**2 - squared) * within).sum()
    weight = np.zeros(len(rows))
    weight[others] = counted
    df = min(n, int((counted > 0).sum())) - 1
    return Matched(
        effect(METHOD, THE_TREATED, value, float(np.sqrt(variance)) / n, df=df, confidence=confidence),
        weight,
    )


def _whitened(x: Floats) -> Floats:
    """The confounders turned so that plain distance is Mahalanobis's."""
    if not x.shape[1]:
        return np.zeros((len(x), 1))
    values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(x, rowvar=False)))
    return floats(np.round(x @ vectors / np.sqrt(values), 9))


def _kinds(x: Floats, y: Floats) -> _Kinds:
    kinds, place = np.unique(x, axis=0, return_inverse=True)
    place = place.ravel()
    n = np.bincount(place).astype(np.float64)
    return _Kinds(kinds, place, n, floats(np.bincount(place, weights=y) / n))


def _line(x: Floats, y: Floats) -> Callable[[Floats], Floats]:
    whole = np.column_stack((np.ones(len(x)), x))
    slopes = np.linalg.lstsq(whole, y, rcond=None)[0]
    return lambda at: floats(slopes[0] + at @ slopes[1:])


def _variance_near(x: Floats, y: Floats) -> Floats:
    """How much the outcome varies between rows that are alike: from each row and its nearest on the same side."""
    from scipy.spatial import cKDTree

    near = cKDTree(x).query(x, k=min(3, len(x)))[1]
    around = y[near]
    return floats(around.var(axis=1, ddof=1))
