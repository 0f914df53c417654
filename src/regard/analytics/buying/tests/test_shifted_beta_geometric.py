"""Renewals: the published segments, a simulation, and what the formulas promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import hyp2f1
from scipy.stats import beta

from regard.analytics.arrays import Floats
from regard.analytics.buying.shifted_beta_geometric import Sbg, fit_bdw, fit_sbg
from regard.kernel.errors import InvalidInput, NotEnoughData

# Percent still there after each year, Fader and Hardie (2007), table 1.
HIGH_END = (86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4)
REGULAR = (63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3)
YEARS = 7


def of_segment(shares: tuple[float, ...], customers: int = 1000) -> Sbg:
    there = np.rint(np.array([100.0, *shares[:YEARS]]) * customers / 100)
    lost = -np.diff(there)
    return fit_sbg(np.arange(YEARS + 1.0), np.r_[np.ones(YEARS), 0.0], np.r_[lost, there[-1]])


@pytest.mark.parametrize(
    ("shares", "alpha", "beta", "log_likelihood"),
    [(HIGH_END, 0.668, 3.806, -1611.2), (REGULAR, 0.704, 1.182, -1680.3)],
)
def test_the_published_segments(
    shares: tuple[float, ...], alpha: float, beta: float, log_likelihood: float
) -> None:
    found = of_segment(shares)
    assert (round(found.alpha, 3), round(found.beta, 3)) == (alpha, beta)
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=0.06)
    # Five more years, not looked at, are told within two points.
    np.testing.assert_allclose(100 * found.survival(np.arange(8.0, 13.0)), shares[7:], atol=2.0)


def drawn(seed: int, n: int, alpha: float, beta: float, periods: int) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    left_at = random.geometric(np.clip(random.beta(alpha, beta, n), 1e-9, 1.0))
    return np.minimum(left_at - 1, periods).astype(np.float64), (left_at <= periods).astype(np.float64)


def test_what_is_still_to_come_agrees_with_a_simulation() -> None:
    model = Sbg(0.7, 2.5, np.eye(2), 0.0, 1)
    renewed, _ = drawn(3, 400_000, 0.7, 2.5, 10)
    here = renewed >= 3
    further = np.minimum(renewed[here] - 3, 5)
    assert model.renewals(np.array([3.0]), 5)[0] == pytest.approx(further.mean(), abs=0.02)
    later = [np.where(renewed[here] - 3 >= ahead, 1.1**-ahead, 0.0).mean() for ahead in range(1, 6)]
    assert model.renewals(np.array([3.0]), 5, discount=0.1)[0] == pytest.approx(sum(later), abs=0.02)


def test_a_lifetime_is_the_sum_of_discounted_survival() -> None:
    model = of_segment(HIGH_END)
    years = np.arange(1000.0)
    assert model.lifetime(0.1) == pytest.approx((model.survival(years) / 1.1**years).sum(), rel=1e-8)
    assert model.lifetime(0.1, renewed=4) > model.lifetime(0.1)
    with pytest.raises(InvalidInput, match="above 0"):
        model.lifetime(0.0)


@pytest.mark.parametrize("renewed", [0, 1, 4])
def test_a_lifetime_is_the_published_closed_form(renewed: int) -> None:
    """Fader and Hardie (2010), equations 6 and 7: Gauss's hypergeometric function instead of a sum."""
    model = of_segment(HIGH_END)
    start = model.beta + renewed
    expected = hyp2f1(1, start, model.alpha + start, 1 / 1.1)
    assert model.lifetime(0.1, renewed=renewed) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("c", [0.6, 1.0, 1.7])
def test_survival_is_that_of_single_customers_integrated_over_all(c: float) -> None:
    model = replace(of_segment(HIGH_END), c=c)
    leaving = beta(model.alpha, model.beta)
    for years in (1, 3, 7):
        expected = quad(lambda chance, at=years: leaving.pdf(chance) * (1 - chance) ** (at**c), 0, 1)[0]
        assert float(model.survival(np.array([float(years)]))[0]) == pytest.approx(expected, rel=1e-6)


def held(n: int, runs: int) -> Floats:
    """How often the intervals held alpha, beta and the survival to the ends of 3 and 9 periods."""
    truth, found = Sbg(0.7, 2.5, np.eye(2), 0.0, 1).survival(np.array([3.0, 9.0])), []
    for seed in range(runs):
        renewed, lost = drawn(seed, n, 0.7, 2.5, 6)
        kinds, counts = np.unique(2 * renewed + lost, return_counts=True)
        model = fit_sbg(kinds // 2, kinds % 2, counts.astype(np.float64))
        errors = np.sqrt(np.diag(model.covariance))
        away = np.abs(np.log([model.alpha / 0.7, model.beta / 2.5])) / errors
        periods = np.array([3.0, 9.0])
        further = np.abs(np.log(model.survival(periods) / truth)) / model.survival_errors(periods)
        found.append(np.r_[away, further] <= 1.96)
    return np.asarray(np.mean(found, axis=0), dtype=np.float64)


def test_intervals_hold_the_truth_in_a_few_runs() -> None:
    assert held(1000, 60).min() > 0.85


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    shares = np.array([held(n, 1000) for n in (500, 2000)])
    assert shares.min() > 0.92
    assert abs(shares.mean() - 0.95) < 0.015


def test_too_little_is_no_model() -> None:
    with pytest.raises(NotEnoughData, match="3 customers left and 5 renewed"):
        fit_sbg(np.array([0.0, 2.0]), np.array([1.0, 0.0]), np.array([3.0, 5.0]))
    with pytest.raises(NotEnoughData, match="fit no model"):
        fit_sbg(np.arange(6.0), np.r_[np.ones(5), 0.0], np.array([50, 80, 120, 180, 270, 300.0]))


# Of four years: as the packages foretell and retenmod have it, which scale the log-likelihood to 100 customers.
def test_the_published_segment_ages() -> None:
    there = np.array([100.0, *HIGH_END[:4]])
    found = fit_bdw(np.arange(5.0), np.r_[np.ones(4), 0.0], np.r_[-np.diff(there), there[-1]])
    assert list(found.parameters.values()) == pytest.approx([0.25936956, 1.72276277, 1.58428486], rel=2e-3)
    assert found.log_likelihood == pytest.approx(-122.27493183, abs=1e-5)
    told = [86.9146, 74.1928, 65.4782, 59.2929, 54.6604, 51.0361, 48.1035, 45.6678, 43.6026, 41.8220]
    np.testing.assert_allclose(100 * found.survival(np.arange(1.0, 11.0)), told, atol=5e-3)
    assert found.method.startswith("BdW")


def test_renewals_that_fall_are_told_too() -> None:
    truth = Sbg(1.5, 20.0, np.eye(3), 0.0, 1, 2.0)
    there = 10_000 * truth.survival(np.arange(7.0))
    lost = np.r_[-np.diff(there), there[-1]]
    found = fit_bdw(np.arange(7.0), np.r_[np.ones(6), 0.0], lost)
    assert list(found.parameters.values()) == pytest.approx([1.5, 20.0, 2.0], rel=1e-3)
    ratio = found.survival(np.array([3.0, 4.0, 5.0])) / found.survival(np.array([2.0]))
    assert ratio[1] / ratio[0] < ratio[0]
    assert found.renewals(np.array([2.0]), 3)[0] == pytest.approx(ratio.sum())
    with pytest.raises(NotEnoughData, match="fit no model"):
        fit_sbg(np.arange(7.0), np.r_[np.ones(6), 0.0], lost)


def aged(seed: int, n: int, c: float) -> tuple[Floats, Floats, Floats]:
    """Customers seen for up to eight periods, whose chance to stay so long has their periods to the power of c."""
    random = np.random.default_rng(seed)
    stays = 1 - random.beta(0.7, 2.5, n)
    periods = np.arange(1.0, 9.0)
    renewed = (random.random(n)[:, None] < stays[:, None] ** periods**c).sum(axis=1).astype(np.float64)
    kinds, counts = np.unique(2 * renewed + (renewed < 8), return_counts=True)
    return kinds // 2, kinds % 2, counts.astype(np.float64)


def ageing_held(n: int, runs: int) -> Floats:
    """How often the intervals hold alpha, beta, c and the survival of 4 and 12 periods."""
    found, periods = [], np.array([4.0, 12.0])
    truth = Sbg(0.7, 2.5, np.eye(3), 0.0, 1, 1.3)
    for seed in range(runs):
        model = fit_bdw(*aged(seed, n, 1.3))
        errors = np.sqrt(np.diag(model.covariance))
        away = np.abs(np.log([model.alpha / 0.7, model.beta / 2.5, model.c / 1.3])) / errors
        further = np.log(model.survival(periods) / truth.survival(periods))
        found.append(np.r_[away, np.abs(further) / model.survival_errors(periods)] <= 1.96)
    return np.asarray(np.mean(found, axis=0), dtype=np.float64)


def test_intervals_hold_ageing_in_a_few_runs() -> None:
    assert ageing_held(3000, 20).min() >= 0.75


@pytest.mark.long
def test_intervals_hold_ageing_as_often_as_they_say() -> None:
    shares = ageing_held(3000, 500)
    assert shares.min() >= 0.92
    assert abs(shares.mean() - 0.95) < 0.015


def test_a_peak_so_flat_that_nothing_is_told_is_none() -> None:
    """Eight contracts, of which each that ended did so at the first renewal: beta and c can be anything."""
    with pytest.raises(NotEnoughData, match="fit no model"):
        fit_bdw(np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0, 0.0]), np.array([60.0, 15.0, 5.0]))
