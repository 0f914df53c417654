"""Who stands out from chance, and who does not."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.differences.part_of_whole import standard_error, standings
from regard.analytics.shares.wilson import share
from regard.kernel.estimates import Estimate


def test_a_few_answers_never_stand_out() -> None:
    parts = [share(0, 1), share(0, 4), share(90, 110), share(90, 110)]
    assert standings(parts, share(180, 225)) == [0, 0, 0, 0]


def test_a_part_that_is_plainly_lower_is_told_apart_from_the_rest() -> None:
    parts = [share(60, 120), share(170, 200), share(152, 200)]
    assert standings(parts, share(382, 520)) == [-1, 1, 0]


def test_without_a_whole_or_an_interval_nothing_is_said() -> None:
    assert standings([share(1, 10), None], None) == [0, 0]
    assert standings([Estimate(1.0, None, None, 10)], Estimate(2.0, 1.0, 3.0, 50)) == [0]


@pytest.mark.parametrize("n_parts", [8, 20])
def test_noise_alone_seldom_names_anyone(n_parts: int) -> None:
    chance = np.random.default_rng(5)
    alarms = 0
    for _ in range(400):
        sizes = chance.integers(6, 120, n_parts)
        hits = chance.binomial(sizes, 0.8)
        parts = [share(int(hit), int(size)) for hit, size in zip(hits, sizes, strict=True)]
        alarms += any(standings(parts, share(int(hits.sum()), int(sizes.sum()))))
    assert alarms <= 400 * 0.08


def test_an_interval_tells_its_standard_error_where_it_has_one() -> None:
    assert standard_error(Estimate(10.0, 10 - 1.959964, 10 + 1.959964, 30)) == pytest.approx(1)
    assert np.isnan(
        [standard_error(one) for one in (None, Estimate(1.0, None, 2.0, 9), Estimate(1.0, 1.0, 1.0, 9))]
    ).all()
