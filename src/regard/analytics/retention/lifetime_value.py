"""What a customer under contract is worth while they stay, discounted to today."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from regard.analytics.arrays import EstimateArrays, Floats, divide, floats, together
from regard.kernel.estimates import Estimate

METHOD = "contractual lifetime value m(1+d)/(1+d-r)"


def _value(m: ArrayLike, r: ArrayLike, d: ArrayLike) -> Floats:
    m, r, d = together(m, r, d)
    if (d <= 0).any():
        raise ValueError("The discount rate must be positive, or the value has no bound.")
    if ((r < 0) | (r > 1)).any():
        raise ValueError("Retention lies between 0 and 1.")
    return floats(m * (1 + d) / (1 + d - r))


def lifetime_value_arrays(
    margin: EstimateArrays | float, retention: EstimateArrays, discount: ArrayLike
) -> EstimateArrays:
    """What a customer is worth: margin m a period, retention r a period, discount d a period: m (1 + d) / (1 + d - r).

    The margin is taken at once, at the start of each period that the customer stays; margin and retention are taken
    as lasting for ever. The value only rises with r, so the ends of r's interval give the ends of the value's; a
    margin with an interval of its own widens it further.

    Args:
        margin: what is left of a customer's revenue in a period, after cost. Fixed, or with its interval.
        retention: the share that stays from one period to the next. discount: above 0, for the same length of period.

    Returns: EstimateArrays in the unit of the margin; no value where retention has none.
    Source: Gupta and Lehmann (2003), J. Interactive Marketing 17(1), 9-24; Zou and Donner (2008), Statistics in
    Medicine 27, 1693-1702, for a margin with an interval.
    """
    d = floats(discount)
    m = floats(margin.value) if isinstance(margin, EstimateArrays) else floats(margin)
    value = _value(m, retention.value, d)
    low, high = _value(m, retention.low, d), _value(m, retention.high, d)
    low, high = np.minimum(low, high), np.maximum(low, high)
    if isinstance(margin, EstimateArrays):
        ends = _value(margin.low, retention.value, d), _value(margin.high, retention.value, d)
        low = value - np.hypot(value - low, value - ends[0])
        high = value + np.hypot(high - value, ends[1] - value)
    growth = divide(value, 1 + d - retention.value)
    return EstimateArrays(
        value=value,
        low=low,
        high=high,
        n=retention.n,
        method=METHOD,
        se=np.abs(growth) * retention.se,
        n_customers=retention.n_customers,
        clustered=retention.clustered,
        reason=retention.reason,
    )


def lifetime_value(margin: float, retention: float, discount: float) -> float:
    """m (1 + d) / (1 + d - r) for three given numbers, without an interval.

    Source: Gupta and Lehmann (2003), J. Interactive Marketing 17(1), 9-24.

    >>> round(lifetime_value(150, 0.92, 0.10))
    917
    """
    return float(_value(margin, retention, discount))


def lifetime_value_after(margin: float, retention: float, discount: float) -> float:
    """m r / (1 + d - r): the same without the margin of the first period, which is already earned.

    Source: Gupta and Lehmann (2003), J. Interactive Marketing 17(1), 9-24.

    >>> [round(lifetime_value_after(m, r, 0.10)) for m, r in ((150, 0.92), (120, 0.82), (80, 0.60))]
    [767, 351, 96]
    """
    return lifetime_value(margin, retention, discount) * retention / (1 + discount)


def lifetime_value_estimate(margin: float, stayed: Estimate, discount: float) -> Estimate:
    """The value from a retention rate that has an interval. See `lifetime_value_arrays`.

    >>> from regard.analytics.shares.wilson import share
    >>> lifetime_value_estimate(150, share(184, 200), 0.10).value
    916.66...
    """
    unknown = float("nan")
    rate = EstimateArrays(
        value=floats(stayed.value),
        low=floats(unknown if stayed.low is None else stayed.low),
        high=floats(unknown if stayed.high is None else stayed.high),
        n=floats(stayed.n),
        method=stayed.method,
        n_customers=floats(unknown if stayed.n_customers is None else stayed.n_customers),
    )
    return lifetime_value_arrays(margin, rate, discount).at()
