"""Variants against their baseline: how far apart, how sure, and could it be chance?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, critical, divide, floats, root, two_sided
from regard.analytics.experiments import sequences
from regard.analytics.experiments.effects import Effects, effects
from regard.analytics.experiments.moments import Moments
from regard.analytics.experiments.relative import fieller, share_ratio
from regard.analytics.shares.clustered import share_clustered_arrays
from regard.analytics.shares.difference import share_difference_arrays

WELCH = "Welch's t"
NEWCOMBE = "difference of shares, Newcombe's interval and pooled z test"
NEWCOMBE_SOURCE = "Newcombe (1998), Statistics in Medicine 17, 873-890, method 10"


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Variants against their baseline; arrays of one shape, not a number where nothing can be said.

    Args:
        value, baseline: the figures of both, as observed.
        difference, low, high: the difference with its interval. p: two-sided.
        relative, relative_low, relative_high: the difference as a share of the baseline.
        se: standard error of the difference.
        explained: the share of the variance that the time before took out.
    """

    value: Floats
    baseline: Floats
    difference: Floats
    low: Floats
    high: Floats
    p: Floats
    relative: Floats
    relative_low: Floats
    relative_high: Floats
    se: Floats
    explained: Floats


def compare(
    this: Moments,
    that: Moments,
    *,
    confidence: float = 0.95,
    tightest: float | None = None,
) -> Compared:
    """Means or ratios of variant `this` against baseline `that`, each pair by itself.

    Args:
        tightest: for an experiment that is looked at while it runs: the interval and p then hold at every look
            together, and are tightest at so many units. Left out: for a single look, by Welch's t.

    Source: Welch (1947), Biometrika 34, 28-35; Deng et al. (2018), Proc. KDD '18, 233-242 (ratios); Waudby-Smith et al.
        (2024), Annals of Statistics 52, 2613-2640 (every look).
    """
    return compared_of(effects(this, that), confidence=confidence, tightest=tightest)


def compared_of(found: Effects, *, confidence: float = 0.95, tightest: float | None = None) -> Compared:
    """Effects with their intervals; see `compare`."""
    se = root(found.variance)
    reach, p = judged(found.difference, se, found.df, found.n, confidence=confidence, tightest=tightest)
    low, high = fieller(found, reach)
    # A share of something negative would have the sign of the opposite.
    size = np.where(found.baseline > 0, found.baseline, np.nan)
    return Compared(
        value=found.value,
        baseline=found.baseline,
        difference=found.difference,
        low=found.difference - reach * se,
        high=found.difference + reach * se,
        p=p,
        relative=divide(found.difference, size),
        relative_low=np.where(found.baseline > 0, low, np.nan),
        relative_high=np.where(found.baseline > 0, high, np.nan),
        se=se,
        explained=found.explained,
    )


def judged(
    difference: Floats, se: Floats, df: Floats, n: Floats, *, confidence: float, tightest: float | None
) -> tuple[Floats, Floats]:
    """How many standard errors each interval reaches to each side, and p; not a number where all units are alike.

    Args:
        df: degrees of freedom of `se`. n: units of both variants. tightest: see `compare`.
    """
    se = np.where(se > 0, se, np.nan)
    z = divide(difference, se)
    if tightest is None:
        return critical(confidence, np.where(se > 0, df, np.nan)), two_sided(z, df)
    reach = sequences.sequence_reach(n, confidence=confidence, tightest=tightest)
    p = sequences.sequence_p(z, n, confidence=confidence, tightest=tightest)
    return np.where(se > 0, reach, np.nan), p


def compare_shares(this: Moments, that: Moments, *, confidence: float = 0.95) -> Compared:
    """Shares of variant `this` against those of baseline `that`, for a single look.

    Args:
        this, that: moments of hits (y) over answers (x; 1 where each unit answered once).

    Source: Newcombe (1998), Statistics in Medicine 17, 873-890, method 10; Donner and Zou (2012), Statistical Methods in
        Medical Research 21, 347-359 (as a share of the baseline); Agresti and Caffo (2000), The American Statistician 54.
    """
    found = effects(this, that)
    shares = [share_clustered_arrays(*_sums(one), confidence=confidence) for one in (this, that)]
    apart = share_difference_arrays(*shares)
    low, high = share_ratio(*shares)
    se = root(found.variance)
    if (se == 0).any():
        # None and all leave no spread to observe; one hit and one miss more on each side give one (Agresti and Caffo).
        parts = [(one.n * one.y / one.x + 1) / (one.n + 2) for one in (this, that)]
        wider = [p * (1 - p) / (one.n + 2) for p, one in zip(parts, (this, that), strict=True)]
        se = np.where(se == 0, root(wider[0] + wider[1]), se)
    return Compared(
        value=found.value,
        baseline=found.baseline,
        difference=apart.value,
        low=apart.low,
        high=apart.high,
        p=apart.p,
        relative=divide(apart.value, found.baseline),
        relative_low=low,
        relative_high=high,
        se=floats(se),
        explained=floats(np.zeros(np.shape(apart.value))),
    )


def _sums(one: Moments) -> tuple[Floats, ...]:
    """(units, Σx, Σy, Σx², Σy², Σxy)."""
    below = one.n - 1
    return (
        one.n,
        one.n * one.x,
        one.n * one.y,
        below * one.xx + one.n * one.x**2,
        below * one.yy + one.n * one.y**2,
        below * one.xy + one.n * one.x * one.y,
    )
