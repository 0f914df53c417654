"""The effort score's index: the share that found it easy less the share that found it hard, in points."""

from __future__ import annotations

from dataclasses import replace

from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays
from regard.analytics.scores.nps import nps_from_sums
from regard.kernel.estimates import Estimate


def ces_index_from_sums(
    m: ArrayLike,
    easy: ArrayLike,
    middle: ArrayLike,
    hard: ArrayLike,
    sxx: ArrayLike,
    syy: ArrayLike,
    sxy: ArrayLike,
    *,
    n: ArrayLike | None = None,
    confidence: float = 0.95,
) -> EstimateArrays:
    """Share of 6-7 less share of 1-3 on the seven-point effort scale, for each group, in points from -100 to 100.

    It is built like the NPS, a difference of two shares of the same answers, and takes the same interval.

    Args:
        m: customers who answered. easy, middle, hard: answers of 6-7, 4-5 and 1-3, or the totals of their weights.
        sxx, syy, sxy: totals over customers of x², y² and xy; x a customer's answers, y easy less hard among them.
        n: answers given, if they are weighted.

    Source: Rocks (2016), The American Statistician 70(4), 365-372, for a difference of two multinomial shares.
    """
    scores = nps_from_sums(m, easy, middle, hard, sxx, syy, sxy, n=n, confidence=confidence)
    return replace(scores, reason="Nobody answered how easy it was.")


def ces_index(easy: int, middle: int, hard: int, *, confidence: float = 0.95) -> Estimate:
    """Share of 6-7 less share of 1-3, in points, each answer being of another customer.

    Raises: NotEnoughData without answers; ValueError for negative counts.
    Source: Rocks (2016), The American Statistician 70(4), 365-372.

    >>> ces_index(600, 300, 100).value
    50.0
    """
    n = easy + middle + hard
    return ces_index_from_sums(n, easy, middle, hard, n, easy + hard, easy - hard, confidence=confidence).at()
