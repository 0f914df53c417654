"""What customers did period by period, counted from a moment of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Flags, Floats, floats

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """Sums over the whole periods of each customer; arrays (customers,).

    Period 0 is the one up to and with the moment, period 1 the one after it, and so on.

    Args:
        active: periods in which they bought. margin: what was left of these, after cost.
        could_stay: periods in which they bought and after which another whole one is seen. stayed: in how many of these
            others they bought again.
        again: whether they bought in period 1. spend, cost: of period 1.
        spend_before: of period 0.
    """

    active: Floats
    margin: Floats
    could_stay: Floats
    stayed: Floats
    again: Flags
    spend: Floats
    cost: Floats
    spend_before: Floats

    def __len__(self) -> int:
        return len(self.active)

    def at(self, chosen: Flags) -> Behaviour:
        """The chosen customers."""
        return Behaviour(*(getattr(self, name)[chosen] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """What happened, row by row: whose (places of customers), on which day, how much was paid and what it cost; 0 for
    neither. `is_purchase`: whether it was one."""

    customer: Codes
    day: Codes
    amount: Floats
    cost: Floats
    is_purchase: Flags


def behaviour(entries: Entries, moments: Codes, end: int, period: int, *, margin: float = 1.0) -> Behaviour:
    """The behaviour of each customer around their moment.

    Args:
        moments: array (customers,), the day of each; at least one whole period before `end`.
        end: the last day that is seen. period: days.
        margin: the share of an amount that is left.
    """
    n, whole = len(moments), 1 + (end - moments) // period
    most = int(whole.max()) if n else 1
    place = -((moments[entries.customer] - entries.day) // period)
    seen = (place >= 0) & (place < whole[entries.customer])
    cell = (entries.customer * most + place)[seen]

    def table(weights: Floats) -> Floats:
        return floats(np.bincount(cell, weights[seen], n * most).reshape(n, most))

    bought = table(entries.is_purchase.astype(np.float64)) > 0
    paid, cost = table(entries.amount), table(entries.cost)
    followed = np.arange(1, most) < whole[:, None]
    return Behaviour(
        active=bought.sum(axis=1).astype(np.float64),
        margin=((margin * paid - cost) * bought).sum(axis=1),
        could_stay=(bought[:, :-1] & followed).sum(axis=1).astype(np.float64),
        stayed=(bought[:, :-1] & bought[:, 1:] & followed).sum(axis=1).astype(np.float64),
        again=bought[:, 1],
        spend=paid[:, 1],
        cost=cost[:, 1],
        spend_before=paid[:, 0],
    )
