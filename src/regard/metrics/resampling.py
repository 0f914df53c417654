"""Intervals of means and ratios by resampling, where customers are few enough for that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from regard.analytics.arrays import CLUSTERED, EstimateArrays
from regard.analytics.means.bootstrap import MOST_UNITS, bca_ratio
from regard.kernel.estimates import Estimate
from regard.metrics.measure import Measured, measure_values

if TYPE_CHECKING:
    from regard.metrics.question import Group, Question
    from regard.warehouse.engines.engine import Engine

FEWEST = 20
"""Below so many customers a bootstrap is too narrow, and Student's interval is kept."""


def resampled(
    question: Question, measured: Measured, figures: EstimateArrays, connection: Engine
) -> dict[int, Estimate]:
    """The figures over the whole period with the ends of a BCa bootstrap, by their row.

    The total is resampled where it has 20 to 10,000 customers; groups are where all of them together have no more than
    10,000 and the period is not cut into pieces. So a question costs at most two bootstraps of 10,000 customers, and
    what each customer adds is read only where that is so.
    """
    if not question.metric.estimate.resamples:
        return {}
    m = figures.n_customers
    rows = [np.flatnonzero(measured.is_total)]
    if question.by and question.cut is None:
        rows.insert(0, np.flatnonzero(~measured.is_total))
    chosen = [own for own in rows if len(own) and m[own].sum() <= MOST_UNITS and (m[own] >= FEWEST).any()]
    if not chosen:
        return {}
    with_groups = bool(question.by) and question.cut is None and chosen[0] is rows[0]
    asked = question if with_groups else replace(question, by=(), cut=None)
    values = measure_values(asked, connection)
    found = {}
    for row in np.concatenate(chosen).tolist():
        own = values.get(_key(asked, measured, row))
        if own is None or m[row] < FEWEST or own.many.sum() > MOST_UNITS:
            continue
        drawn = bca_ratio(own.y, own.x, times=own.many)
        if not np.isnan(drawn.low):
            found[row] = _estimate(figures, row, drawn, weighted=measured.sums.weighted)
    return found


def _key(asked: Question, measured: Measured, row: int) -> tuple[Group, bool]:
    """Where the values of a row stand: the total of a question without groups is told by what it is kept apart by alone."""
    group, is_total = measured.groups[row], bool(measured.is_total[row])
    if is_total and not asked.by:
        group = group[-1:] if asked.apart else ()
    return group, is_total


def _estimate(figures: EstimateArrays, row: int, drawn: EstimateArrays, *, weighted: bool) -> Estimate:
    clustered = CLUSTERED if figures.clustered[row] else ""
    return Estimate(
        value=float(figures.value[row]),
        low=float(drawn.low),
        high=float(drawn.high),
        n=round(float(figures.n[row])),
        method=drawn.method + (", weighted" if weighted else "") + clustered,
        n_customers=round(float(figures.n_customers[row])),
    )
