"""What each customer bought, from single purchases: one a day, counted from the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.kernel.errors import InvalidInput, NotEnoughData

DAYS_A_WEEK = 7
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Bought:
    """The customers: arrays, an element for each one who bought by `until`.

    Args:
        names: who they are.
        again, last, age: see `analytics.buying.histories.Histories`; in days.
        amount: the mean of the days on which they bought again; not a number where there are none or it is not known.
        later: days on which they bought after `until`. weeks_later: how long the file goes on after it.
        until: the last day looked at.
        left_out: rows without a customer or a time.
    """

    names: NDArray[np.object_]
    again: Floats
    last: Floats
    age: Floats
    amount: Floats
    later: Floats
    weeks_later: float
    until: date
    left_out: int

    def __len__(self) -> int:
        return len(self.names)


def bought(
    customers: NDArray[np.object_],
    times: NDArray[np.datetime64],
    amounts: Floats | None,
    until: date | None,
) -> Bought:
    """What each customer bought, from rows of single purchases; None or not a time: left out.

    Raises: NotEnoughData where no purchase is left.
    """
    known = np.array([one is not None for one in customers], dtype=bool) & ~np.isnat(times)
    if not known.any():
        raise NotEnoughData("No row names both a customer and a time.")
    names, codes = _coded(customers[known])
    days = times[known].astype("datetime64[D]").astype(np.int64)
    paid = amounts[known] if amounts is not None else np.full(len(days), np.nan)
    end = int(np.datetime64(until, "D").astype(np.int64)) if until else int(days.max())
    who, day, paid = _by_day(codes, days, paid)
    now = day <= end
    if not now.any():
        raise NotEnoughData(f"Nobody bought by {until}; the first purchase is on {_date(int(day.min()))}.")
    later = np.bincount(who[~now], minlength=len(names)).astype(np.float64)
    who, day, paid = who[now], day[now], paid[now]
    starts = np.flatnonzero(np.r_[True, who[1:] != who[:-1]])
    present = who[starts]
    counts = np.diff(np.r_[starts, len(who)])
    first, last = day[starts], day[starts + counts - 1]
    paid[starts] = np.nan
    told = ~np.isnan(paid)
    sums = np.add.reduceat(np.where(told, paid, 0.0), starts)
    with np.errstate(invalid="ignore"):
        amount = floats(sums / np.add.reduceat(told.astype(np.float64), starts))
    return Bought(
        names=names[present],
        again=floats(counts - 1),
        last=floats(last - first),
        age=floats(end - first),
        amount=amount,
        later=later[present],
        weeks_later=max(int(days.max()) - end, 0) / DAYS_A_WEEK,
        until=_date(end),
        left_out=int((~known).sum()),
    )


def day_of(text: str) -> date:
    """The day that `text` says. Raises: InvalidInput where it says none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("'%(given)s' is no day; write it as 2025-09-30.", given=text) from None


def _coded(customers: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """The distinct customers in the order of their first row, and the place of each row's."""
    places: dict[str, int] = {}
    codes = np.fromiter(
        (places.setdefault(one, len(places)) for one in customers), dtype=np.int64, count=len(customers)
    )
    return np.array(list(places), dtype=object), codes


def _by_day(
    codes: NDArray[np.int64], days: NDArray[np.int64], paid: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """One row for each customer and day, in this order, with what was paid; not a number where nothing tells."""
    start = int(days.min())
    span = int(days.max()) - start + 1
    keys, place = np.unique(codes * span + (days - start), return_inverse=True)
    told = ~np.isnan(paid)
    sums = np.bincount(place, weights=np.where(told, paid, 0.0), minlength=len(keys))
    known = np.bincount(place, weights=told, minlength=len(keys)) > 0
    return keys // span, keys % span + start, floats(np.where(known, sums, np.nan))


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)
