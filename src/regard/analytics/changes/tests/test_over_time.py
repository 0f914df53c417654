"""Changes of level and points that stand out: second implementations, published examples, planted truths, and noise."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
import ruptures

from regard.analytics.arrays import Floats
from regard.analytics.changes.anomalies import Course, _furthest, _outlying, course
from regard.analytics.changes.change_points import pelt, penalty, scatter
from regard.analytics.changes.series import Series, seasonal, series
from regard.kernel.errors import InvalidInput, NotEnoughData

# Rosner (1983), as in the NIST handbook of statistical methods, 1.3.5.17.3.
ROSNER = """-0.25 0.68 0.94 1.15 1.20 1.26 1.26 1.34 1.38 1.43 1.49 1.49 1.55 1.56 1.58 1.65 1.69 1.70 1.76 1.77 1.81 1.91 1.94
1.96 1.99 2.06 2.09 2.10 2.14 2.15 2.23 2.24 2.26 2.35 2.37 2.40 2.47 2.54 2.62 2.64 2.90 2.92 2.92 2.93 3.21 3.26 3.30
3.59 3.68 4.30 4.64 5.34 5.42 6.01"""


def made(
    seed: int, n: int, season: int, *, each: int = 20, shift: float = 0.0, strange: int | None = None
) -> Series:
    """The NPS of about `each` answers a day; from the middle on it lies `shift` higher, and one day far lower."""
    random = np.random.default_rng(seed)
    counts = random.poisson(each, n).clip(1)
    answers = random.choice([100.0, 0.0, -100.0], counts.sum(), p=[0.5, 0.3, 0.2])
    values = np.add.reduceat(answers, np.concatenate([[0], np.cumsum(counts)[:-1]])) / counts
    values += shift * (np.arange(n) >= n // 2)
    if season:
        values += 12 * np.sin(2 * np.pi * np.arange(n) / season)
    if strange is not None:
        values[strange] -= 110
    used = counts >= 5
    starts = np.datetime64("2026-01-01") + np.arange(n)
    return Series(starts, counts.astype(float), np.where(used, values, 0.0), used, season)


@pytest.mark.parametrize("seed", range(4))
def test_pelt_finds_what_ruptures_finds(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.normal(size=200) + np.repeat(random.normal(scale=1.5, size=8), 25)
    theirs = ruptures.KernelCPD(kernel="linear", min_size=3, jump=1).fit(values).predict(pen=8.0)
    assert pelt(values, np.ones(200), 8.0) == theirs[:-1]


def cost(values: Floats, weights: Floats, points: tuple[int, ...], each: float) -> float:
    found = each * len(points)
    for first, end in zip((0, *points), (*points, len(values)), strict=True):
        part, weight = values[first:end], weights[first:end]
        found += float((weight * (part - np.average(part, weights=weight)) ** 2).sum())
    return found


def test_weighted_levels_cost_the_least_of_all() -> None:
    random = np.random.default_rng(3)
    values, weights = random.normal(size=16) + np.repeat([0.0, 2.0], 8), random.uniform(0.2, 3.0, 16)
    options = [
        some
        for size in range(4)
        for some in combinations(range(3, 14), size)
        if all(b - a >= 3 for a, b in pairwise(some))
    ]
    best = min(options, key=lambda some: cost(values, weights, some, 2.0))
    assert pelt(values, weights, 2.0) == list(best)


def test_scatter_is_not_moved_by_levels() -> None:
    random = np.random.default_rng(4)
    weights = random.uniform(1, 9, 4000)
    noise = 3 * random.normal(size=4000) / np.sqrt(weights)
    assert float(scatter(noise, weights)) == pytest.approx(9, rel=0.1)
    assert float(scatter(noise + np.repeat([0, 50.0], 2000), weights)) == pytest.approx(9, rel=0.1)


def test_rosners_three_outliers_stand_out() -> None:
    values = np.array([float(one) for one in ROSNER.split()])
    furthest = _furthest(54 - np.arange(3), 1, 0.05) * np.sqrt(1 - 1 / (54 - np.arange(3)))
    np.testing.assert_allclose(furthest, [3.159, 3.151, 3.144], atol=1e-3)
    out = _outlying(values - np.sort(values)[:-3].mean(), np.ones(54, dtype=bool), 1, 0.05 / 0.6)
    assert list(values[out]) == [5.34, 5.42, 6.01]


def test_the_season_is_taken_off() -> None:
    days = np.arange(70)
    weekly = np.tile([5.0, 0, 0, 0, 0, -3, -2], 10)
    found = seasonal(weekly + 0.1 * days, np.ones(70), 7)
    np.testing.assert_allclose(found, weekly, atol=1e-9)


def told(
    seed: int, n: int, season: int, *, each: int = 20, shift: float = 0.0, strange: int | None = None
) -> Course:
    return course(made(seed, n, season, each=each, shift=shift, strange=strange))


@pytest.mark.parametrize("season", [0, 7])
def test_a_planted_change_and_a_strange_day_are_told(season: int) -> None:
    found = told(5, 120, season, shift=25.0, strange=20)
    (point,) = found.change_points
    assert abs(point.place - 60) <= 2
    assert point.low < 25 < point.high
    assert [one.place for one in found.anomalies] == [20]
    assert found.anomalies[0].p < 0.01


def test_days_are_counted_with_their_gaps() -> None:
    days = np.concatenate(
        [np.repeat(np.datetime64("2026-01-01") + np.arange(20), 6), [np.datetime64("2026-02-01")]]
    )
    found = series(days.astype("datetime64[us]"), np.arange(121.0), "day")
    assert (len(found.values), int(found.is_used.sum())) == (32, 20)
    assert found.values[1] == np.arange(6, 12).mean()
    weekly = np.repeat(np.datetime64("2026-01-05") + 7 * np.arange(20) + np.arange(20) % 7, 6)
    assert [str(day) for day in series(weekly.astype("datetime64[us]"), np.ones(120), "week").starts[:2]] == [
        "2026-01-05", "2026-01-12",
    ]  # fmt: skip


def test_too_few_or_too_many_days_are_refused() -> None:
    few = np.repeat(np.datetime64("2026-01-01", "us") + np.arange(5) * np.timedelta64(1, "D"), 9)
    with pytest.raises(NotEnoughData, match="5 days with at least 5 answers"):
        series(few, np.ones(45), "day")
    with pytest.raises(InvalidInput, match="at most 2,000"):
        series(np.array(["1999-01-01", "2026-01-01"], dtype="datetime64[us]"), np.ones(2), "day")


def test_fewer_false_alarms_cost_more() -> None:
    assert penalty(np.ones(60), 0, false_alarms=0.05) < penalty(np.ones(60), 0, false_alarms=0.01)


def false_alarms(runs: int, n: int, season: int, each: int) -> tuple[float, float]:
    found = [course(made(900 + seed, n, season, each=each)) for seed in range(runs)]
    return (
        float(np.mean([bool(one.change_points) for one in found])),
        float(np.mean([bool(one.anomalies) for one in found])),
    )


def test_noise_seldom_has_a_change_in_a_few_runs() -> None:
    assert max(false_alarms(25, 40, 7, 20)) <= 0.2


@pytest.mark.long
@pytest.mark.parametrize(
    ("n", "season", "each"), [(20, 0, 20), (90, 7, 20), (90, 7, 200), (36, 12, 20), (365, 7, 20)]
)
def test_noise_has_a_change_in_at_most_one_of_twenty_series(n: int, season: int, each: int) -> None:
    # 400 runs scatter by a percentage point.
    levels, points = false_alarms(400, n, season, each)
    assert levels <= 0.05 + 0.022
    assert points <= 0.05 + 0.022
