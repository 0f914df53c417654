"""Boosted trees beside lines, where the truth is known."""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
import pytest

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.boosting import boosting_check, sampled_shap
from regard.kernel.errors import NotEnoughData


def test_sampled_shap_values_of_a_line_are_its_slopes_times_the_distance_from_the_mean() -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(size=(300, 3))
    slopes = np.array([2.0, -1.0, 0.0])
    found = sampled_shap(lambda at: at @ slopes, x[:20], x, generator, pairs=400)
    assert found == pytest.approx((x[:20] - x.mean(axis=0)) * slopes, abs=0.4)
    assert found[:, 2].tolist() == [0.0] * 20


def test_sampled_shap_values_are_those_of_all_sets_of_drivers() -> None:
    generator = np.random.default_rng(3)
    x = generator.normal(size=(60, 3))

    def bent(at: Floats) -> Floats:
        return floats(at[:, 0] * at[:, 1] + np.maximum(at[:, 2], 0) * at[:, 0])

    def known(row: Floats, drivers: set[int]) -> float:
        """What is foretold of a row on average where only these drivers of it are known."""
        at = x.copy()
        at[:, list(drivers)] = row[list(drivers)]
        return float(bent(at).mean())

    found = sampled_shap(bent, x[:5], x, generator, pairs=4000)
    for row, told in zip(x[:5], found, strict=True):
        for driver in range(3):
            others = sorted({0, 1, 2} - {driver})
            gains = [
                (known(row, {driver, *chosen}) - known(row, set(chosen))) / (3 * comb(2, size))
                for size in range(3)
                for chosen in combinations(others, size)
            ]
            assert told[driver] == pytest.approx(sum(gains), abs=0.08)


def test_a_bend_is_seen_by_trees_and_not_by_lines() -> None:
    generator = np.random.default_rng(2)
    x = generator.normal(size=(600, 2))
    found = boosting_check(x, x[:, 0] ** 2 + 0.3 * generator.normal(size=600))
    assert found.r2_linear < 0.1
    assert found.r2_boosted > 0.7
    assert found.gain > 4 * found.gain_se
    assert found.shares[0] > 0.85


def test_a_line_needs_no_trees_and_rows_of_a_customer_stay_together() -> None:
    generator = np.random.default_rng(3)
    x = generator.normal(size=(100, 2))
    y = x[:, 0] + generator.normal(size=100)
    found = boosting_check(np.repeat(x, 5, axis=0), np.repeat(y, 5), customers=np.repeat(np.arange(100), 5))
    assert found.gain < 0.05
    assert found.r2_boosted < 0.6


def test_few_rows_grow_no_trees() -> None:
    with pytest.raises(NotEnoughData, match="at least 50"):
        boosting_check(np.ones((49, 1)), np.ones(49))
