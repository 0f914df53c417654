"""What is known of each customer's buying: how often again, when last, since when; equal ones told once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, floats
from regard.kernel.errors import InvalidInput

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Kinds of customers by their buying: arrays, an element for each kind.

    Args:
        again: purchases after the first, x.
        last: time from the first purchase to the last one, t_x; 0 where there was no other.
        age: time from the first purchase to the moment of looking, T; in the same unit.
        n: how many customers are of this kind.
    """

    again: Floats
    last: Floats
    age: Floats
    n: Floats

    def __len__(self) -> int:
        return len(self.n)

    @property
    def n_customers(self) -> float:
        """How many customers there are in all."""
        return float(self.n.sum())


def group(again: ArrayLike, last: ArrayLike, age: ArrayLike, *, per: float = 1.0) -> tuple[Histories, Places]:
    """The kinds of histories among customers, and for each customer the place of theirs.

    Args:
        again, last, age: see `Histories`; an element for each customer. Whole times are grouped fastest.
        per: how many of the units given make one of the histories: 7 for days given and weeks wanted.

    Raises: InvalidInput for a history that cannot be: a time below 0, a last purchase after the end, or without another.
    """
    x, last_, age_ = floats(again), floats(last), floats(age)
    wrong = ~((x >= 0) & (x == np.floor(x)) & (last_ >= 0) & (last_ <= age_)) | ((x == 0) & (last_ > 0))
    if wrong.any():
        first = int(np.argmax(wrong))
        raise InvalidInput(
            f"A customer cannot have bought {x[first]:g} times more, last at {last_[first]:g}, within {age_[first]:g}."
        )
    key, parts = np.zeros(len(x), dtype=np.int64), []
    for column in (x, last_, age_):
        values, place = _numbered(column)
        parts.append(values)
        key = key * len(values) + place
    kinds, place = _numbered(key)
    n, columns = np.bincount(place, minlength=len(kinds)), []
    left = kinds.astype(np.int64)
    for values in reversed(parts):
        left, at = np.divmod(left, max(len(values), 1))
        columns.append(values[at])
    counts = floats(n)
    return Histories(again=columns[2], last=columns[1] / per, age=columns[0] / per, n=counts), place


def _numbered(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The distinct values in order, and the place of each; by counting where they are whole and not far apart."""
    if len(values) and values.max() < 4 * len(values) + 1000:
        whole = values.astype(np.int64)
        if (whole == values).all():
            seen = np.bincount(whole) > 0
            return np.flatnonzero(seen).astype(values.dtype), (np.cumsum(seen) - 1)[whole]
    distinct, place = np.unique(values, return_inverse=True)
    return distinct, place.astype(np.int64)
