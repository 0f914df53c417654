"""Customers followed from their first answer, from rows of answers and purchases."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from regard.analyses.durations import seconds_of
from regard.analyses.reading import given_rows
from regard.analytics.arrays import Floats
from regard.analytics.sizes import check_size
from regard.analytics.worth.behaviour import Behaviour, Entries, behaviour
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.grouped import numbered

GROUPS = ("promoters", "passives", "detractors")
DAY = 86_400
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """The customers with an answer and a whole period after it; arrays by customer.

    Args:
        group: the place in `GROUPS` of their first score. tenure: days from the first row of theirs to that answer.
        period: its length in days. until: the last day that is seen.
        n_too_late: who answered too late to be followed. n_left_out: rows without a customer or a time.
    """

    group: Codes
    tenure: Floats
    behaviour: Behaviour
    period: int
    until: date
    n_too_late: int
    n_left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    customer: Codes
    day: Codes
    score: Floats
    amount: Floats
    cost: Floats
    n_left_out: int


def follow(args: argparse.Namespace) -> Followed:
    """The customers that `args` name.

    Raises: InvalidInput, NotEnoughData with the reason.
    """
    rows = _rows(args)
    period = max(round(seconds_of(args.every) / DAY), 1)
    end = _day(args.until) if args.until else int(rows.day.max())
    moments, score = _first_answers(rows)
    answered = moments <= end
    followed = answered & (moments + period <= end)
    if not followed.any():
        raise NotEnoughData(
            f"Nobody is seen for {args.every} after an answer: the rows end on {_date(end)}. Give a longer time, or a "
            "shorter period with --every."
        )
    place = np.where(followed, np.cumsum(followed) - 1, -1)
    kept = (place[rows.customer] >= 0) & (rows.day <= end)
    entries = Entries(
        customer=place[rows.customer[kept]],
        day=rows.day[kept],
        amount=np.nan_to_num(rows.amount[kept]),
        cost=np.nan_to_num(rows.cost[kept]),
        is_purchase=rows.amount[kept] > 0,
    )
    begin = np.full(len(moments), np.iinfo(np.int64).max)
    np.minimum.at(begin, rows.customer, rows.day)
    given = score[followed]
    return Followed(
        group=np.where(given >= 9, 0, np.where(given >= 7, 1, 2)),
        tenure=(moments - begin)[followed].astype(np.float64),
        behaviour=behaviour(entries, moments[followed], end, period, margin=args.margin),
        period=period,
        until=_date(end),
        n_too_late=int((answered & ~followed).sum()),
        n_left_out=rows.n_left_out,
    )


def _rows(args: argparse.Namespace) -> _Rows:
    columns = [args.customer, args.time, args.score, args.amount, *([args.cost] if args.cost else [])]
    twice = sorted({one for one in columns if columns.count(one) > 1})
    if twice:
        raise InvalidInput(f"The column '{twice[0]}' is named twice. Give each column one part.")
    with given_rows(args, columns) as table:
        (when,) = table.times(args.time)
        score, amount = table.numbers(args.score, args.amount)
        cost = table.numbers(args.cost)[0] if args.cost else np.zeros(len(score))
        customer = numbered(table, args.customer)
    _check(score, amount, cost, args)
    known = (customer >= 0) & ~np.isnat(when)
    if not known.any():
        raise NotEnoughData("No row names both a customer and a time.")
    return _Rows(
        customer=np.unique(customer[known], return_inverse=True)[1].astype(np.int64),
        day=when[known].astype("datetime64[D]").astype(np.int64),
        score=score[known],
        amount=amount[known],
        cost=cost[known],
        n_left_out=int((~known).sum()),
    )


def _check(score: Floats, amount: Floats, cost: Floats, args: argparse.Namespace) -> None:
    wrong = score[(score < 0) | (score > 10)]
    if len(wrong):
        raise InvalidInput(
            f"The column '{args.score}' holds {wrong[0]:g}; scores go from 0 to 10. Correct it."
        )
    if np.isnan(score).all():
        raise NotEnoughData(f"The column '{args.score}' is empty in every row. Name the column of scores.")
    if not (amount > 0).any():
        raise NotEnoughData(
            f"The column '{args.amount}' holds no amount above 0. Name the column of what was paid."
        )
    if np.isnan(cost).all():
        raise NotEnoughData(f"The column '{args.cost}' is empty in every row. Leave --cost out, or fill it.")
    check_size(f"The column '{args.amount}'", amount)
    check_size(f"The column '{args.cost}'", cost)


def _first_answers(rows: _Rows) -> tuple[Codes, Floats]:
    """The day of each customer's first answer and its score; a day after all others for who gave none."""
    n = int(rows.customer.max()) + 1
    answers = np.flatnonzero(~np.isnan(rows.score))
    order = answers[np.lexsort((answers, rows.day[answers], rows.customer[answers]))]
    who, first = np.unique(rows.customer[order], return_index=True)
    moments, score = np.full(n, int(rows.day.max()) + 1), np.full(n, np.nan)
    moments[who], score[who] = rows.day[order[first]], rows.score[order[first]]
    return moments, score


def _day(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal()
    except ValueError:
        raise InvalidInput("'%(given)s' is no day; write it as 2025-09-30.", given=text) from None


def _date(day: int) -> date:
    return date.fromordinal(day + date(1970, 1, 1).toordinal())
