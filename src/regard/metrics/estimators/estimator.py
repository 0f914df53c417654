"""What every estimator takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import DifferenceArrays, EstimateArrays, Floats
from regard.analytics.times.kaplan_meier import SurvivalCurves, survival_curves


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What the query leaves of the log: one element for each group and period.

    Args:
        m: customers. n: observations (answers, threads, customers: as the metric defines).
        x, y: totals of the denominator and the numerator. xx, yy, xy: totals of x², y² and xy, per customer first.
        weighted: whether some observation counts more or less than once.
        extra: totals of further counts of the metric, by name.
        curves: for event-time metrics, the survival curves of the same groups; the sums are then not used.
    """

    m: Floats
    n: Floats
    x: Floats
    y: Floats
    xx: Floats
    yy: Floats
    xy: Floats
    weighted: bool = False
    extra: dict[str, Floats] = field(default_factory=dict)
    curves: SurvivalCurves | None = None

    def take(self, index: NDArray[np.int64]) -> Sums:
        """The chosen elements, in the order of `index`."""
        parts = {name: getattr(self, name)[index] for name in ("m", "n", "x", "y", "xx", "yy", "xy")}
        extra = {name: values[index] for name, values in self.extra.items()}
        curves = None if self.curves is None else taken(self.curves, index)
        return Sums(**parts, weighted=self.weighted, extra=extra, curves=curves)


def taken(curves: SurvivalCurves, index: NDArray[np.int64]) -> SurvivalCurves:
    """The curves of the chosen groups, in the order of `index`."""
    lengths = np.diff(curves.starts)[index]
    group = np.repeat(np.arange(len(index)), lengths)
    within = np.arange(len(group)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = np.repeat(curves.starts[index], lengths) + within
    return survival_curves(
        curves.time[rows],
        curves.events[rows],
        curves.censored[rows],
        group=group,
        n_groups=len(index),
        n_customers=curves.n_customers[index],
        design=curves.design[index],
    )


class Estimator(Protocol):
    """Turns sums into figures, and two figures into their difference."""

    @property
    def event_time(self) -> bool:
        """Whether it works on waiting times rather than on sums."""
        ...

    @property
    def wants_times(self) -> bool:
        """Whether it tells quantiles beside what it makes of sums: the relation's rows then have times too."""
        ...

    @property
    def adds_up(self) -> bool:
        """Whether half of what happened gives half the figure: a period that the log holds in part is then no measure."""
        ...

    @property
    def resamples(self) -> bool:
        """Whether its figure is Σy/Σx of uneven amounts, whose interval is better drawn where customers are few."""
        ...

    def figures(self, sums: Sums) -> EstimateArrays:
        """One figure for each group and period."""
        ...

    def differences(self, this: Sums, that: Sums) -> DifferenceArrays:
        """`this` less `that`, for each pair."""
        ...

    def details(self, sums: Sums) -> dict[str, EstimateArrays]:
        """Further figures of the same groups, by name."""
        ...


class FromSums:
    """An estimator that works on sums and has nothing further to tell."""

    event_time = False
    wants_times = False
    resamples = False
    adds_up = False

    def details(self, sums: Sums) -> dict[str, EstimateArrays]:
        """Nothing further."""
        return {}


def weighted(name: str, sums: Sums) -> str:
    """The method's name, saying where answers were weighted."""
    return f"{name}, weighted (Kish)" if sums.weighted else name


def renamed(figures: EstimateArrays, method: str) -> EstimateArrays:
    """The same figures under the name of the method that the metric states."""
    return EstimateArrays(
        **{name: getattr(figures, name) for name in _ARRAYS}, method=method, reason=figures.reason
    )


_ARRAYS = ("value", "low", "high", "n", "se", "df", "n_customers", "clustered", "centre", "n_effective")


def scaled(figures: EstimateArrays, factor: float, method: str) -> EstimateArrays:
    """The same figures in another unit, such as points for a fraction."""
    parts = {name: getattr(figures, name) for name in _ARRAYS}
    for name in ("value", "low", "high", "se", "centre"):
        parts[name] = np.asarray(parts[name]) * factor
    return EstimateArrays(**parts, method=method, reason=figures.reason)
