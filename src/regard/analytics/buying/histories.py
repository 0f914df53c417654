"""What is known of each customer's buying: how often again, when last, since when; equal ones told once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.arrays import Floats, floats
from regard.kernel.errors import InvalidInput

Places = NDArray[np.intp]
MOST_KEYS = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """Kinds of customers by their buying: arrays, an element for each kind.

    Args:
        again: purchases after the first, x.
        last: time from the first purchase to the last one, t_x; 0 where there was no other.
        age: time from the first purchase to the moment of looking, T; in the same unit.
        n: how many customers are of this kind.
        traits: what was known of them from the beginning, (kinds, some); None where nothing is.
    """

    again: Floats
    last: Floats
    age: Floats
    n: Floats
    traits: Floats | None = None

    def __len__(self) -> int:
        return len(self.n)

    @property
    def n_customers(self) -> float:
        """How many customers there are in all."""
        return float(self.n.sum())


def group(
    again: ArrayLike,
    last: ArrayLike,
    age: ArrayLike,
    *,
    per: float = 1.0,
    traits: Floats | None = None,
) -> tuple[Histories, Places]:
    """The kinds of histories among customers, and for each customer the place of theirs.

    Args:
        again, last, age: see `Histories`; an element for each customer. Whole times are grouped fastest.
        per: how many of the units given make one of the histories: 7 for days given and weeks wanted.
        traits: see `Histories`; a row for each customer.

    Raises: InvalidInput for a history that cannot be: a time below 0, a last purchase after the end, or without another.
    """
    x, last_, age_ = floats(again), floats(last), floats(age)
    wrong = ~((x >= 0) & (x == np.floor(x)) & (last_ >= 0) & (last_ <= age_)) | ((x == 0) & (last_ > 0))
    if wrong.any():
        first = int(np.argmax(wrong))
        raise InvalidInput(
            f"A customer cannot have bought {x[first]:g} times more, last at {last_[first]:g}, within {age_[first]:g}."
        )
    key, parts, known = np.zeros(len(x), dtype=np.int64), [], None
    columns = [x, last_, age_]
    if traits is not None:
        known, of = np.unique(traits, axis=0, return_inverse=True)
        columns.append(floats(of.ravel()))
    for column in columns:
        values, place = _numbered(column)
        parts.append(values)
        key = key * len(values) + place
    if math.prod(len(values) for values in parts) > MOST_KEYS:
        # Too many to be numbered: then hardly any are equal, and each customer stands alone.
        return Histories(x, last_ / per, age_ / per, np.ones(len(x)), traits), np.arange(len(x))
    kinds, place = _numbered(key)
    n, told = np.bincount(place, minlength=len(kinds)), []
    left = kinds.astype(np.int64)
    for values in reversed(parts):
        left, at = np.divmod(left, max(len(values), 1))
        told.append(values[at])
    again_, last_, age_, *codes = [told[-1], told[-2], told[-3], *told[:-3]]
    own = None if known is None else floats(known[codes[0].astype(np.int64)])
    return Histories(again_, last_ / per, age_ / per, floats(n), own), place


def _numbered(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The distinct values in order, and the place of each; by counting where they are whole and not far apart."""
    if len(values) and values.max() < 4 * len(values) + 1000:
        whole = values.astype(np.int64)
        if (whole == values).all():
            seen = np.bincount(whole) > 0
            return np.flatnonzero(seen).astype(values.dtype), (np.cumsum(seen) - 1)[whole]
    distinct, place = np.unique(values, return_inverse=True)
    return distinct, place.astype(np.int64)
