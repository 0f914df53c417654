from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from regard.analytics.distributions.normal import normal_quantile, normal_tail
from regard.analytics.distributions.student import student_quantile, student_tail

DEGREES = np.array([1, 1.3, 2, 3, 5, 10, 30, 100, 399.9, 400, 401, 1e3, 1e5, 1e9])


@pytest.mark.parametrize("share", [1e-12, 1e-6, 0.025, 0.3, 0.5, 0.7, 0.975, 0.995, 1 - 1e-9])
def test_normal_quantiles_are_those_of_a_second_implementation(share: float) -> None:
    assert normal_quantile(share) == pytest.approx(special.ndtri(share), abs=1e-13)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_share_outside_its_range_has_no_quantile(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        normal_quantile(share)


def test_the_normal_tail_holds_far_out() -> None:
    z = np.array([-8.0, -1.0, 0.0, 1.0, 8.0, 37.0])
    assert normal_tail(z) == pytest.approx(special.ndtr(-z), rel=1e-12)


def test_t_quantiles_of_the_printed_tables() -> None:
    found = student_quantile(0.975, [1, 2, 5, 10, 30, 120, math.inf])
    assert found.round(3).tolist() == [12.706, 4.303, 2.571, 2.228, 2.042, 1.980, 1.960]


@pytest.mark.parametrize("share", [0.025, 0.55, 0.9, 0.975, 0.9995])
def test_t_quantiles_are_those_of_a_second_implementation(share: float) -> None:
    assert student_quantile(share, DEGREES) == pytest.approx(special.stdtrit(DEGREES, share), rel=1e-9)


@given(st.floats(-60, 60), st.sampled_from(DEGREES.tolist()))
def test_t_tails_are_those_of_a_second_implementation(t: float, df: float) -> None:
    assert float(student_tail(t, df)) == pytest.approx(special.stdtr(df, -t), rel=1e-8, abs=1e-14)


def test_without_degrees_of_freedom_there_is_nothing() -> None:
    assert np.isnan(student_quantile(0.975, [0, -1, math.nan])).all()
    assert np.isnan(student_tail([1.0, 1.0, math.nan], [0, math.nan, 5])).all()
