"""The units of an experiment, each with the variant that it was dealt and what was measured of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analyses.experiment.variants import expected_shares, ordered
from regard.analyses.reading import given_rows
from regard.analytics.arrays import Floats, divide, floats
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData
from regard.warehouse.files.chosen import Table

SAID = {"true": 1.0, "yes": 1.0, "t": 1.0, "y": 1.0, "false": 0.0, "no": 0.0, "f": 0.0, "n": 0.0}


@dataclass(frozen=True, slots=True, eq=False)
class Dealt:
    """Who was dealt what.

    Args:
        variants: their names, the baseline first. shares: what was meant, in any scale.
        variant: of each unit, its place among `variants`. unit: of each row that is used, its unit.
        columns: by name, the numbers of the rows that are used; not a number where missing.
        without: rows without a variant. crossed: units that were dealt several variants, all left out.
        repeated: whether some unit has several rows.
    """

    variants: tuple[str, ...]
    shares: Floats
    variant: NDArray[np.int64]
    unit: NDArray[np.int64]
    columns: dict[str, Floats]
    without: int
    crossed: int
    repeated: bool

    @property
    def counts(self) -> Floats:
        """Units of each variant."""
        return np.bincount(self.variant, minlength=len(self.variants)).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One metric, added up by unit; only units of which something was measured.

    Args:
        unit: their places among all. variant: theirs. y: total of the metric; x: of its denominator, or how many rows.
        z: mean of the metric before, None where there is none.
    """

    unit: NDArray[np.int64]
    variant: NDArray[np.int64]
    y: Floats
    x: Floats
    z: Floats | None

    @property
    def figure(self) -> Floats:
        """What was measured of each unit, a mean where there are several rows."""
        return divide(self.y, self.x)


def read_dealt(args: argparse.Namespace, numbers: Iterable[str]) -> Dealt:
    """The units that `args` name. Raises: InvalidInput, NotEnoughData where they are no experiment."""
    names = list(dict.fromkeys(numbers))
    roles = [args.variant, *([args.unit] if args.unit else [])]
    twice = sorted(set(roles) & set(names)) or ([args.variant] if len(set(roles)) < len(roles) else [])
    if twice:
        raise InvalidInput(
            "The column '%(given)s' is named twice. The variant, the unit and what is measured are columns of their own.",
            given=twice[0],
        )
    with given_rows(args, [*roles, *names]) as table:
        (dealt,) = table.texts(args.variant)
        units = table.texts(args.unit)[0] if args.unit else None
        columns = _columns(table, names)
    known = np.array([one is not None for one in dealt])
    if not known.any():
        raise NotEnoughData(
            f"The column '{args.variant}' is empty, so nobody was dealt a variant. Name another."
        )
    present = sorted({str(one) for one in dealt[known]})
    shares = expected_shares(args.expected, present)
    variants = ordered(args.baseline, list(shares), named=bool(args.expected))
    place = {name: position for position, name in enumerate(variants)}
    row_variant = np.array([place[str(one)] for one in dealt[known]], dtype=np.int64)
    unit, variant, crossed = _by_unit(None if units is None else units[known], row_variant)
    kept = np.flatnonzero(known)[unit >= 0]
    unit = unit[unit >= 0]
    return Dealt(
        variants=tuple(variants),
        shares=np.array([shares[name] for name in variants]),
        variant=variant,
        unit=unit,
        columns={name: values[kept] for name, values in columns.items()},
        without=int((~known).sum()),
        crossed=crossed,
        repeated=len(unit) > len(variant),
    )


def read_before(args: argparse.Namespace) -> Measured:
    """What was measured of each unit before there is an experiment."""
    names = [one for one in (args.metric, args.denominator, args.pre) if one]
    with given_rows(args, [*names, *([args.unit] if args.unit else [])]) as table:
        units = table.texts(args.unit)[0] if args.unit else None
        columns = _columns(table, names)
        n = len(table)
    unit, variant, _ = _by_unit(units, np.zeros(n, dtype=np.int64))
    dealt = Dealt(("all",), np.ones(1), variant, unit, columns, 0, 0, len(unit) > len(variant))
    return measured(dealt, args.metric, args.denominator, args.pre)


def measured(
    dealt: Dealt, metric: str, denominator: str | None = None, before: str | None = None
) -> Measured:
    """One metric, added up by unit."""
    y, z = dealt.columns[metric], dealt.columns[before] if before else None
    x = dealt.columns[denominator] if denominator else np.ones_like(y)
    known = ~np.isnan(y) & ~np.isnan(x) & (True if z is None else ~np.isnan(z))
    unit = dealt.unit[known]
    many = len(dealt.variant)
    rows = np.bincount(unit, minlength=many)
    some = np.flatnonzero(rows)
    earlier = None if z is None else np.bincount(unit, z[known], many)[some] / rows[some]
    return Measured(
        some,
        dealt.variant[some],
        floats(np.bincount(unit, y[known], many)[some]),
        floats(np.bincount(unit, x[known], many)[some]),
        earlier,
    )


def _by_unit(
    units: NDArray[np.object_] | None, row_variant: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """(unit of each row, variant of each unit, units of several variants); -1 for rows of these."""
    if units is None:
        return np.arange(len(row_variant)), row_variant, 0
    named = np.array([one is not None for one in units])
    place = np.full(len(units), -1, dtype=np.int64)
    ids, place[named] = np.unique(units[named].astype(str), return_inverse=True)
    place[~named] = len(ids) + np.arange(int((~named).sum()))  # a row without a unit is one of its own
    many = int(place.max(initial=-1)) + 1
    least = np.full(many, np.iinfo(np.int64).max)
    most = np.full(many, -1)
    np.minimum.at(least, place, row_variant)
    np.maximum.at(most, place, row_variant)
    one = least == most
    renamed = np.where(one, np.cumsum(one) - 1, -1)
    return renamed[place], least[one], int((~one).sum())


def _columns(table: Table, names: list[str]) -> dict[str, Floats]:
    """The columns as numbers, all read at once unless one of them holds words."""
    try:
        found = dict(zip(names, table.numbers(*names), strict=True))
    except InvalidInput:
        found = {name: _numbers(table, name) for name in names}
    for name, values in found.items():
        check_size(f"The column '{name}'", values)
    return found


def _numbers(table: Table, name: str) -> Floats:
    """A column of numbers; yes and no, or true and false, count as 1 and 0."""
    try:
        return table.numbers(name)[0]
    except InvalidInput:
        if name not in table.columns:
            raise
        (texts,) = table.texts(name)
        if {str(one).lower() for one in texts if one is not None} - set(SAID):
            raise
        return np.array([np.nan if one is None else SAID[str(one).lower()] for one in texts])
