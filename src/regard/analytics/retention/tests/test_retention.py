"""Retention, churn and lifetime value: worked values and edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.analytics.arrays import EstimateArrays, floats
from regard.analytics.retention.lifetime_value import (
    lifetime_value,
    lifetime_value_arrays,
    lifetime_value_estimate,
)
from regard.analytics.retention.retention import churn, retention, retention_arrays
from regard.analytics.shares.wilson import share, share_arrays
from regard.kernel.errors import InvalidInput, NotEnoughData


def test_200_at_the_start_210_at_the_end_and_20_won_is_95_per_cent() -> None:
    kept = retention(200, 210, 20)
    assert kept.value == 0.95
    assert (kept.low, kept.high) == (share(190, 200).low, share(190, 200).high)
    assert (kept.n, kept.n_customers) == (200, 200)


def test_churn_and_retention_of_the_same_customers_add_up_to_one() -> None:
    kept, left = retention(200, 210, 20), churn(10, 200)
    assert kept.value + left.value == pytest.approx(1)
    assert (kept.low or 0) + (left.high or 0) == pytest.approx(1)


def test_nobody_at_the_start_is_no_rate() -> None:
    with pytest.raises(NotEnoughData, match="no customers"):
        retention(0, 5, 5)
    assert np.isnan(retention_arrays([0, 10], [5, 10], [5, 0]).value[0])


@pytest.mark.parametrize(("start", "end", "won"), [(10, 5, 6), (10, 12, 1)])
def test_impossible_counts_are_refused(start: int, end: int, won: int) -> None:
    with pytest.raises(InvalidInput):
        retention(start, end, won)


def test_the_contractual_value_of_the_worked_example_is_917() -> None:
    assert round(lifetime_value(150, 0.92, 0.10)) == 917


def test_the_value_is_the_sum_of_discounted_margins() -> None:
    periods = np.arange(2000)
    assert lifetime_value(150, 0.92, 0.10) == pytest.approx((150 * (0.92 / 1.10) ** periods).sum())


def test_the_interval_of_retention_becomes_that_of_the_value() -> None:
    kept = share(184, 200)
    worth = lifetime_value_estimate(150, kept, 0.10)
    assert worth.low == pytest.approx(lifetime_value(150, kept.low or 0, 0.10))
    assert worth.high == pytest.approx(lifetime_value(150, kept.high or 0, 0.10))
    assert worth.n == 200


def test_a_margin_with_an_interval_widens_that_of_the_value() -> None:
    margin = EstimateArrays(floats(150.0), floats(140.0), floats(160.0), floats(200), "mean", se=floats(5.0))
    kept = share_arrays(184, 200)
    fixed, wider = lifetime_value_arrays(150.0, kept, 0.10), lifetime_value_arrays(margin, kept, 0.10)
    assert wider.low < fixed.low
    assert wider.high > fixed.high


def test_no_discount_and_impossible_retention_are_refused() -> None:
    with pytest.raises(ValueError, match="discount"):
        lifetime_value(150, 0.9, 0)
    with pytest.raises(ValueError, match="Retention"):
        lifetime_value(150, 1.2, 0.1)


@given(st.floats(0.01, 1e6), st.floats(0, 1), st.floats(0.001, 2))
def test_a_customer_is_worth_at_least_one_margin(margin: float, kept: float, discount: float) -> None:
    assert lifetime_value(margin, kept, discount) >= margin * (1 - 1e-9)
