"""Did as many units come into each variant as were meant to?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import Floats, floats
from regard.kernel.errors import InvalidInput, NotEnoughData

METHOD = "chi-squared test of the sample ratio"
SOURCE = "Fabijan et al. (2019), Proc. KDD '19, 2156-2164"
LOOKED_METHOD = "multinomial test of the sample ratio that holds at every look"
LOOKED_SOURCE = "Lindon and Malek (2022), Advances in Neural Information Processing Systems 35"
# Of experiments that deal rightly, so many are stopped: few enough that a stop means a fault.
ALARM = 0.001


@dataclass(frozen=True, slots=True)
class SampleRatio:
    """How the units were dealt out.

    Args:
        chi2: Pearson's statistic. p: the chance of one at least so far off if they were dealt as meant.
        ok: whether p is not below `ALARM`; where it is, the variants hold different people and nothing can be read.
        expected: units that were meant to come into each.
    """

    chi2: float
    p: float
    ok: bool
    expected: Floats
    method: str
    source: str


def sample_ratio(counts: ArrayLike, shares: ArrayLike | None = None, *, looked: bool = False) -> SampleRatio:
    """Whether units came into the variants in the shares that were meant.

    Args:
        counts: units of each variant. shares: what was meant, in any scale; equal where left out.
        looked: whether the experiment is looked at while it runs; p then holds at every look together.

    Raises: NotEnoughData without units; InvalidInput for shares that cannot be.
    Source: Fabijan et al. (2019), Diagnosing Sample Ratio Mismatch, Proc. KDD '19; Lindon and Malek (2022),
        Anytime-Valid Inference for Multinomial Count Data, NeurIPS 35 (looked at while it runs).

    >>> found = sample_ratio([1000, 1200])
    >>> round(found.chi2, 2), found.ok
    (18.18, False)
    """
    from scipy import special  # its import takes longer than most answers

    n = floats(counts)
    meant = np.ones_like(n) if shares is None else floats(shares)
    if meant.shape != n.shape or not np.isfinite(meant).all() or (meant <= 0).any():
        raise InvalidInput("Each variant needs a share above 0, such as a=0.5,b=0.5.")
    if n.sum() <= 0:
        raise NotEnoughData(
            "No unit came into any variant, so nothing can be said of how they were dealt out."
        )
    expected = meant / meant.sum() * n.sum()
    chi2 = float(((n - expected) ** 2 / expected).sum())
    p = _at_every_look(n, meant / meant.sum()) if looked else float(special.chdtrc(len(n) - 1, chi2))
    method, source = (LOOKED_METHOD, LOOKED_SOURCE) if looked else (METHOD, SOURCE)
    return SampleRatio(chi2, p, p >= ALARM, expected, method, source)


def _at_every_look(n: Floats, meant: Floats) -> float:
    """One over the odds for some other division, drawn around the one that was meant, at most 1."""
    from scipy import special

    # As strong as a prior as the number of variants: uniform for two meant to be equal.
    prior = meant * len(n)
    odds = special.gammaln(prior.sum()) - special.gammaln(prior.sum() + n.sum())
    odds += float((special.gammaln(prior + n) - special.gammaln(prior)).sum() - (n * np.log(meant)).sum())
    return float(np.exp(min(-odds, 0.0)))
