"""How long it takes until something happens, when some are still waiting: the Kaplan–Meier estimator.

The core works on *event-time histograms*: for each group, in order of time, how many ended and how many were last
seen still waiting. Many groups stand one below the other in long arrays, so that thousands are computed at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import EstimateArrays, Floats, critical, divide, floats, root
from regard.kernel.estimates import Estimate

METHOD = "Kaplan–Meier, Greenwood log-log"
NOBODY = "Nobody was waiting in this time."
TOLERANCE = float(np.sqrt(np.finfo(np.float64).eps))


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
        n_customers, design: customers of each group, and by how much the variance grows because some count repeatedly.
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

    @property
    def n_groups(self) -> int:
        """How many groups there are, empty ones too."""
        return len(self.starts) - 1

    @property
    def clustered(self) -> NDArray[np.bool_]:
        """The groups in which some customer counts repeatedly."""
        return np.asarray(self.n > self.n_customers)


def _running(values: Floats, starts: NDArray[np.int64], group: NDArray[np.int64]) -> Floats:
    """Running totals that begin anew with each group."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    return floats(total[1:] - total[starts[group]])


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
    gone = _running(ended + left, starts, rows) - (ended + left)
    at_risk = n[rows] - gone
    last = at_risk - ended <= 0
    survival = np.exp(_running(np.log1p(-np.where(last, 0.0, divide(ended, at_risk))), starts, rows))
    survival = np.where(last, 0.0, survival)
    terms = np.where(last, 0.0, divide(ended, at_risk * (at_risk - ended)))
    factor = np.broadcast_to(floats(design), (many,))
    greenwood = np.where(last, np.nan, _running(terms, starts, rows)) * factor[rows]
    low, high = log_log_interval(survival, greenwood, confidence)
    return SurvivalCurves(
        group=rows,
        time=moments,
        events=ended,
        censored=left,
        at_risk=at_risk,
        survival=survival,
        low=low,
        high=high,
        greenwood=greenwood,
        starts=starts,
        n=n,
        n_events=floats(np.bincount(rows, weights=ended, minlength=many)),
        n_customers=np.broadcast_to(floats(np.nan if n_customers is None else n_customers), (many,)),
        design=factor,
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


def log_log_interval(survival: Floats, greenwood: Floats, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Pointwise interval of a survival share on the scale log(-log S); 1 has no width, at 0 it is unknown.

    Source: Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure Time Data, 2nd ed., section 1.4.
    """
    inside = (survival > 0) & (survival < 1)
    logarithm = np.log(np.where(inside, survival, 0.5))
    reach = critical(confidence) * root(np.where(inside, greenwood, 0.0)) / -logarithm
    low = np.exp(logarithm * np.exp(reach))
    high = np.exp(logarithm * np.exp(-reach))
    outside = np.where(survival >= 1, 1.0, np.nan)
    return np.where(inside, low, outside), np.where(inside, high, outside)


def _first_at_or_below(curves: SurvivalCurves, curve: Floats, level: float) -> Floats:
    """For each group, the time at which `curve` reaches `level`, or the midpoint of the stretch on which it equals it."""
    rows = np.arange(len(curve))
    reached = np.where(curve < level + TOLERANCE, rows, len(curve))
    below = np.where(curve < level - TOLERANCE, rows, len(curve))
    filled = np.append(reached, len(curve)), np.append(below, len(curve))
    ends = curves.starts[1:]
    first, next_lower = (_least(rows_of, curves.starts) for rows_of in filled)
    time = np.append(curves.time, np.nan)
    found = first < ends
    on_level = found & (next_lower != first) & (next_lower < ends)
    at = time[np.where(found, first, len(curve))]
    later = time[np.where(on_level, next_lower, len(curve))]
    return np.where(on_level, (at + later) / 2, at)


def _least(values: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The smallest of `values` (one longer than the rows) in each group; the length where the group is empty."""
    smallest = np.minimum.reduceat(values, starts[:-1]) if len(starts) > 1 else values[:0]
    return np.where(starts[:-1] < starts[1:], smallest, len(values) - 1)


def waiting_quantile_arrays(curves: SurvivalCurves, share: float = 0.5) -> EstimateArrays:
    """The time by which `share` of each group was done (0.5: the median), with its interval.

    Where the curve runs level exactly at the wanted share, this is the midpoint of that stretch, as R's survfit does;
    other software takes its left end. The interval holds the times whose pointwise interval contains the share; its
    upper end is missing where the curve's upper band never comes down that far.

    Returns: EstimateArrays in the unit of the times; no value where too few ended to tell.
    Source: Brookmeyer and Crowley (1982), Biometrics 38, 29-41; Therneau and Grambsch (2000), section 2.1 (survfit).
    """
    if not 0 < share < 1:
        raise ValueError(f"A quantile lies between 0 and 1, not {share}.")
    level = 1 - share
    value = _first_at_or_below(curves, curves.survival, level)
    low = _first_at_or_below(curves, np.where(np.isnan(curves.low), np.inf, curves.low), level)
    high = _first_at_or_below(curves, np.where(np.isnan(curves.high), np.inf, curves.high), level)
    # Where every remaining one ended at once the band stops short: the value bounds what is known.
    low = np.where(np.isnan(low), value, np.fmin(low, value))
    return EstimateArrays(
        value=value,
        low=np.where(np.isnan(value), np.nan, low),
        high=np.where(np.isnan(value), np.nan, high),
        n=curves.n,
        method=METHOD,
        n_customers=curves.n_customers,
        clustered=curves.clustered,
        reason=f"Fewer than {share:.0%} are done, so this time is not known yet.",
    )


def kaplan_meier(
    durations: ArrayLike, ended: ArrayLike, *, customers: ArrayLike | None = None, confidence: float = 0.95
) -> SurvivalCurves:
    """The share still waiting after each time, from single waiting times of one group.

    Args:
        durations: how long each waited so far, in any unit.
        ended: true where the waiting ended then, false where it was still going on when last seen (censored).
        customers: whose waiting it was; where somebody has several, intervals are clustered.

    Source: Kaplan and Meier (1958), JASA 53, 457-481.
    """
    waited, done = floats(durations), np.asarray(ended, dtype=bool)
    time, place = np.unique(waited, return_inverse=True)
    events = np.bincount(place, weights=done, minlength=len(time))
    censored = np.bincount(place, weights=~done, minlength=len(time))
    many: int | None = None if customers is None else len(np.unique(np.asarray(customers)))
    return survival_curves(time, events, censored, n_groups=1, n_customers=many, confidence=confidence)


def waiting_quantile(curves: SurvivalCurves, share: float = 0.5) -> Estimate:
    """The time by which `share` of the first group was done, with its interval.

    Raises: NotEnoughData where fewer are done.
    Source: Brookmeyer and Crowley (1982), Biometrics 38, 29-41.

    >>> waiting_quantile(kaplan_meier([1, 2, 3, 4], [True, True, True, True]))
    Estimate(value=2.5, low=1.0, high=None, n=4, method='Kaplan–Meier, Greenwood log-log', n_customers=None)
    """
    return waiting_quantile_arrays(curves, share).at(0)
