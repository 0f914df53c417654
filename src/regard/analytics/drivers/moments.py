"""Correlations from sums that resampling can count anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, divide, floats

ROWS = 8192
DRAWN = 4_000_000
MOST_DRAWN = 128


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is known of each row.

    Args:
        values: array (n, p + 1), the drivers and, last, the outcome, each with mean 0 and variance 1.
        weights: array (n,).
        units: array (n,), the place of each row's customer among `n_units`, which are drawn as a whole; None where
            each row is its own.
        n_units: how many there are.
        is_pairwise: whether each correlation takes the rows that have both values; else no value is missing.
    """

    values: Floats
    weights: Floats
    units: NDArray[np.int64] | None
    n_units: int
    is_pairwise: bool = False

    @property
    def size(self) -> int:
        """How many columns there are: the drivers and the outcome."""
        return int(self.values.shape[1])

    def of_units(self, numbers: Floats) -> Floats:
        """The sums of these numbers of rows, (n, …), over each unit."""
        if self.units is None:
            return numbers
        flat = numbers.reshape(len(numbers), -1)
        summed = [np.bincount(self.units, weights=column, minlength=self.n_units) for column in flat.T]
        return floats(np.column_stack(summed)).reshape(self.n_units, *numbers.shape[1:])


def products(rows: Rows, part: slice) -> Floats:
    """What each row of a part adds to the sums that correlations are made from; see `correlations`."""
    values, weights = rows.values[part], rows.weights[part, None]
    if not rows.is_pairwise:
        whole = np.column_stack((np.ones(len(values)), values))
        first, second = np.triu_indices(rows.size + 1)
        return floats(whole[:, first] * whole[:, second] * weights)
    first, second = np.triu_indices(rows.size, 1)
    known = np.isfinite(values)
    both = (known[:, first] & known[:, second]) * weights
    filled = np.where(known, values, 0.0)
    a, b = filled[:, first], filled[:, second]
    return floats(np.column_stack((both, both * a, both * b, both * a * a, both * b * b, both * a * b)))


def totals(rows: Rows) -> Floats:
    """The sums over all rows, of shape (1, k)."""
    if not rows.is_pairwise:
        whole = np.column_stack((np.ones(len(rows.values)), rows.values))
        return floats(((whole * rows.weights[:, None]).T @ whole)[np.triu_indices(rows.size + 1)])[None]
    return floats(sum(products(rows, part).sum(axis=0) for part in parts(rows)))[None]


def parts(rows: Rows) -> Iterator[slice]:
    """The rows piece by piece, so that memory does not grow with them."""
    for start in range(0, len(rows.values), ROWS):
        yield slice(start, start + ROWS)


def correlations(sums: Floats, rows: Rows) -> Floats:
    """Correlation matrices from sums (batch, k) as `products` makes them; of shape (batch, p + 1, p + 1)."""
    found = np.empty((len(sums), rows.size, rows.size))
    if rows.is_pairwise:
        first, second = np.triu_indices(rows.size, 1)
        n, a, b, aa, bb, ab = np.split(sums, 6, axis=1)
        spread = np.sqrt(np.maximum(n * aa - a * a, 0) * np.maximum(n * bb - b * b, 0))
        between = divide(n * ab - a * b, spread)
        found[:, first, second] = found[:, second, first] = np.nan_to_num(between)
    else:
        first, second = np.triu_indices(rows.size + 1)
        square = np.empty((len(sums), rows.size + 1, rows.size + 1))
        square[:, first, second] = square[:, second, first] = sums
        mean = divide(square[:, 0, 1:], square[:, :1, 0])
        among = divide(square[:, 1:, 1:], square[:, :1, :1]) - mean[:, :, None] * mean[:, None, :]
        spread = np.sqrt(np.maximum(np.einsum("bii->bi", among), 0.0))
        found[:] = np.nan_to_num(divide(among, spread[:, :, None] * spread[:, None, :]))
    np.einsum("bii->bi", found)[:] = 1.0
    return found


def drawn_totals(rows: Rows, resamples: int, generator: np.random.Generator) -> Iterator[Floats]:
    """The sums of `resamples` draws of units with replacement, batch by batch, each of shape (batch, k)."""
    batch = int(np.clip(DRAWN // rows.n_units, 1, MOST_DRAWN))
    for start in range(0, resamples, batch):
        size = min(batch, resamples - start)
        counts = np.empty((size, rows.n_units))
        for count in counts:
            places = generator.integers(0, rows.n_units, size=rows.n_units, dtype=np.int32)
            count[:] = np.bincount(places, minlength=rows.n_units)
        yield counted_totals(rows, counts)


def counted_totals(rows: Rows, counts: Floats) -> Floats:
    """The sums where each unit counts as often as `counts` (batch, units) say."""
    found: Floats | float = 0.0
    for part in parts(rows):
        times = counts[:, part] if rows.units is None else counts[:, rows.units[part]]
        found = found + times @ products(rows, part)
    return floats(found)
