"""Days that stand out from their level and season, and days on which the level changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from regard.analytics.arrays import Flags, Floats, critical, divide, floats, two_sided
from regard.analytics.changes.change_points import FALSE_ALARMS, levels, pelt, penalty, scatter
from regard.analytics.changes.given import Codes
from regard.analytics.changes.series import Series, seasonal

METHOD = "points that stand out from level and season by the generalised extreme studentised deviate test at 5 of 100 series"
SOURCE = "Rosner (1983), Technometrics 25, 165-172"
MOST_SHARE = 0.1
# Means of few answers stray a little further than normal ones do.
STRICTER = 0.6
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """A change of the level: the place of its first point, the levels around it, and how far apart they are."""

    place: int
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Anomaly:
    """A point that stands out: where, what it was, what its level and season let expect, between which ends, and p after
    correction for the number of points."""

    place: int
    value: float
    expected: float
    low: float
    high: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A series told apart. `expected`, `low` and `high`: arrays by point, what level and season let expect and the ends
    that a single point leaves once in twenty; not a number where there is no value."""

    change_points: list[ChangePoint]
    anomalies: list[Anomaly]
    expected: Floats
    low: Floats
    high: Floats


def course(
    of: Series, *, confidence: float = 0.95, false_alarms: float = FALSE_ALARMS, seed: int = 2
) -> Course:
    """When the level changed, and which points stand out.

    Season and levels are found, then points that stand out, then levels once more without these points. Noise alone has
    a change of level in at most one of twenty series, and a point that stands out in at most one of twenty.

    Source: Killick, Fearnhead and Eckley (2012), JASA 107, 1590-1598; Rosner (1983), Technometrics 25, 165-172.
    """
    each = penalty(of.weights, of.season, false_alarms=false_alarms, seed=seed)
    out = np.zeros(len(of.values), dtype=bool)
    for _ in range(ROUNDS):
        fitted = _fit(of, out, each)
        away = (of.values - fitted.expected) * fitted.scale
        out = _outlying(away, of.is_used, len(fitted.means) + max(of.season - 1, 0), false_alarms)
    return _told(of, fitted, away, out, confidence)


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """The first points of the levels (but the first), their means and weights, what is expected of each point, and how
    many standard deviations a unit is for it."""

    points: list[int]
    means: Floats
    whole: Floats
    expected: Floats
    scale: Floats


def _fit(of: Series, out: Flags, each: float) -> _Fit:
    weights = np.where(out, 0.0, of.weights)
    season = seasonal(of.values, weights, of.season)
    kept = np.flatnonzero(weights)
    values, size = (of.values - season)[kept], weights[kept] / weights.max()
    points = [int(kept[place]) for place in pelt(values, size, each * float(scatter(values, size)))]
    level = levels(len(of.values), points)
    whole = np.bincount(level, weights, len(points) + 1)
    means = np.bincount(level, weights * (of.values - season), len(points) + 1) / whole
    expected = np.where(of.is_used, means[level] + season, np.nan)
    # A point draws its own level and season towards itself, unless they were told without it.
    drawn = of.weights / whole[level] + _drawn_by_season(of, weights)
    scale = np.sqrt(divide(of.weights, np.where(weights > 0, np.maximum(1 - drawn, 0.1), 1 + drawn)))
    return _Fit(points, floats(means), floats(whole), expected, floats(scale))


def _drawn_by_season(of: Series, weights: Floats) -> Floats:
    """The share of each point in the effect of its place in the season."""
    if not of.season:
        return np.zeros(len(weights))
    whole = np.bincount(of.phases, weights, of.season)
    return np.nan_to_num(divide(of.weights, whole[of.phases])) * (1 - 1 / of.season)


def _outlying(away: Floats, is_used: Flags, told_by: int, false_alarms: float) -> Flags:
    """Which points stand out, by the generalised extreme studentised deviate test.

    Args:
        told_by: how many figures of level and season the points have told before.

    Source: Rosner (1983), Technometrics 25, 165-172.
    """
    left, n = np.where(is_used, away, np.nan), int(is_used.sum())
    order, told = list[int](), 0
    furthest = _furthest(n - np.arange(max(1, int(MOST_SHARE * n))), told_by, STRICTER * false_alarms)
    for step, most in enumerate(furthest):
        deviation = np.abs(left) / np.sqrt(np.nanmean(left**2))
        place = int(np.nanargmax(deviation))
        order.append(place)
        if deviation[place] > most:
            told = step + 1
        left[place] = np.nan
    out = np.zeros(len(away), dtype=bool)
    out[order[:told]] = True
    return out


def _furthest(n: Codes, told_by: int, false_alarms: float) -> Floats:
    """How many standard deviations the furthest of `n` normal points strays, but in so many samples."""
    df = np.maximum(n - told_by, 2)
    t = stdtrit(df - 1, 1 - false_alarms / n / 2)
    return floats(t * np.sqrt(df / (df - 1 + t**2)))


def _told(of: Series, fitted: _Fit, away: Floats, out: Flags, confidence: float) -> Course:
    kept = of.is_used & ~out
    n = int(kept.sum())
    df = n - len(fitted.points) - 1 - max(of.season - 1, 0)
    deviation = float(np.sqrt((away[kept] ** 2).sum() / max(df, 1)))
    reach = float(critical(confidence, max(df, 1))) * deviation
    each = divide(reach, fitted.scale)
    places = np.flatnonzero(out)
    p = np.minimum(two_sided(away[places] / deviation, max(df, 1)) * of.is_used.sum(), 1.0)
    anomalies = [
        Anomaly(int(at), float(of.values[at]), float(fitted.expected[at]), float(fitted.expected[at] - each[at]),
                float(fitted.expected[at] + each[at]), float(chance))
        for at, chance in zip(places, p, strict=True)
    ]  # fmt: skip
    return Course(
        _change_points(fitted, reach),
        anomalies,
        fitted.expected,
        fitted.expected - each,
        fitted.expected + each,
    )


def _change_points(fitted: _Fit, reach: float) -> list[ChangePoint]:
    found = []
    for place, at in enumerate(fitted.points):
        before, after = float(fitted.means[place]), float(fitted.means[place + 1])
        away = reach * float(np.sqrt(1 / fitted.whole[place] + 1 / fitted.whole[place + 1]))
        found.append(ChangePoint(at, before, after, after - before - away, after - before + away))
    return found
