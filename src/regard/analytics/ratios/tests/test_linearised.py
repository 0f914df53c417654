"""Ratios over customers against the plain mean, statsmodels' clustered errors and simulation."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regard.analytics.differences.independent import welch
from regard.analytics.means.mean import mean
from regard.analytics.ratios.linearised import customer_sums, linearised_variance, ratio, ratio_arrays
from regard.kernel.errors import NotEnoughData

numbers = st.floats(-1000, 1000).map(lambda value: round(value, 3))


def test_customers_who_count_once_get_the_plain_t_interval() -> None:
    y = np.array([3.0, 5.0, 4.0, 8.0, 1.0])
    estimate = ratio(*customer_sums(range(5), y))
    low, high = stats.t.interval(0.95, 4, y.mean(), stats.sem(y))
    assert [estimate.low, estimate.high] == pytest.approx([low, high])
    assert estimate.method == "mean, t interval"


def test_the_variance_is_that_of_statsmodels_clustered_regression() -> None:
    generator = np.random.default_rng(4)
    customers = generator.integers(0, 30, size=200)
    y = generator.normal(size=200) + 0.1 * customers
    fit = sm.OLS(y, np.ones(200)).fit(cov_type="cluster", cov_kwds={"groups": customers})
    m = len(np.unique(customers))
    # statsmodels multiplies by (n - 1)/(n - 1) for one parameter, beside the m/(m - 1) which both have.
    variance = linearised_variance(*customer_sums(customers, y))
    assert float(variance) == pytest.approx(fit.bse[0] ** 2)
    assert ratio(*customer_sums(customers, y)).n_customers == m


def test_revenue_per_order_is_clustered_by_customer() -> None:
    orders, revenue = np.array([1, 3, 2, 1]), np.array([20.0, 90.0, 30.0, 25.0])
    estimate = ratio(
        4, 7, 165, (orders**2).sum(), (revenue**2).sum(), (orders * revenue).sum(), bounds=(0, np.inf)
    )
    assert estimate.value == pytest.approx(165 / 7)
    assert estimate.method == "ratio of sums, delta method, clustered by customer"
    assert (estimate.n, estimate.n_customers) == (7, 4)


def test_one_customer_has_a_ratio_without_an_interval() -> None:
    estimate = ratio(1, 3, 60, 9, 3600, 180)
    assert (estimate.value, estimate.low, estimate.high) == (20, None, None)


def test_nobody_in_the_denominator_is_no_figure() -> None:
    with pytest.raises(NotEnoughData, match="divide"):
        ratio(0, 0, 0, 0, 0, 0)


def test_customers_all_alike_give_no_interval_rather_than_one_of_no_width() -> None:
    estimate = ratio(4, 4, 40, 4, 400, 40)
    assert (estimate.value, estimate.low, estimate.high) == (10, None, None)
    assert "all alike" in estimate.method


def test_two_groups_without_spread_are_never_called_a_change() -> None:
    tens, twenties = ratio_arrays(4, 4, 40, 4, 400, 40), ratio_arrays(4, 4, 80, 4, 1600, 80)
    assert welch(tens, tens).at().p == 1
    with pytest.raises(NotEnoughData):
        welch(tens, twenties).at()


def test_bounds_cut_the_interval() -> None:
    estimate = ratio(*customer_sums(range(4), [7, 7, 7, 1]), bounds=(1, 7))
    assert estimate.high == 7


def test_the_mean_effort_of_the_worked_example_is_5_48() -> None:
    answers = np.repeat(np.arange(1, 8), [20, 30, 50, 100, 200, 350, 250])
    assert mean(answers).value == pytest.approx(5.48)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4), numbers), min_size=1, max_size=40))
def test_the_interval_holds_the_value_and_grows_with_the_unit(rows: list[tuple[int, int, float]]) -> None:
    customers, x, y = (np.array(column) for column in zip(*rows, strict=True))
    once = ratio_arrays(*customer_sums(customers, y, x), n=len(rows))
    scaled = ratio_arrays(*customer_sums(customers, 100 * y, x), n=len(rows))
    assert float(scaled.value) == pytest.approx(100 * float(once.value), abs=1e-6)
    if len(np.unique(customers)) < 2:
        assert np.isnan(once.low)
        return
    assert np.isnan(once.low) or once.low <= once.value <= once.high
    assert float(scaled.se) == pytest.approx(100 * float(once.se), rel=1e-5, abs=1e-3)


def test_the_difference_of_two_means_is_welchs_test() -> None:
    a, b = np.array([3.0, 5, 4, 8, 1]), np.array([6.0, 9, 7, 9])
    one, two = (ratio_arrays(*customer_sums(range(len(y)), y)) for y in (a, b))
    change = welch(one, two).at()
    expected = stats.ttest_ind(a, b, equal_var=False)
    assert change.value == pytest.approx(a.mean() - b.mean())
    assert change.p == pytest.approx(expected.pvalue)
    interval = expected.confidence_interval()
    assert [change.low, change.high] == pytest.approx([interval.low, interval.high])


def _coverage(customers: int, runs: int, seed: int) -> float:
    """Coverage of revenue per order where frequent customers spend more each time (the true ratio is 24)."""
    generator = np.random.default_rng(seed)
    orders = 1 + generator.poisson(1.0, size=(runs, customers))
    revenue = generator.gamma(4, 1, size=orders.shape) * orders * (2 + 2 * orders)
    truth = 4 * (2 * 2 + 2 * 5) / 2  # E[4 N (2 + 2 N)] / E[N] with N = 1 + Poisson(1)
    sums = (orders, revenue, orders**2, revenue**2, orders * revenue)
    found = ratio_arrays(np.full(runs, customers), *(part.sum(axis=1) for part in sums))
    return float(((found.low <= truth) & (truth <= found.high)).mean())


def test_revenue_per_order_is_covered() -> None:
    assert 0.92 <= _coverage(200, 2000, 8) <= 0.97


@pytest.mark.long
def test_the_coverage_of_ratios_over_many_customers() -> None:
    assert _coverage(40, 20_000, 9) >= 0.90
    assert 0.94 <= _coverage(1000, 5000, 10) <= 0.96
