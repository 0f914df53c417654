"""Many figures at once: one element for each group and period, each with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.distributions.normal import normal_quantile
from regard.analytics.distributions.student import student_quantile, student_tail
from regard.kernel.errors import NotEnoughData
from regard.kernel.estimates import Difference, Estimate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CLUSTERED = ", clustered by customer"
NO_INTERVAL = ", no interval (too few, or all alike)"


def floats(values: ArrayLike) -> Floats:
    """`values` as an array of doubles; a single number becomes an array without dimensions."""
    return np.asarray(values, dtype=np.float64)


def together(*values: ArrayLike) -> tuple[Floats, ...]:
    """The arrays brought to one common shape."""
    return tuple(np.broadcast_arrays(*(floats(value) for value in values)))


def divide(above: ArrayLike, below: ArrayLike) -> Floats:
    """`above / below`, and not a number (without a warning) where `below` is 0."""
    over, under = together(above, below)
    return floats(np.divide(over, under, out=np.full(over.shape, np.nan), where=under != 0))


def root(values: ArrayLike) -> Floats:
    """The square root; tiny negative numbers that rounding leaves count as 0."""
    return floats(np.sqrt(np.maximum(floats(values), 0.0)))


def critical(confidence: float, df: ArrayLike = np.inf) -> Floats:
    """How many standard errors the interval reaches to each side: normal where `df` is infinite, else Student's t.

    Not a number where there are no degrees of freedom.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence lies between 0 and 1, not {confidence}.")
    freedom = floats(df)
    if np.isinf(freedom).all():
        return np.full(freedom.shape, normal_quantile((1 + confidence) / 2))
    return student_quantile((1 + confidence) / 2, freedom)


def two_sided(statistic: ArrayLike, df: ArrayLike = np.inf) -> Floats:
    """The two-sided p of a statistic that is normal (or Student's t) if there is no difference."""
    return 2 * student_tail(np.abs(floats(statistic)), df)


def _unknown() -> Floats:
    return floats(np.nan)


@dataclass(frozen=True, slots=True, eq=False)
class EstimateArrays:
    """Figures of one kind as arrays of one shape; not a number where there is none.

    Args:
        value: the figures, unrounded.
        low, high: their intervals; not a number where there is a value but no interval.
        n: what was counted.
        method: the estimator by name.
        se: standard errors on the scale of `value`, for tests and differences.
        df: degrees of freedom of `se`; infinite for a normal interval.
        n_customers: how many customers stand behind `n`; not a number where unknown.
        clustered: where some customer counted more than once, so that the interval is clustered.
        centre: what the interval was built around, where that is not `value` (the adjusted Wald's shrunk NPS).
        n_effective: the number of independent answers that would tell as much.
        reason: why there is no figure, where there is none.
    """

    value: Floats
    low: Floats
    high: Floats
    n: Floats
    method: str
    se: Floats = field(default_factory=_unknown)
    df: Floats = field(default_factory=lambda: floats(np.inf))
    n_customers: Floats = field(default_factory=_unknown)
    clustered: Flags = field(default_factory=lambda: np.asarray(False))
    centre: Floats = field(default_factory=_unknown)
    n_effective: Floats = field(default_factory=_unknown)
    reason: str = "There are no answers to count."

    def __post_init__(self) -> None:
        shape = np.shape(self.value)
        for name in ("value", "low", "high", "n", "se", "df", "n_customers", "centre", "n_effective"):
            whole = np.broadcast_to(floats(getattr(self, name)), shape)
            object.__setattr__(self, name, whole)
        object.__setattr__(self, "clustered", np.broadcast_to(np.asarray(self.clustered, dtype=bool), shape))
        object.__setattr__(self, "centre", np.where(np.isnan(self.centre), self.value, self.centre))

    def __len__(self) -> int:
        return len(self.value)

    def __getitem__(self, index: Any) -> EstimateArrays:
        """The chosen elements, indexed as numpy does."""
        names = ("value", "low", "high", "n", "se", "df", "n_customers", "clustered", "centre", "n_effective")
        parts = {name: np.asarray(getattr(self, name)[index]) for name in names}
        return EstimateArrays(**parts, method=self.method, reason=self.reason)

    def at(self, index: Any = ()) -> Estimate:
        """One element as an Estimate. Raises: NotEnoughData, with the reason, where there is no value."""
        value = float(self.value[index])
        if np.isnan(value):
            raise NotEnoughData(self.reason)
        low, high = float(self.low[index]), float(self.high[index])
        customers = float(self.n_customers[index])
        method = self.method + (CLUSTERED if self.clustered[index] else "")
        if np.isnan(low) and np.isnan(high):
            method += NO_INTERVAL
        return Estimate(
            value=value,
            low=None if np.isnan(low) else low,
            high=None if np.isnan(high) else high,
            n=round(float(self.n[index])),
            method=method,
            n_customers=None if np.isnan(customers) else round(customers),
        )


@dataclass(frozen=True, slots=True, eq=False)
class DifferenceArrays:
    """Differences (this less that) as arrays of one shape; not a number where a side has none.

    Args:
        value, low, high: the differences and their intervals.
        p: two-sided; the probability of one at least this large if there were none.
        method: the test and interval by name.
        clustered: where either side is clustered by customer.
        reason: why there is none, where there is none.
    """

    value: Floats
    low: Floats
    high: Floats
    p: Floats
    method: str
    clustered: Flags = field(default_factory=lambda: np.asarray(False))
    reason: str = "One of the two has too little to compare."

    def __len__(self) -> int:
        return len(self.value)

    def at(self, index: Any = ()) -> Difference:
        """One element as a Difference. Raises: NotEnoughData where a part of it is not known."""
        value, low, high, p = (float(part[index]) for part in (self.value, self.low, self.high, self.p))
        if np.isnan([value, low, high, p]).any():
            raise NotEnoughData(self.reason)
        flags = np.broadcast_to(self.clustered, np.shape(self.value))
        return Difference(value, low, high, p, self.method + (CLUSTERED if flags[index] else ""))
