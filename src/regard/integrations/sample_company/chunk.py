"""What the generation of one chunk of customers works with."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.calendar import Calendar, Integers
from regard.integrations.sample_company.people import People
from regard.integrations.sample_company.rows import Rows
from regard.integrations.sample_company.words.comments import CommentTable


@dataclass
class Chunk:
    """Some customers, their calendar, a generator of their own, and the rows written so far."""

    people: People
    calendar: Calendar
    rng: np.random.Generator
    rows: Rows
    comments: CommentTable
    n_won: Integers = field(default_factory=lambda: np.zeros(24, dtype=np.int64))
    """People who first bought or paid for a plan, by month of the two years (from 0)."""

    def chance(self, share: float | NDArray[np.float64], n: int) -> NDArray[np.bool_]:
        """`n` independent draws that come true with probability `share`."""
        return np.asarray(self.rng.random(n) < share)

    def words(self, words: tuple[str, ...] | list[str], codes: Integers) -> NDArray[np.int32]:
        """The words with these codes, as numbers of the dictionary."""
        return self.rows.dictionary.numbers(words)[codes]
