"""Whether the best model is found, and whether its intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.forecasting.forecast import forecast
from regard.analytics.forecasting.given import fill, outliers
from regard.analytics.forecasting.models import NAIVE, Shape
from regard.analytics.forecasting.rolling import plan_tests
from regard.analytics.forecasting.special_days import SpecialDays
from regard.analytics.forecasting.tests.made import KINDS, made
from regard.kernel.errors import InvalidInput, NotEnoughData

# A day of eight intervals, to be quick.
DAY = 8
SHORT = Shape((8, 56), 56, 16, True)


def held(kind: str, runs: int, days: int, horizon: int, *, day: int = 24) -> float:
    """The share of values to come within their 95% intervals."""
    inside = []
    for seed in range(runs):
        whole = made(kind, day * days + horizon, day, 100 + seed)
        shape = Shape((day, 7 * day), 7 * day, horizon, bool(whole.min() >= 0))
        found = forecast(whole[:-horizon], shape, day=day)
        truth = whole[-horizon:]
        inside.append(((truth >= found.low) & (truth <= found.high)).mean())
    return float(np.mean(inside))


def test_intervals_hold_the_truth_in_a_small_sample() -> None:
    assert np.mean([held(kind, 2, 35, 16, day=DAY) for kind in ("counts", "autoregressive", "noise")]) >= 0.9


@pytest.mark.long
@pytest.mark.parametrize("days", [35, 84])
def test_95_percent_intervals_hold_the_truth(days: int) -> None:
    shares = {kind: held(kind, 40, days, 48) for kind in KINDS}
    assert min(shares.values()) >= 0.92, shares
    assert np.mean(list(shares.values())) >= 0.935, shares


@pytest.mark.long
def test_intervals_of_a_week_hold_the_truth() -> None:
    shares = {kind: held(kind, 25, 84, 168) for kind in KINDS if kind != "walk"}
    assert np.mean(list(shares.values())) >= 0.935, shares


def test_the_best_model_is_better_than_taking_the_last_week_again() -> None:
    whole = made("shocks", DAY * 56 + 16, DAY, 3)
    found = forecast(whole[:-16], SHORT, day=DAY)
    errors = {one.model: one.mase for one in found.models}
    assert errors[found.chosen] == min(errors.values()) < errors[NAIVE]
    again = np.abs(whole[-16:] - whole[-16 - 56 : -56]).mean()
    assert np.abs(whole[-16:] - found.value).mean() < again
    assert all(0.8 <= one.coverage <= 1 and 0 <= one.smape <= 2 and one.wql > 0 for one in found.models)


def test_the_same_series_gives_the_same_forecast() -> None:
    values = made("counts", DAY * 30, DAY, 4)
    first, second = forecast(values, SHORT, day=DAY), forecast(values, SHORT, day=DAY)
    np.testing.assert_array_equal(first.value, second.value)
    np.testing.assert_array_equal(first.high, second.high)


def test_a_series_a_million_times_as_large_is_foretold_a_million_times_as_large() -> None:
    values = made("autoregressive", DAY * 30, DAY, 5)
    small = forecast(values, Shape((8, 56), 56, 8, False), day=DAY)
    large = forecast(1e6 * values, Shape((8, 56), 56, 8, False), day=DAY)
    np.testing.assert_allclose(large.value, 1e6 * small.value, rtol=1e-3)


def test_gaps_and_single_outliers_hardly_move_the_forecast() -> None:
    values = made("noise", DAY * 42, DAY, 6)
    clean = forecast(values, SHORT, day=DAY)
    broken = values.copy()
    broken[200:212] = np.nan
    broken[290] = 5_000
    found = forecast(broken, SHORT, day=DAY)
    assert (found.n_gaps, found.n_outliers) == (12, 1)
    assert np.abs(found.value - clean.value).max() < 10
    assert np.abs(fill(broken, 56, DAY)[200:212] - values[200:212]).mean() < 20


def test_a_new_level_is_no_outlier() -> None:
    values = np.concatenate([np.full(300, 10.0), np.full(40, 90.0)]) + np.tile([0.0, 1.0], 170)
    assert not outliers(values, 4).any()


def test_holidays_are_told_from_those_before() -> None:
    values = made("counts", DAY * 70, DAY, 7) * 10
    day = np.arange(DAY * 70) // DAY
    past = np.where(np.isin(day, (20, 41)), 0, -1)
    values[past == 0] *= 0.25
    ahead = np.full(16, -1)
    ahead[DAY:] = 0
    usual = forecast(values, SHORT, day=DAY, special=SpecialDays(("May Day",), past, np.full(16, -1), day))
    found = forecast(values, SHORT, day=DAY, special=SpecialDays(("May Day",), past, ahead, day))
    np.testing.assert_allclose(found.value[:DAY], usual.value[:DAY])
    assert found.value[DAY:].sum() / usual.value[DAY:].sum() == pytest.approx(0.25, abs=0.1)
    size, n = found.effects.before(len(values), 0)
    assert (n, size) == (2, pytest.approx(0.25, abs=0.1))
    assert found.effects.before(20 * DAY, 0) == (1.0, 0)  # before the first nothing is known of it


def test_peaks_and_sums_of_days_have_intervals_of_their_own() -> None:
    values = made("shocks", DAY * 42, DAY, 8)
    found = forecast(values, SHORT, day=DAY)
    peak, total = found.peak(0, DAY), found.total(0, DAY)
    assert peak.low < peak.value == found.value[:DAY].max() < peak.high
    assert total.high - total.low < (found.high - found.low)[:DAY].sum()


def test_days_with_a_gap_each_have_a_peak_and_a_sum_all_the_same() -> None:
    values = made("noise", DAY * 42, DAY, 9)
    values[3::DAY] = np.nan
    found = forecast(values, SHORT, day=DAY)
    assert found.peak(0, DAY).low < found.peak(0, DAY).high
    assert found.total(0, DAY).low < found.total(0, DAY).high


def test_windows_know_nothing_of_what_they_foretell() -> None:
    plan = plan_tests(1_000, SHORT, DAY)
    assert plan.window + plan.step * (plan.tests - 1) + SHORT.horizon == 1_000
    assert plan.window >= 2 * 56


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.full(300, np.nan), "empty in every whole interval"),
        (np.full(300, 4.0), "comes to 4 in every interval"),
        (np.array([1.0, 2.0]), "There are 2 intervals"),
        (np.r_[np.arange(299.0), np.inf], "infinite"),
        (1e12 * np.arange(300.0), "stay below"),
        (np.where(np.arange(300) % 3, np.nan, np.arange(300.0)), "only 100 have a value"),
        (np.arange(40.0), "Give a longer past"),
    ],
)
def test_what_cannot_be_foretold_is_refused(values: np.ndarray, said: str) -> None:
    with pytest.raises((InvalidInput, NotEnoughData), match=said):
        forecast(values, SHORT, day=DAY)
