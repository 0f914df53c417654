"""Differences against gbstats, scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from regard.analytics.arrays import Floats
from regard.analytics.experiments.chances import chances
from regard.analytics.experiments.comparisons import Compared, compare, compare_shares
from regard.analytics.experiments.moments import Moments, moments, moments_of_sums
from regard.analytics.experiments.ordinal import compare_scores
from regard.analytics.experiments.quantiles import compare_quantiles
from regard.analytics.experiments.sequences import sequence_reach

# Sums such as stand in the public tests of GrowthBook's gbstats, whose figures for them were computed by gbstats 0.8.0
# in an environment of its own (it needs numpy and pandas of its time).
A = moments_of_sums(3407, 1396.87, 52377.9767)
B = moments_of_sums(3461, 2422.7, 134698.29)


def interval(found: Compared) -> tuple[float, float]:
    return float(found.low), float(found.high)


def two(y: Floats, variant: Floats, z: Floats | None = None) -> tuple[Moments, Moments]:
    found = moments(variant.astype(np.int64), y, z=z)
    return found[1], found[0]


def test_a_difference_of_means_is_that_of_gbstats() -> None:
    found = compare(B, A)
    assert found.difference == pytest.approx(0.29, abs=1e-12)
    assert interval(found) == pytest.approx((0.04537789255929012, 0.5346221074407098), abs=1e-9)
    assert found.p == pytest.approx(0.020158402643587037, abs=1e-9)
    assert found.relative == pytest.approx(0.7073170731707317, abs=1e-12)


def test_a_difference_that_holds_at_every_look_is_that_of_gbstats() -> None:
    found = compare(B, A, tightest=5_000)
    assert interval(found) == pytest.approx((-0.08941009553834556, 0.6694100955383455), abs=1e-9)
    assert found.p == pytest.approx(0.2907445591859732, abs=1e-9)


def test_chance_to_win_and_risk_are_those_of_gbstats() -> None:
    found = compare(B, A)
    flat = chances(found.difference, found.se)
    assert flat.chance_to_win == pytest.approx(0.9899378629114758, abs=1e-10)
    assert flat.risk == pytest.approx(0.00042576009971912116, abs=1e-10)
    assert flat.baseline_risk == pytest.approx(0.2904257600997191, abs=1e-10)
    prior = chances(found.difference, found.se, prior_sd=0.3 * found.baseline)
    assert prior.mean == pytest.approx(0.1429125886709644, abs=1e-10)
    assert prior.chance_to_win == pytest.approx(0.9486034288671136, abs=1e-10)
    assert prior.risk == pytest.approx(0.0018896558406665544, abs=1e-10)
    turned = chances(found.difference, found.se, lower_is_better=True)
    assert turned.chance_to_win == pytest.approx(1 - 0.9899378629114758, abs=1e-10)
    assert turned.risk == pytest.approx(0.2904257600997191, abs=1e-10)


def test_cuped_and_ratios_are_those_of_gbstats() -> None:
    this = moments_of_sums(100, 261, 1100, sz=125, szz=710, syz=640)
    that = moments_of_sums(100, 222, 1002, sz=120, szz=700, syz=600)
    found = compare(this, that)
    assert found.difference == pytest.approx(0.3607928820813151, abs=1e-10)
    assert interval(found) == pytest.approx((-0.10420008766014927, 0.8257858518227794), abs=1e-9)
    assert found.p == pytest.approx(0.127574668324566, abs=1e-9)
    this = moments_of_sums(210, 330, 1000, sx=505, sxx=2650, sxy=1490)
    that = moments_of_sums(200, 300, 869, sx=500, sxx=2600, sxy=1400)
    found = compare(this, that)
    assert found.difference == pytest.approx(0.05346534653465351, abs=1e-12)
    assert interval(found) == pytest.approx((-0.015441335713720597, 0.12237202878302762), abs=1e-9)
    assert found.p == pytest.approx(0.12795538540779505, abs=1e-9)


def test_single_units_give_what_scipy_gives_also_beside_a_huge_number() -> None:
    generator = np.random.default_rng(1)
    variant = np.repeat([0.0, 1.0], (40, 25))
    y = generator.gamma(2, 3, 65) + variant
    for shift in (0.0, 1e9):
        found = compare(*two(y + shift, variant))
        expected = stats.ttest_ind(y[40:], y[:40], equal_var=False)
        assert found.p == pytest.approx(expected.pvalue, rel=1e-5)
        low, high = expected.confidence_interval()
        assert interval(found) == pytest.approx((low, high), rel=1e-5)


def test_shares_give_what_statsmodels_gives() -> None:
    found = compare_shares(moments_of_sums(80, 48, 48), moments_of_sums(70, 56, 56))
    assert found.p == pytest.approx(proportions_ztest([48, 56], [80, 70])[1], rel=1e-9)
    low, high = confint_proportions_2indep(48, 80, 56, 70, method="newcomb")
    assert interval(found) == pytest.approx((low, high), abs=1e-9)
    assert found.relative == pytest.approx(0.6 / 0.8 - 1)
    assert found.relative_low < found.relative < found.relative_high < 0


def test_none_against_all_still_has_a_chance_to_win() -> None:
    found = compare_shares(moments_of_sums(6, 6, 6), moments_of_sums(6, 0, 0))
    assert (found.difference, found.high) == (1, 1)
    assert 0.99 < chances(found.difference, found.se).chance_to_win < 1


def test_a_share_of_the_baseline_has_the_interval_in_which_the_adjusted_difference_is_not_told() -> None:
    generator = np.random.default_rng(4)
    variant = np.repeat([0.0, 1.0], 300)
    before = generator.gamma(2, 3, 600)
    y = before + generator.normal(size=600) + variant
    found = compare(*two(y, variant, z=before))
    assert found.explained > 0.9
    assert found.relative_low < found.relative < found.relative_high
    plain = compare(*two(y, variant))
    # Fieller's ends are those shares r at which the mean of the variant less (1 + r) times the baseline's is just told.
    low = float(plain.relative_low)
    scaled = np.where(variant == 0, y * (1 + low), y)
    m = moments(variant.astype(np.int64), scaled)
    edge = compare(m[1], m[0])
    assert abs(edge.difference) / edge.se == pytest.approx(1.965, abs=5e-3)


def test_scores_give_what_scipy_gives() -> None:
    generator = np.random.default_rng(2)
    this, that = generator.integers(2, 11, 70).astype(float), generator.integers(0, 11, 50).astype(float)
    found = compare_scores(this, that)
    expected = stats.brunnermunzel(this, that)
    assert found.p == pytest.approx(expected.pvalue, rel=1e-6)
    higher = np.sign(this[:, None] - that[None, :]).mean()
    assert found.difference == pytest.approx(higher)
    assert found.low < higher < found.high
    apart = compare_scores(np.array([4.0, 5.0]), np.array([1.0, 2.0]))
    assert apart.difference == 1
    assert np.isnan(apart.p)


def test_quantiles_of_the_same_units_differ_by_what_was_added() -> None:
    generator = np.random.default_rng(3)
    y = generator.exponential(10, 2_000)
    found = compare_quantiles(y + 2, y, 0.9)
    assert found.difference == pytest.approx(2)
    assert found.low < 2 < found.high
    assert (found.p < 0.05) == (found.low > 0)
    assert found.relative == pytest.approx(2 / np.quantile(y, 0.9), rel=0.01)
    assert np.isnan(compare_quantiles(y[:20], y[:20], 0.99).high)


def test_a_quantile_looked_at_reaches_as_much_further_as_a_mean() -> None:
    generator = np.random.default_rng(3)
    this, that = generator.exponential(10, (2, 20_000))
    for share in (0.5, 0.9):
        once, looked = (
            compare_quantiles(this, that, share),
            compare_quantiles(this, that, share, tightest=5_000),
        )
        wider = sequence_reach(40_000) / 1.96
        assert (looked.high - looked.low) / (once.high - once.low) == pytest.approx(wider, rel=0.1)
        assert (looked.p < 0.05) == (looked.low > 0 or looked.high < 0)
    assert np.isnan(compare_quantiles(this[:9], that[:9], tightest=5_000).p)


def test_the_time_before_of_scores_takes_out_what_the_lot_had_put_between_them() -> None:
    generator = np.random.default_rng(4)
    before = generator.normal(size=(2, 500))
    this, that = np.round(before + generator.normal(0, 0.5, (2, 500)))
    plain = compare_scores(this, that)
    adjusted = compare_scores(this, that, before=(before[0], before[1]))
    assert adjusted.explained > 0.6
    assert adjusted.se == pytest.approx(plain.se * np.sqrt(1 - adjusted.explained))
    assert abs(adjusted.difference) < abs(plain.difference)
    # Only the order of what was before counts, and what says nothing takes nothing out.
    again = compare_scores(this, that, before=(np.exp(before[0]) * 1e12, np.exp(before[1]) * 1e12))
    assert again.difference == pytest.approx(adjusted.difference, abs=1e-12)
    same = compare_scores(this, that, before=(np.zeros(500), np.zeros(500)))
    assert (same.difference, same.p) == (plain.difference, plain.p)


def test_units_that_are_all_alike_give_a_difference_without_an_interval() -> None:
    found = compare(moments_of_sums(50, 100, 200), moments_of_sums(50, 150, 450))
    assert found.difference == -1
    assert np.isnan([found.low, found.high, found.p]).all()


def test_a_baseline_near_nothing_has_no_share() -> None:
    generator = np.random.default_rng(5)
    variant = np.repeat([0.0, 1.0], 100)
    found = compare(*two(generator.normal(size=200) + variant, variant))
    assert np.isnan(found.relative_low)
    assert np.isnan(found.relative_high)


def test_many_metrics_at_once_give_each_what_it_gives_alone() -> None:
    generator = np.random.default_rng(6)
    n = generator.integers(100, 200, (5, 3)).astype(float)
    sy = n * generator.uniform(1, 2, (5, 3))
    syy = sy**2 / n + n * generator.uniform(1, 2, (5, 3))
    whole = moments_of_sums(n, sy, syy)
    found = compare(whole[:, 1:], whole[:, :1])
    one = moments_of_sums(n[3, 2], sy[3, 2], syy[3, 2])
    alone = compare(one, moments_of_sums(n[3, 0], sy[3, 0], syy[3, 0]))
    for name in ("difference", "low", "high", "p", "relative_low"):
        assert getattr(found, name)[3, 1] == pytest.approx(float(getattr(alone, name)), rel=1e-12)
