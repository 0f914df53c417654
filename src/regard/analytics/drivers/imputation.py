"""Gaps filled several times by lot, each time as the other columns make likely."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.given import correlation_of
from regard.analytics.drivers.moments import Rows
from regard.analytics.drivers.resampling import Progress, Replicates, resampled, statistic

FILLED = 20
ROUNDS = 10
RIDGE = 1e-8


def imputed(
    names: Sequence[str], rows: Rows, *, resamples: int, seed: int = 2, progress: Progress | None = None
) -> tuple[Floats, Replicates]:
    """The mean correlations over all fillings, and draws from each in turn, so that both kinds of doubt are in them.

    Source: Schomaker and Heumann (2018), Statistics in Medicine 37, 2252-2266 (MI boot, pooled).
    """
    of = statistic(rows.size - 1, seed)
    matrices, drawn = [], []
    each = -(-resamples // FILLED)
    for place, values in enumerate(filled_in(rows.values, rows.weights, seed=seed)):
        whole = replace(rows, values=values, is_pairwise=False)
        matrix = correlation_of(names, whole)
        matrices.append(matrix)
        drawn.append(
            resampled(whole, matrix, of(matrix), resamples=each, seed=seed + 1 + place, progress=progress)
        )
    return floats(np.mean(matrices, axis=0)), Replicates(
        np.concatenate([one.lmg for one in drawn])[:resamples],
        floats(np.mean([one.acceleration for one in drawn], axis=0)),
    )


def filled_in(
    values: Floats, weights: Floats | None = None, *, times: int = FILLED, seed: int = 2
) -> Iterator[Floats]:
    """The rows with their gaps filled, `times` times over.

    Column by column, a regression on all others is drawn by lot from those that the rows allow, and each gap gets what it
    says and a residual by lot; this goes round ten times. What is filled in so carries how little is known of it.

    Args:
        values: array (n, q), each column with some values; not a number where missing.
        weights: array (n,), how much each row counts.

    Source: Rubin (1987), Multiple Imputation for Nonresponse in Surveys, 166-167; van Buuren (2018), Flexible Imputation
        of Missing Data, 2nd ed., algorithm 3.1 and section 4.5.
    """
    generator = np.random.default_rng(seed)
    gaps = ~np.isfinite(values)
    weight = np.ones(len(values)) if weights is None else weights
    for _ in range(times):
        filled = values.copy()
        for column in np.flatnonzero(gaps.any(axis=0)):
            known = values[~gaps[:, column], column]
            filled[gaps[:, column], column] = generator.choice(known, size=int(gaps[:, column].sum()))
        for _ in range(ROUNDS):
            for column in np.flatnonzero(gaps.any(axis=0)):
                _fill(filled, gaps[:, column], int(column), weight, generator)
        yield filled


def _fill(
    filled: Floats,
    gap: np.ndarray[tuple[int], np.dtype[np.bool_]],
    column: int,
    weight: Floats,
    generator: np.random.Generator,
) -> None:
    """Draw one column's gaps anew from the others, in place."""
    others = np.column_stack((np.ones(len(filled)), np.delete(filled, column, axis=1)))
    x, y, w = others[~gap], filled[~gap, column], weight[~gap]
    square = (x * w[:, None]).T @ x
    square += RIDGE * np.diag(np.diag(square))
    inverse = np.linalg.inv(square)
    slopes = inverse @ (x.T @ (w * y))
    free = max(len(y) - x.shape[1], 1)
    spread = np.sqrt((w * (y - x @ slopes) ** 2).sum() / w.mean() / generator.chisquare(free))
    drawn = slopes + spread * np.sqrt(w.mean()) * (
        np.linalg.cholesky(inverse) @ generator.standard_normal(len(slopes))
    )
    filled[gap, column] = others[gap] @ drawn + spread * generator.standard_normal(int(gap.sum()))
