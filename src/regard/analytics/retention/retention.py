"""What share of the customers at the start is still here at the end, and what share has left?"""

from __future__ import annotations

from dataclasses import replace

from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays, together
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.errors import InvalidInput
from regard.kernel.estimates import Estimate

NOBODY = "There were no customers at the start of this period."


def retention_arrays(
    at_start: ArrayLike, at_end: ArrayLike, won: ArrayLike, *, confidence: float = 0.95
) -> EstimateArrays:
    """The customer retention rate (E - N) / S for each group, with Wilson intervals.

    Args:
        at_start: customers at the start, S. at_end: customers at the end, E. won: those at the end who were not
            there at the start, N.

    Returns: EstimateArrays of fractions; n is S; no value where S is 0.
    Raises: InvalidInput where more stayed than there were.
    Source: Farris et al. (2010), Marketing Metrics, 2nd ed., ch. 5; Wilson (1927), JASA 22(158), 209-212.
    """
    start, end, new = together(at_start, at_end, won)
    stayed = end - new
    if (stayed < 0).any() or (stayed > start).any():
        raise InvalidInput(
            "Of the customers at the end, those won must leave between 0 and all who were there at first."
        )
    shares = share_arrays(stayed, start, confidence=confidence)
    return replace(shares, n_customers=start, reason=NOBODY)


def retention(at_start: int, at_end: int, won: int, *, confidence: float = 0.95) -> Estimate:
    """The customer retention rate (E - N) / S. Raises: NotEnoughData where S is 0.

    Source: Farris et al. (2010), Marketing Metrics, 2nd ed., ch. 5.

    >>> retention(200, 210, 20).value
    0.95
    """
    return retention_arrays(at_start, at_end, won, confidence=confidence).at()


def churn_arrays(lost: ArrayLike, at_start: ArrayLike, *, confidence: float = 0.95) -> EstimateArrays:
    """The share of the customers at the start who left, for each group, with Wilson intervals.

    Source: Farris et al. (2010), Marketing Metrics, 2nd ed., ch. 5; Wilson (1927), JASA 22(158), 209-212.
    """
    shares = share_arrays(lost, at_start, confidence=confidence)
    return replace(shares, n_customers=shares.n, reason=NOBODY)


def churn(lost: int, at_start: int, *, confidence: float = 0.95) -> Estimate:
    """The share of the customers at the start who left. Raises: NotEnoughData where there were none.

    Source: Farris et al. (2010), Marketing Metrics, 2nd ed., ch. 5.

    >>> churn(10, 200).value
    0.05
    """
    return churn_arrays(lost, at_start, confidence=confidence).at()
