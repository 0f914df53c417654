"""Shares against statsmodels and published figures, their edges, and their coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint, proportions_ztest

from regard.analytics.ratios.linearised import customer_sums
from regard.analytics.shares.clustered import share_clustered, share_clustered_arrays
from regard.analytics.shares.difference import share_difference, share_difference_arrays
from regard.analytics.shares.wilson import share, share_arrays
from regard.kernel.errors import NotEnoughData


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_statsmodels(case: tuple[int, int]) -> None:
    hits, n = case
    low, high = proportion_confint(hits, n, method="wilson")
    estimate = share(hits, n)
    assert estimate.low == pytest.approx(low, abs=1e-12)
    assert estimate.high == pytest.approx(high, abs=1e-12)
    assert 0 <= (estimate.low or 0) <= estimate.value <= (estimate.high or 0) <= 1


def test_the_ces_worked_example_gives_80_and_60_per_cent() -> None:
    counts = np.array([20, 30, 50, 100, 200, 350, 250])
    assert share(int(counts[4:].sum()), int(counts.sum())).value == 0.8
    assert share(int(counts[5:].sum()), int(counts.sum())).value == 0.6


@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (0, 20), (20, 20)])
def test_none_or_all_still_have_an_interval(hits: int, n: int) -> None:
    estimate = share(hits, n)
    assert estimate.low is not None
    assert estimate.high is not None
    assert estimate.high - estimate.low > 0.1
    assert estimate.value in (estimate.low, estimate.high)


def test_no_answers_are_not_a_share_of_zero() -> None:
    with pytest.raises(NotEnoughData):
        share(0, 0)


@pytest.mark.parametrize(("hits", "n"), [(3, 2), (-1, 2)])
def test_more_hits_than_answers_are_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="Hits"):
        share(hits, n)


def test_a_confidence_outside_zero_and_one_is_refused() -> None:
    with pytest.raises(ValueError, match="confidence"):
        share(1, 2, confidence=95)


def test_the_exact_coverage_of_wilson_is_near_95_per_cent() -> None:
    for n in (10, 40, 200):
        hits = np.arange(n + 1)
        intervals = share_arrays(hits, n)
        for p in (0.1, 0.35, 0.5, 0.8):
            held = (intervals.low <= p) & (p <= intervals.high)
            assert binom.pmf(hits[held], n, p).sum() > 0.92


def test_customers_who_answered_once_get_plain_wilson() -> None:
    once = share_clustered(10, 10, 8, 10, 8, 8)
    plain = share(8, 10)
    assert (once.value, once.low, once.high, once.method) == (plain.value, plain.low, plain.high, "Wilson")


def test_answers_that_are_alike_within_a_customer_count_as_one() -> None:
    clustered = share_clustered_arrays(80, 400, 200, 2000, 1000, 1000)
    assert float(clustered.n_effective) == pytest.approx(79)
    assert clustered.at().method == "Wilson, clustered by customer"


def test_where_all_answers_are_hits_each_customer_counts_as_one_answer() -> None:
    all_hits = share_clustered(20, 100, 100, 500, 500, 500)
    assert all_hits.value == all_hits.high == 1.0
    assert all_hits.low == pytest.approx(share(20, 20).low, abs=0.03)


def test_a_second_answer_of_one_customer_hardly_changes_the_interval() -> None:
    # 200 customers once, half of them hits; one of them has answered twice.
    clustered = share_clustered(200, 201, 101, 204, 104, 104)
    plain = share(101, 201)
    assert clustered.low == pytest.approx(plain.low, abs=0.005)


def test_one_customer_alone_has_a_share_without_an_interval() -> None:
    estimate = share_clustered(1, 5, 3, 25, 9, 15)
    assert (estimate.value, estimate.low, estimate.high) == (0.6, None, None)
    assert "no interval" in estimate.method
    assert share_clustered(1, 1, 1, 1, 1, 1).low is not None


def test_weights_lower_the_effective_number_of_answers() -> None:
    weights = np.array([1.0, 1.0, 4.0, 2.0])
    weighted = share_clustered_arrays(4, 8.0, 5.0, (weights**2).sum(), 17.0, 17.0, n=4)
    assert float(weighted.n_effective) == pytest.approx(64 / 22)
    assert weighted.at().n == 4


def test_groups_of_every_kind_stand_in_one_array() -> None:
    estimates = share_clustered_arrays([10, 0, 4], [10, 0, 8], [8, 0, 4], [10, 0, 16], [8, 0, 8], [8, 0, 8])
    assert estimates.at(0).method == "Wilson"
    assert estimates.at(2).method == "Wilson, clustered by customer"
    with pytest.raises(NotEnoughData):
        estimates.at(1)


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), min_size=2, max_size=40),
)
def test_the_clustered_interval_holds_the_share_and_stays_within_bounds(rows: list[tuple[int, int]]) -> None:
    x = np.array([row[0] for row in rows])
    y = np.minimum(x, [row[1] for row in rows])
    estimate = share_clustered(len(x), x.sum(), y.sum(), (x**2).sum(), (y**2).sum(), (x * y).sum())
    assert estimate.low is not None
    assert estimate.high is not None
    assert 0 <= estimate.low <= estimate.value <= estimate.high <= 1


def test_newcombe_agrees_with_his_published_example_and_with_statsmodels() -> None:
    # Newcombe (1998), table II, case (a): 56/70 - 48/80, method 10: .0524 to .3339.
    change = share_difference(56, 70, 48, 80)
    assert (round(change.low, 4), round(change.high, 4)) == (0.0524, 0.3339)
    low, high = confint_proportions_2indep(56, 70, 48, 80, compare="diff", method="newcomb")
    assert [change.low, change.high] == pytest.approx([low, high])
    assert change.p == pytest.approx(proportions_ztest([56, 48], [70, 80])[1])


def test_newcombe_holds_at_the_edges() -> None:
    # Newcombe (1998), table II, cases (e) and (h): 5/56 - 0/29 and 10/10 - 0/10.
    edge, whole = share_difference(5, 56, 0, 29), share_difference(10, 10, 0, 10)
    assert (round(edge.low, 4), round(edge.high, 4)) == (-0.0381, 0.1926)
    assert (round(whole.low, 4), whole.high) == (0.6075, 1.0)


def test_two_groups_wholly_alike_are_no_change() -> None:
    assert share_difference(10, 10, 12, 12).p == 1.0
    with pytest.raises(NotEnoughData):
        share_difference(0, 0, 1, 2)


def test_a_clustered_difference_is_less_sure_than_a_plain_one() -> None:
    one = share_clustered_arrays(40, 200, 120, 1000, 600, 600)
    two = share_clustered_arrays(40, 200, 90, 1000, 450, 450)
    change = share_difference_arrays(one, two).at()
    plain = share_difference(120, 200, 90, 200)
    assert plain.p < 0.01 < change.p
    assert change.low < plain.low
    assert change.method.endswith("clustered by customer")


def _coverage(customers: int, answers: int, p: float, runs: int, *, clustered: bool, seed: int = 5) -> float:
    generator = np.random.default_rng(seed)
    hits = generator.binomial(customers, p, size=runs)
    x = np.full(runs, customers)
    if clustered:
        found = share_clustered_arrays(
            x, x * answers, hits * answers, x * answers**2, hits * answers**2, hits * answers**2
        )
    else:
        found = share_arrays(hits * answers, x * answers)
    return float(((found.low <= p) & (p <= found.high)).mean())


def test_five_alike_answers_fool_plain_wilson_and_not_the_clustered_one() -> None:
    assert _coverage(80, 5, 0.4, 4000, clustered=False) < 0.75
    assert 0.935 <= _coverage(80, 5, 0.4, 4000, clustered=True) <= 0.97


def _mixed_coverage(customers: int, runs: int, seed: int) -> float:
    """Coverage where customers answer 1 to 6 times and each has their own chance of a hit (mean 0.4)."""
    generator = np.random.default_rng(seed)
    x = generator.integers(1, 7, size=(runs, customers))
    y = generator.binomial(x, generator.beta(0.8, 1.2, size=x.shape))
    found = share_clustered_arrays(
        np.full(runs, customers), *(part.sum(axis=1) for part in (x, y, x**2, y**2, x * y))
    )
    return float(((found.low <= 0.4) & (found.high >= 0.4)).mean())


def test_uneven_customers_are_covered_too() -> None:
    assert 0.93 <= _mixed_coverage(60, 4000, 6) <= 0.97


def test_alike_groups_of_uneven_customers_are_rarely_called_different() -> None:
    generator = np.random.default_rng(17)
    sides = []
    for _ in range(2):
        x = generator.integers(1, 7, size=(3000, 60))
        y = generator.binomial(x, generator.beta(0.8, 1.2, size=x.shape))
        sums = (part.sum(axis=1) for part in (x, y, x**2, y**2, x * y))
        sides.append(share_clustered_arrays(np.full(3000, 60), *sums))
    assert 0.035 <= (share_difference_arrays(*sides).p < 0.05).mean() <= 0.065


@pytest.mark.long
@pytest.mark.parametrize("customers", [10, 25, 80, 400])
def test_the_coverage_of_the_clustered_share(customers: int) -> None:
    assert 0.93 <= _mixed_coverage(customers, 40_000, customers) <= 0.98


def test_single_rows_add_up_to_the_sums_per_customer() -> None:
    assert customer_sums(["a", "b", "a"], [1, 0, 1]) == (2, 3.0, 2.0, 5.0, 4.0, 4.0)
