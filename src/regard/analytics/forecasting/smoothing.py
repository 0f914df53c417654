"""Exponential smoothing of a series without seasons: its level, its trend, and where they go."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.signal import lfilter

from regard.analytics.arrays import Floats, floats

SOURCE = "Hyndman, Koehler, Ord and Snyder (2008), Forecasting with exponential smoothing"
THETA_SOURCE = "Assimakopoulos and Nikolopoulos (2000), Int. J. Forecasting 16, 521-530; Hyndman and Billah (2003), ibid. 19, 287-290"
# Parameters are told from so many of the last values.
MOST = 3_000
SMALL = 1e-4
STARTS = (0.02, 0.08, 0.2, 0.4, 0.7, 0.95)


@dataclass(frozen=True, slots=True)
class Smoothing:
    """How a level and a trend follow the values.

    Args:
        alpha, beta: what share of an error goes into the level and into the trend.
        phi: what of the trend is left one step on; 1: all, 0: there is none.
    """

    alpha: float
    beta: float = 0.0
    phi: float = 0.0

    @property
    def name(self) -> str:
        """As in the classification of the source."""
        return "ETS(A,N,N)" if not self.phi else "ETS(A,A,N)" if self.phi == 1 else "ETS(A,Ad,N)"

    def errors(self, values: Floats) -> Floats:
        """The errors one step ahead of each series (k, n), from the start that makes their squares least."""
        phi, gone = self.phi, 1 - self.alpha
        poles = [1.0, -(gone + phi * (1 - self.beta)), phi * gone]
        given = np.zeros((len(values) + 1, values.shape[-1]))
        given[:-1] = values
        given[-1, 0] = 1.0
        passed = lfilter([1.0], poles, given)
        raw, pulse = passed[:-1].copy(), passed[-1]
        raw[:, 1:] -= (1 + phi) * passed[:-1, :-1]
        raw[:, 2:] += phi * passed[:-1, :-2]
        level = pulse.copy()
        level[1:] -= phi * pulse[:-1]
        if not phi:
            return floats(raw - (raw @ level / (level @ level))[:, None] * level)
        # What the first level and the first trend do to each error, taken off by least squares.
        (a, b), c = (level @ level, level @ pulse), pulse @ pulse
        over, rest, whole = raw @ level, raw @ pulse, max(a * c - b * b, 1e-9 * a * c)
        return floats(
            raw
            - ((c * over - b * rest) / whole)[:, None] * level
            - ((a * rest - b * over) / whole)[:, None] * pulse
        )

    def ahead(self, values: Floats, horizon: int) -> Floats:
        """The next values of each series; array (k, horizon)."""
        errors = self.errors(values)
        level = values[:, -1] - (1 - self.alpha) * errors[:, -1]
        found = np.repeat(level[:, None], horizon, axis=1)
        if self.phi:
            trend = self._trend(values, errors)
            found += trend[:, None] * np.cumsum(self.phi ** np.arange(1, horizon + 1))
        return found

    def _trend(self, values: Floats, errors: Floats) -> Floats:
        """The trend at the end. A level moves by the trend and by its share of the error."""
        level = values - (1 - self.alpha) * errors
        kept = level[:, -1] - level[:, -2] - self.alpha * errors[:, -1]
        return floats(kept + self.beta * errors[:, -1])


def best_smoothing(values: Floats) -> tuple[Smoothing, Smoothing]:
    """Level alone, with a trend, or with one that fades: the least corrected Akaike criterion; `values` is (n,).

    Returns: the best, and that of the level alone.

    Source: Hyndman et al. (2008), chapters 5 and 7.
    """
    seen = values[None, -MOST:]
    n = seen.shape[-1]
    level, lost = level_only(values)
    found = [(_criterion(lost, n, 3), level)]
    for phi in (1.0, 0.9):
        if n >= 12:
            found.append(_with_trend(seen, level.alpha, phi))
    return min(found, key=lambda one: one[0])[1], level


def level_only(values: Floats) -> tuple[Smoothing, float]:
    """Simple exponential smoothing with the least sum of squared errors, and that sum; `values` is (n,)."""
    seen = values[None, -MOST:]

    def lost(alpha: float) -> float:
        return float((Smoothing(alpha).errors(seen) ** 2).sum())

    best = min(STARTS, key=lost)
    place = STARTS.index(best)
    ends = (0.0, *STARTS, 1.0)
    found = minimize_scalar(
        lost, bounds=(max(ends[place], SMALL), min(ends[place + 2], 1 - SMALL)), method="bounded",
        options={"maxiter": 12, "xatol": 1e-3},
    )  # fmt: skip
    return Smoothing(float(found.x)), float(found.fun)


def _with_trend(seen: Floats, alpha: float, phi: float) -> tuple[float, Smoothing]:
    """The best with a trend (that fades where `phi` is below 1), and its criterion."""
    fades = phi < 1
    ask: Callable[[Floats], Smoothing] = partial(_smoothing, fades=fades)

    def lost(free: Floats) -> float:
        return math.log(float((ask(free).errors(seen) ** 2).sum()) + 1e-300)

    begin = np.array([_free(alpha), _free(0.05), *([0.0] if fades else [])])
    found = minimize(lost, begin, method="Nelder-Mead", options={"maxiter": 50, "xatol": 0.05, "fatol": 1e-4})
    n = seen.shape[-1]
    return _criterion(math.exp(float(found.fun)), n, 6 if fades else 5), ask(found.x)


def _smoothing(free: Floats, *, fades: bool) -> Smoothing:
    """From numbers without bounds: alpha and beta / alpha between 0 and 1, phi between 0.8 and 0.98."""
    alpha, share = _share(free[0]), _share(free[1])
    return Smoothing(alpha, alpha * share, 0.8 + 0.18 * _share(free[2]) if fades else 1.0)


def _share(free: float) -> float:
    return min(max(1 / (1 + math.exp(-min(max(free, -30.0), 30.0))), SMALL), 1 - SMALL)


def _free(share: float) -> float:
    kept = min(max(share, SMALL), 1 - SMALL)
    return math.log(kept / (1 - kept))


def _criterion(lost: float, n: int, k: int) -> float:
    """Akaike's criterion, corrected for few values."""
    return n * math.log(lost / n + 1e-300) + 2 * k + 2 * k * (k + 1) / max(n - k - 1, 1)


def theta(values: Floats, level: Smoothing, horizon: int) -> Floats:
    """The theta method: a smoothed level that rises by half the slope of the line through all; array (k, horizon).

    Args:
        values: array (k, n). level: without a trend.

    Source: Assimakopoulos and Nikolopoulos (2000), in the form of Hyndman and Billah (2003).
    """
    n, alpha = values.shape[-1], level.alpha
    x = np.arange(n) - (n - 1) / 2
    slope = values @ x / (x @ x)
    begun = (1 - (1 - alpha) ** n) / alpha
    return floats(level.ahead(values, horizon) + slope[:, None] / 2 * (np.arange(horizon) + begun))
