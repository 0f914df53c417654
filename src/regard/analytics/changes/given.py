"""The answers of two periods, as splits and searches take them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Flags, Floats
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData

Codes = NDArray[np.int64]
LEAST = 10
FEWEST_CUSTOMERS = 5
MOST_GROUPS = 2_000
MOST_DIMENSIONS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """What answers are grouped by.

    Args:
        codes: array (n,), for each answer the place of its group in `groups`; -1 where nothing is known of it.
        groups: their names.
    """

    name: str
    codes: Codes
    groups: Sequence[str]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The answers of both periods.

    Args:
        scores: array (n,), what each counts for; their mean is the figure.
        is_after: array (n,), whether it belongs to the later period.
        customers: array (n,), a number for each answer; those with the same one are of one customer. None where each
            stands for itself.
    """

    scores: Floats
    is_after: Flags
    customers: Codes | None = None

    def __len__(self) -> int:
        return len(self.scores)

    def at(self, kept: NDArray[np.int64] | Flags) -> Answers:
        """The chosen ones."""
        return Answers(
            self.scores[kept], self.is_after[kept], None if self.customers is None else self.customers[kept]
        )


def check_answers(answers: Answers, name: str) -> None:
    """Refuse answers that no change can be read from.

    Raises: InvalidInput naming the column of scores, and NotEnoughData where a period has next to none.
    """
    scores = answers.scores
    if not np.isfinite(scores).all():
        raise InvalidInput(
            f"The column '{name}' holds values that are missing or infinite. Correct them or leave them out."
        )
    for when, n in (("before", int((~answers.is_after).sum())), ("after", int(answers.is_after.sum()))):
        if n < LEAST:
            raise NotEnoughData(
                f"There are {n} answers {when}, and a change needs at least {LEAST} in each period. "
                "Take longer periods, or give more rows."
            )
    if answers.customers is not None:
        _check_customers(answers)
    check_size(f"The column '{name}'", scores)
    if np.ptp(scores) == 0:
        raise InvalidInput(
            f"The column '{name}' comes to {scores[0]:g} in every row, so that nothing changed. Choose another column."
        )


def _check_customers(answers: Answers) -> None:
    assert answers.customers is not None, "they were given"
    for when, chosen in (("before", ~answers.is_after), ("after", answers.is_after)):
        n = len(np.unique(answers.customers[chosen]))
        if n < FEWEST_CUSTOMERS:
            raise NotEnoughData(
                f"All answers {when} are of {n} customer{'s' * (n > 1)}, and how far customers differ takes at least "
                f"{FEWEST_CUSTOMERS} in each period. Correct the column of customers, or leave it out."
            )


def check_dimensions(answers: Answers, dimensions: Sequence[Dimension]) -> None:
    """Refuse dimensions that split nothing, or that say the same.

    Raises: InvalidInput naming the column.
    """
    if not 1 <= len(dimensions) <= MOST_DIMENSIONS:
        raise InvalidInput(
            f"A change is split by 1 to {MOST_DIMENSIONS} columns, not {len(dimensions)}. Name the likeliest ones."
        )
    sizes = [_check_dimension(answers, one) for one in dimensions]
    for place, (one, size) in enumerate(zip(dimensions, sizes, strict=True)):
        for other, other_size in zip(dimensions[:place], sizes[:place], strict=True):
            if size == other_size and len(np.unique(_crossed(one, other))) == size:
                raise InvalidInput(
                    f"The columns '{other.name}' and '{one.name}' repeat each other exactly (perfectly collinear), so "
                    "that what each carries cannot be told. Leave one of them out."
                )


def _check_dimension(answers: Answers, one: Dimension) -> int:
    """How many groups of it occur, unknown ones included."""
    counts = np.bincount(one.codes + 1, minlength=len(one.groups) + 1)
    size = int((counts > 0).sum())
    if counts[0] == len(answers):
        raise NotEnoughData(f"The column '{one.name}' is empty in every row. Leave it out, or fill it.")
    if size == 1:
        only = one.groups[int(counts.argmax()) - 1]
        raise InvalidInput(
            f"The column '{one.name}' is '{only}' in every row, and what never differs explains nothing. Leave it out."
        )
    if size > MOST_GROUPS:
        raise InvalidInput(
            f"The column '{one.name}' has {size:,} values; at most {MOST_GROUPS:,} can be told apart. Group them first, "
            "such as postcodes by region."
        )
    after = np.bincount(one.codes[answers.is_after] + 1, minlength=len(counts))
    if not ((after > 0) & (counts > after)).any():
        raise InvalidInput(
            f"No value of the column '{one.name}' occurs in both periods, so that nothing can be compared within it. "
            "Leave it out, or correct its names."
        )
    return size


def _crossed(one: Dimension, other: Dimension) -> Codes:
    return (one.codes + 1) * (len(other.groups) + 1) + other.codes + 1
