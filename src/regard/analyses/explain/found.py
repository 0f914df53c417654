"""All that is found about a change."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from regard.analyses.explain.reading import UNKNOWN, Asked
from regard.analytics.changes.anomalies import Course, course
from regard.analytics.changes.given import Codes, Dimension
from regard.analytics.changes.mix_and_rate import Split, change, split
from regard.analytics.changes.series import Series, series
from regard.analytics.changes.slices import Found, find_slices
from regard.kernel.estimates import Difference

# Above so many groups a combination of dimensions is too thin to be read.
MOST_CELLS = 5_000
MOST_COMBINED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Dimensioned:
    """The split over one dimension, or several at once.

    Args:
        names: of the dimensions. groups: what each group is called in each of them.
    """

    names: tuple[str, ...]
    groups: list[tuple[str, ...]]
    split: Split


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """What was found.

    Args:
        before, after, delta: the figures, and how far apart they are.
        rest: the change outside all slices; None where nothing is left.
        too_thin: combinations of dimensions with too many groups.
        over_time: the figure over time, and what is told of it; None where it was not asked for.
    """

    before: float
    after: float
    delta: Difference
    by: list[Dimensioned]
    too_thin: list[tuple[str, ...]]
    slices: Found
    rest: Difference | None
    over_time: tuple[Series, Course] | None


def find(asked: Asked, args: argparse.Namespace, progress: Callable[[str], None]) -> Explained:
    """The split over each dimension and their combinations, the slices, and when it changed."""
    answers = asked.answers
    before, after, delta = change(answers, confidence=args.confidence)
    by, too_thin = list[Dimensioned](), list[tuple[str, ...]]()
    for some in _combined(asked.dimensions):
        names = tuple(one.name for one in some)
        progress(f"splitting by {' and '.join(names)}")
        codes, groups = _crossed(some)
        if len(groups) > MOST_CELLS:
            too_thin.append(names)
            continue
        by.append(Dimensioned(names, groups, split(answers, codes, len(groups), confidence=args.confidence)))
    slices = find_slices(
        answers,
        asked.dimensions,
        most_conditions=args.conditions,
        support=args.support,
        confidence=args.confidence,
        seed=args.seed,
        progress=progress,
    )
    left = answers.at(slices.rest)
    is_left = min(np.bincount(left.is_after, minlength=2)) > 1
    rest = change(left, confidence=args.confidence)[2] if is_left else None
    return Explained(before, after, delta, by, too_thin, slices, rest, _over_time(asked, args, progress))


def _over_time(
    asked: Asked, args: argparse.Namespace, progress: Callable[[str], None]
) -> tuple[Series, Course] | None:
    if asked.times is None or asked.scores is None:
        return None
    progress("telling when it changed")
    points = series(asked.times, asked.scores, args.every)
    return points, course(points, confidence=args.confidence, seed=args.seed)


def _combined(dimensions: list[Dimension]) -> Iterator[tuple[Dimension, ...]]:
    for size in range(1, min(len(dimensions), MOST_COMBINED) + 1):
        yield from combinations(dimensions, size)


def _crossed(some: tuple[Dimension, ...]) -> tuple[Codes, list[tuple[str, ...]]]:
    """For each answer its group in all of them at once, and the groups that occur."""
    cell = np.zeros(len(some[0].codes), dtype=np.int64)
    for one in some:
        cell = cell * (len(one.groups) + 1) + one.codes + 1
    cells, codes = _occurring(cell)
    parts = list[list[str]]()
    for one in reversed(some):
        cells, place = np.divmod(cells, len(one.groups) + 1)
        named = [UNKNOWN, *one.groups]
        parts.append([named[code] for code in place])
    return codes, list(zip(*reversed(parts), strict=True))


def _occurring(cell: Codes) -> tuple[Codes, Codes]:
    """The cells that occur, and for each answer the place of its own; without sorting where cells are few."""
    if cell.max() > 4 * len(cell) + 1000:
        cells, codes = np.unique(cell, return_inverse=True)
        return cells, codes.astype(np.int64)
    cells = np.flatnonzero(np.bincount(cell))
    place = np.zeros(int(cell.max()) + 1, dtype=np.int64)
    place[cells] = np.arange(len(cells))
    return cells.astype(np.int64), place[cell]
