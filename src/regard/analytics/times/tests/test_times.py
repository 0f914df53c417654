"""Waiting times against R's worked median, lifelines, statsmodels, and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import restricted_mean_survival_time
from statsmodels.duration.survfunc import SurvfuncRight

from regard.analytics.differences.independent import welch
from regard.analytics.times.differences import log_rank, waiting_quantile_difference
from regard.analytics.times.from_waits import kaplan_meier, kaplan_meier_arrays
from regard.analytics.times.kaplan_meier import survival_curves
from regard.analytics.times.quantiles import waiting_quantile, waiting_quantile_arrays
from regard.analytics.times.restricted_mean import restricted_mean, restricted_mean_arrays
from regard.kernel.errors import NotEnoughData

WAITS = [
    1.2,
    2.5,
    0.8,
    3.1,
    7.4,
    5.5,
    2.2,
    4.8,
    9.6,
    1.9,
    6.1,
    12.5,
    3.3,
    2.7,
    15.8,
    0.5,
    8.2,
    4.1,
    22.4,
    5.9,
]
ENDED = [place not in (6, 9, 12, 15, 19) for place in range(1, 21)]
# Freireich et al. (1963), weeks of remission under 6-MP and placebo, the data of most textbooks.
TREATED = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
TREATED_ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]

waits = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=60)


def test_the_worked_median_is_the_midpoint_of_the_flat_stretch_as_in_r() -> None:
    median = waiting_quantile(kaplan_meier(WAITS, ENDED))
    assert median.value == pytest.approx(4.45)
    assert (
        KaplanMeierFitter().fit(WAITS, ENDED).median_survival_time_ == 4.8
    )  # an end of it: a named difference
    assert (median.low, median.high) == (2.2, 7.4)
    assert median.n == 20


def test_the_remission_data_give_the_published_survival_and_error() -> None:
    curves = kaplan_meier(TREATED, TREATED_ENDED)
    at = {time: place for place, time in enumerate(curves.time.tolist())}
    # Kalbfleisch and Prentice (2002), table 1.1 and Klein and Moeschberger (2003), table 4.1B.
    published = {
        6: (0.857, 0.0764),
        7: (0.807, 0.0869),
        10: (0.753, 0.0963),
        13: (0.690, 0.1068),
        23: (0.448, 0.1346),
    }
    for time, (survival, error) in published.items():
        place = at[float(time)]
        assert curves.survival[place] == pytest.approx(survival, abs=0.0006)
        se = curves.survival[place] * curves.greenwood[place] ** 0.5
        assert se == pytest.approx(error, abs=0.0001)
    assert waiting_quantile(curves).value == 23
    assert waiting_quantile(kaplan_meier(PLACEBO, [True] * 21)).value == 8


@given(waits)
@settings(max_examples=60)
def test_curve_and_band_agree_with_lifelines(rows: list[tuple[int, bool]]) -> None:
    durations, ended = zip(*rows, strict=True)
    curves = kaplan_meier(durations, ended)
    fit = KaplanMeierFitter().fit(durations, ended)
    np.testing.assert_allclose(curves.survival, fit.survival_function_at_times(curves.time), atol=1e-12)
    inside = (curves.survival > 0) & (curves.survival < 1)
    band = fit.confidence_interval_survival_function_.loc[curves.time].to_numpy()[inside]
    np.testing.assert_allclose(np.column_stack([curves.low, curves.high])[inside], band, atol=1e-9)
    assert (np.diff(curves.survival) <= 1e-15).all()


@given(waits, st.sampled_from([0.25, 0.5, 0.9]))
def test_the_interval_of_a_quantile_holds_it_and_scales_with_the_unit(
    rows: list[tuple[int, bool]], share: float
) -> None:
    durations, ended = zip(*rows, strict=True)
    once = waiting_quantile_arrays(kaplan_meier(durations, ended), share)
    hours = waiting_quantile_arrays(kaplan_meier(60 * np.array(durations), ended), share)
    np.testing.assert_allclose(hours.value, 60 * once.value)
    np.testing.assert_allclose(hours.high, 60 * once.high)
    if not np.isnan(once.value[0]):
        assert once.low[0] <= once.value[0]
        assert np.isnan(once.high[0]) or once.high[0] >= once.value[0]


def test_the_interval_of_the_median_agrees_with_statsmodels() -> None:
    low, high = SurvfuncRight(TREATED, TREATED_ENDED).quantile_ci(0.5, method="cloglog")
    median = waiting_quantile(kaplan_meier(TREATED, TREATED_ENDED))
    assert median.low == low
    assert median.high is None
    assert high == np.inf


def test_nobody_done_is_no_median_and_nothing_waited_for_is_none_either() -> None:
    with pytest.raises(NotEnoughData, match="50%"):
        waiting_quantile(kaplan_meier([1, 2, 3], [False, False, False]))
    with pytest.raises(NotEnoughData):
        waiting_quantile(kaplan_meier([], []))
    with pytest.raises(NotEnoughData):
        restricted_mean(kaplan_meier([], []), 5)


def test_one_wait_has_a_median_whose_upper_end_is_open() -> None:
    median = waiting_quantile(kaplan_meier([3], [True]))
    assert (median.value, median.high, median.n) == (3, None, 1)


def test_an_end_at_the_moment_of_censoring_counts_first() -> None:
    assert kaplan_meier([2, 2], [True, False]).survival.tolist() == [0.5]


@pytest.mark.parametrize("time", [[-1.0], [float("nan")], [2.0, 1.0], [1.0, 1.0]])
def test_what_is_no_histogram_is_refused(time: list[float]) -> None:
    with pytest.raises(ValueError, match=r"histogram|negative"):
        survival_curves(time, np.ones(len(time)), np.zeros(len(time)))


def test_many_groups_at_once_give_what_each_gives_alone() -> None:
    generator = np.random.default_rng(12)
    durations, ended = generator.integers(1, 9, 400), generator.random(400) < 0.7
    group = generator.choice([0, 1, 3], 400)
    together = kaplan_meier_arrays(durations, ended, group=group, n_groups=5)
    for number in (0, 1, 3):
        alone = kaplan_meier(durations[group == number], ended[group == number])
        for share in (0.5, 0.9):
            assert waiting_quantile_arrays(together, share).value[number] == pytest.approx(
                waiting_quantile_arrays(alone, share).value[0], nan_ok=True
            )
        assert restricted_mean_arrays(together, 8).at(number).value == pytest.approx(
            restricted_mean(alone, 8).value
        )
    assert np.isnan(restricted_mean_arrays(together, 8).value[[2, 4]]).all()


def test_the_restricted_mean_agrees_with_lifelines() -> None:
    for horizon in (3.0, 10.0, 22.0):
        expected = restricted_mean_survival_time(KaplanMeierFitter().fit(WAITS, ENDED), t=horizon)
        assert restricted_mean(kaplan_meier(WAITS, ENDED), horizon).value == pytest.approx(expected)


@given(st.lists(st.integers(1, 30), min_size=2, max_size=50), st.integers(2, 40))
def test_with_nothing_open_the_restricted_mean_is_the_mean_of_what_is_cut_off(
    times: list[int], horizon: int
) -> None:
    cut = np.minimum(times, horizon)
    estimates = restricted_mean_arrays(kaplan_meier(times, [True] * len(times)), horizon)
    assert estimates.value[0] == pytest.approx(cut.mean())
    assert estimates.se[0] == pytest.approx(cut.std() / len(times) ** 0.5, abs=1e-9)


def test_nobody_followed_to_the_horizon_is_no_mean() -> None:
    with pytest.raises(NotEnoughData, match="horizon"):
        restricted_mean(kaplan_meier([1, 2], [True, False]), 3)
    assert restricted_mean(kaplan_meier([1, 2], [True, True]), 3).value == 1.5
    with pytest.raises(ValueError, match="positive"):
        restricted_mean(kaplan_meier([1, 2], [True, True]), 0)


def test_the_log_rank_test_gives_the_published_16_8_and_agrees_with_lifelines() -> None:
    one, two = kaplan_meier(TREATED, TREATED_ENDED), kaplan_meier(PLACEBO, [True] * 21)
    z, p = log_rank(one, two)
    expected = logrank_test(TREATED, PLACEBO, TREATED_ENDED, [1] * 21)
    assert z[0] ** 2 == pytest.approx(16.79, abs=0.005)
    assert z[0] ** 2 == pytest.approx(expected.test_statistic)
    assert p[0] == pytest.approx(expected.p_value)
    assert z[0] < 0


def test_medians_are_compared_with_interval_and_p() -> None:
    generator = np.random.default_rng(3)
    slow, fast = (kaplan_meier(generator.exponential(mean, 300), [True] * 300) for mean in (10, 5))
    change = waiting_quantile_difference(slow, fast).at(0)
    assert change.low < change.value < change.high
    assert change.low > 0
    assert change.p < 0.001
    same = waiting_quantile_difference(slow, slow).at(0)
    assert [same.value, same.p] == pytest.approx([0, 1])


def test_a_median_not_yet_known_cannot_be_compared() -> None:
    short, open_still = kaplan_meier(PLACEBO, [True] * 21), kaplan_meier([1, 2, 3], [False] * 3)
    with pytest.raises(NotEnoughData):
        waiting_quantile_difference(short, open_still).at(0)


def test_restricted_means_are_compared_by_their_errors() -> None:
    one = restricted_mean_arrays(kaplan_meier(TREATED, TREATED_ENDED), 23)
    two = restricted_mean_arrays(kaplan_meier(PLACEBO, [True] * 21), 23)
    change = welch(one, two).at(0)
    assert change.value == pytest.approx(float(one.value[0] - two.value[0]))
    assert change.p < 0.001
    assert change.low > 0


def test_customers_who_waited_once_get_the_plain_band() -> None:
    plain, named = kaplan_meier(WAITS, ENDED), kaplan_meier(WAITS, ENDED, customers=range(20))
    np.testing.assert_allclose(named.low, plain.low)
    assert waiting_quantile(named).method == waiting_quantile(plain).method
    assert waiting_quantile(named).n_customers == 20


def test_five_alike_waits_of_a_customer_count_as_about_one() -> None:
    generator = np.random.default_rng(9)
    times = generator.exponential(10, 80)
    once = waiting_quantile(kaplan_meier(times, [True] * 80))
    alike = waiting_quantile(
        kaplan_meier(np.repeat(times, 5), [True] * 400, customers=np.repeat(range(80), 5))
    )
    assert alike.value == pytest.approx(once.value)
    assert (alike.high or 0) - (alike.low or 0) == pytest.approx((once.high or 0) - (once.low or 0), rel=0.35)
    assert alike.method.endswith("clustered by customer")
    assert (alike.n, alike.n_customers) == (400, 80)


def test_one_customer_alone_has_times_without_an_interval() -> None:
    curves = kaplan_meier([1, 2, 3], [True] * 3, customers=["a"] * 3)
    median, mean = waiting_quantile(curves), restricted_mean(curves, 3)
    assert (median.value, median.low, median.high) == (2, None, None)
    assert (mean.low, mean.high) == (None, None)


def _coverage(customers: int, each: int, runs: int, seed: int) -> tuple[float, float]:
    """Coverage of the median and of the restricted mean to 20, a customer's waits being alike, some censored.

    Waits are exponential with mean 10 (median 6.93); what is still open is last seen after 5 to 40.
    """
    generator = np.random.default_rng(seed)
    shape = (runs, customers, each)
    times = np.broadcast_to(generator.exponential(10, shape[:2])[..., None], shape).ravel()
    seen = generator.uniform(5, 40, shape).ravel()
    group = np.repeat(np.arange(runs), customers * each)
    who = np.tile(np.repeat(np.arange(customers), each), runs)
    curves = kaplan_meier_arrays(
        np.minimum(times, seen), times <= seen, group=group, customers=who if each > 1 else None
    )
    median, mean = waiting_quantile_arrays(curves), restricted_mean_arrays(curves, 20.0)
    truth, truth_mean = 10 * np.log(2), 10 * (1 - np.exp(-2))
    high = np.where(np.isnan(median.high), np.inf, median.high)
    held = (median.low <= truth) & (truth <= high)
    known = ~np.isnan(mean.value)
    held_mean = (mean.low <= truth_mean) & (truth_mean <= mean.high)
    return float(held.mean()), float(held_mean[known].mean())


@pytest.mark.parametrize("each", [1, 5])
def test_median_and_restricted_mean_are_covered(each: int) -> None:
    median, mean = _coverage(60, each, 600, 21)
    assert 0.92 <= median <= 0.985
    assert 0.92 <= mean <= 0.985


def _false_alarms(customers: int, each: int, runs: int, seed: int) -> tuple[float, float]:
    """How often two alike groups are called different at 5%: by their medians, and by their restricted means."""
    generator = np.random.default_rng(seed)
    sides = []
    for _ in range(2):
        times = np.repeat(generator.exponential(10, runs * customers), each)
        seen = generator.uniform(5, 40, len(times))
        group = np.repeat(np.arange(runs), customers * each)
        who = np.repeat(np.arange(runs * customers), each)
        sides.append(kaplan_meier_arrays(np.minimum(times, seen), times <= seen, group=group, customers=who))
    medians = waiting_quantile_difference(sides[0], sides[1])
    means = welch(*(restricted_mean_arrays(side, 20.0) for side in sides))
    return float((medians.p < 0.05).mean()), float((means.p < 0.05).mean())


@pytest.mark.parametrize("each", [1, 4])
def test_alike_groups_are_rarely_called_different(each: int) -> None:
    by_median, by_mean = _false_alarms(60, each, 1500, 31)
    assert 0.025 <= by_median <= 0.075
    assert 0.025 <= by_mean <= 0.075


@pytest.mark.long
@pytest.mark.parametrize(("customers", "each"), [(30, 1), (200, 1), (40, 3), (80, 5)])
def test_the_coverage_of_waiting_times(customers: int, each: int) -> None:
    median, mean = _coverage(customers, each, 4000, customers)
    assert 0.93 <= median <= 0.98
    assert 0.925 <= mean <= 0.98
