"""Designs over time and by an instrument, against other packages and worlds with a known effect."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize

from regard.analytics.arrays import Floats, floats
from regard.analytics.effects.instrument import by_instrument
from regard.analytics.effects.interrupted import Interrupted, interrupted_series
from regard.analytics.effects.panel import Panel, before, difference_in_differences, over_time, panel_of
from regard.analytics.effects.synthetic import mixture, synthetic_control
from regard.kernel.errors import InvalidInput, NotEnoughData

EFFECT = 2.0
LINEARMODELS = (2.079987526735999, 0.21640418843982245, 64.24708429985589)


def shops(
    n: int,
    seed: int,
    *,
    treated: int,
    periods: int = 12,
    staggered: bool = False,
    drift: float = 0.0,
    effect: float = EFFECT,
) -> Panel:
    """Shops with levels of their own, a common season, and shocks that last; some treated from the middle on.

    Args:
        drift: by how much the treated grow faster anyway, each period.
    """
    generator = np.random.default_rng(seed)
    at = np.arange(periods)
    shocks = generator.normal(size=(n, periods))
    for period in range(1, periods):
        shocks[:, period] += 0.5 * shocks[:, period - 1]
    began = np.full(n, periods)
    began[:treated] = periods // 2
    if staggered:
        began[: treated // 2] = periods // 2 + 2
    status = at[None, :] >= began[:, None]
    level = generator.normal(10, 3, n)[:, None] + 0.5 * (began < periods)[:, None]
    y = level + np.sin(at) + shocks + effect * status + drift * at * (began < periods)[:, None]
    unit, time = (
        np.repeat(np.array([f"s{one:03}" for one in range(n)], dtype=object), periods),
        np.tile(at, n),
    )
    return panel_of(unit, time.astype(np.float64), y.ravel(), status.ravel().astype(np.float64))


def test_two_groups_and_one_start_are_a_regression_on_units_and_periods() -> None:
    panel = shops(20, 1, treated=8)
    unit, period = np.divmod(np.arange(panel.outcome.size), len(panel.periods))
    status = (period >= panel.began[unit]).astype(np.float64)
    x = np.column_stack((status, unit[:, None] == np.arange(20), period[:, None] == np.arange(1, 12)))
    fitted = sm.OLS(panel.outcome.ravel(), x.astype(np.float64)).fit(
        cov_type="cluster", cov_kwds={"groups": unit}
    )
    found = difference_in_differences(panel)
    assert found.value == pytest.approx(fitted.params[0])
    assert found.se == pytest.approx(fitted.bse[0], rel=0.1)


def test_starts_at_different_times_are_each_held_against_the_never_treated() -> None:
    found = difference_in_differences(shops(200, 2, treated=80, staggered=True))
    assert found.low < EFFECT < found.high


def test_a_treated_group_that_grew_faster_before_is_noticed() -> None:
    earlier = before(shops(60, 3, treated=30, drift=0.3))
    assert earlier is not None
    assert earlier.p < 0.001
    alike = before(shops(60, 3, treated=30))
    assert alike is not None
    assert alike.p > 0.05


def test_effects_over_time_are_none_before_and_all_after() -> None:
    found = over_time(shops(300, 4, treated=150))
    values = np.array([one.value for one in found.effects])
    assert np.abs(values[found.since < 0]).max() < 0.8
    assert values[found.since >= 0] == pytest.approx(EFFECT, abs=0.8)


def test_a_mixture_is_that_of_a_general_optimiser() -> None:
    generator = np.random.default_rng(5)
    donors = generator.normal(size=(6, 10)).cumsum(axis=1)
    target = donors.T @ [0.5, 0.3, 0.2, 0, 0, 0] + 0.1 * generator.normal(size=10)
    other = minimize(
        lambda weight: ((target - weight @ donors) ** 2).sum(), np.full(6, 1 / 6), method="SLSQP", bounds=[(0, 1)] * 6,
        constraints={"type": "eq", "fun": lambda weight: weight.sum() - 1}, options={"ftol": 1e-14},
    )  # fmt: skip
    assert mixture(floats(target), donors) == pytest.approx(other.x, abs=1e-4)


def test_one_treated_unit_is_held_against_a_mixture() -> None:
    panel = shops(30, 6, treated=1, periods=30, effect=4.0)
    found = synthetic_control(panel)
    assert found.weights.sum() == pytest.approx(1)
    assert found.effect.low < 4.0 < found.effect.high
    assert found.effect.p < 0.1


def test_one_treated_unit_without_an_effect_has_a_small_p_once_in_twenty() -> None:
    p = [synthetic_control(shops(21, 100 + run, treated=1, effect=0.0)).effect.p for run in range(30)]
    assert np.mean(np.array(p) <= 0.05) < 0.17


def series(n: int, seed: int, *, together: float = 0.4) -> Interrupted:
    """A trend that jumps by 2 and turns by 0.1 a period at its middle, with shocks that last."""
    generator = np.random.default_rng(seed)
    shock = np.zeros(n)
    for place in range(n):
        shock[place] = (together * shock[place - 1] if place else 0) + generator.normal()
    at = np.arange(n, dtype=np.float64)
    after = at >= n // 2
    return interrupted_series(at, 5 + 0.05 * at + after * (2 + 0.1 * (at - n // 2)) + shock, floats(after))


def true_mean(n: int) -> float:
    return 2 + 0.1 * (n - n // 2 - 1) / 2


def test_an_interrupted_series_has_its_jump_and_its_turn() -> None:
    found = series(400, 3)
    assert found.together == pytest.approx(0.4, abs=0.15)
    assert found.level.low < 2 < found.level.high
    assert found.slope.low < 0.1 < found.slope.high
    assert found.mean.low < true_mean(400) < found.mean.high


def people(n: int, seed: int, *, strength: float = 1.0) -> tuple[Floats, Floats, Floats, Floats]:
    """Outcome, treatment, an instrument by lot, and a confounder; something hidden is behind treatment and outcome."""
    generator = np.random.default_rng(seed)
    hidden, x = generator.normal(size=(2, n))
    z = (generator.random(n) < 0.5).astype(np.float64)
    t = strength * z + hidden + 0.5 * x + generator.normal(size=n)
    y = EFFECT * t + 2 * hidden - x + generator.normal(size=n) * (1 + z)
    return floats(y), floats(t), z, x[:, None]


def test_an_instrument_tells_what_linearmodels_tells() -> None:
    """IV2SLS of linearmodels 7.1, robust and debiased, and HC1 of the first stage, asked in an environment of its own."""
    found = by_instrument(*people(400, 12))
    assert (found.effect.value, found.effect.se, found.first_stage) == pytest.approx(LINEARMODELS, rel=1e-6)


def test_an_instrument_finds_what_something_hidden_hides() -> None:
    found = by_instrument(*people(3000, 3))
    assert found.least_squares > EFFECT + 0.5
    assert found.effect.low < EFFECT < found.effect.high
    assert found.low < EFFECT < found.high


def test_a_weak_instrument_bounds_nothing_and_says_so() -> None:
    found = by_instrument(*people(300, 4, strength=0.02))
    assert found.first_stage < 10
    assert (found.is_bounded, found.low) == (False, -np.inf)


def covered_series(runs: int, n: int, together: float) -> float:
    found = [series(n, 500 + run, together=together).mean for run in range(runs)]
    return float(np.mean([one.low <= true_mean(n) <= one.high for one in found]))


def covered_shops(runs: int, treated: int) -> float:
    found = [difference_in_differences(shops(30, 500 + run, treated=treated)) for run in range(runs)]
    return float(np.mean([one.low <= EFFECT <= one.high for one in found]))


def covered_people(runs: int, strength: float) -> float:
    found = [by_instrument(*people(250, 500 + run, strength=strength)) for run in range(runs)]
    return float(np.mean([one.low <= EFFECT <= one.high for one in found]))


def test_intervals_hold_the_truth_in_a_few_runs() -> None:
    assert covered_shops(30, 10) > 0.8
    assert covered_people(50, 0.3) > 0.84
    assert covered_series(8, 40, 0.3) > 0.6


@pytest.mark.long
@pytest.mark.parametrize("treated", [4, 10])
def test_differences_of_differences_hold_the_truth_nineteen_times_in_twenty(treated: int) -> None:
    assert 0.92 <= covered_shops(1000, treated) <= 0.98


@pytest.mark.long
@pytest.mark.parametrize("strength", [0.3, 1.0])
def test_anderson_and_rubins_interval_holds_the_truth_also_of_weak_instruments(strength: float) -> None:
    assert 0.93 <= covered_people(800, strength) <= 0.985


@pytest.mark.long
@pytest.mark.parametrize(("n", "together"), [(40, 0.0), (40, 0.4), (100, 0.4), (100, 0.6)])
def test_an_interrupted_series_holds_the_truth_nineteen_times_in_twenty(n: int, together: float) -> None:
    assert 0.92 <= covered_series(600, n, together) <= 0.985


def test_what_these_designs_cannot_tell_is_refused() -> None:
    with pytest.raises(NotEnoughData, match="--design synthetic"):
        difference_in_differences(shops(20, 1, treated=1))
    with pytest.raises(NotEnoughData, match="--design interrupted"):
        difference_in_differences(shops(20, 1, treated=20))
    with pytest.raises(NotEnoughData, match="at least 3 and 5"):
        synthetic_control(shops(4, 1, treated=1))
    with pytest.raises(NotEnoughData, match="2 different times"):
        synthetic_control(shops(20, 1, treated=4, staggered=True))
    at = np.arange(20.0)
    with pytest.raises(InvalidInput, match="ends again"):
        interrupted_series(at, at**2, floats((at > 5) & (at < 12)))
    with pytest.raises(NotEnoughData, match="3 periods after"):
        interrupted_series(at, at**2, floats(at > 16))
    y, t, _, x = people(200, 1)
    with pytest.raises(InvalidInput, match="instrument does not vary"):
        by_instrument(y, t, np.ones(200), x)
