"""Columns of any file as a matrix that a model can be fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats

RARE = 10
MOST_LEVELS = 50
KNOTS = (0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975)
# Below this, a cube is 0 to the machine.
SMALLEST = 1e-60
MISSING = "(missing)"
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What is known of each customer in one respect: numbers, or words.

    Args:
        numbers: array (n,), not a number where missing; None where the column holds words.
        codes: array (n,), the place of each word in `levels`; -1 for one that is not there. None for numbers.
    """

    name: str
    numbers: Floats | None = None
    codes: Whole | None = None
    levels: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.numbers if self.numbers is not None else self.words)

    @property
    def words(self) -> Whole:
        """The codes of a column that holds words."""
        assert self.codes is not None, "a column of numbers has no codes"
        return self.codes

    def __getitem__(self, rows: Any) -> Column:
        """The chosen rows, indexed as numpy does."""
        if self.numbers is not None:
            return Column(self.name, numbers=self.numbers[rows])
        return Column(self.name, codes=self.words[rows], levels=self.levels)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Where nothing is known."""
        if self.numbers is not None:
            return np.isnan(self.numbers)
        place = self.levels.index(MISSING) if MISSING in self.levels else -2
        return np.asarray(self.words == place)

    def said(self, row: int) -> str:
        """What stands in a row, as people read it."""
        if self.numbers is not None:
            return MISSING if np.isnan(self.numbers[row]) else f"{self.numbers[row]:.6g}"
        return self.levels[self.words[row]] if self.words[row] >= 0 else "(new)"


def words_column(
    name: str, texts: Sequence[str | None] | NDArray[np.object_], levels: Sequence[str] | None = None
) -> Column:
    """A column of words; `levels` are those of the same column elsewhere, where there is one."""
    given = np.array([MISSING if one is None else one for one in texts], dtype=object).astype(str)
    if levels is None:
        known, codes = np.unique(given, return_inverse=True)
        return Column(name, codes=codes.astype(np.int64), levels=tuple(known.tolist()))
    place = {level: at for at, level in enumerate(levels)}
    found = np.array([place.get(one, -1) for one in given.tolist()], dtype=np.int64)
    return Column(name, codes=found, levels=tuple(levels))


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """How one column becomes some columns of the matrix.

    Args:
        fill: stands for a missing number. knots: of its curve; empty for a line. flags: whether being missing has a
            column of its own.
        chosen: the codes that have a column of their own; all others are taken together.
    """

    fill: float = 0.0
    knots: tuple[float, ...] = ()
    flags: bool = False
    chosen: tuple[int, ...] | None = None

    def matrix(self, column: Column) -> Floats:
        """The column's part of the matrix, (n, some)."""
        if self.chosen is not None:
            return floats(column.words[:, None] == np.array(self.chosen, dtype=np.int64)[None, :])
        values = column.numbers
        assert values is not None, "a number was learnt where words are given"
        gap = np.isnan(values)
        filled = np.where(gap, self.fill, values)
        found = [filled[:, None], _curve(filled, self.knots)]
        return np.column_stack([*found, floats(gap)[:, None]] if self.flags else found)


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """How columns become a matrix with mean 0 and variance 1 over the rows it was learnt from.

    Args:
        parts: of each column. owners: array (p,), the place of the column that each column of the matrix belongs to.
    """

    parts: tuple[Part, ...]
    owners: Whole
    centre: Floats
    scale: Floats

    def matrix(self, columns: Sequence[Column]) -> Floats:
        """The matrix (n, p) of these rows."""
        return floats((_raw(self.parts, columns) - self.centre) / self.scale)


def learn_encoding(columns: Sequence[Column], *, curved: bool = False) -> Encoding:
    """How these rows become a matrix: numbers as lines or curves, words as one column each, the rare ones together.

    Args:
        curved: numbers become restricted cubic splines of seven knots, which bend in the middle and are straight beyond.

    Source: Harrell (2015), Regression Modeling Strategies, 2nd ed., section 2.4.5.
    """
    parts = tuple(_part(column, curved) for column in columns)
    wide = [part.matrix(column).shape[1] for part, column in zip(parts, columns, strict=True)]
    raw = _raw(parts, columns)
    scale = raw.std(axis=0)
    return Encoding(
        parts, np.repeat(np.arange(len(parts)), wide), raw.mean(axis=0), np.where(scale > 1e-12, scale, 1.0)
    )


def _part(column: Column, curved: bool) -> Part:
    if column.numbers is None:
        counts = np.bincount(column.words[column.words >= 0], minlength=len(column.levels))
        most = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        return Part(chosen=tuple(int(one) for one in np.sort(most) if counts[one] >= RARE))
    known = column.numbers[~np.isnan(column.numbers)]
    if not len(known):
        return Part()
    knots = tuple(np.unique(np.quantile(known, KNOTS)).tolist()) if curved else ()
    return Part(
        fill=float(np.median(known)),
        knots=knots if len(knots) >= 3 and np.ptp(knots) > SMALLEST else (),
        flags=bool(len(column) - len(known) >= RARE),
    )


def _raw(parts: Sequence[Part], columns: Sequence[Column]) -> Floats:
    pairs = zip(parts, columns, strict=True)
    return np.column_stack([np.zeros((len(columns[0]), 0)), *(part.matrix(column) for part, column in pairs)])


def _curve(values: Floats, knots: Sequence[float]) -> Floats:
    """The bent columns of a restricted cubic spline, (n, knots - 2)."""
    if not knots:
        return np.zeros((len(values), 0))
    at = floats(knots)
    width = at[-1] - at[-2]

    def cube(knot: float) -> Floats:
        return floats(np.maximum(values - knot, 0.0) ** 3)

    found = [
        cube(knot) - cube(at[-2]) * (at[-1] - knot) / width + cube(at[-1]) * (at[-2] - knot) / width
        for knot in at[:-2]
    ]
    return floats(np.column_stack(found) / (at[-1] - at[0]) ** 2)
