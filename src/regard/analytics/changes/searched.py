"""All slices of a few conditions that hold enough answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from regard.analytics.changes.given import Codes, Dimension


@dataclass(frozen=True, slots=True)
class Condition:
    """That an answer is in one group of one dimension (their places; -1 where nothing is known of it)."""

    dimension: int
    code: int


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Slices over the same dimensions.

    Args:
        place: array (n,), for each answer the place of its slice; `len(conditions)` for none.
        conditions: of each slice.
    """

    place: Codes
    conditions: list[tuple[Condition, ...]]


def candidates(dimensions: Sequence[Dimension], most_conditions: int, least: int) -> Iterator[Candidates]:
    """The slices with at least `least` answers inside and outside them, dimensions by dimensions.

    A slice with one more condition holds no more answers, so that only slices with enough of them are followed up.
    """
    values = [_values(place, one, least) for place, one in enumerate(dimensions)]
    for first, alone in enumerate(values):
        yield from _deeper(alone, values[first + 1 :], most_conditions - 1, least)


def _deeper(found: Candidates, others: Sequence[Candidates], more: int, least: int) -> Iterator[Candidates]:
    if not found.conditions:
        return
    yield found
    if more:
        for place, other in enumerate(others):
            yield from _deeper(_crossed(found, other, least), others[place + 1 :], more - 1, least)


def _values(place: int, one: Dimension, least: int) -> Candidates:
    conditions: list[tuple[Condition, ...]] = [
        (Condition(place, code - 1),) for code in range(len(one.groups) + 1)
    ]
    return _enough(one.codes + 1, conditions, least)


def _crossed(one: Candidates, other: Candidates, least: int) -> Candidates:
    """Both at once; an answer that is in no slice of either is in none."""
    n_one, n_other = len(one.conditions), len(other.conditions)
    inside = (one.place < n_one) & (other.place < n_other)
    cell = np.where(inside, one.place * n_other + other.place, n_one * n_other)
    conditions = [(*first, *second) for first in one.conditions for second in other.conditions]
    return _enough(cell, conditions, least)


def _enough(cell: Codes, conditions: list[tuple[Condition, ...]], least: int) -> Candidates:
    counts = np.bincount(cell, minlength=len(conditions))[: len(conditions)]
    kept = np.flatnonzero((counts >= least) & (counts <= len(cell) - least))
    renamed = np.full(max(len(conditions), int(cell.max()) + 1), len(kept))
    renamed[kept] = np.arange(len(kept))
    return Candidates(renamed[cell], [conditions[place] for place in kept])
