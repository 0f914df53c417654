"""The models that may foretell a series, each for many windows of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Flags, Floats, floats
from regard.analytics.forecasting.decomposition import Parts, mstl
from regard.analytics.forecasting.given import closed
from regard.analytics.forecasting.smoothing import Smoothing, best_smoothing, theta

NAIVE, MEAN, ETS, LOG_ETS, THETA, ALL = (
    *("seasonal naive", "seasonal mean", "MSTL + ETS", "MSTL + ETS of logarithms", "MSTL + Theta"),
    "mean of all others",
)
# A seasonal mean is over so many of the last seasons.
LAST = 6
MOST_SMEARED = 2.0


@dataclass(frozen=True, slots=True)
class Shape:
    """What the models know beforehand.

    Args:
        seasons: how many values make each, ascending. usual: the season of the two simplest models; 1: none.
        horizon: how many values are foretold.
        is_count: values are never below 0, and neither are forecasts.
    """

    seasons: tuple[int, ...]
    usual: int
    horizon: int
    is_count: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The parameters of a model's smoothing, told from one window.

    Args:
        smoothing: of ETS. level: of Theta.
    """

    smoothing: Smoothing
    level: Smoothing


class Windows:
    """Windows of a series (k, n) that each foretells what follows it."""

    def __init__(self, values: Floats, shape: Shape, told: dict[bool, Told] | None = None) -> None:
        """`told`: parameters of an earlier time, on values and on logarithms; told from the first window if not given."""
        self.values, self.shape = values, shape
        self._parts: dict[bool, tuple[Floats, Parts]] = {}
        self.told = {} if told is None else told

    def forecasts(self, names: Sequence[str]) -> dict[str, Floats]:
        """What each model foretells; arrays (k, horizon)."""
        single = {
            name: self._forecast(name)
            for name in candidates(self.shape)
            if name != ALL and (name in names or (ALL in names and name != NAIVE))
        }
        if ALL in names:
            single[ALL] = floats(np.mean([one for name, one in single.items() if name != NAIVE], axis=0))
        found = {name: single[name] for name in names}
        if not self.shape.is_count:
            return found
        nothing = self.closed()
        return {name: np.where(nothing, 0.0, np.maximum(one, 0.0)) for name, one in found.items()}

    def closed(self) -> Flags:
        """Which values to come are of hours in which nothing ever came; array (k, horizon)."""
        found = closed(self.values, self.shape.usual)
        return np.asarray(found[:, np.arange(self.shape.horizon) % self.shape.usual])

    def _forecast(self, name: str) -> Floats:
        horizon, usual = self.shape.horizon, self.shape.usual
        ahead = np.arange(horizon) % usual
        if name == NAIVE:
            return floats(self.values[:, -usual:][:, ahead])
        if name == MEAN:
            n = max(1, min(LAST, self.values.shape[-1] // usual))
            last = self.values[:, -n * usual :].reshape(len(self.values), n, usual)
            return floats(last.mean(axis=1)[:, ahead])
        logs = name == LOG_ETS or (name == THETA and self.shape.is_count)
        given, parts = self.parts(logs)
        told = self._told(logs)
        rest = given - sum(parts.seasonal)
        is_theta = name == THETA
        found = theta(rest, told.level, horizon) if is_theta else told.smoothing.ahead(rest, horizon)
        found = found + parts.ahead(self.shape.seasons, horizon)
        return self._back(found, parts) if logs else floats(found)

    def parts(self, logs: bool) -> tuple[Floats, Parts]:
        """The windows (or their logarithms) and what they are taken apart into."""
        if logs not in self._parts:
            given = np.log1p(self.values) if logs else self.values
            self._parts[logs] = given, mstl(given, self.shape.seasons)
        return self._parts[logs]

    def expected(self, logs: bool = False) -> Floats:
        """Level and seasons of each window; array (k, n)."""
        _, parts = self.parts(logs)
        return np.expm1(np.minimum(parts.expected, 30.0)) if logs else parts.expected

    def _told(self, logs: bool) -> Told:
        if logs not in self.told:
            given, parts = self.parts(logs)
            rest = given[0] - sum(one[0] for one in parts.seasonal)
            self.told[logs] = Told(*best_smoothing(rest))
        return self.told[logs]

    def _back(self, found: Floats, parts: Parts) -> Floats:
        """From logarithms to values; of the mean, which lies above the middle that a mean of logarithms tells.

        Source: Duan (1983), JASA 78, 605-610.
        """
        usual = np.expm1(parts.expected).sum(axis=1)
        smear = np.divide(self.values.sum(axis=1), usual, out=np.ones(len(usual)), where=usual > 0)
        smear = np.clip(smear, 1 / MOST_SMEARED, MOST_SMEARED)
        return floats(np.expm1(np.minimum(found, 30.0)) * smear[:, None])


def candidates(shape: Shape) -> list[str]:
    """The models that can be tried on a series of this shape."""
    logs = [LOG_ETS] if shape.is_count else []
    return [NAIVE, MEAN, ETS, *logs, THETA, ALL]
