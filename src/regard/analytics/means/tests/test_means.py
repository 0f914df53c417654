"""Means, bootstrap, quantiles, totals and counts against scipy and statsmodels, and their coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regard.analytics.differences.independent import welch
from regard.analytics.means.bootstrap import MOST_UNITS, bca_ratio
from regard.analytics.means.mean import mean, mean_arrays
from regard.analytics.means.quantiles import quantile_arrays
from regard.analytics.means.totals import count_arrays, count_difference_arrays, total_arrays
from regard.analytics.ratios.linearised import ratio_arrays
from regard.kernel.errors import NotEnoughData

numbers = st.lists(st.integers(-1000, 1000).map(float), min_size=2, max_size=60)


@given(numbers)
def test_the_mean_has_students_interval(values: list[float]) -> None:
    estimate = mean(values)
    assert estimate.value == pytest.approx(np.mean(values), abs=1e-9)
    if np.ptp(values) > 0:
        low, high = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert [estimate.low, estimate.high] == pytest.approx([low, high], abs=1e-6)


def test_large_numbers_of_small_spread_keep_their_interval() -> None:
    values = 1e9 + np.array([0.0, 1, 2, 3])
    estimate = mean(values)
    assert (estimate.high or 0) - (estimate.low or 0) == pytest.approx(
        2 * stats.t.ppf(0.975, 3) * stats.sem([0, 1, 2, 3])
    )


def test_none_is_no_mean_and_one_has_no_interval() -> None:
    with pytest.raises(NotEnoughData):
        mean([])
    assert mean([4.0]).low is None
    assert np.isnan(mean_arrays(0, 0, 0).value)


def test_the_bootstrap_agrees_with_scipys() -> None:
    amounts = np.random.default_rng(7).lognormal(3, 1, 60)
    found = bca_ratio(amounts, resamples=20_000)
    expected = stats.bootstrap(
        (amounts,), np.mean, method="BCa", n_resamples=20_000, rng=5
    ).confidence_interval
    width = expected.high - expected.low
    assert found.low == pytest.approx(expected.low, abs=0.03 * width)
    assert found.high == pytest.approx(expected.high, abs=0.03 * width)


def test_the_bootstrap_of_a_ratio_agrees_with_scipys() -> None:
    generator = np.random.default_rng(8)
    orders = 1 + generator.poisson(1, 80)
    revenue = generator.lognormal(3, 1, 80) * orders
    expected = stats.bootstrap(
        (revenue, orders),
        lambda y, x, axis: y.sum(axis=axis) / x.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=8000,
        rng=6,
    ).confidence_interval
    found = bca_ratio(revenue, orders, n=int(orders.sum()), resamples=8000).at()
    width = expected.high - expected.low
    assert found.low == pytest.approx(expected.low, abs=0.04 * width)
    assert found.high == pytest.approx(expected.high, abs=0.04 * width)
    assert found.method == "BCa bootstrap, clustered by customer"
    assert (found.n, found.n_customers) == (orders.sum(), 80)


def test_the_same_input_gives_the_same_interval() -> None:
    amounts = np.random.default_rng(9).gamma(2, 10, 300)
    assert bca_ratio(amounts).at() == bca_ratio(amounts).at()


@pytest.mark.parametrize("n_kinds", [5, 120])
def test_customers_that_are_alike_may_be_told_by_how_many_there_are(n_kinds: int) -> None:
    generator = np.random.default_rng(10)
    kinds, many = generator.gamma(2, 10, n_kinds), generator.integers(1, 30, n_kinds)
    counted = bca_ratio(kinds, times=many, resamples=8000).at()
    single = bca_ratio(np.repeat(kinds, many), resamples=8000).at()
    assert counted.value == pytest.approx(single.value)
    width = (single.high or 0) - (single.low or 0)
    assert counted.low == pytest.approx(single.low, abs=0.04 * width)
    assert counted.high == pytest.approx(single.high, abs=0.04 * width)
    assert counted.n_customers == single.n_customers == many.sum()


@given(numbers)
def test_the_bootstrap_holds_the_mean_and_scales(values: list[float]) -> None:
    once, scaled = bca_ratio(values, resamples=200), bca_ratio(100 * np.array(values), resamples=200)
    if np.ptp(values) == 0:
        assert np.isnan(once.low)
    elif not np.isnan(once.low):
        assert once.low <= once.value <= once.high
        assert float(scaled.low) == pytest.approx(100 * float(once.low), abs=1e-6)


def test_the_bootstrap_refuses_too_many_and_says_when_there_is_nothing() -> None:
    with pytest.raises(ValueError, match="too many"):
        bca_ratio(np.zeros(MOST_UNITS + 1))
    with pytest.raises(NotEnoughData):
        bca_ratio([]).at()
    assert bca_ratio([5.0]).at().low is None


@pytest.mark.parametrize(("n", "low", "high"), [(6, 1, 6), (10, 2, 9), (20, 6, 15), (100, 40, 61)])
def test_the_median_lies_between_the_ranks_of_the_binomial_tables(n: int, low: int, high: int) -> None:
    median = quantile_arrays(np.arange(n, 0, -1)).at(0)
    assert median.value == (n + 1) / 2
    assert (median.low, median.high) == (low, high)


@given(st.integers(1, 3000), st.sampled_from([0.1, 0.5, 0.9]))
def test_the_ranks_around_a_quantile_are_scipys_binomial_ones(n: int, share: float) -> None:
    found = quantile_arrays(np.arange(1, n + 1), share).at(0)
    low, above = stats.binom.ppf([0.025, 0.975], n, share)
    assert found.low == (low if low >= 1 else None)
    assert found.high == (above + 1 if above + 1 <= n else None)


def test_too_few_numbers_leave_an_end_of_the_median_open() -> None:
    assert quantile_arrays([3.0, 1, 2, 5, 4]).at(0).low is None
    ninth = quantile_arrays(np.arange(1.0, 21), 0.9).at(0)
    assert (ninth.value, ninth.high) == (18.5, None)
    with pytest.raises(NotEnoughData):
        quantile_arrays([]).at(0)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=80), st.sampled_from([0.1, 0.25, 0.5, 0.9]))
def test_quantiles_average_at_a_tie_between_two_numbers(values: list[int], share: float) -> None:
    found = quantile_arrays(values, share)
    assert found.value[0] == np.quantile(values, share, method="averaged_inverted_cdf")
    assert not found.low[0] > found.value[0]
    assert not found.high[0] < found.value[0]


def test_groups_of_numbers_give_what_each_gives_alone() -> None:
    generator = np.random.default_rng(2)
    values, group = generator.normal(size=300), generator.choice([0, 2], 300)
    many = quantile_arrays(values, 0.9, group=group, n_groups=3)
    for number in (0, 2):
        assert many.at(number) == quantile_arrays(values[group == number], 0.9).at(0)
    assert np.isnan(many.value[1])


def test_alike_numbers_of_one_customer_widen_the_interval_of_the_median() -> None:
    values = np.random.default_rng(3).normal(size=80)
    once = quantile_arrays(values, customers=range(80)).at(0)
    alike = quantile_arrays(np.repeat(values, 5), customers=np.repeat(range(80), 5)).at(0)
    assert once == quantile_arrays(values, customers=[f"c{place:03}" for place in range(80)]).at(0)
    assert alike.method.endswith("clustered by customer")
    assert (alike.high or 0) - (alike.low or 0) >= 0.95 * ((once.high or 0) - (once.low or 0))
    assert quantile_arrays([1, 2, 3], customers=[7, 7, 7]).at(0).low is None


def _median_coverage(customers: int, each: int, runs: int, seed: int) -> float:
    generator = np.random.default_rng(seed)
    values = np.repeat(generator.gamma(2, 1, runs * customers), each)
    group = np.repeat(np.arange(runs), customers * each)
    found = quantile_arrays(values, group=group, customers=np.repeat(np.arange(runs * customers), each))
    truth = stats.gamma.ppf(0.5, 2)
    return float(((found.low <= truth) & (truth <= found.high)).mean())


@pytest.mark.parametrize("each", [1, 5])
def test_the_median_is_covered(each: int) -> None:
    assert 0.94 <= _median_coverage(80, each, 1500, 4) <= 0.985


@pytest.mark.parametrize(
    ("events", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.390)]
)
def test_counts_have_garwoods_tabulated_interval(events: int, low: float, high: float) -> None:
    count = count_arrays(events).at()
    assert [count.low, count.high] == pytest.approx([low, high], abs=5e-4)


@given(st.integers(0, 5000), st.floats(0.1, 1000))
def test_rates_hold_their_value_and_scale_with_exposure(events: int, exposure: float) -> None:
    bare, rate = count_arrays(events), count_arrays(events, exposure)
    assert rate.low <= rate.value <= rate.high
    assert float(rate.high) == pytest.approx(float(bare.high) / exposure)


def test_no_exposure_is_no_rate() -> None:
    with pytest.raises(NotEnoughData):
        count_arrays(0, 0).at()


def test_two_counts_are_compared_by_the_exact_conditional_test() -> None:
    change = count_difference_arrays(30, 12).at()
    assert change.value == 18
    assert change.p == pytest.approx(stats.binomtest(12, 42, 0.5).pvalue)
    assert change.low > 0
    rate = count_difference_arrays(30, 12, 10.0, 4.0).at()
    assert rate.value == 0
    assert rate.p > 0.9
    assert count_difference_arrays(0, 0).at().p == 1


def test_a_total_is_exact_and_its_interval_judges_change() -> None:
    amounts = np.array([20.0, 35, 10, 80])
    total = total_arrays(4, amounts.sum(), (amounts**2).sum())
    assert total.at().value == 145
    assert float(total.se) == pytest.approx((amounts**2).sum() ** 0.5)
    assert total_arrays(1, 20, 400).at().low is None
    with pytest.raises(NotEnoughData):
        total_arrays(0, 0, 0).at()
    assert welch(total, total).at().p == 1


def test_totals_of_customers_who_come_at_random_are_covered() -> None:
    generator = np.random.default_rng(5)
    runs, expected = 2000, 300
    came = generator.poisson(expected, runs)
    group = np.repeat(np.arange(runs), came)
    amounts = generator.gamma(2, 10, came.sum())
    found = total_arrays(came, np.bincount(group, amounts), np.bincount(group, amounts**2))
    assert 0.93 <= ((found.low <= expected * 20) & (expected * 20 <= found.high)).mean() <= 0.965


@pytest.mark.long
def test_the_coverage_of_the_bootstrap_for_skewed_amounts_beats_students() -> None:
    generator = np.random.default_rng(6)
    truth = float(np.exp(0.5))
    held = {"bca": 0, "t": 0}
    for _ in range(1500):
        amounts = generator.lognormal(0, 1, 60)
        bca, student = bca_ratio(amounts, resamples=1000), mean(amounts)
        held["bca"] += bool(bca.low <= truth <= bca.high)
        held["t"] += (student.low or 0) <= truth <= (student.high or 0)
    assert held["bca"] / 1500 > 0.90
    assert held["bca"] > held["t"]


def clustered_coverage(runs: int) -> dict[str, float]:
    """How often intervals hold the mean worth of an order, where 50 customers place one to four very uneven ones."""
    generator = np.random.default_rng(12)
    # Orders of a customer who buys often are larger: a ratio of sums is not a mean of customers.
    truth = sum(k * (1 + 0.2 * k) for k in range(1, 5)) / 10 * float(np.exp(0.5))
    held = {"bca": 0, "delta": 0}
    for _ in range(runs):
        orders = generator.integers(1, 5, 50)
        paid = orders * (1 + 0.2 * orders) * generator.lognormal(0, 1, 50)
        bca = bca_ratio(paid, orders, n=int(orders.sum()), resamples=1000)
        sums = (orders.sum(), paid.sum(), (orders**2).sum(), (paid**2).sum(), (orders * paid).sum())
        delta = ratio_arrays(50, *sums)
        held["bca"] += bool(bca.low <= truth <= bca.high)
        held["delta"] += bool(delta.low <= truth <= delta.high)
    return {name: times / runs for name, times in held.items()}


def test_drawn_intervals_of_uneven_ratios_hold_the_truth_about_nine_times_in_ten() -> None:
    assert clustered_coverage(250)["bca"] > 0.84


@pytest.mark.long
def test_drawn_intervals_of_uneven_ratios_hold_the_truth_more_often_than_the_delta_methods() -> None:
    held = clustered_coverage(2000)
    assert held["bca"] > 0.875
    assert held["bca"] > held["delta"] + 0.005
