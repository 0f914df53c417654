"""Which few parts of the answers explain a change, found among all slices of up to three conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Flags, Floats
from regard.analytics.changes.given import Answers, Codes, Dimension
from regard.analytics.changes.pulls import Pulls, blocks, furthest_by_chance, pulls
from regard.analytics.changes.searched import Condition, candidates
from regard.kernel.errors import InvalidInput

METHOD = (
    "search over all slices of up to three conditions; p and intervals from the largest of all slices by chance alone "
    "(multiplier bootstrap), one slice taken out after the other"
)
SOURCE = (
    "Chernozhukov, Chetverikov and Kato (2013), Ann. Stat. 41, 2786-2819; Westfall and Young (1993), "
    "Resampling-Based Multiple Testing"
)
MOST_CONDITIONS = 3
MOST_SLICES = 5
SUPPORT = 0.01
LEAST = 50
DRAWS = 2_000
REAL = 0.05
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice that changed otherwise than the answers outside it.

    Args:
        conditions: what its answers have in common.
        n: answers before and after. share: of all answers. figure: its mean; not a number without answers.
        outside: the mean of the answers left outside it.
        explained: how much of the change goes with it: the change less the one that is left without it.
        low, high: of `explained`, together with those of all other slices that were looked at.
        p: corrected for the search.
    """

    conditions: tuple[Condition, ...]
    n: tuple[float, float]
    share: tuple[float, float]
    figure: tuple[float, float]
    outside: tuple[float, float]
    explained: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True)
class Found:
    """The slices in the order in which they were taken out, the places of the answers outside all of them, and how
    many slices the first search looked at."""

    slices: tuple[Slice, ...]
    rest: NDArray[np.int64]
    n_searched: int


def find_slices(
    answers: Answers,
    dimensions: Sequence[Dimension],
    *,
    most_conditions: int = MOST_CONDITIONS,
    support: float = SUPPORT,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = 2,
    progress: Progress | None = None,
) -> Found:
    """The fewest slices that explain the change, the one that is told surest first.

    A slice explains what the change would not have been without its answers: Δ of all less Δ outside it. That is 0 for
    every slice where all changed alike, however much. The slice furthest from 0, measured by its standard error, is
    taken out if chance alone would hardly bring any slice as far; then those left are searched again. A further
    condition has to earn its place: of the slices that hold the best one, the simplest is taken that is told apart from
    chance and is hardly less sure.

    Args:
        support: the least share of all answers in a slice and outside it; at least 50 answers.

    Raises: InvalidInput for conditions or a support that cannot be.
    Source: Chernozhukov, Chetverikov and Kato (2013), Ann. Stat. 41, 2786-2819 (the largest of many means by chance);
        Westfall and Young (1993), Resampling-Based Multiple Testing (max-statistic).
    """
    _check(most_conditions, support)
    least = max(LEAST, int(np.ceil(support * len(answers))))
    everybody = np.bincount(answers.is_after, minlength=2).astype(np.float64)
    rest, n_searched, found = np.arange(len(answers)), 0, list[Slice]()
    while len(found) < MOST_SLICES:
        if progress:
            progress(f"looking for slice {len(found) + 1} among {len(rest):,} answers")
        searched = _search(
            answers.at(rest), [_at(one, rest) for one in dimensions], most_conditions, least, seed
        )
        if not searched:
            break
        n_searched = n_searched or len(searched)
        largest = furthest_by_chance(searched, draws, seed)
        best = _best(searched, largest)
        if best is None:
            break
        found.append(_told(searched, best, largest, confidence, everybody))
        rest = rest[~_inside(dimensions, searched.conditions[best], rest)]
    return Found(tuple(found), rest, n_searched)


def _check(most_conditions: int, support: float) -> None:
    if not 1 <= most_conditions <= MOST_CONDITIONS:
        raise InvalidInput(f"A slice has 1 to {MOST_CONDITIONS} conditions, not {most_conditions}.")
    if not 0 < support < 0.5:
        raise InvalidInput(
            f"The support of a slice lies between 0 and 0.5, such as 0.01; {support:g} does not."
        )


def _at(one: Dimension, kept: NDArray[np.int64]) -> Dimension:
    return Dimension(one.name, one.codes[kept], one.groups)


def _search(
    answers: Answers, dimensions: Sequence[Dimension], most_conditions: int, least: int, seed: int
) -> Pulls | None:
    """The pull of every slice with enough answers in and outside it; None where there is none."""
    if min(np.bincount(answers.is_after, minlength=2)) < LEAST // 2:
        return None
    found = pulls(blocks(answers, seed), candidates(dimensions, most_conditions, least))
    return found if len(found) else None


def _best(searched: Pulls, largest: Floats) -> int | None:
    """The slice to take out, if any is told apart from chance."""
    size = np.abs(searched.z)
    best = int(size.argmax())
    critical = float(np.quantile(largest, 1 - REAL))
    if size[best] <= critical:
        return None
    of_best = set(searched.conditions[best])
    hold = [
        place
        for place, one in enumerate(searched.conditions)
        if set(one) <= of_best
        and size[place] > critical
        and size[place] ** 2 >= size[best] ** 2 - critical**2
    ]
    simplest = min(hold, key=lambda place: (len(searched.conditions[place]), -size[place]))
    return _of_two(searched, simplest)


def _of_two(searched: Pulls, best: int) -> int:
    """Of two slices that together are all answers, and so are told alike, the one that changed more."""
    (first, *others) = searched.conditions[best]
    if others:
        return best
    everybody = searched.ground.n.sum(axis=0)
    other = [
        place
        for place, one in enumerate(searched.conditions)
        if len(one) == 1
        and one[0].dimension == first.dimension
        and place != best
        and (searched.n[place] + searched.n[best] == everybody).all()
    ]
    moved = [abs(float(np.ptp(searched.figures(place)))) for place in (best, *other)]
    return other[0] if other and moved[1] > moved[0] else best


def _told(searched: Pulls, best: int, largest: Floats, confidence: float, everybody: Floats) -> Slice:
    value = float(searched.value[best])
    reach = searched.reach(best, float(np.quantile(largest, confidence)))
    return Slice(
        conditions=searched.conditions[best],
        n=_pair(searched.n[best]),
        share=_pair(searched.n[best] / everybody),
        figure=_pair(searched.figures(best)),
        outside=_pair(searched.outside(best)),
        explained=value,
        low=value - reach,
        high=value + reach,
        p=(1 + int((largest >= abs(searched.z[best])).sum())) / (1 + len(largest)),
    )


def _pair(of: Floats) -> tuple[float, float]:
    return float(of[0]), float(of[1])


def _inside(dimensions: Sequence[Dimension], conditions: Sequence[Condition], rest: Codes) -> Flags:
    """Which of these answers meet the conditions."""
    inside = np.ones(len(rest), dtype=bool)
    for one in conditions:
        inside &= dimensions[one.dimension].codes[rest] == one.code
    return inside
