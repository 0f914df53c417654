"""The parts of the models beside statsmodels, which has its own."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.seasonal import STL

from regard.analytics.arrays import Floats
from regard.analytics.forecasting.decomposition import mstl, stl
from regard.analytics.forecasting.models import ALL, MEAN, NAIVE, Shape, Windows, candidates
from regard.analytics.forecasting.smoothing import Smoothing, best_smoothing, level_only, theta
from regard.analytics.forecasting.tests.made import made


@pytest.mark.parametrize(("season", "width", "n"), [(24, 11, 740), (168, 7, 1400), (12, 15, 100)])
def test_seasons_and_trend_are_those_of_stl(season: int, width: int, n: int) -> None:
    values = made("multiplied", n, season, 1)
    theirs = STL(values, period=season, seasonal=width, seasonal_deg=0).fit(inner_iter=2)
    seasonal, trend = stl(values[None], season, width)
    np.testing.assert_allclose(trend[0], theirs.trend, atol=1e-6)
    np.testing.assert_allclose(seasonal[0], theirs.seasonal, atol=1e-6)


def test_many_series_are_taken_apart_as_each_by_itself() -> None:
    values = np.array([made("noise", 700, 24, seed) for seed in range(3)])
    together = mstl(values, (24, 168))
    for place, one in enumerate(values):
        np.testing.assert_allclose(together.expected[place], mstl(one[None], (24, 168)).expected[0])


def test_what_a_series_is_made_of_adds_up_and_goes_on() -> None:
    t = np.arange(24 * 70, dtype=np.float64)
    values = 50 + 0.01 * t + 5 * np.sin(2 * np.pi * t / 24) + 3 * np.cos(2 * np.pi * t / 168)
    parts = mstl(values[None], (24, 168))
    assert np.abs(parts.expected[0] - values).max() < 0.1
    found = Windows(values[None, :-48], Shape((24, 168), 168, 48, False)).forecasts(["MSTL + ETS"])
    assert np.abs(found["MSTL + ETS"][0] - values[-48:]).max() < 0.3


@pytest.mark.parametrize(("trend", "fades"), [(None, False), ("add", False), ("add", True)])
def test_smoothing_is_that_of_statsmodels(trend: str | None, fades: bool) -> None:
    values = made("walk", 300, 300, 2)
    model = ETSModel(values, trend=trend, damped_trend=fades).fit(disp=0)
    theirs = dict(zip(model.model.param_names, model.params, strict=True))
    ours = Smoothing(
        theirs["smoothing_level"],
        theirs.get("smoothing_trend", 0.0),
        theirs.get("damping_trend", 1.0) if trend else 0.0,
    )
    assert float((ours.errors(values[None]) ** 2).sum()) == pytest.approx(model.sse, rel=1e-4)
    np.testing.assert_allclose(ours.ahead(values[None], 5)[0], model.forecast(5), rtol=1e-4)


def test_the_best_smoothing_is_no_worse_than_that_of_statsmodels() -> None:
    values = made("autoregressive", 400, 400, 3)
    theirs = min(
        float(ETSModel(values, trend=trend, damped_trend=fades).fit(disp=0).sse)
        for trend, fades in ((None, False), ("add", True))
    )
    chosen, level = best_smoothing(values)
    assert float((chosen.errors(values[None]) ** 2).sum()) < 1.01 * theirs
    assert not level.phi


def test_theta_is_that_of_statsmodels() -> None:
    values = made("walk", 300, 300, 4) + 0.2 * np.arange(300)
    theirs = ThetaModel(values, period=1, deseasonalize=False).fit()
    level, _ = level_only(values)
    np.testing.assert_allclose(theta(values[None], level, 6)[0], theirs.forecast(6), rtol=2e-3)


def test_hours_in_which_nothing_ever_came_stay_empty() -> None:
    day = np.concatenate([np.zeros(10), np.full(8, 20.0), np.zeros(6)])
    values = np.random.default_rng(5).poisson(np.tile(day, 49)).astype(np.float64)
    found = Windows(values[None], Shape((24, 168), 168, 24, True)).forecasts(
        candidates(Shape((24, 168), 168, 24, True))
    )
    for one in found.values():
        assert (one[0, :8] == 0).all()
        assert one[0, 11:17].min() > 5


def test_the_simplest_models_repeat_and_average() -> None:
    values: Floats = np.tile([1.0, 2.0, 3.0, 4.0], 5) + np.repeat(np.arange(5.0), 4)
    shape = Shape((), 4, 6, True)
    found = Windows(values[None], shape).forecasts([NAIVE, MEAN, ALL])
    assert found[NAIVE][0].tolist() == [5, 6, 7, 8, 5, 6]
    assert found[MEAN][0].tolist() == [3, 4, 5, 6, 3, 4]
    assert found[ALL].shape == (1, 6)
