"""What each variant did to a mean or a ratio, with what the time before explains taken out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, divide
from regard.analytics.experiments.moments import Moments

MEAN_METHOD = "difference of means"
MEAN_SOURCE = "Welch (1947), Biometrika 34, 28-35"
RATIO_METHOD = "difference of ratios, delta method"
RATIO_SOURCE = "Deng, Knoblich and Lu (2018), Proc. KDD '18, 233-242"
CUPED_METHOD = "CUPED"
CUPED_SOURCE = "Deng, Xu, Kohavi and Walker (2013), Proc. WSDM '13, 123-132"


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """Variants beside their baseline; arrays of one shape.

    Args:
        value, baseline: the figure of the variant and of the baseline, as observed.
        difference: of the two, adjusted where there is a time before.
        variance: of the difference. baseline_variance: of the baseline's figure. covariance: of the two.
        df: degrees of freedom of the difference (Satterthwaite).
        n: units of both together.
        explained: the share of the variance that the time before took out; 0 where there is none.
    """

    value: Floats
    baseline: Floats
    difference: Floats
    variance: Floats
    baseline_variance: Floats
    covariance: Floats
    df: Floats
    n: Floats
    explained: Floats


def effects(this: Moments, that: Moments) -> Effects:
    """Variant `this` beside baseline `that`: their means, or their ratios of totals where there is a denominator.

    The metric before lowers the variance as far as it goes with the metric (CUPED): the slope is that of both variants
    together, so the adjustment takes out what lot had already put between them. Where nothing was before it does nothing.

    Source: Welch (1947), Biometrika 34, 28-35; Deng, Knoblich and Lu (2018), Proc. KDD '18, 233-242 (ratios);
        Deng, Xu, Kohavi and Walker (2013), Proc. WSDM '13, 123-132 (CUPED).
    """
    slope = _slope(this, that)
    value, baseline = divide(this.y, this.x), divide(that.y, that.x)
    first, second = (divide(_adjusted(one, slope), one.n) for one in (this, that))
    variance = first + second
    plain = divide(linearised(this), this.n) + divide(linearised(that), that.n)
    return Effects(
        value=value,
        baseline=baseline,
        difference=value - baseline - slope * (this.z - that.z),
        variance=variance,
        baseline_variance=divide(linearised(that), that.n),
        covariance=-divide(linearised(that) - slope * together(that), that.n),
        df=divide(variance**2, divide(first**2, this.n - 1) + divide(second**2, that.n - 1)),
        n=this.n + that.n,
        explained=1 - np.where(plain > 0, divide(variance, plain), 1.0),
    )


def linearised(one: Moments) -> Floats:
    """The variance of a unit's part in the figure."""
    r = divide(one.y, one.x)
    squares = one.yy - 2 * r * one.xy + r * r * one.xx
    # What is below rounding is none.
    floor = 1e-13 * (one.yy + r * r * one.xx)
    return divide(np.where(squares > floor, squares, 0 * squares), one.x**2)


def together(one: Moments) -> Floats:
    """How a unit's part in the figure goes with its time before."""
    return divide(one.yz - divide(one.y, one.x) * one.xz, one.x)


def _adjusted(one: Moments, slope: Floats) -> Floats:
    squares = linearised(one) - 2 * slope * together(one) + slope**2 * one.zz
    return np.maximum(squares, 0 * squares)


def _slope(this: Moments, that: Moments) -> Floats:
    """How much of the metric goes with the metric before, over the units of both variants; 0 where it never differed."""
    share = divide(this.n * that.n, this.n + that.n)
    apart = divide(this.y, this.x) - divide(that.y, that.x)
    within = (this.n - 1) * together(this) + (that.n - 1) * together(that)
    spread = (this.n - 1) * this.zz + (that.n - 1) * that.zz + share * (this.z - that.z) ** 2
    return np.where(spread > 0, divide(within + share * apart * (this.z - that.z), spread), 0.0)
