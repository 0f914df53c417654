"""Ordered answers of two variants: whose are higher, without taking the steps between answers as equal."""

from __future__ import annotations

import numpy as np

from regard.analytics.arrays import Floats, divide, floats, root
from regard.analytics.experiments.comparisons import Compared, judged

METHOD = (
    "share of pairs in which the variant is higher less that in which it is lower, Brunner and Munzel's test"
)
SOURCE = "Brunner and Munzel (2000), Biometrical Journal 42, 17-25; Cliff (1993), Psychological Bulletin 114, 494-509"


def compare_scores(
    this: Floats, that: Floats, *, confidence: float = 0.95, tightest: float | None = None
) -> Compared:
    """Answers of variant `this` against those of baseline `that`.

    Of all pairs of one answer each, the share in which the variant's is higher less the share in which it is lower: 0
    where neither is, 1 where all of the variant's are above all of the baseline's. Spreads may differ.

    Args:
        this, that: an answer of each unit. tightest: see `comparisons.compare`.

    Returns: Compared without dimensions; `value` and `baseline` are the means. No interval where no answers overlap.
    Source: Brunner and Munzel (2000), Biometrical Journal 42, 17-25; Cliff (1993), Psychological Bulletin 114, 494-509.
    """
    levels, place = np.unique(np.concatenate((this, that)), return_inverse=True)
    first, second = (
        np.bincount(part, minlength=len(levels)).astype(np.float64)
        for part in (place[: len(this)], place[len(this) :])
    )
    n, m = floats(len(this)), floats(len(that))
    above, above_spread = _placed(first, second)
    _, below_spread = _placed(second, first)
    difference = floats(2 * above - 1)
    parts = floats(4 * above_spread / n), floats(4 * below_spread / m)
    variance = parts[0] + parts[1]
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
        explained=floats(0.0),
    )


def _placed(own: Floats, other: Floats) -> tuple[float, float]:
    """Mean and variance, over one's own answers, of the share of the other's below each (ties count half).

    Args:
        own, other: how many answers there are of each level.
    """
    share = (np.cumsum(other) - other / 2) / other.sum()
    n = own.sum()
    mean = float(own @ share / n)
    return mean, float(own @ (share - mean) ** 2 / (n - 1)) if n > 1 else np.nan
