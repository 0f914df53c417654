"""Series taken apart into their level, their seasons and what is left, many of one length at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.forecasting.loess import smoother, widened

SOURCE = (
    "Cleveland, Cleveland, McRae and Terpenning (1990), J. Off. Stat. 6, 3-73; "
    "Bandara, Hyndman and Bergmeir (2021), arXiv:2107.13462"
)
ROUNDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The series (k, n) as a sum.

    Args:
        trend: array (k, n). seasonal: the same for each season, in their order.
    """

    trend: Floats
    seasonal: list[Floats]

    @property
    def expected(self) -> Floats:
        """Level and seasons together."""
        return floats(self.trend + sum(self.seasonal))

    def ahead(self, seasons: Sequence[int], horizon: int) -> Floats:
        """What the seasons add to the next values: each as it was the last time; array (k, horizon)."""
        found = np.zeros((len(self.trend), horizon))
        for season, one in zip(seasons, self.seasonal, strict=True):
            found += one[:, -season:][:, np.arange(horizon) % season]
        return found


def mstl(values: Floats, seasons: Sequence[int]) -> Parts:
    """Trend and seasons of each series by STL, one season after the other, two rounds.

    Every step is a weighted mean, so that all series are smoothed at once.

    Args:
        values: array (k, n), nothing missing, n at least twice the longest season.
        seasons: how many values make each, ascending; none: the trend alone.

    Source: Cleveland et al. (1990); Bandara, Hyndman and Bergmeir (2021).
    """
    if not seasons:
        n = values.shape[-1]
        return Parts(smoother(n, _odd(max(7.0, n / 5)))(values), [])
    seasonal = [np.zeros_like(values) for _ in seasons]
    rest, trend = values.copy(), values
    for _ in range(ROUNDS if len(seasons) > 1 else 1):
        for place, season in enumerate(seasons):
            rest += seasonal[place]
            seasonal[place], trend = stl(rest, season, 7 + 4 * (place + 1))
            rest -= seasonal[place]
    return Parts(trend, seasonal)


def stl(values: Floats, season: int, width: int) -> tuple[Floats, Floats]:
    """One season and the trend of each series (k, n); `width` is of how many seasons each is smoothed over.

    Source: Cleveland et al. (1990); not robust, as in their default.
    """
    n = values.shape[-1]
    long, low = smoother(n, _odd(1.5 * season / (1 - 1.5 / width))), smoother(n, _odd(season))
    trend = np.zeros_like(values)
    seasonal = trend
    for _ in range(2):
        cycles = _cycles(values - trend, season, width)
        passed = _moving(_moving(_moving(cycles, season), season), 3)
        seasonal = cycles[:, season : season + n] - low(passed)
        trend = long(values - seasonal)
    return seasonal, trend


def _odd(least: float) -> int:
    whole = int(np.ceil(least))
    return whole + (whole + 1) % 2


def _cycles(values: Floats, season: int, width: int) -> Floats:
    """Each phase of the season smoothed over its own values and carried on by one at each end; (k, n + 2 seasons)."""
    k, n = values.shape
    full, more = divmod(n, season)
    padded = np.zeros((k, (full + 1) * season))
    padded[:, :n] = values
    by_phase = padded.reshape(k, full + 1, season)
    found = np.zeros((k, full + 3, season))
    found[:, : full + 2, more:] = widened(full, width) @ by_phase[:, :full, more:]
    if more:
        found[:, :, :more] = widened(full + 1, width) @ by_phase[:, :, :more]
    return found.reshape(k, -1)[:, : n + 2 * season]


def _moving(values: Floats, width: int) -> Floats:
    """Means of each `width` neighbours."""
    sums = np.cumsum(values, axis=1)
    found = sums[:, width - 1 :].copy()
    found[:, 1:] -= sums[:, :-width]
    return floats(found / width)
