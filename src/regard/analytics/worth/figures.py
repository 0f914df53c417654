"""Margin, retention and value of a group of customers, each with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, critical, floats
from regard.analytics.retention.lifetime_value import lifetime_value, lifetime_value_after
from regard.analytics.shares.wilson import wilson_interval
from regard.analytics.worth.behaviour import Behaviour
from regard.kernel.estimates import Estimate

METHOD = (
    "margin of an active period and share that goes on to the next, over customers (delta method, Wilson on the effective "
    "number); value at once m(1+d)/(1+d-r), value after the first period m r/(1+d-r)"
)
SOURCE = (
    "Gupta and Lehmann (2003), J. Interactive Marketing 17(1), 9-24; Iacus, King and Porro (2012), "
    "Political Analysis 20(1), 1-24; Kish (1965), Survey Sampling"
)
LEAST = 5


@dataclass(frozen=True, slots=True)
class Worth:
    """Figures of one group.

    Args:
        margin: of a period in which a customer buys. retention: share of these that are followed by another.
        value: at once, with the margin of the period that begins. value_after: without it.
        repurchase: share who bought within a period after their moment. spend, cost: of that period, for each customer.
    """

    n: int
    margin: Estimate
    retention: Estimate
    value: Estimate
    value_after: Estimate
    repurchase: Estimate
    spend: Estimate
    cost: Estimate


def worth(of: Behaviour, weights: Floats, discount: float, *, confidence: float = 0.95) -> Worth | None:
    """The figures of these customers; None where fewer than 5 of them could stay.

    Args:
        weights: array (customers,), how much each counts. discount: of a period, above 0.
    """
    counted = weights > 0
    if int((counted & (of.could_stay > 0)).sum()) < LEAST:
        return None
    n, ones = int(counted.sum()), np.ones(len(of))
    margin, by_margin = _ratio(of.margin, of.active, weights)
    retention, by_retention = _ratio(of.stayed, of.could_stay, weights)
    reach = float(critical(confidence, n - 1))
    scale = 1 + discount - retention
    value = lifetime_value(margin, retention, discount)
    after = lifetime_value_after(margin, retention, discount)
    moved = value / scale * by_retention + (1 + discount) / scale * by_margin
    moved_after = margin * (1 + discount) / scale**2 * by_retention + retention / scale * by_margin
    spend, by_spend = _ratio(of.spend, ones, weights)
    cost, by_cost = _ratio(of.cost, ones, weights)
    again, by_again = _ratio(of.again.astype(np.float64), ones, weights)
    return Worth(
        n=n,
        margin=_around(margin, _se(by_margin), reach, n),
        retention=_share(retention, _se(by_retention), weights * of.could_stay, reach, n),
        value=_around(value, _se(moved), reach, n, is_lopsided=True),
        value_after=_around(after, _se(moved_after), reach, n, is_lopsided=True),
        repurchase=_share(again, _se(by_again), weights, reach, n),
        spend=_around(spend, _se(by_spend), reach, n),
        cost=_around(cost, _se(by_cost), reach, n),
    )


def _ratio(above: Floats, below: Floats, weights: Floats) -> tuple[float, Floats]:
    """A ratio of sums over customers, and by how much each customer moved it."""
    whole = float(weights @ below)
    value = float(weights @ above) / whole
    return value, floats(weights * (above - value * below) / whole)


def _se(moved: Floats) -> float:
    n = np.count_nonzero(moved)
    return math.sqrt(float(moved @ moved) * (n / (n - 1) if n > 1 else 1.0))


def _around(value: float, se: float, reach: float, n: int, *, is_lopsided: bool = False) -> Estimate:
    """With its interval; on the logarithm where the figure is a quotient with an uncertain divisor, and above 0."""
    if is_lopsided and value > 0:
        away = math.exp(min(reach * se / value, 50.0))
        return Estimate(value, value / away, value * away, n)
    return Estimate(value, value - reach * se, value + reach * se, n)


def _share(value: float, se: float, counts: Floats, reach: float, n: int) -> Estimate:
    """With its Wilson interval, by the number of independent answers that would be as sure."""
    alike = float(counts.sum() ** 2 / (counts**2).sum())
    effective = value * (1 - value) / se**2 if se > 0 else alike
    low, high = wilson_interval(value, effective, reach)
    return Estimate(value, float(low), float(high), n)
