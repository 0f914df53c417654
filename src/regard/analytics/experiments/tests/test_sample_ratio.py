"""The check of the sample ratio against scipy, its published figure and simulated looks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from regard.analytics.experiments.sample_ratio import sample_ratio
from regard.kernel.errors import InvalidInput, NotEnoughData


def test_a_thousand_beside_twelve_hundred_is_no_even_deal() -> None:
    found = sample_ratio([1000, 1200], [0.5, 0.5])
    assert found.chi2 == pytest.approx(18.18, abs=5e-3)
    assert found.p == pytest.approx(stats.chisquare([1000, 1200]).pvalue, rel=1e-9)
    assert not found.ok


def test_unequal_shares_may_be_meant() -> None:
    found = sample_ratio([510, 240, 250], [2, 1, 1])
    expected = stats.chisquare([510, 240, 250], [500, 250, 250])
    assert (found.chi2, found.p) == pytest.approx((expected.statistic, expected.pvalue))
    assert found.ok


def test_a_fair_deal_looked_at_all_the_time_is_hardly_ever_stopped_and_a_lossy_one_is() -> None:
    generator = np.random.default_rng(1)
    stopped = {0.5: 0, 0.55: 0}
    for share in stopped:
        for _ in range(25):
            a = np.cumsum(generator.random((100, 50)) < share)[49::50]
            looks = [[one, n - one] for one, n in zip(a, range(50, 5001, 50), strict=True)]
            stopped[share] += any(not sample_ratio(counts, looked=True).ok for counts in looks)
    assert stopped[0.5] <= 1
    assert stopped[0.55] == 25


def test_shares_that_cannot_be_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"a=0\.5"):
        sample_ratio([10, 10], [1, 0])
    with pytest.raises(NotEnoughData):
        sample_ratio([0, 0])
