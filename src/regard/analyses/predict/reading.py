"""The columns that the command was told of, as a model takes them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analyses.columns import read_columns, yes_or_no
from regard.analyses.reading import given_rows
from regard.analytics.arrays import Floats
from regard.analytics.predicting.columns import Column
from regard.analytics.predicting.leaks import check_numbers, find_leaks
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.chosen import Table


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What is foretold from.

    Args:
        title: what people call the table. n: its rows with an outcome; left_blank: those without.
        outcome: array (n,) of 0 and 1. yes: what stands for 1.
        columns: those that are used. left_out, suspicious: others, and doubtful ones, with the reason.
        customers: who each row is, None where nobody said. places: a number for each, equal for the same customer.
    """

    title: str
    n: int
    left_blank: int
    outcome: Floats
    yes: str
    columns: list[Column]
    left_out: dict[str, str]
    suspicious: dict[str, str]
    customers: NDArray[np.object_] | None
    places: NDArray[np.int64] | None
    time: Floats | None = None
    group: NDArray[np.object_] | None = None
    treatment: Floats | None = None


def read_given(args: argparse.Namespace) -> Given:
    """The columns that `args` name. Raises: InvalidInput, NotEnoughData with the reason."""
    aside = [one for one in (args.outcome, args.customer, args.treatment) if one]
    with given_rows(args, _wanted(args, aside)) as table:
        unknown = [name for name in args.without if name not in table.columns]
        if unknown and args.file:
            table.texts(unknown[0])
        (texts,) = table.texts(args.outcome)
        outcome, yes = yes_or_no(texts, args.outcome, args.yes, "--yes")
        known = ~np.isnan(outcome)
        if int(known.sum()) < 3:
            raise NotEnoughData(
                f"Only {int(known.sum())} rows have an outcome, and foretelling needs at least 20."
            )
        names = args.column or [
            name for name in table.columns if name not in aside and name not in args.without
        ]
        columns = read_columns(table, names)
        who = table.texts(args.customer)[0][known] if args.customer else None
        time = _time(table, args.time)[known] if args.time else None
        group = table.texts(args.by)[0][known] if args.by else None
        treatment = _treatment(table, args)[known] if args.treatment else None
        title = table.title
    used = [column[known] for column in columns]
    kept, left_out, suspicious = _kept(used, outcome[known], args)
    return Given(
        title, int(known.sum()), int((~known).sum()), outcome[known], yes, kept, left_out, suspicious,
        who, None if who is None else _places(who), time, group, treatment,
    )  # fmt: skip


def _wanted(args: argparse.Namespace, aside: Sequence[str]) -> list[str]:
    """The columns that are named. Raises: InvalidInput where one is to be two things, or the hub is told none."""
    roles = [*aside, *args.column]
    if len(set(roles)) < len(roles):
        raise InvalidInput(
            "A column is named twice. It is one thing only: outcome, customer, treatment or column."
        )
    if not args.file and not args.column:
        raise InvalidInput("Of the hub, name what to foretell from: --column COL, once for each.")
    return [*roles, *(one for one in (args.time, args.by) if one)]


def _kept(
    used: list[Column], outcome: Floats, args: argparse.Namespace
) -> tuple[list[Column], dict[str, str], dict[str, str]]:
    """The columns to foretell from, those left out with why, and those that are suspicious."""
    noticed = find_leaks(used, outcome)
    left_out = {name: why for name, why in noticed.left_out.items() if name not in args.keep}
    _refuse_named(args.column, left_out)
    kept = [column for column in used if column.name not in left_out]
    if not kept:
        raise NotEnoughData(
            "No column is left to foretell from: " + "; ".join(f"'{a}' {b}" for a, b in left_out.items())
        )
    check_numbers(kept)
    return kept, left_out, dict(noticed.suspicious)


def _refuse_named(named: Sequence[str], left_out: dict[str, str]) -> None:
    for name in named:
        if name in left_out:
            raise InvalidInput(
                f"The column '{name}' {left_out[name]}. Leave it out, or insist on it with --keep {name}."
            )


def _time(table: Table, name: str) -> Floats:
    (time,) = table.numbers(name)
    if (time < 0).any():
        raise InvalidInput(
            f"The column '{name}' holds negative times, such as {np.nanmin(time):g}. How long somebody stayed is 0 or more; "
            "correct these rows or leave them empty."
        )
    check_size(f"The column '{name}'", time)
    return time


def _treatment(table: Table, args: argparse.Namespace) -> Floats:
    (texts,) = table.texts(args.treatment)
    return yes_or_no(texts, args.treatment, args.treated, "--treated")[0]


def _places(who: NDArray[np.object_]) -> NDArray[np.int64]:
    """A number for each row; a row without a customer is one of its own."""
    known = np.array([one is not None for one in who])
    places = np.arange(len(who), dtype=np.int64)
    places[known] = np.unique(who[known].astype(str), return_inverse=True)[1] + len(who)
    return places
