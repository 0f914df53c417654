"""A figure with its uncertainty: the only form in which a number leaves the mathematics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, its interval, what it rests on and how it was made.

    Args:
        value: the figure, unrounded (shares as fractions, NPS in points -100..100, times in seconds, money in smallest units).
        low, high: the 95% interval unless the method says otherwise; None where the method gives none.
        n: what was counted (answers, threads, customers: the metric's denominator says which).
        method: the estimator by name, such as "Wilson" or "adjusted Wald, clustered by customer".
        n_customers: how many different customers stand behind n, where known.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    method: str = ""
    n_customers: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """How far one figure stands from another (this less that), with its interval and two-sided p.

    `p_adjusted` is p after correction for the family of comparisons it was shown with.
    """

    value: float
    low: float
    high: float
    p: float
    method: str = ""
    p_adjusted: float | None = None
