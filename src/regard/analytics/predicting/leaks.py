"""Columns that cannot be used to foretell: they name the customer, or tell the outcome itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.predicting.columns import Column
from regard.analytics.predicting.judging import auc
from regard.analytics.sizes import check_size
from regard.kernel.errors import InvalidInput, NotEnoughData

SAME = 0.995
STRONG = 0.95
BY_CHANCE = 1e-9
NAMED = re.compile(r"(^|[_ .-])(id|uuid|guid|key|number|no|nr|email|phone|name)$")
CAMEL = re.compile(r"[a-z](ID|Id|Key|Nr|No|Number)$")
REPEATED = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """What was noticed.

    Args:
        left_out: columns that are not used, with the reason. suspicious: those that are, but may tell too much.
    """

    left_out: Mapping[str, str] = field(default_factory=dict)
    suspicious: Mapping[str, str] = field(default_factory=dict)


def find_leaks(columns: Sequence[Column], outcome: Floats) -> Found:
    """Which columns name the customer, say nothing, or tell the outcome: known only afterwards, or another word for it.

    Args:
        outcome: array (n,) of 0 and 1.

    Source: Kaufman, Rosset, Perlich and Stitelman (2012), ACM Trans. Knowl. Discov. Data 6(4), 15.
    """
    left_out, suspicious = {}, {}
    for column in columns:
        reason = _says_nothing(column) or _names_customer(column)
        if not reason:
            reason, doubt = _tells_outcome(column, outcome)
            if doubt:
                suspicious[column.name] = doubt
        if reason:
            left_out[column.name] = reason
    return Found(left_out, suspicious)


def check_numbers(columns: Sequence[Column]) -> None:
    """Refuse numbers that no honest model comes from.

    Raises: InvalidInput naming the column: too large, or repeating others exactly.
    """
    numbers = [column for column in columns if column.numbers is not None]
    for column in numbers:
        assert column.numbers is not None, "only numbers are looked at"
        check_size(f"The column '{column.name}'", column.numbers, instead="leave it out (--without)")
    if len(numbers) < 2:
        return
    filled = np.column_stack([_filled(column) for column in numbers])
    values, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(filled, rowvar=False)))
    if values[0] < REPEATED:
        loaded = np.abs(vectors[:, 0])
        repeated = ", ".join(
            f"'{column.name}'"
            for column, size in zip(numbers, loaded, strict=True)
            if size > 0.01 * loaded.max()
        )
        raise InvalidInput(
            f"The columns {repeated} repeat each other exactly (perfectly collinear), so that what each tells cannot be "
            "said. Leave one of them out: --without COL."
        )


def _filled(column: Column) -> Floats:
    """Its numbers as shares of the largest, the mean where one is missing."""
    assert column.numbers is not None, "only numbers are filled"
    largest = float(np.nanmax(np.abs(column.numbers))) or 1.0
    return np.where(np.isnan(column.numbers), np.nanmean(column.numbers), column.numbers) / largest


def _says_nothing(column: Column) -> str:
    if column.missing.all():
        return "is empty in every row"
    if column.numbers is not None:
        known = column.numbers[~column.missing]
        return "is the same in every row" if np.ptp(known) == 0 and len(known) == len(column) else ""
    return "is the same in every row" if len(np.unique(column.words)) == 1 else ""


def _names_customer(column: Column) -> str:
    known = ~column.missing
    n = int(known.sum())
    if column.numbers is None:
        kinds = len(np.unique(column.words[known]))
        many = kinds > max(50, n / 2) or (kinds == n >= 10)
        return "names single customers, or is free text (nearly every row differs)" if many else ""
    values = column.numbers[known]
    if n < 10 or len(np.unique(values)) < n or (values != np.round(values)).any():
        return ""
    # Fifty different whole numbers within a hundred are no measurement by chance; ten may be.
    counts_up = np.ptp(values) < (2 * n if n >= 50 else n)
    named = bool(NAMED.search(column.name.lower()) or CAMEL.search(column.name))
    return "is a number for each row, as identifiers are" if counts_up or named else ""


def _tells_outcome(column: Column, outcome: Floats) -> tuple[str, str]:
    """(why it is left out, what is suspicious about it)."""
    filled = ~column.missing
    for rows, word in ((filled, "filled"), (~filled, "empty")):
        pure = _pure(rows, outcome)
        if pure and rows.sum() < len(rows):
            return f"is {word} only where the outcome is {pure}: known only afterwards", ""
    alone = tells_apart(column, outcome)
    if alone >= SAME:
        return (
            f"tells the outcome by itself (AUC {alone:.3f}): the same in other words, or known only afterwards",
            "",
        )
    if alone >= STRONG:
        return "", f"tells the outcome nearly by itself (AUC {alone:.3f}): was it known beforehand?"
    if column.numbers is None:
        for code in np.unique(column.words):
            pure = _pure(np.asarray(column.words == code), outcome)
            if pure:
                return (
                    "",
                    f"with '{column.levels[code]}' the outcome is always {pure}: was it known beforehand?",
                )
    return "", ""


def _pure(rows: NDArray[np.bool_], outcome: Floats) -> str:
    """ "yes" or "no" where all these rows have that outcome, though by chance they would not."""
    n, yes, rate = int(rows.sum()), float(outcome[rows].sum()), float(outcome.mean())
    if n and yes == n and rate**n < BY_CHANCE:
        return "yes"
    return "no" if n and yes == 0 and (1 - rate) ** n < BY_CHANCE else ""


def tells_apart(column: Column, outcome: Floats) -> float:
    """How well this column alone tells the outcomes apart, by AUC; of words, each half judged by the shares of the other.

    Numbers are judged by rank either way up, and missing ones taken apart.
    """
    if column.numbers is not None:
        known = ~column.missing
        try:
            value = auc(column.numbers[known], outcome[known])
        except NotEnoughData:
            return 0.5
        return max(value, 1 - value) if known.mean() > 0.5 else 0.5
    found = np.empty(len(outcome))
    halves = np.random.default_rng(2).permutation(len(outcome)) % 2
    size = len(column.levels)
    for half in (0, 1):
        other = halves != half
        n = np.bincount(column.words[other], minlength=size)
        yes = np.bincount(column.words[other], weights=outcome[other], minlength=size)
        share = (yes + outcome.mean()) / (n + 1)
        found[~other] = share[column.words[~other]]
    return auc(found, outcome)
