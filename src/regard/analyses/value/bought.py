"""What each customer bought, from single purchases: one a day or period, counted from the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from regard.analyses.value.counted import EPOCH, Counted, Whole, periods
from regard.analytics.arrays import Flags, Floats, divide, floats
from regard.kernel.errors import InvalidInput, NotEnoughData


@dataclass(frozen=True, slots=True, eq=False)
class Bought:
    """The customers: arrays, an element for each one who bought by `until`.

    Args:
        names: who they are.
        again, last, age: see `analytics.buying.histories.Histories`; in the steps of `counted`.
        amount: the mean of the steps in which they bought again; not a number where there are none or it is not known.
        later: steps in which they bought after `until`. time_later: how long the file goes on after it, in units.
        until: the last day looked at. counted: how time is counted.
        left_out: rows without a customer or a time.
        cost: the mean of what serving each of their steps cost, the first one too. cost_n: of how many it is.
        cost_scatter: the sum of the squares of their distances from it.
        first_rows: the place of their first row among those given.
    """

    names: NDArray[np.object_]
    again: Floats
    last: Floats
    age: Floats
    amount: Floats
    later: Floats
    time_later: float
    until: date
    counted: Counted
    left_out: int
    cost: Floats
    cost_n: Floats
    cost_scatter: Floats
    first_rows: Whole

    def __len__(self) -> int:
        return len(self.names)


def bought(
    customers: NDArray[np.object_],
    times: NDArray[np.datetime64],
    amounts: Floats | None,
    until: date | None,
    counted: Counted | str,
    *,
    costs: Floats | None = None,
) -> Bought:
    """What each customer bought, from rows of single purchases; None or not a time: left out.

    Args:
        until: the last day looked at; the last one of the rows where None.
        counted: how time is counted, or how long its periods are.
        costs: of serving each row.
    Raises: NotEnoughData where no purchase is left.
    """
    known = known_rows(customers, times)
    names, codes = _coded(customers[known])
    days = times[known].astype("datetime64[D]").astype(np.int64)
    day = (until - EPOCH).days if until else int(days.max())
    way = periods(counted, day) if isinstance(counted, str) else counted
    end = way.last(day)
    who, at, (paid, cost) = _by_step(codes, way.at(days), told_in(known, amounts), told_in(known, costs))
    now = at <= end
    if not now.any():
        raise NotEnoughData(
            f"Nobody bought by {way.ends(end)}; the first purchase is on {_date(int(days.min()))}."
        )
    last_told = max(way.last(int(days.max())), end)
    later = np.bincount(who[~now & (at <= last_told)], minlength=len(names)).astype(np.float64)
    who, at, paid = who[now], at[now], paid[now]
    starts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
    present = who[starts]
    counts = np.diff(np.r_[starts, len(who)])
    first, last = at[starts], at[starts + counts - 1]
    cost_n, cost_mean, cost_scatter = _moments(cost[now], starts)
    paid[starts] = np.nan  # What the first purchase came to says nothing of those that follow.
    return Bought(
        names=names[present],
        again=floats(counts - 1),
        last=floats(last - first),
        age=floats(end - first),
        amount=_means(paid, starts)[1],
        later=later[present],
        time_later=(last_told - end) / way.per,
        until=way.ends(end),
        counted=way,
        left_out=int((~known).sum()),
        cost=cost_mean,
        cost_n=cost_n,
        cost_scatter=cost_scatter,
        first_rows=_first_rows(codes, np.flatnonzero(known), times[known], len(names))[present],
    )


def known_rows(customers: NDArray[np.object_], times: NDArray[np.datetime64]) -> Flags:
    """Which rows name a customer and a time. Raises: NotEnoughData where none does."""
    known = np.array([one is not None for one in customers], dtype=bool) & ~np.isnat(times)
    if not known.any():
        raise NotEnoughData("No row names both a customer and a time.")
    return known


def told_in(known: Flags, column: Floats | None) -> Floats:
    """The column in the rows that are known; not a number everywhere where there is no such column."""
    return column[known] if column is not None else np.full(int(known.sum()), np.nan)


def day_of(text: str) -> date:
    """The day that `text` says. Raises: InvalidInput where it says none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("'%(given)s' is no day; write it as 2025-09-30.", given=text) from None


def _coded(customers: NDArray[np.object_]) -> tuple[NDArray[np.object_], Whole]:
    """The distinct customers in the order of their first row, and the place of each row's."""
    places: dict[str, int] = {}
    codes = np.fromiter(
        (places.setdefault(one, len(places)) for one in customers), dtype=np.int64, count=len(customers)
    )
    return np.array(list(places), dtype=object), codes


def _by_step(codes: Whole, steps: Whole, *columns: Floats) -> tuple[Whole, Whole, list[Floats]]:
    """One row for each customer and step, in this order, with the sum of each column; not a number where nothing tells."""
    start = int(steps.min())
    span = int(steps.max()) - start + 1
    keys, place = np.unique(codes * span + (steps - start), return_inverse=True)
    sums = []
    for column in columns:
        told = ~np.isnan(column)
        found = np.bincount(place, weights=np.where(told, column, 0.0), minlength=len(keys))
        known = np.bincount(place, weights=told, minlength=len(keys)) > 0
        sums.append(floats(np.where(known, found, np.nan)))
    return keys // span, keys % span + start, sums


def _first_rows(codes: Whole, rows: Whole, times: NDArray[np.datetime64], n: int) -> Whole:
    """The row in which each customer comes first, by time, then by place."""
    order = np.argsort(times, kind="stable")[::-1]
    found = np.empty(n, dtype=np.int64)
    found[codes[order]] = rows[order]
    return found


def _means(values: Floats, starts: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """How many values that begin at each place are known, and their mean; not a number where none is."""
    told = ~np.isnan(values)
    n = floats(np.add.reduceat(told.astype(np.float64), starts))
    return n, divide(np.add.reduceat(np.where(told, values, 0.0), starts), n)


def _moments(values: Floats, starts: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
    """As `_means`, and the sum of the squares of the distances from the mean."""
    n, mean = _means(values, starts)
    away = values - np.repeat(mean, np.diff(np.r_[starts, len(values)]))
    return n, mean, floats(np.add.reduceat(np.nan_to_num(away) ** 2, starts))


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)
