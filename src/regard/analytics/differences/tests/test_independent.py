"""Differences of any two figures, and the arrays in which figures stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regard.analytics.arrays import EstimateArrays, critical, floats, two_sided
from regard.analytics.differences.independent import (
    difference,
    difference_arrays,
    mover,
    satterthwaite,
    welch,
)
from regard.analytics.means.mean import mean_arrays
from regard.analytics.means.totals import count_arrays
from regard.analytics.shares.wilson import share_arrays
from regard.kernel.errors import NotEnoughData


def figure(value: float, se: float, df: float = np.inf) -> EstimateArrays:
    """A figure with a symmetric interval."""
    reach = 1.96 * se
    return EstimateArrays(
        floats(value),
        floats(value - reach),
        floats(value + reach),
        floats(10),
        "made up",
        floats(se),
        floats(df),
    )


def test_two_normal_figures_differ_by_their_joint_error() -> None:
    change = difference(figure(10, 3), figure(4, 4))
    assert change.value == 6
    assert [change.low, change.high] == pytest.approx([6 - 1.96 * 5, 6 + 1.96 * 5])
    assert change.p == pytest.approx(2 * stats.norm.sf(6 / 5))


def test_degrees_of_freedom_lie_between_the_smaller_and_the_sum() -> None:
    assert float(satterthwaite(figure(0, 1, 5), figure(0, 1, 9))) == pytest.approx(4 / (1 / 5 + 1 / 9))
    assert float(satterthwaite(figure(0, 1), figure(0, 1))) == np.inf
    assert np.isnan(satterthwaite(figure(0, 1, 0), figure(0, 1)))


@given(
    st.tuples(st.floats(-50, 50), st.floats(0.1, 9), st.integers(1, 50)),
    st.tuples(st.floats(-50, 50), st.floats(0.1, 9), st.integers(1, 50)),
)
def test_turning_a_difference_round_only_turns_its_sign(
    one: tuple[float, float, int], two: tuple[float, float, int]
) -> None:
    there, back = welch(figure(*one), figure(*two)).at(), welch(figure(*two), figure(*one)).at()
    assert there.p == pytest.approx(back.p)
    assert [there.low, there.high] == pytest.approx([-back.high, -back.low])
    if abs(there.p - 0.05) > 1e-9:
        assert (there.low <= 0 <= there.high) == (there.p > 0.05)


def test_lopsided_intervals_give_a_lopsided_difference() -> None:
    low, high = mover(count_arrays(3), count_arrays(1))
    assert 2 - float(low) < float(high) - 2


def test_a_side_without_an_interval_cannot_be_compared() -> None:
    with pytest.raises(NotEnoughData, match="too little"):
        difference(mean_arrays(1, 4, 16), figure(1, 1))
    gaps = difference_arrays(share_arrays([1, 0], [2, 0]), share_arrays([1, 1], [2, 2]))
    assert gaps.at(0).value == 0
    assert np.isnan(gaps.value[1])
    assert len(gaps) == 2


def test_a_figure_of_arrays_is_one_estimate_at_a_time() -> None:
    shares = share_arrays([[1, 2], [3, 0]], [[2, 4], [4, 0]])
    assert shares.at((0, 1)).value == 0.5
    assert shares[1].at(0).value == 0.75
    assert len(shares) == 2
    with pytest.raises(NotEnoughData):
        shares.at((1, 1))


@given(st.floats(-8, 8), st.integers(1, 200))
def test_p_and_critical_values_are_scipys(statistic: float, df: int) -> None:
    assert float(two_sided(statistic, df)) == pytest.approx(2 * stats.t.sf(abs(statistic), df))
    assert float(two_sided(statistic)) == pytest.approx(2 * stats.norm.sf(abs(statistic)))
    assert float(critical(0.9, df)) == pytest.approx(stats.t.ppf(0.95, df))
    assert float(critical(0.9)) == pytest.approx(stats.norm.ppf(0.95))


def test_without_degrees_of_freedom_there_is_neither() -> None:
    assert np.isnan(critical(0.95, 0))
    assert np.isnan(two_sided(1.0, 0))
