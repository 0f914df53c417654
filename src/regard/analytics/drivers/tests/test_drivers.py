"""Shares of R² against published figures, other ways of computing them, and simulated truth."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regard.analytics.arrays import Floats
from regard.analytics.drivers.dominance import dominance
from regard.analytics.drivers.key_drivers import KeyDrivers, key_drivers
from regard.analytics.drivers.lmg import lmg, lmg_by_orders, random_orders
from regard.analytics.drivers.relative_weights import relative_weights
from regard.analytics.drivers.subsets import subset_r2
from regard.kernel.errors import InvalidInput, NotEnoughData

# Motor Trend (1974): am, vs, cyl and mpg of 32 cars (Henderson and Velleman 1981, Biometrics 37, 391-411).
MPG = [
    *(21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4),
    *(14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4),
]
AM = [int(one) for one in "11100000000000000111000001111111"]
VS = [int(one) for one in "00110101111000000111100001010001"]
CYL = [int(one) for one in "66468684466888888444488884448684"]
CARS = np.column_stack((AM, VS, CYL))


def correlated(drivers: int, n: int, seed: int) -> tuple[Floats, Floats]:
    """Drivers that go together, and an outcome that some of them carry."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(n, drivers)) + 0.7 * generator.normal(size=(n, 1))
    y = x[:, : drivers // 2].sum(axis=1) + generator.normal(size=n) * drivers
    return x, y


def matrix_of(x: Floats, y: Floats) -> Floats:
    return np.asarray(np.corrcoef(np.column_stack((x, y)).T))


def r2_by_regression(matrix: Floats, chosen: tuple[int, ...]) -> float:
    part = list(chosen)
    link = matrix[part, -1]
    return float(link @ np.linalg.solve(matrix[np.ix_(part, part)], link)) if part else 0.0


def test_motor_trend_cars_give_the_published_general_dominance() -> None:
    # domir's manual: mpg ~ am + vs + cyl.
    found = lmg(matrix_of(CARS, np.array(MPG)))
    assert found == pytest.approx([0.177489, 0.202703, 0.381785], abs=5e-7)


# Fertility in 47 Swiss districts, 1888 (Mosteller and Tukey 1977), on which the R package relaimpo shows LMG. Correlations
# of agriculture, examination, education, catholic and infant mortality, then fertility; both from R 4.2.2 (`swiss`), the
# shares as the mean gain in R² of `lm` over all 120 orders.
SWISS = (
    *(-0.686542208617137, -0.63952251894832, 0.40109505304874, -0.0608586084165816, 0.353079183619975),
    *(0.698415296288483, -0.572741806064167, -0.114021596482034, -0.645882706457288),
    *(-0.153858917090915, -0.0993218458213457, -0.663788857035069),
    *(0.175495907596623, 0.463684700651794, 0.416556031434983),
)
SWISS_SHARES = (
    0.0570912207680911,
    0.1711730289002344,
    0.2601346786243840,
    0.1055701503734936,
    0.1127659229265220,
)


def test_swiss_districts_give_what_r_gives() -> None:
    matrix = np.eye(6)
    matrix[np.triu_indices(6, 1)] = SWISS
    found = lmg(matrix + np.triu(matrix, 1).T)
    assert found == pytest.approx(SWISS_SHARES, abs=1e-12)


def test_every_set_has_the_r2_of_its_regression() -> None:
    matrix = matrix_of(*correlated(5, 200, 1))
    found = subset_r2(matrix)[:, 0]
    for place, r2 in enumerate(found):
        chosen = tuple(driver for driver in range(5) if place >> driver & 1)
        assert r2 == pytest.approx(r2_by_regression(matrix, chosen), abs=1e-12)


def test_lmg_is_the_mean_over_all_orders() -> None:
    matrix = matrix_of(*correlated(5, 100, 2))
    total = np.zeros(5)
    for order in itertools.permutations(range(5)):
        for place, driver in enumerate(order):
            total[driver] += r2_by_regression(matrix, order[: place + 1])
            total[driver] -= r2_by_regression(matrix, order[:place])
    assert lmg(matrix) == pytest.approx(total / math.factorial(5), abs=1e-12)
    orders = np.array([*itertools.permutations(range(5))])
    assert lmg_by_orders(matrix, orders)[0] == pytest.approx(total / math.factorial(5), abs=1e-8)


@settings(max_examples=30)
@given(drivers=st.integers(1, 8), seed=st.integers(0, 10_000))
def test_shares_are_never_negative_and_add_up_to_r2(drivers: int, seed: int) -> None:
    matrix = matrix_of(*correlated(drivers, 60, seed))
    whole = r2_by_regression(matrix, tuple(range(drivers)))
    for found in (lmg(matrix), relative_weights(matrix)):
        assert found.min() >= -1e-12
        assert found.sum() == pytest.approx(whole, abs=1e-10)


def test_twenty_drivers_are_divided_exactly_and_more_by_lot_with_the_error_stated() -> None:
    matrix = matrix_of(*correlated(20, 500, 3))
    exact = lmg(matrix)
    drawn, error = lmg_by_orders(matrix, random_orders(20, 500, seed=1))
    assert exact.sum() == pytest.approx(r2_by_regression(matrix, tuple(range(20))), abs=1e-10)
    assert (np.abs(drawn - exact) < 4 * error).all()
    many = key_drivers(*correlated(24, 300, 4), resamples=100)
    assert many.lmg.sum() == pytest.approx(many.r2, abs=1e-6)
    assert 0 < many.sampling_error.max() < 0.01


def test_relative_weights_follow_from_uncorrelated_stand_ins() -> None:
    x, y = correlated(4, 300, 5)
    standard = (x - x.mean(axis=0)) / x.std(axis=0)
    left, _, right = np.linalg.svd(standard, full_matrices=False)
    stand_ins = left @ right * math.sqrt(len(x))
    loaded = stand_ins.T @ standard / len(x)
    weights = stand_ins.T @ ((y - y.mean()) / y.std()) / len(x)
    assert relative_weights(matrix_of(x, y)) == pytest.approx(loaded.T**2 @ weights**2, abs=1e-12)


def test_dominance_is_told_three_ways() -> None:
    matrix = matrix_of(CARS, np.array(MPG))
    found = dominance(matrix)
    assert found.general == pytest.approx(found.conditional.mean(axis=1))
    assert found.conditional[:, 0] == pytest.approx(matrix[:-1, -1] ** 2)
    # domir's manual: cyl dominates am and vs completely, am and vs each other only in part.
    assert found.complete[2, :2].tolist() == [1.0, 1.0]
    assert 0 < found.complete[0, 1] < 1


def test_the_same_rows_give_the_same_answer_in_any_unit_and_any_seed_stays_near() -> None:
    x, y = correlated(4, 300, 6)
    one, again = key_drivers(x, y), key_drivers(1e6 + 1e5 * x, 1e-9 * y)
    assert one.low == pytest.approx(again.low, rel=1e-6)
    assert one.p.tolist() == again.p.tolist()
    assert key_drivers(x, y, seed=3).low == pytest.approx(one.low, abs=0.02)


def test_a_weight_counts_as_so_many_rows() -> None:
    x, y = correlated(3, 80, 7)
    times = np.arange(80) % 3
    weighted = key_drivers(x, y, weights=times)
    repeated = key_drivers(np.repeat(x, times, axis=0), np.repeat(y, times))
    assert weighted.lmg == pytest.approx(repeated.lmg)
    assert weighted.n == (times > 0).sum()


def test_rows_of_one_customer_are_drawn_together() -> None:
    x, y = correlated(3, 150, 8)
    once = key_drivers(x, y)
    five = key_drivers(np.repeat(x, 5, axis=0), np.repeat(y, 5), customers=np.repeat(np.arange(150), 5))
    assert (five.n, five.n_customers) == (750, 150)
    assert five.low == pytest.approx(once.low, abs=1e-9)
    assert five.p == pytest.approx(once.p, abs=0.02)


def test_pairwise_takes_every_pair_that_is_there() -> None:
    x, y = correlated(3, 400, 9)
    whole = key_drivers(x, y, missing="pairwise")
    assert whole.lmg == pytest.approx(key_drivers(x, y).lmg)
    x[:200, 0] = np.nan
    gaps = key_drivers(x, y, missing="pairwise")
    both = matrix_of(x[:, 1:], y)
    assert gaps.matrix[1:, 1:] == pytest.approx(both)
    assert gaps.matrix[0, 3] == pytest.approx(np.corrcoef(x[200:, 0], y[200:])[0, 1])
    assert (gaps.n, key_drivers(x, y).n) == (400, 200)
    assert gaps.high[0] - gaps.low[0] > whole.high[0] - whole.low[0]


def test_filling_gaps_gives_back_what_dropping_rows_bends() -> None:
    # The first driver is missing where the second is high: complete rows then show less of the second.
    x, y = correlated(3, 1500, 10)
    whole = key_drivers(x, y, resamples=100)
    holed = x.copy()
    holed[x[:, 1] > 0.5, 0] = np.nan
    dropped = key_drivers(holed, y, resamples=100)
    filled = key_drivers(holed, y, missing="impute", resamples=100)
    bent, mended = np.abs(dropped.lmg - whole.lmg), np.abs(filled.lmg - whole.lmg)
    assert (mended < bent).all()
    assert mended[1:].max() < 0.1 * bent[1:].max()
    assert filled.n == 1500
    assert "imputed 20 times" in filled.method
    assert ((filled.low <= filled.lmg) & (filled.lmg <= filled.high)).all()


def test_dominance_analysis_divides_the_cars_alike() -> None:
    # dominance-analysis 1.1.9 with numpy 1.26.4, computed in an environment of its own.
    theirs = [0.1774891819400448, 0.20270320677856155, 0.3817849038434913]
    assert lmg(matrix_of(CARS, np.array(MPG))) == pytest.approx(theirs, abs=1e-12)
    partial = dominance(matrix_of(CARS, np.array(MPG))).conditional[:, 1]
    assert partial == pytest.approx([0.138984, 0.164198, 0.343280], abs=5e-7)


REFUSED = [
    (np.column_stack((AM, VS, np.add(AM, VS))), MPG, "repeat each other exactly"),
    (np.column_stack((AM, np.ones(32))), MPG, "'x2' is 1 in every row"),
    (np.column_stack((AM, np.full(32, np.nan))), MPG, "'x2' is empty in every row"),
    (CARS, np.ones(32), "'outcome' is 1 in every row"),
    (CARS * 1e12, MPG, "'x1' reaches 1e\\+12"),
    (np.where(CARS == 8, np.inf, CARS), MPG, "'x3' holds infinite values"),
    (CARS[:2], MPG[:2], "is 1 in every row"),
    (CARS[[0, 2, 3, 4]], np.array(MPG)[[0, 2, 3, 4]], "There are 4 rows"),
    (CARS[:, :0], MPG, "There is no driver"),
]


@pytest.mark.parametrize(("x", "y", "said"), REFUSED)
def test_what_has_no_honest_answer_is_refused_by_name(x: Floats, y: Floats, said: str) -> None:
    with pytest.raises((InvalidInput, NotEnoughData), match=said):
        key_drivers(x, y)


def flagged(runs: int, n: int = 300, drivers: int = 40) -> int:
    """In how many of `runs` at least one driver of nothing is called one."""
    alarms = 0
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        x, y = generator.normal(size=(n, drivers)), generator.normal(size=n)
        alarms += bool((raced(x, y) <= 0.05).any())
    return alarms


def raced(x: Floats, y: Floats, customers: Any = None) -> Floats:
    """Only the corrected p: what else there is would take most of the time."""
    from regard.analytics.drivers.given import correlation_of, usable
    from regard.analytics.drivers.random_predictor import random_predictor_p
    from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg

    names = [str(place) for place in range(x.shape[1] + 1)]
    rows, _ = usable(names, np.column_stack((x, y)), None, customers, "listwise")
    return benjamini_hochberg(random_predictor_p(correlation_of(names, rows), rows))


def test_drivers_of_nothing_seldom_flag_one() -> None:
    assert flagged(20, n=100, drivers=8) <= 4


@pytest.mark.long
@pytest.mark.timeout(900)
def test_forty_drivers_of_nothing_flag_one_in_at_most_67_of_a_thousand_runs() -> None:
    assert flagged(250) <= 0.067 * 250  # Of all 1,000 it was 56.


def alone_below(level: float, runs: int, *, clustered: bool) -> float:
    """How often the p of a driver of nothing, beside true ones, is at most `level`."""
    hits = 0
    for seed in range(runs):
        generator = np.random.default_rng(seed)
        customers = np.arange(200) // (4 if clustered else 1)
        common = generator.normal(size=(200, 3))[customers]
        x = common + 0.3 * generator.normal(size=(200, 3))
        y = x[:, 0] + x[:, 1] + 1.5 * generator.normal(size=200)[customers] + generator.normal(size=200)
        found = raced_alone(x, y, customers if clustered else None)
        hits += bool(found[2] <= level)
    return hits / runs


def raced_alone(x: Floats, y: Floats, customers: Any) -> Floats:
    from regard.analytics.drivers.given import correlation_of, usable
    from regard.analytics.drivers.random_predictor import random_predictor_p

    rows, _ = usable(list("abcy"), np.column_stack((x, y)), None, customers, "listwise")
    return random_predictor_p(correlation_of(list("abcy"), rows), rows, draws=400)


@pytest.mark.parametrize("clustered", [False, True])
def test_a_driver_of_nothing_beside_true_ones_is_seldom_called_one(clustered: bool) -> None:
    assert alone_below(0.05, 150, clustered=clustered) <= 0.10


def covered(runs: int, n: int, noise: float) -> Floats:
    """How often the interval holds what each driver truly carries, in a world of four correlated normal drivers."""
    among = 0.4 + 0.6 * np.eye(4)
    slopes = np.array([0.6, 0.4, 0.2, 0.3])
    link = among @ slopes
    whole = np.eye(5)
    whole[:4, :4] = among
    whole[4, :4] = whole[:4, 4] = link / math.sqrt(slopes @ link + noise**2)
    truth, root = lmg(whole), np.linalg.cholesky(whole)
    hits = np.zeros(4)
    for seed in range(runs):
        drawn = np.random.default_rng(seed).normal(size=(n, 5)) @ root.T
        found = key_drivers(drawn[:, :4], drawn[:, 4], resamples=500)
        hits += (found.low <= truth) & (truth <= found.high)
    return hits / runs


def test_intervals_hold_the_truth() -> None:
    assert covered(40, 200, 1.0).mean() > 0.88


@pytest.mark.long
@pytest.mark.timeout(900)
def test_intervals_hold_the_truth_over_the_grid() -> None:
    found = np.array([covered(400, n, noise) for n in (100, 400, 1600) for noise in (0.7, 1.5)])
    assert found.mean() == pytest.approx(0.95, abs=0.015)
    # A hundred rows with much noise hold it 92.1 times in a hundred in 2,000 runs; 400 runs tell that to 1.4.
    assert found.min() >= 0.91


def test_an_answer_is_whole(recwarn: pytest.WarningsRecorder) -> None:
    found = key_drivers(CARS, MPG)
    assert isinstance(found, KeyDrivers)
    assert ((found.low <= found.lmg) & (found.lmg <= found.high)).all()
    assert found.shares.sum() == pytest.approx(1.0)
    assert (found.p <= 0.01).all()
    assert not recwarn.list
