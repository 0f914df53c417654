"""Differences of importance between segments against simulated truth."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.arrays import Floats, floats
from regard.analytics.drivers.lmg import lmg
from regard.analytics.drivers.segments import segment_differences
from regard.kernel.errors import InvalidInput, NotEnoughData

NAMES = ("delivery", "price", "outcome")


def two_segments(n: int, seed: int, differs: float) -> tuple[Floats, Floats, list[str]]:
    """In shops the price carries more by `differs`, and everybody there is happier."""
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(n, 2))
    is_shop = np.arange(n) % 2 == 1
    y = x[:, 0] + (0.5 + differs * is_shop) * x[:, 1] + generator.normal(size=n) + 3 * is_shop
    return x + is_shop[:, None], y, ["shop" if one else "web" for one in is_shop]


def test_a_driver_that_carries_more_in_one_segment_is_found() -> None:
    x, y, segments = two_segments(600, 1, 1.0)
    shop, web = segment_differences(x, y, segments, names=NAMES, resamples=400)
    assert (shop.segment, shop.n, web.segment) == ("shop", 300, "web")
    inside = np.array(segments) == "shop"
    alone = lmg(np.corrcoef(np.column_stack((x[inside], y[inside])).T))
    assert shop.lmg == pytest.approx(alone)
    assert shop.difference == pytest.approx(-web.difference)
    assert shop.p[1] < 0.02
    assert shop.low[1] > 0.1
    assert shop.low[1] < shop.difference[1] < shop.high[1]


def test_segments_that_are_merely_happier_differ_in_nothing() -> None:
    alarms = 0
    for seed in range(40):
        x, y, segments = two_segments(200, seed, 0.0)
        found = segment_differences(x, y, segments, names=NAMES, resamples=100)
        alarms += min(one.p.min() for one in found) <= 0.05
    assert alarms <= 6


def test_rows_of_one_customer_are_dealt_out_together() -> None:
    x, y, segments = two_segments(200, 3, 0.6)
    plain = segment_differences(x, y, segments, names=NAMES, resamples=300)[0]
    many = segment_differences(
        np.repeat(x, 4, axis=0),
        np.repeat(y, 4),
        list(np.repeat(segments, 4)),
        names=NAMES,
        customers=np.repeat(np.arange(200), 4),
        resamples=300,
    )[0]
    assert many.low == pytest.approx(plain.low, abs=1e-9)
    assert many.p == pytest.approx(plain.p, abs=1e-9)


def test_one_segment_or_a_tiny_one_is_refused() -> None:
    x, y, _ = two_segments(40, 4, 0.0)
    with pytest.raises(InvalidInput, match="fewer than two segments"):
        segment_differences(x, y, ["web"] * 40, names=NAMES)
    with pytest.raises(NotEnoughData, match="There are 3 rows"):
        segment_differences(x, y, ["shop"] * 3 + ["web"] * 37, names=NAMES)


def held(n: int, noise: int, differs: float, runs: int) -> Floats:
    """How often the intervals of the two real drivers hold the truth, beside drivers of nothing."""
    found = []
    for seed in range(runs):
        x, y, segments = two_segments(n, seed, differs)
        nothing = np.random.default_rng(seed + runs).normal(size=(n, noise))
        names = [*NAMES[:2], *(f"noise {one}" for one in range(noise)), NAMES[2]]
        shop = segment_differences(np.column_stack((x, nothing)), y, segments, names=names, resamples=400)[0]
        sides = [np.array([1.0, price**2]) / (2 + price**2) for price in (0.5 + differs, 0.5)]
        truth = sides[0] - sides[1]
        found.append((shop.low[:2] <= truth) & (truth <= shop.high[:2]))
    return floats(np.mean(found, axis=0))


def test_intervals_hold_the_truth_in_a_few_runs() -> None:
    assert held(80, 0, 0.6, 20).mean() >= 0.85


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    worlds = [held(n, 0, differs, 400) for n in (80, 240) for differs in (0.0, 0.6)]
    worlds.append(held(80, 3, 0.6, 400))
    assert np.mean(worlds) == pytest.approx(0.95, abs=0.015)
    assert np.min(worlds) >= 0.92
