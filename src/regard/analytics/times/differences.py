"""Does one group wait longer than another?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import DifferenceArrays, Floats, divide, floats, root, two_sided
from regard.analytics.differences.independent import mover
from regard.analytics.times.kaplan_meier import SurvivalCurves, survival_curves
from regard.analytics.times.quantiles import waiting_quantile_arrays


def _joint(this: SurvivalCurves, that: SurvivalCurves) -> tuple[SurvivalCurves, Floats, Floats]:
    """The curves of both together, group by group, and of `this` the events and those leaving at each joint time."""
    if this.n_groups != that.n_groups:
        raise ValueError(f"{this.n_groups} groups cannot be paired with {that.n_groups}.")
    group = np.concatenate([this.group, that.group])
    time = np.concatenate([this.time, that.time])
    order = np.lexsort((time, group))
    g, t = group[order], time[order]
    new = np.ones(len(g), dtype=bool)
    new[1:] = (np.diff(g) != 0) | (np.diff(t) != 0)
    place = np.empty(len(g), dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    rows = int(new.sum())

    def total(values: Floats) -> Floats:
        return floats(np.bincount(place[: len(values)], weights=values, minlength=rows))

    both = survival_curves(
        t[new],
        total(np.concatenate([this.events, that.events])),
        total(np.concatenate([this.censored, that.censored])),
        group=g[new],
        n_groups=this.n_groups,
    )
    return both, total(this.events), total(this.events + this.censored)


def log_rank(this: SurvivalCurves, that: SurvivalCurves) -> tuple[Floats, Floats]:
    """(z, p) of the log-rank test for each pair of groups; z is negative where `this` takes longer.

    Sensitive to a lasting difference in speed; curves that cross can hide from it. It takes every waiting time as
    another customer's. Not a number where there was nothing to compare.

    Source: Mantel (1966), Cancer Chemotherapy Reports 50, 163-170; Peto and Peto (1972), J. R. Statist. Soc. A 135.
    """
    both, events, leaving = _joint(this, that)
    gone: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(leaving)])
    at_risk = this.n[both.group] - (gone[:-1] - gone[both.starts[both.group]])
    share = divide(at_risk, both.at_risk)
    spread = (
        both.events
        * share
        * (1 - share)
        * divide(both.at_risk - both.events, np.maximum(both.at_risk - 1, 1))
    )
    surplus = np.bincount(both.group, weights=events - both.events * share, minlength=both.n_groups)
    variance = np.bincount(both.group, weights=spread, minlength=both.n_groups)
    z = divide(surplus, root(variance))
    return z, two_sided(z)


def waiting_quantile_difference(
    this: SurvivalCurves, that: SurvivalCurves, share: float = 0.5
) -> DifferenceArrays:
    """How much later `share` of `this` is done than of `that`, for each pair of groups.

    The interval comes from the two intervals; p from comparing, on the log-log scale, how many of each are still
    waiting at the time by which `share` of both together are done.

    Returns: DifferenceArrays in the unit of the times; nothing where an end of an interval is not known yet.
    Source: Zou and Donner (2008), Statistics in Medicine 27, 1693-1702; Klein, Logan, Harhoff and Andersen (2007),
    Statistics in Medicine 26, 4505-4519.
    """
    first, second = waiting_quantile_arrays(this, share), waiting_quantile_arrays(that, share)
    both, _, _ = _joint(this, that)
    moment = waiting_quantile_arrays(both, share).value
    low, high = mover(first, second)
    return DifferenceArrays(
        value=first.value - second.value,
        low=low,
        high=high,
        p=_p_at(this, that, moment),
        method="Kaplan–Meier, MOVER interval, log-log test",
        clustered=this.clustered | that.clustered,
        reason="Too few are done in one of the two to compare these times.",
    )


def _p_at(this: SurvivalCurves, that: SurvivalCurves, moment: Floats) -> Floats:
    """Two-sided p that as many of both are still waiting at `moment`."""
    (s, v), (s2, v2) = this.at(moment), that.at(moment)
    inside = (s > 0) & (s < 1) & (s2 > 0) & (s2 < 1) & ~np.isnan(moment)
    log_s, log_s2 = np.log(np.where(inside, s, 0.5)), np.log(np.where(inside, s2, 0.5))
    parts = np.where(inside, v, 0.0) / log_s**2, np.where(inside, v2, 0.0) / log_s2**2
    z = divide(np.log(-log_s) - np.log(-log_s2), root(parts[0] + parts[1]))
    df = np.fmin(this.df, that.df)
    # Where one is wholly done or wholly waiting at that moment, the log-log scale ends; the log-rank test stands in,
    # held back by the larger of the two design effects.
    rank = divide(log_rank(this, that)[0], root(np.fmax(this.design, that.design)))
    return np.where(inside, two_sided(z, df), np.where(np.isnan(moment), np.nan, two_sided(rank, df)))
