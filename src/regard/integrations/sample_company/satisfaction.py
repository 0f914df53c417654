"""Answers of 1 to 5 that follow a table of shares exactly and are alike for one person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.calendar import Floats, Integers
from regard.integrations.sample_company.chunk import Chunk
from regard.integrations.sample_company.truths import SAME_PERSON_CORRELATION


def answer_1_to_5(chunk: Chunk, person: Integers, table: Floats) -> Integers:
    """One answer for each person and row of shares; two answers of one person are correlated.

    A Gaussian copula: each answer is read off its table at the normal probability of a person's own part and a new
    part, so that the shares over all people stay those of the table.
    """
    from scipy.special import ndtr

    own = np.sqrt(SAME_PERSON_CORRELATION) * chunk.people.temper[person]
    new = np.sqrt(1 - SAME_PERSON_CORRELATION) * chunk.rng.standard_normal(len(person))
    probability: NDArray[np.float64] = ndtr(own + new)
    return np.asarray(
        1 + (probability[:, None] >= np.cumsum(table, axis=1)[:, :-1]).sum(axis=1), dtype=np.int64
    )
