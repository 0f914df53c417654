"""The columns that the command was told of, as arrays."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analyses.columns import read_columns, yes_or_no
from regard.analyses.reading import given_rows
from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.given import Rows, check_numbers, rows_of
from regard.analytics.predicting.columns import Column
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.chosen import Table

MOST_LEVELS = 30
RARE = 5


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What was asked about, all rows, gaps as not a number.

    Args:
        treated: what stands for treated; "" where treatment is a number.
        names: of the confounders' columns, one for each word but the commonest; owners: the confounder of each.
    """

    title: str
    outcome: Floats
    treatment: Floats
    treated: str
    confounders: Floats
    names: tuple[str, ...]
    placebo: Floats | None = None
    instrument: Floats | None = None
    unit: NDArray[np.object_] | None = None
    time: Floats | None = None

    def rows(self, outcome: Floats | None = None) -> Rows:
        """The rows without gaps; of another outcome where one is given."""
        return rows_of(
            self.outcome if outcome is None else outcome, self.treatment, self.confounders, self.names
        )


def read_given(args: argparse.Namespace) -> Given:
    """The columns that `args` name. Raises: InvalidInput, NotEnoughData with the reason."""
    roles = [args.treatment, args.outcome, *args.confounder]
    roles += [one for one in (args.placebo, args.instrument, args.unit, args.time) if one]
    twice = sorted({one for one in roles if roles.count(one) > 1})
    if twice:
        raise InvalidInput(
            f"The column '{twice[0]}' is named twice. A column is one thing only: treatment, outcome, confounder, placebo, "
            "instrument, unit or time."
        )
    with given_rows(args, roles) as table:
        treatment, treated = _treatment(table, args)
        confounders, names = _matrix(read_columns(table, args.confounder), len(table))
        return Given(
            title=table.title,
            outcome=_outcome(table, args.outcome, args.yes),
            treatment=treatment,
            treated=treated,
            confounders=confounders,
            names=names,
            placebo=_outcome(table, args.placebo, None) if args.placebo else None,
            instrument=_outcome(table, args.instrument, None) if args.instrument else None,
            unit=table.texts(args.unit)[0] if args.unit else None,
            time=_time(table, args.time) if args.time else None,
        )


def _treatment(table: Table, args: argparse.Namespace) -> tuple[Floats, str]:
    if args.design == "instrument" and args.treated is None:
        try:
            return table.numbers(args.treatment)[0], ""
        except InvalidInput:
            pass
    return yes_or_no(table.texts(args.treatment)[0], args.treatment, args.treated, "--treated")


def _outcome(table: Table, name: str, yes: str | None) -> Floats:
    if yes is None:
        (texts,) = table.texts(name)
        levels = {one for one in texts if one is not None}
        if len(levels) != 2 or all(_is_number(one) for one in levels):
            return table.numbers(name)[0]
    return yes_or_no(table.texts(name)[0], name, yes, "--yes")[0]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _time(table: Table, name: str) -> Floats:
    """Numbers as they are; times as days."""
    try:
        (numbers,) = table.numbers(name)
    except InvalidInput:
        if any(_is_number(one) for one in table.texts(name)[0] if one is not None):
            raise
        (times,) = table.times(name)
        days = (times - np.datetime64("1970-01-01")) / np.timedelta64(1, "D")
        return floats(days)
    if (numbers < 0).any():
        raise InvalidInput(
            f"The column '{name}' holds negative times, such as {np.nanmin(numbers):g}. Count from 0 or 1, or give dates."
        )
    return numbers


def _matrix(columns: Sequence[Column], n: int) -> tuple[Floats, tuple[str, ...]]:
    """Numbers as they are; words as one column for each but the commonest, the rare ones together."""
    parts: list[Floats] = [np.zeros((n, 0))]
    names: list[str] = []
    for column in columns:
        if column.numbers is not None:
            known = column.numbers[~np.isnan(column.numbers)]
            if not len(known):
                raise InvalidInput(
                    f"The confounder '{column.name}' is empty in every row. Leave it out, or fill it."
                )
            check_numbers([column.name], known[:, None])
            parts.append(column.numbers[:, None])
            names.append(column.name)
            continue
        counts = np.bincount(column.words, minlength=len(column.levels))
        if len(counts) < 2:
            raise InvalidInput(f"The confounder '{column.name}' is the same in every row. Leave it out.")
        common = [at for at in np.argsort(-counts, kind="stable")[1:] if counts[at] >= RARE]
        if len(common) > MOST_LEVELS:
            raise InvalidInput(
                f"The confounder '{column.name}' has {len(counts):,} different words; at most {MOST_LEVELS} can be held fixed. Put them together."
            )
        parts.append(floats(column.words[:, None] == np.array(common, dtype=np.int64)[None, :]))
        names.extend(f"{column.name} = {column.levels[at]}" for at in common)
    return np.column_stack(parts), tuple(names)
