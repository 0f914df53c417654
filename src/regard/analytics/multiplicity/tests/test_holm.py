"""Holm's correction against statsmodels."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from regard.analytics.multiplicity.holm import holm

# Benjamini and Hochberg (1995), section 4.1: Bonferroni's procedure rejects three, theirs four.
PUBLISHED = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
    *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0),
]


def test_of_the_published_fifteen_three_stay_where_one_false_alarm_would_spoil_all() -> None:
    assert (holm(PUBLISHED) <= 0.05).sum() == 3


@settings(max_examples=8)
@given(st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=50))
def test_it_agrees_with_statsmodels_in_any_order(p: list[float]) -> None:
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1], rtol=1e-12)


def test_what_was_not_tested_counts_for_nothing_and_stays_untested() -> None:
    np.testing.assert_allclose(holm([[0.01, np.nan], [0.04, 0.5]]), [[0.03, np.nan], [0.08, 0.5]])
