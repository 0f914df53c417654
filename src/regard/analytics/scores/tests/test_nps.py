"""The Net Promoter Score against Rocks's figures, its edges, and its coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.analytics.scores.ces import ces_index
from regard.analytics.scores.nps import (
    nps,
    nps_arrays,
    nps_difference,
    nps_difference_arrays,
    nps_from_sums,
)
from regard.kernel.errors import NotEnoughData

counts = st.integers(0, 3000)


def test_the_worked_example_gives_45_from_37_8_to_51_6() -> None:
    score = nps(230, 120, 50)
    assert score.value == 45.0
    assert (round(score.low or 0, 1), round(score.high or 0, 1)) == (37.8, 51.6)
    assert (score.n, score.method) == (400, "adjusted Wald")


def test_the_worked_difference_of_minus_5_has_p_0_33() -> None:
    change = nps_difference((209, 114, 57), (230, 120, 50))
    assert change.value == pytest.approx(-5.0)
    assert round(change.p, 2) == 0.33
    assert change.low < 0 < change.high


def test_the_interval_is_three_quarters_three_halves_three_quarters_added_by_hand() -> None:
    n, p, d = 13.0, 6.75 / 13, 2.75 / 13
    reach = 1.959964 * ((p + d - (p - d) ** 2) / n) ** 0.5
    score = nps(6, 2, 2)
    assert score.low == pytest.approx(100 * (p - d - reach), abs=1e-4)
    assert score.high == pytest.approx(100 * (p - d + reach), abs=1e-4)


def test_no_answers_are_not_a_score_of_zero() -> None:
    with pytest.raises(NotEnoughData, match="Nobody answered"):
        nps(0, 0, 0)


@pytest.mark.parametrize(("answers", "value"), [((1, 0, 0), 100.0), ((0, 1, 0), 0.0), ((0, 0, 1), -100.0)])
def test_a_single_answer_has_a_wide_interval_that_holds_it(
    answers: tuple[int, int, int], value: float
) -> None:
    score = nps(*answers)
    assert score.low is not None
    assert score.high is not None
    assert score.value == value
    assert score.low <= value <= score.high
    assert score.high - score.low > 100


def test_only_promoters_still_leave_doubt() -> None:
    score = nps(50, 0, 0)
    assert score.value == score.high == 100
    assert score.low is not None
    assert 80 < score.low < 100


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        nps(-1, 2, 3)


@given(counts, counts, counts)
def test_the_interval_holds_the_score_and_stays_on_the_scale(p: int, q: int, d: int) -> None:
    if p + q + d == 0:
        return
    score = nps(p, q, d)
    assert score.low is not None
    assert score.high is not None
    assert -100 <= score.low <= score.value <= score.high <= 100


@given(counts, counts, counts)
def test_turning_the_scale_round_turns_the_interval_round(p: int, q: int, d: int) -> None:
    if p + q + d == 0:
        return
    score, turned = nps(p, q, d), nps(d, q, p)
    assert turned.value == pytest.approx(-score.value)
    assert turned.low == pytest.approx(-(score.high or 0), abs=1e-9)


@given(counts, counts, counts, counts, counts, counts)
def test_the_difference_holds_zero_exactly_where_p_is_above_five_per_cent(
    p: int, q: int, d: int, p2: int, q2: int, d2: int
) -> None:
    if min(p + q + d, p2 + q2 + d2) < 3:
        return
    change = nps_difference((p, q, d), (p2, q2, d2))
    if change.low < change.value < change.high and abs(change.p - 0.05) > 1e-9:
        assert (change.low <= 0 <= change.high) == (change.p > 0.05)


def test_arrays_of_groups_give_the_same_as_one_by_one() -> None:
    many = nps_arrays([230, 0, 1], [120, 0, 1], [50, 0, 1])
    assert many.at(0) == nps(230, 120, 50)
    assert np.isnan(many.value[1])
    with pytest.raises(NotEnoughData):
        many.at(1)
    assert many[2:].at(0) == nps(1, 1, 1)


def test_sums_of_customers_who_answered_once_give_the_plain_score() -> None:
    assert nps_from_sums(400, 230, 120, 50, 400, 280, 180).at() == nps(230, 120, 50)


def test_alike_answers_of_one_customer_count_as_about_one() -> None:
    # 80 customers with five alike answers: 40 promoters, 20 passives, 20 detractors.
    clustered = nps_from_sums(80, 200, 100, 100, 80 * 25, 60 * 25, 20 * 25).at()
    once = nps(40, 20, 20)
    assert clustered.value == once.value
    assert clustered.low == pytest.approx(once.low, abs=1.0)
    assert (clustered.n, clustered.n_customers) == (400, 80)
    assert clustered.method == "adjusted Wald, clustered by customer"


def test_one_customer_who_answered_often_gets_a_score_without_an_interval() -> None:
    score = nps_from_sums(1, 3, 1, 1, 25, 4, 10).at()
    assert score.value == pytest.approx(40)
    assert score.low is None
    assert "no interval" in score.method


def test_equal_weights_change_nothing_and_uneven_ones_widen() -> None:
    plain = nps(230, 120, 50)
    doubled = nps_from_sums(400, 460, 240, 100, 1600, 1120, 720, n=400).at()
    assert [doubled.value, doubled.low] == pytest.approx([plain.value, plain.low])
    uneven = nps_from_sums(400, 230, 120, 50, 600, 420, 270, n=400).at()
    assert uneven.low is not None
    assert plain.low is not None
    assert uneven.low < plain.low
    assert uneven.n == 400


def test_two_clustered_scores_are_compared_with_students_t() -> None:
    one = nps_from_sums([6], [15], [10], [5], [150], [100], [50])
    two = nps_from_sums([6], [5], [10], [15], [150], [100], [-50])
    clustered, plain = nps_difference_arrays(one, two), nps_difference((15, 10, 5), (5, 10, 15))
    assert clustered.at(0).p > plain.p
    assert clustered.at(0).method.endswith("clustered by customer")


def test_the_effort_index_of_the_worked_example_is_plus_50() -> None:
    answers = np.repeat(np.arange(1, 8), [20, 30, 50, 100, 200, 350, 250])
    easy, hard = int((answers >= 6).sum()), int((answers <= 3).sum())
    assert ces_index(easy, len(answers) - easy - hard, hard).value == 50.0
    with pytest.raises(NotEnoughData, match="easy"):
        ces_index(0, 0, 0)


def _coverage(
    customers: int, answers: int, runs: int, *, clustered: bool, seed: int, alike: float = 1.0
) -> float:
    """How often the interval holds the true score of 30 if each customer answers `answers` times.

    Each answer is the customer's own feeling with probability `alike`, else any customer's.
    """
    generator = np.random.default_rng(seed)
    shape = (runs, customers, answers)
    own = generator.choice([1, 0, -1], size=(*shape[:2], 1), p=[0.5, 0.3, 0.2])
    other = generator.choice([1, 0, -1], size=shape, p=[0.5, 0.3, 0.2])
    given_answers = np.where(generator.random(shape) < alike, own, other)
    y, n = given_answers.sum(axis=2), customers * answers
    above, below = (given_answers > 0).sum(axis=(1, 2)), (given_answers < 0).sum(axis=(1, 2))
    m, sxx = np.full(runs, customers), np.full(runs, customers * answers**2)
    syy, sxy = (y**2).sum(axis=1), answers * y.sum(axis=1)
    if clustered:
        scores = nps_from_sums(m, above, n - above - below, below, sxx, syy, sxy)
    else:
        scores = nps_arrays(above, n - above - below, below)
    return float(((scores.low <= 30) & (scores.high >= 30)).mean())


def test_the_plain_interval_of_80_customers_with_five_similar_answers_covers_77_per_cent() -> None:
    assert 0.74 <= _coverage(80, 5, 3000, clustered=False, seed=1, alike=0.645) <= 0.80
    assert 0.94 <= _coverage(80, 5, 3000, clustered=True, seed=1, alike=0.645) <= 0.965


def test_five_identical_answers_fool_the_plain_interval_more_and_not_the_clustered_one() -> None:
    assert _coverage(80, 5, 2000, clustered=False, seed=2) < 0.70
    assert 0.935 <= _coverage(80, 5, 2000, clustered=True, seed=2) <= 0.97


def _exact_coverage(n: int, p: float, d: float) -> float:
    """The coverage of the plain interval, summed over every possible outcome of `n` answers."""
    from scipy.stats import multinomial

    above, below = (part.ravel() for part in np.meshgrid(np.arange(n + 1), np.arange(n + 1)))
    possible = above + below <= n
    above, below = above[possible], below[possible]
    outcome = np.column_stack([above, n - above - below, below])
    chance = multinomial.pmf(outcome, n, [p, 1 - p - d, d])
    scores = nps_arrays(above, n - above - below, below)
    truth = 100 * (p - d)
    return float(chance[(scores.low <= truth) & (truth <= scores.high)].sum())


@pytest.mark.parametrize(("n", "p", "d"), [(10, 0.5, 0.2), (30, 0.7, 0.1), (50, 0.3, 0.3)])
def test_the_interval_covers_near_95_per_cent_even_for_few_answers(n: int, p: float, d: float) -> None:
    assert _exact_coverage(n, p, d) > 0.93


@pytest.mark.long
def test_the_coverage_of_the_interval_over_many_truths() -> None:
    covered = [
        _exact_coverage(n, p, d)
        for n in (10, 20, 50, 100, 150)
        for p in (0.1, 0.3, 0.5, 0.7)
        for d in (0.05, 0.15, 0.25)
    ]
    assert np.mean(covered) > 0.945
    assert min(covered) > 0.90


@pytest.mark.long
@pytest.mark.parametrize(("customers", "answers"), [(20, 3), (80, 5), (200, 2)])
def test_the_coverage_of_the_clustered_interval(customers: int, answers: int) -> None:
    assert 0.935 <= _coverage(customers, answers, 5000, clustered=True, seed=3, alike=0.7) <= 0.975
