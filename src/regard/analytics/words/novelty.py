"""What is written about more often of late than chance explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import binom

from regard.analytics.arrays import Flags, Floats, floats
from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg
from regard.kernel.errors import NotEnoughData

FEWEST = 5
FALSE_ALARMS = 0.05
METHOD = (
    "new: exact binomial test of each topic and term, whether its texts fall into the latest period more often than all texts do; "
    f"corrected over all that stand in {FEWEST} texts or more (Benjamini-Hochberg, {FALSE_ALARMS:.0%}): where nothing is new, an "
    f"alarm of any kind has a chance of at most {FALSE_ALARMS:.0%}. Texts are taken as independent"
)
SOURCE = "Fisher (1935), The Design of Experiments; Benjamini & Hochberg (1995), JRSS B 57, 289-300"


@dataclass(frozen=True, slots=True, eq=False)
class Novelty:
    """Array entries are topics or terms.

    Args:
        expected: how many texts would fall into the latest period if it were as any other. p_adjusted: not a number where
            there were too few texts to look.
    """

    n_latest: Floats
    n_before: Floats
    expected: Floats
    p: Floats
    p_adjusted: Floats

    @property
    def is_new(self) -> Flags:
        """Which are told as new."""
        return np.asarray(self.p_adjusted <= FALSE_ALARMS)


def tell_novelty(n_latest: Floats, n_before: Floats, latest: int, before: int) -> Novelty:
    """Which topics or terms stand in more texts of the latest period than chance explains.

    Args:
        n_latest, n_before: array, in how many texts of each period each stands.
        latest, before: how many texts each period has.
    Raises: NotEnoughData where a period has no texts.
    Source: Fisher (1935); Benjamini & Hochberg (1995), JRSS B 57, 289-300.

    >>> tell_novelty(floats([9, 5]), floats([1, 45]), 100, 900).is_new.tolist()
    [True, False]
    """
    if not latest or not before:
        raise NotEnoughData(
            "There is nothing to compare: all texts are in one period. Name a shorter one: --latest 7d."
        )
    total, chance = n_latest + n_before, latest / (latest + before)
    p = floats(binom.sf(n_latest - 1, total, chance))
    looked = total >= FEWEST
    adjusted = np.full(len(p), np.nan)
    if looked.any():
        adjusted[looked] = benjamini_hochberg(p[looked])
    return Novelty(n_latest, n_before, floats(total * chance), p, adjusted)
