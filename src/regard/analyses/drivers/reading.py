"""The columns that the command was told of, as arrays."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analyses.gaps import as_number
from regard.analyses.reading import given_rows
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.chosen import Table

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """What drivers are judged by.

    Args:
        title: what people call the table. n: its rows.
        names: of the drivers and, last, the outcome.
        drivers: array (n, p). outcome: array (n,).
        customers: a number for each row, equal for rows of the same customer.
        left_out: columns that are no drivers, with the reason.
        segments: of each row, where they were asked for.
    """

    title: str
    n: int
    names: tuple[str, ...]
    drivers: Floats
    outcome: Floats
    weights: Floats | None
    customers: NDArray[np.int64] | None
    left_out: dict[str, str]
    segments: list[str | None] | None = None


def read_columns(args: argparse.Namespace) -> Columns:
    """The columns that `args` name. Raises: InvalidInput where one is missing, named twice or holds no numbers."""
    if not args.file and not args.driver:
        raise InvalidInput("Of the hub, name the drivers: --driver COL, once for each.")
    roles = [args.outcome, *args.driver, *(one for one in (args.weights, args.cluster, args.segment) if one)]
    twice = sorted({one for one in roles if roles.count(one) > 1})
    if twice:
        raise InvalidInput(
            f"The column '{twice[0]}' is named twice. A column is one thing only: outcome, driver, weight, cluster or segment."
        )
    gaps = [number for one in args.gap if (number := as_number(one)) is not None]
    with given_rows(args, roles, takes_numbers=True) as table:
        (outcome,) = table.numbers(args.outcome)
        left_out: dict[str, str] = {}
        if args.driver:
            names, drivers = tuple(args.driver), table.numbers(*args.driver)
        else:
            names, drivers = _numeric(table, set(roles), left_out)
        if not names:
            raise InvalidInput(
                "No column beside the outcome holds numbers that differ. Name the drivers with --driver."
            )
        weights = table.numbers(args.weights)[0] if args.weights else None
        if weights is not None and np.isnan(weights).any():
            raise InvalidInput(
                f"The column '{args.weights}' has no weight in some rows. Fill it (0 leaves a row out)."
            )
        customers = _customers(table, args.cluster) if args.cluster else None
        return Columns(
            title=table.title,
            n=len(table),
            names=(*names, args.outcome),
            drivers=_without(np.column_stack(drivers), gaps),
            outcome=_without(outcome, gaps),
            weights=weights,
            customers=customers,
            left_out=left_out,
            segments=list(table.texts(args.segment)[0]) if args.segment else None,
        )


def _numeric(
    table: Table, taken: set[str], left_out: dict[str, str]
) -> tuple[tuple[str, ...], tuple[Floats, ...]]:
    """Every other column of numbers that differ; why the rest are left out goes into `left_out`."""
    found = {}
    for name in table.columns:
        if name in taken:
            continue
        try:
            (numbers,) = table.numbers(name)
        except InvalidInput:
            left_out[name] = "holds no numbers"
            continue
        known = numbers[~np.isnan(numbers)]
        if not len(known) or np.ptp(known) == 0:
            left_out[name] = "is empty or the same in every row"
            continue
        found[name] = numbers
    return tuple(found), tuple(found.values())


def _without(values: Floats, gaps: list[float]) -> Floats:
    """The values, not a number where one stands for no answer."""
    return np.where(np.isin(values, gaps), np.nan, values)


def _customers(table: Table, name: str) -> NDArray[np.int64]:
    """A number for each row; a row without a customer is one of its own."""
    (ids,) = table.texts(name)
    known = np.array([one is not None for one in ids])
    places = np.arange(len(ids), dtype=np.int64)
    _, same = np.unique(ids[known].astype(str), return_inverse=True)
    places[known] = same + len(ids)
    return places
