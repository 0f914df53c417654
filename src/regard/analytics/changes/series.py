"""A figure day by day (week by week, month by month): what it was, how sure each value is, and its season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Flags, Floats, divide, floats
from regard.analytics.changes.given import Codes
from regard.kernel.errors import InvalidInput, NotEnoughData

LEAST_ANSWERS = 5
LEAST_POINTS = 15
MOST_POINTS = 2_000
# How many of each make a season, and how many seasons tell it.
SEASONS = {"day": (7, 4), "week": (52, 3), "month": (12, 3)}


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A figure over time; arrays by point, none of which is left out between the first and the last.

    Args:
        starts: the first day of each.
        n: answers. values: their mean; 0 where there are too few.
        is_used: whether there are enough.
        season: how many points make a season; 0 where there are too few to tell one.
    """

    starts: NDArray[np.datetime64]
    n: Floats
    values: Floats
    is_used: Flags
    season: int

    @property
    def weights(self) -> Floats:
        """How sure each value is: as its answers, 0 where it is not used."""
        return np.where(self.is_used, self.n, 0.0)

    @property
    def phases(self) -> Codes:
        """The place of each point in its season."""
        return np.arange(len(self.values)) % max(self.season, 1)


def series(times: NDArray[np.datetime64], scores: Floats, every: str) -> Series:
    """The mean of the scores by day, week (from Monday) or month, in UTC.

    Raises: NotEnoughData, InvalidInput where there are too few or too many points.
    """
    day = times.astype("datetime64[D]")
    if every == "month":
        place = day.astype("datetime64[M]").astype(np.int64)
    elif every == "week":
        place = (day.astype(np.int64) + 3) // 7
    else:
        place = day.astype(np.int64)
    first = int(place.min()) if len(place) else 0
    size = int(place.max()) - first + 1 if len(place) else 0
    if size > MOST_POINTS:
        raise InvalidInput(
            f"There are {size:,} {every}s from the first to the last; at most {MOST_POINTS:,} can be looked at. "
            "Take longer ones with --every, or a shorter time."
        )
    n = np.bincount(place - first, minlength=size).astype(np.float64)
    values = np.nan_to_num(divide(np.bincount(place - first, scores, size), n))
    is_used = n >= LEAST_ANSWERS
    if is_used.sum() < LEAST_POINTS:
        other = "week" if every == "day" else "day"
        raise NotEnoughData(
            f"There are {int(is_used.sum())} {every}s with at least {LEAST_ANSWERS} answers, and telling when something "
            f"changed takes {LEAST_POINTS}. Give a longer time, or take it by {other}."
        )
    season, least = SEASONS[every]
    has_season = size >= season * least and is_used.mean() > 0.5
    return Series(_starts(first, size, every), n, values, is_used, season if has_season else 0)


def _starts(first: int, size: int, every: str) -> NDArray[np.datetime64]:
    places = np.arange(first, first + size)
    if every == "month":
        return places.astype("datetime64[M]").astype("datetime64[D]")
    return (7 * places - 3 if every == "week" else places).astype("datetime64[D]")


def seasonal(values: Floats, weights: Floats, season: int) -> Floats:
    """What the season adds to each point: its mean distance from the moving mean of a whole season around it.

    Args:
        values: array (..., n). weights: array (n,); 0 for a point that is not used. season: 0 for none.

    Returns: array (..., n), of mean 0 over a season.
    Source: Cleveland, Cleveland, McRae and Terpenning (1990), J. Off. Stat. 6, 3-73 (classical decomposition as start).
    """
    if not season:
        return np.zeros_like(values)
    n, half = values.shape[-1], season // 2
    window = np.ones(2 * half + 1)
    if season % 2 == 0:
        window[[0, -1]] = 0.5
    weighted = values * weights
    around = sum(weight * _moved(weighted, step - half) for step, weight in enumerate(window))
    whole = sum(weight * _moved(weights, step - half) for step, weight in enumerate(window))
    away = (values - divide(around, whole)) * weights
    full = (np.arange(n) >= half) & (np.arange(n) < n - half) & (weights > 0)
    phases = np.arange(n) % season
    effects = np.zeros((*values.shape[:-1], season))
    for phase in range(season):
        chosen = full & (phases == phase)
        if chosen.any():
            effects[..., phase] = away[..., chosen].sum(axis=-1) / weights[chosen].sum()
    return floats((effects - effects.mean(axis=-1, keepdims=True))[..., phases])


def _moved(values: Floats, step: int) -> Floats:
    """The values `step` points later, 0 beyond the ends."""
    found = np.zeros_like(values)
    n = values.shape[-1]
    if abs(step) < n:
        found[..., max(-step, 0) : n - max(step, 0)] = values[..., max(step, 0) : n - max(-step, 0)]
    return found
