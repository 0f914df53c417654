"""Ordered answers of two variants: whose are higher, without taking the steps between answers as equal."""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import Floats, divide, floats, root
from regard.analytics.experiments.comparisons import Compared, judged

METHOD = (
    "share of pairs in which the variant is higher less that in which it is lower, Brunner and Munzel's test"
)
SOURCE = "Brunner and Munzel (2000), Biometrical Journal 42, 17-25; Cliff (1993), Psychological Bulletin 114, 494-509"


# Ranks, as shares, that differ by less than rounding leaves are equal.
SMALL = 1e-18
CUPED_SOURCE = "Kawaguchi, Koch and Wang (2011), Statistics in Biopharmaceutical Research 3, 217-231"


def compare_scores(
    this: Floats,
    that: Floats,
    *,
    before: tuple[Floats, Floats] | None = None,
    confidence: float = 0.95,
    tightest: float | None = None,
) -> Compared:
    """Answers of variant `this` against those of baseline `that`.

    Of all pairs of one answer each, the share in which the variant's is higher less the share in which it is lower: 0
    where neither is, 1 where all of the variant's are above all of the baseline's. Spreads may differ.

    Args:
        this, that: an answer of each unit. tightest: see `comparisons.compare`.
        before: what was measured of the same units earlier, of both variants. Where an answer stands among the others'
            goes with the rank of what was before; what the lot had put between these ranks is taken out (CUPED).

    Returns: Compared without dimensions; `value` and `baseline` are the means. No interval where no answers overlap.
    Source: Brunner and Munzel (2000), Biometrical Journal 42, 17-25; Cliff (1993), Psychological Bulletin 114, 494-509;
        with a time before Kawaguchi, Koch and Wang (2011), Statistics in Biopharmaceutical Research 3, 217-231.
    """
    stands = _standing(this, that)
    difference = floats(stands[0].mean() - 1)
    plain = [_spread(one) for one in stands]
    parts = plain
    if before is not None:
        shift, ranks = _taken_out(stands, before)
        difference = floats(difference - shift)
        parts = [_spread(one - own) for one, own in zip(stands, ranks, strict=True)]
    variance = parts[0] + parts[1]
    n, m = floats(len(this)), floats(len(that))
    df = divide(variance**2, divide(parts[0] ** 2, n - 1) + divide(parts[1] ** 2, m - 1))
    se = root(variance)
    reach, p = judged(difference, se, df, n + m, confidence=confidence, tightest=tightest)
    none = floats(np.nan)
    return Compared(
        value=floats(this.mean()),
        baseline=floats(that.mean()),
        difference=difference,
        low=np.maximum(difference - reach * se, -1.0),
        high=np.minimum(difference + reach * se, 1.0),
        p=p,
        relative=none,
        relative_low=none,
        relative_high=none,
        se=se,
        explained=floats(1 - np.nan_to_num(divide(variance, plain[0] + plain[1]), nan=1.0)),
    )


def _standing(this: Floats, that: Floats) -> tuple[Floats, Floats]:
    """Of each answer, twice the share of the other variant's that lie below it: their means are apart by the difference."""
    levels, place = np.unique(np.concatenate((this, that)), return_inverse=True)
    mine, others = place[: len(this)], place[len(this) :]
    first, second = (np.bincount(one, minlength=len(levels)).astype(np.float64) for one in (mine, others))
    return 2 * _below(second)[mine], 2 * _below(first)[others]


def _below(other: Floats) -> Floats:
    """At each level, the share of the other's answers below (ties count half); `other`: how many there are of each."""
    return floats((np.cumsum(other) - other / 2) / other.sum())


def _spread(values: Floats) -> Floats:
    """The variance of a mean."""
    return floats(values.var(ddof=1) / len(values) if len(values) > 1 else np.nan)


def _taken_out(
    stands: tuple[Floats, Floats], before: tuple[Floats, Floats]
) -> tuple[float, tuple[Floats, Floats]]:
    """By how much the lot had put the variants apart before, and each unit's part in it."""
    from scipy.stats import rankdata

    own = len(before[0])
    ranks = rankdata(np.concatenate(before)) / (own + len(before[1]))
    sides = ranks[:own], ranks[own:]
    centred = [one - one.mean() for one in sides]
    spread = float(sum(one @ one for one in centred))
    together = float(sum(one @ each for one, each in zip(centred, stands, strict=True)))
    slope = together / spread if spread > SMALL * len(ranks) else 0.0
    return slope * float(sides[0].mean() - sides[1].mean()), (slope * sides[0], slope * sides[1])
