"""Renewals: the published segments, a simulation, and what the formulas promise."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.arrays import Floats
from regard.analytics.buying.shifted_beta_geometric import Sbg, fit_sbg
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
