"""How long it takes until something happens, when some are still waiting: the Kaplan–Meier estimator.

The core works on *event-time histograms*: for each group, in order of time, how many ended and how many were last
seen still waiting. Many groups stand one below the other in long arrays, so that thousands are computed at once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, critical, divide, floats, root

METHOD = "Kaplan–Meier, Greenwood log-log"
NOBODY = "Nothing was waited for in this time."


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurves:
    """For each group, the share still waiting after each time; the groups one below the other.

    Args:
        group: number of the group of each row, from 0, ascending.
        time: ascending and unique within a group.
        events, censored: how many ended, and how many were last seen waiting, at that time.
        at_risk: how many waited just before.
        survival: the share still waiting just after. low, high: its pointwise interval.
        greenwood: variance of the survival's logarithm up to this time; not a number once nobody is left.
        starts: the first row of each group, and at the end the number of rows.
        n: waiting times in each group, ended or not. n_events: those that ended.
        n_customers: customers of each group, where known.
        design: by how much each group's variance grows because some customers count repeatedly.
        df: degrees of freedom for intervals; infinite where everyone counts once.
    """

    group: NDArray[np.int64]
    time: Floats
    events: Floats
    censored: Floats
    at_risk: Floats
    survival: Floats
    low: Floats
    high: Floats
    greenwood: Floats
    starts: NDArray[np.int64]
    n: Floats
    n_events: Floats
    n_customers: Floats
    design: Floats
    df: Floats

    @property
    def n_groups(self) -> int:
        """How many groups there are, empty ones too."""
        return len(self.starts) - 1

    def at(self, moments: ArrayLike) -> tuple[Floats, Floats]:
        """(survival, greenwood) of each group at its own moment; a group without rows has survival 1."""
        wanted = np.broadcast_to(floats(moments), (self.n_groups,))
        passed = np.bincount(self.group, weights=self.time <= wanted[self.group], minlength=self.n_groups)
        row = np.where(passed > 0, self.starts[:-1] + passed.astype(np.int64) - 1, len(self.time))
        return np.append(self.survival, 1.0)[row], np.append(self.greenwood, 0.0)[row]

    @property
    def clustered(self) -> NDArray[np.bool_]:
        """The groups in which some customer counts repeatedly."""
        return np.asarray(self.n > self.n_customers)


def _running(values: Floats, starts: NDArray[np.int64], group: NDArray[np.int64]) -> Floats:
    """Running totals that begin anew with each group."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    return floats(total[1:] - total[starts[group]])


def _curve(
    ended: Floats, left: Floats, n: Floats, starts: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """(at risk, survival, Greenwood's sum) of each row; once nobody is left there is no variance to speak of."""
    gone = _running(ended + left, starts, rows) - (ended + left)
    at_risk = n[rows] - gone
    last = at_risk - ended <= 0
    survival = np.exp(_running(np.log1p(-np.where(last, 0.0, divide(ended, at_risk))), starts, rows))
    terms = np.where(last, 0.0, divide(ended, at_risk * (at_risk - ended)))
    greenwood = np.where(last, np.nan, _running(terms, starts, rows))
    return at_risk, np.where(last, 0.0, survival), greenwood


def survival_curves(
    time: ArrayLike,
    events: ArrayLike,
    censored: ArrayLike,
    *,
    group: ArrayLike | None = None,
    n_groups: int | None = None,
    n_customers: ArrayLike | None = None,
    design: ArrayLike = 1.0,
    confidence: float = 0.95,
) -> SurvivalCurves:
    """The share still waiting after each time, for each group, from event-time histograms.

    Args:
        time: ascending within a group, each time once, none negative.
        events, censored: how many ended, and how many were last seen waiting, at that time; of equal times an end
            comes first.
        group: number of the group of each row, ascending (one group if left out). n_groups: how many there are.
        n_customers: customers of each group, where some have several waiting times.
        design: factor by which each group's variance grows for that (`design_effect`).

    Returns: SurvivalCurves with Greenwood's variance and log-log intervals, which stay between 0 and 1.
    Source: Kaplan and Meier (1958), JASA 53, 457-481; Greenwood (1926); Kalbfleisch and Prentice (2002), The
    Statistical Analysis of Failure Time Data, 2nd ed., section 1.4 (log-log).
    """
    moments, ended, left = floats(time), floats(events), floats(censored)
    rows = np.zeros(len(moments), np.int64) if group is None else np.asarray(group, dtype=np.int64)
    many = n_groups if n_groups is not None else int(rows.max(initial=0)) + 1
    _check(moments, ended, left, rows)
    starts = np.searchsorted(rows, np.arange(many + 1))
    n = floats(np.bincount(rows, weights=ended + left, minlength=many))
    at_risk, survival, greenwood = _curve(ended, left, n, starts, rows)
    unknown = np.full(len(moments), np.nan)
    curves = SurvivalCurves(
        group=rows,
        time=moments,
        events=ended,
        censored=left,
        at_risk=at_risk,
        survival=survival,
        low=unknown,
        high=unknown,
        greenwood=greenwood,
        starts=starts,
        n=n,
        n_events=floats(np.bincount(rows, weights=ended, minlength=many)),
        n_customers=np.full(many, np.nan),
        design=np.ones(many),
        df=np.full(many, np.inf),
    )
    return with_clusters(
        curves, np.nan if n_customers is None else n_customers, design, confidence=confidence
    )


def with_clusters(
    curves: SurvivalCurves, n_customers: ArrayLike, design: ArrayLike, *, confidence: float = 0.95
) -> SurvivalCurves:
    """The curves with intervals as wide as so many customers and this design effect make them.

    Args:
        curves: of a design effect of 1. n_customers, design: of each group, as in `survival_curves`.
    """
    customers = np.broadcast_to(floats(n_customers), (curves.n_groups,))
    df = np.where(curves.n > customers, customers - 1, np.inf)
    factor = np.broadcast_to(floats(design), (curves.n_groups,))
    greenwood = curves.greenwood * factor[curves.group]
    low, high = log_log_interval(curves.survival, greenwood, critical(confidence, df)[curves.group])
    return replace(
        curves, low=low, high=high, greenwood=greenwood, n_customers=customers, design=factor, df=df
    )


def _check(time: Floats, events: Floats, censored: Floats, group: NDArray[np.int64]) -> None:
    """Raises: ValueError where the histogram is not one."""
    if (time < 0).any() or np.isnan(time).any():
        raise ValueError("Waiting times cannot be negative or missing.")
    if (events < 0).any() or (censored < 0).any():
        raise ValueError("A histogram holds counts; they cannot be negative.")
    same = np.diff(group) == 0
    if (np.diff(group) < 0).any() or (np.diff(time)[same] <= 0).any():
        raise ValueError("A histogram is sorted by group and time, and holds each time once.")


def log_log_interval(survival: Floats, greenwood: Floats, z: ArrayLike) -> tuple[Floats, Floats]:
    """Interval of a survival share, `z` standard errors of log(-log S) wide; 1 has no width, at 0 it is unknown.

    Source: Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, 2nd ed., section 1.4.
    """
    inside = (survival > 0) & (survival < 1)
    logarithm = np.log(np.where(inside, survival, 0.5))
    reach = floats(z) * root(np.where(inside, greenwood, 0.0)) / -logarithm
    low = np.exp(logarithm * np.exp(reach))
    high = np.exp(logarithm * np.exp(-reach))
    outside = np.where(survival >= 1, 1.0, np.nan)
    return np.where(inside, low, outside), np.where(inside, high, outside)
