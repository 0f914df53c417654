"""How often each customer renewed, from single payments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from regard.analyses.value.bought import known_rows, told_in
from regard.analyses.value.counted import EPOCH
from regard.analytics.arrays import Flags, Floats, divide
from regard.kernel.errors import NotEnoughData


@dataclass(frozen=True, slots=True, eq=False)
class Renewed:
    """The customers; arrays by customer.

    Args:
        names: who they are.
        renewed: how often they renewed by `until`, one after the other. is_lost: whether they missed the next time.
        amount: the mean of what they paid.
        due_later: how many more times they could renew until the end of the file. later: how often they did.
        until: the last day looked at. left_out: rows without a customer or a time.
    """

    names: NDArray[np.object_]
    renewed: Floats
    is_lost: Flags
    amount: Floats
    due_later: Floats
    later: Floats
    until: date
    left_out: int


def renewed(
    customers: NDArray[np.object_],
    times: NDArray[np.datetime64],
    amounts: Floats | None,
    period: int,
    until: date | None,
) -> Renewed:
    """The renewals of each customer, counted from the first payment.

    A payment belongs to the renewal whose day it is nearest to. A renewal that was due by `until` and that nobody paid,
    also later, is missed, and ends the contract.

    Args:
        period: days.
    Raises: NotEnoughData where no payment is left.
    """
    known = known_rows(customers, times)
    names, who = np.unique(customers[known].astype(str), return_inverse=True)
    day = times[known].astype("datetime64[D]").astype(np.int64)
    end = (until - EPOCH).days if until else int(day.max())
    first = np.full(len(names), np.iinfo(np.int64).max)
    np.minimum.at(first, who, day)
    place = (2 * (day - first[who]) + period) // (2 * period)
    in_a_row = _in_a_row(who, place, len(names))
    mean = _mean_paid(who, told_in(known, amounts), len(names))
    here = first <= end
    if not here.any():
        raise NotEnoughData(
            f"Nobody paid by {until}; the first payment is on {EPOCH + timedelta(days=int(day.min()))}."
        )
    due = np.maximum(end - first, 0) // period
    due_in_all = np.maximum((int(day.max()) - first) // period, due)
    by_then = np.minimum(in_a_row, due)
    is_lost = in_a_row < due
    return Renewed(
        names=names[here].astype(object),
        renewed=by_then[here].astype(np.float64),
        is_lost=is_lost[here],
        amount=mean[here],
        due_later=np.where(is_lost, 0, due_in_all - due)[here].astype(np.float64),
        later=(np.minimum(in_a_row, due_in_all) - by_then)[here].astype(np.float64),
        until=EPOCH + timedelta(days=end),
        left_out=int((~known).sum()),
    )


def _mean_paid(who: NDArray[np.intp], paid: Floats, n: int) -> Floats:
    """What each customer paid at a time; not a number where nothing tells."""
    told = ~np.isnan(paid)
    return divide(np.bincount(who, np.where(told, paid, 0.0), n), np.bincount(who, told, n))


def _in_a_row(who: NDArray[np.intp], place: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """How many renewals of each customer follow each other from the first."""
    span = int(place.max()) + 1
    pairs = np.unique(who * span + place)
    owner, at = np.divmod(pairs, span)
    rank = np.arange(len(pairs)) - np.searchsorted(owner, owner)
    return np.bincount(owner, at == rank, n).astype(np.int64) - 1
