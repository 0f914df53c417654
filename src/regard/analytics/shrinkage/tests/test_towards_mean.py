"""Shrinking against published figures, its edges, and what it is for: closer figures, honest intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.meta_analysis import combine_effects

from regard.analytics.shrinkage.towards_mean import pooled, shrink

# Batting averages of 18 players after 45 times at bat, and their James-Stein estimates: Efron and Morris (1977),
# Scientific American 236(5), 119-127.
AVERAGES = [
    *(0.400, 0.378, 0.356, 0.333, 0.311, 0.311, 0.289, 0.267, 0.244),
    *(0.244, 0.222, 0.222, 0.222, 0.222, 0.222, 0.200, 0.178, 0.156),
]
PUBLISHED = [
    *(0.294, 0.289, 0.284, 0.280, 0.275, 0.275, 0.270, 0.266, 0.261),
    *(0.261, 0.256, 0.256, 0.256, 0.256, 0.256, 0.252, 0.247, 0.242),
]
# Eight schools: Rubin (1981), Journal of Educational Statistics 6, 377-401.
EFFECTS = [28.0, 8, -3, 7, -1, 1, 18, 12]
ERRORS = [15.0, 10, 16, 11, 9, 11, 10, 18]


def test_the_batting_averages_shrink_as_published() -> None:
    mean = float(np.mean(AVERAGES))
    error = np.sqrt(mean * (1 - mean) / 45)
    found = shrink(AVERAGES, np.full(18, error))
    assert found.mean == pytest.approx(0.265, abs=5e-4)
    assert found.own_share[0] == pytest.approx(0.212, abs=2e-3)
    assert found.figures.value == pytest.approx(PUBLISHED, abs=1.1e-3)


def test_the_eight_schools_are_all_alike_as_far_as_the_data_tell() -> None:
    mean, error = pooled(EFFECTS, ERRORS)
    assert (mean, error) == (pytest.approx(7.686, abs=1e-3), pytest.approx(4.072, abs=1e-3))
    found = shrink(EFFECTS, ERRORS)
    assert found.spread == 0.0
    assert found.mean == pytest.approx(mean)
    assert found.own_share == pytest.approx(np.full(8, 2 / 7))


def test_with_equal_errors_the_spread_is_that_of_other_software() -> None:
    y, s = np.array([1.0, 3.0, 4.5, 8.0, 9.0, 2.0]), np.full(6, 1.2)
    other = combine_effects(y, s**2, method_re="iterated")
    found = shrink(y, s)
    assert found.spread**2 == pytest.approx(other.tau2, rel=1e-6)
    assert found.mean == pytest.approx(y.mean())


@given(
    st.lists(st.floats(-100, 100), min_size=4, max_size=12).flatmap(
        lambda y: st.tuples(st.just(y), st.lists(st.floats(0.1, 50), min_size=len(y), max_size=len(y)))
    )
)
def test_figures_lie_between_their_own_and_the_mean(case: tuple[list[float], list[float]]) -> None:
    y, s = (np.asarray(part) for part in case)
    found = shrink(y, s)
    low, high = np.minimum(y, found.mean), np.maximum(y, found.mean)
    assert np.all(found.figures.value >= low - 1e-6)
    assert np.all(found.figures.value <= high + 1e-6)
    assert np.all(found.figures.low <= found.figures.value)
    assert np.all(found.own_share > 0)


def test_the_unsure_move_further() -> None:
    found = shrink([60.0, 60.0, 40, 45, 50, 55, 35], [1.0, 20.0, 2, 2, 2, 2, 2])
    assert found.figures.value[0] > 59
    assert found.figures.value[1] < 56
    assert found.own_share[0] > found.own_share[1]


def test_few_groups_stay_and_missing_ones_are_left_out() -> None:
    few = shrink([1.0, 2.0, 9.0], [1.0, 1.0, 1.0])
    assert few.figures.value.tolist() == [1.0, 2.0, 9.0]
    with_gap = shrink([1.0, 2.0, np.nan, 9.0, 4.0], [1.0, 1.0, 1.0, 1.0, 1.0], n=[1, 2, 3, 4, 5])
    without = shrink([1.0, 2.0, 9.0, 4.0], [1.0, 1.0, 1.0, 1.0])
    assert np.isnan(with_gap.figures.value[2])
    assert with_gap.figures.value[[0, 1, 3, 4]] == pytest.approx(without.figures.value)
    assert with_gap.figures.n.tolist() == [1, 2, 3, 4, 5]
    assert np.isnan(shrink([], []).mean)


def test_intervals_are_cut_where_values_cannot_go() -> None:
    found = shrink([0.99, 0.5, 0.6, 0.7, 0.8], [0.2, 0.2, 0.2, 0.2, 0.2], bounds=(0.0, 1.0)).figures
    assert found.high.max() == 1.0
    assert found.low.min() >= 0.0


def test_an_error_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        shrink([1.0, 2.0], [0.0, 1.0])


@pytest.mark.parametrize("spread", [0.0, 2.0, 6.0])
def test_figures_are_closer_to_the_truth_and_intervals_hold_it(spread: float) -> None:
    rng = np.random.default_rng(11)
    errors = np.array([1.0, 1.5, 2, 3, 4, 6, 2, 3, 5, 8, 2.5, 3.5])
    raw, shrunk, covered = [], [], []
    for _ in range(600):
        truth = 70 + spread * rng.standard_normal(12)
        y = truth + errors * rng.standard_normal(12)
        found = shrink(y, errors).figures
        raw.append(((y - truth) ** 2).mean())
        shrunk.append(((found.value - truth) ** 2).mean())
        covered.append(((found.low <= truth) & (truth <= found.high)).mean())
    assert np.mean(shrunk) < 0.9 * np.mean(raw)
    assert 0.93 < np.mean(covered) <= 1.0
