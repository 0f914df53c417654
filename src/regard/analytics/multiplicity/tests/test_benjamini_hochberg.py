"""The false discovery rate against statsmodels and its published example."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from regard.analytics.multiplicity.benjamini_hochberg import benjamini_hochberg

PUBLISHED = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.3240,
    0.4262,
    0.5719,
    0.6528,
    0.7590,
    1.0,
]


def test_the_published_example_finds_four_of_fifteen() -> None:
    assert (benjamini_hochberg(PUBLISHED) <= 0.05).sum() == 4


@given(st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=50))
def test_it_agrees_with_statsmodels_in_any_order(p: list[float]) -> None:
    expected = multipletests(p, method="fdr_bh")[1]
    adjusted = benjamini_hochberg(p)
    np.testing.assert_allclose(adjusted, expected, rtol=1e-12)
    assert (adjusted >= np.array(p) * (1 - 1e-15)).all()


def test_what_was_not_tested_counts_for_nothing_and_stays_untested() -> None:
    adjusted = benjamini_hochberg([0.01, np.nan, 0.04])
    np.testing.assert_allclose(adjusted, [0.02, np.nan, 0.04])
    assert np.isnan(benjamini_hochberg([np.nan])).all()
    assert len(benjamini_hochberg([])) == 0


def test_a_table_of_p_keeps_its_shape() -> None:
    assert benjamini_hochberg(np.full((2, 3), 0.04)).shape == (2, 3)
