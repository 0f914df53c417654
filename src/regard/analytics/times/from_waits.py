"""From single waiting times to curves, also where some customers waited more than once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, divide, floats
from regard.analytics.times.kaplan_meier import SurvivalCurves, survival_curves, with_clusters
from regard.analytics.times.quantiles import waiting_quantile_arrays


def kaplan_meier_arrays(
    durations: ArrayLike,
    ended: ArrayLike,
    *,
    group: ArrayLike | None = None,
    n_groups: int | None = None,
    customers: ArrayLike | None = None,
    confidence: float = 0.95,
) -> SurvivalCurves:
    """The share still waiting after each time, for each group, from single waiting times in any order.

    Args:
        durations: how long each waited so far, in any unit. ended: false where it still went on when last seen.
        group: number of the group of each, from 0. n_groups: how many groups there are.
        customers: whose waiting it was. Where somebody has several in a group, that group's variance grows by how
            alike the waits of one customer are (`design_effect` at the group's median) and t replaces the normal.

    Source: Kaplan and Meier (1958), JASA 53, 457-481; Ying and Wei (1994), J. Multivariate Analysis 50, 17-29.
    """
    waited, done = floats(durations), np.asarray(ended, dtype=bool)
    of = np.zeros(len(waited), np.int64) if group is None else np.asarray(group, dtype=np.int64)
    many = n_groups if n_groups is not None else int(of.max(initial=0)) + 1
    order = np.lexsort((waited, of))
    g, t, d = of[order], waited[order], done[order]
    new = np.ones(len(g), dtype=bool)
    new[1:] = (np.diff(g) != 0) | (np.diff(t) != 0)
    row = np.cumsum(new) - 1
    events = floats(np.bincount(row, weights=d, minlength=int(new.sum())))
    open_still = floats(np.bincount(row, weights=~d, minlength=int(new.sum())))
    curves = survival_curves(t[new], events, open_still, group=g[new], n_groups=many, confidence=confidence)
    if customers is None:
        return curves
    by_customer = _by_customer(g, np.asarray(customers)[order])
    n_customers = np.bincount(g[by_customer.first], minlength=many)
    design = design_effect(curves, row, d, by_customer, n_customers)
    return with_clusters(curves, n_customers, design, confidence=confidence)


def kaplan_meier(
    durations: ArrayLike, ended: ArrayLike, *, customers: ArrayLike | None = None, confidence: float = 0.95
) -> SurvivalCurves:
    """The share still waiting after each time, from single waiting times of one group.

    Args:
        durations: how long each waited so far, in any unit.
        ended: true where the waiting ended then, false where it was still going on when last seen (censored).
        customers: whose waiting it was; where somebody has several, intervals are clustered.

    Source: Kaplan and Meier (1958), JASA 53, 457-481.

    >>> kaplan_meier([1, 2, 2, 3], [True, True, False, True]).survival.tolist()
    [0.75, 0.5..., 0.0]
    """
    return kaplan_meier_arrays(durations, ended, n_groups=1, customers=customers, confidence=confidence)


@dataclass(frozen=True, slots=True, eq=False)
class ByCustomer:
    """Waiting times put together by customer within their group.

    Args:
        order: the waiting times, those of one customer beside each other. starts: where in it each customer begins.
        first: one waiting time of each customer.
    """

    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    first: NDArray[np.intp]


def _by_customer(group: NDArray[np.int64], customers: NDArray[Any]) -> ByCustomer:
    order = np.lexsort((customers, group))
    of, who = group[order], customers[order]
    new = np.ones(len(of), dtype=bool)
    new[1:] = (of[1:] != of[:-1]) | (who[1:] != who[:-1])
    starts = np.flatnonzero(new)
    return ByCustomer(order, starts, order[starts])


def design_effect(
    curves: SurvivalCurves,
    row: NDArray[np.int64],
    ended: NDArray[np.bool_],
    by_customer: ByCustomer,
    n_customers: NDArray[np.int64],
) -> Floats:
    """By how much clustering raises the variance of each group's curve at its median, at least 1.

    Every waiting time has an influence on the cumulative hazard up to the median: what it added by ending less what
    it took up by being at risk. The variance from influences added up per customer first is divided by the variance
    from single ones.

    Args:
        row: the row of `curves` at which each waiting time stands. ended: whether it ended then.

    Source: Ying and Wei (1994), J. Multivariate Analysis 50, 17-29; Williams (1995), Biometrics 51, 1300-1310.
    """
    median = waiting_quantile_arrays(curves).value
    until = np.where(np.isnan(median), np.inf, median)[curves.group]
    within = curves.time <= until
    taken = np.where(within, divide(curves.events, curves.at_risk**2), 0.0)
    running = np.concatenate([[0.0], np.cumsum(taken)])
    hazard = running[1:] - running[curves.starts[curves.group]]
    added = np.where(ended & within[row], divide(1.0, curves.at_risk)[row], 0.0)
    influence = added - hazard[row]
    of_group = curves.group[row]
    singly = np.bincount(of_group, weights=influence**2, minlength=curves.n_groups)
    per_customer = np.add.reduceat(influence[by_customer.order], by_customer.starts)
    groups = of_group[by_customer.first]
    together = np.bincount(groups, weights=per_customer**2, minlength=curves.n_groups)
    few = divide(n_customers, np.where(n_customers > 1, n_customers - 1, 0))
    effect = divide(together, singly) * few
    repeated = curves.n > n_customers
    return np.where(repeated & ~np.isnan(effect), np.maximum(effect, 1.0), 1.0)
