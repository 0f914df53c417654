"""Totals over customers, summed from rows."""

from __future__ import annotations

import numpy as np

from regard.analytics.ratios.summed import sums_by_customer


def test_groups_are_summed_as_each_by_itself() -> None:
    random = np.random.default_rng(3)
    owner, group = random.integers(0, 40, 300), random.integers(0, 5, 300)
    values = random.normal(size=(2, 300))
    found = sums_by_customer(owner, values, group, 6)
    for at in range(5):
        mine = group == at
        alone = sums_by_customer(owner[mine], values[:, mine])
        for one, other in zip(found, alone, strict=True):
            np.testing.assert_allclose(one[..., at], other[..., 0])
    assert all((one[..., 5] == 0).all() for one in found)


def test_without_rows_all_totals_are_zero() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert all((one == 0).all() for one in sums_by_customer(none, np.zeros((2, 0)), none, 3))
