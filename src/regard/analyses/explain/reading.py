"""The answers of two periods, from the columns that were named."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analyses.reading import given_rows
from regard.analytics.arrays import Flags, Floats
from regard.analytics.changes.given import Answers, Dimension, check_answers, check_dimensions
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.chosen import Table
from regard.warehouse.files.grouped import grouped, owners

MOST_SHOWN = 8
UNKNOWN = "(none)"


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What is to be explained.

    Args:
        answers: those of both periods. dimensions: what they are split by.
        before, after: what the periods are called.
        n_left_out: rows without a score or of no period.
        times, scores: of every row with a score and a time, where asked for.
    """

    title: str
    answers: Answers
    dimensions: list[Dimension]
    before: str
    after: str
    n_left_out: int
    times: NDArray[np.datetime64] | None
    scores: Floats | None


def read_asked(args: argparse.Namespace) -> Asked:
    """The columns that `args` name.

    Raises: InvalidInput, NotEnoughData with the reason.
    """
    optional = [one for one in (args.cluster, args.time) if one]
    roles = [args.score, args.period, *args.by, *([args.cluster] if args.cluster else [])]
    twice = sorted({one for one in roles if roles.count(one) > 1})
    if twice:
        raise InvalidInput(f"The column '{twice[0]}' is named twice. Give each column one part.")
    with given_rows(args, [*roles, *optional]) as table:
        (given,) = table.numbers(args.score)
        scores = counted(args.metric, given, args.score)
        is_after, is_before, before, after = _periods(table, args)
        customers = owners(table, args.cluster) if args.cluster else None
        groups = grouped(table, *args.by)
        times = table.times(args.time)[0] if args.time else None
        title = table.title
    kept = ~np.isnan(scores) & (is_after | is_before)
    known = ~np.isnan(scores) & ~np.isnat(times) if times is not None else None
    if customers is not None:
        customers = np.unique(customers[kept], return_inverse=True)[1].astype(np.int64)
    answers = Answers(scores[kept], is_after[kept], customers)
    dimensions = [
        Dimension(name, codes[kept], names) for name, (codes, names) in zip(args.by, groups, strict=True)
    ]
    check_answers(answers, args.score)
    check_dimensions(answers, dimensions)
    return Asked(
        title=title,
        answers=answers,
        dimensions=dimensions,
        before=before,
        after=after,
        n_left_out=int((~kept).sum()),
        times=None if times is None else times[known],
        scores=None if times is None else scores[known],
    )


def counted(metric: str, scores: Floats, name: str) -> Floats:
    """What each score counts for: their mean is the figure.

    Raises: InvalidInput where a score does not lie on the metric's scale; NotEnoughData where there is none.
    """
    known = ~np.isnan(scores)
    if not known.any():
        raise NotEnoughData(f"The column '{name}' is empty in every row. Name the column of scores.")
    if metric == "mean":
        return scores
    low, high = (0, 10) if metric == "nps" else (1, 5)
    wrong = scores[known & ((scores < low) | (scores > high))]
    if len(wrong):
        raise InvalidInput(
            f"The column '{name}' holds {wrong[0]:g}, and {metric} counts scores from {low} to {high}. "
            "Correct it, or take --metric mean."
        )
    if metric == "csat":
        return np.where(known, scores >= 4, np.nan)
    return np.where(known, 100.0 * (scores >= 9) - 100.0 * (scores <= 6), np.nan)


def _periods(table: Table, args: argparse.Namespace) -> tuple[Flags, Flags, str, str]:
    """Which rows are after, which before, and what the two are called."""
    if args.cut:
        if args.before or args.after:
            raise InvalidInput("--cut divides at a time; leave --before and --after out, or --cut.")
        try:
            cut = np.datetime64(args.cut, "us")
        except ValueError:
            raise InvalidInput(f"--cut needs a date such as 2026-04-01, not '{args.cut}'.") from None
        (when,) = table.times(args.period)
        return when >= cut, when < cut, f"before {args.cut}", f"from {args.cut} on"
    ((codes, names),) = grouped(table, args.period)
    before, after = _chosen(names, args)
    places = {name: place for place, name in enumerate(names)}
    is_after = np.isin(codes, [places[one] for one in after])
    is_before = np.isin(codes, [places[one] for one in before])
    return is_after, is_before, ", ".join(before), ", ".join(after)


def _chosen(names: list[str], args: argparse.Namespace) -> tuple[list[str], list[str]]:
    """The values of the period before and after; where there are two, the smaller is before."""
    shown = ", ".join(f"'{one}'" for one in names[:MOST_SHOWN]) + (", …" if len(names) > MOST_SHOWN else "")
    if len(names) < 2:
        only = f"only {shown}" if names else "nothing"
        raise InvalidInput(
            f"The column '{args.period}' holds {only}, and a change needs two periods. Name another column, or give "
            "the rows of both periods."
        )
    before, after = list(dict.fromkeys(args.before)), list(dict.fromkeys(args.after))
    for one in (*before, *after):
        if one not in names:
            raise InvalidInput(f"The column '{args.period}' holds no '{one}'. It holds {shown}.")
    both = sorted(set(before) & set(after))
    if both:
        raise InvalidInput(f"'{both[0]}' cannot be both --before and --after.")
    if not before and not after and len(names) == 2:
        return (names[:1], names[1:]) if _rank(names[0]) <= _rank(names[1]) else (names[1:], names[:1])
    if not before or not after:
        raise InvalidInput(
            f"The column '{args.period}' holds {len(names):,} values: {shown}. Say which are compared with --before and "
            "--after, or divide a column of times with --cut."
        )
    return before, after


def _rank(name: str) -> tuple[float, str]:
    """Numbers by size, words by alphabet; 9 comes before 10, and 'before' before 'after'."""
    words = {"before": 0.0, "after": 1.0}
    try:
        return float(words.get(name.lower(), name)), ""
    except ValueError:
        return np.inf, name
