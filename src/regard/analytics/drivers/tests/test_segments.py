"""Differences of importance between segments against simulated truth."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.arrays import Floats
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
