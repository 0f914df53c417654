"""How well models would have foretold the past: each from windows that know nothing of what they foretell."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from regard.analytics.arrays import Floats, floats
from regard.analytics.forecasting.models import MEAN, NAIVE, Shape, Windows, candidates
from regard.kernel.errors import NotEnoughData

SOURCE = "Tashman (2000), Int. J. Forecasting 16, 437-450; Hyndman and Koehler (2006), ibid. 22, 679-688"
MOST_TESTS, LEAST_TESTS = 28, 4
# Of the series, the tests may take so much from its end.
TESTED = 0.4
# No level and no error counts as less than this share of the mean.
LEAST_LEVEL, LEAST_ERROR = 0.05, 0.2


@dataclass(frozen=True, slots=True)
class Plan:
    """Windows of one length, each `step` values after the one before; the last foretells up to the series' end."""

    window: int
    step: int
    tests: int

    @property
    def starts(self) -> list[int]:
        """Where each begins; the first value that any of them knows is at 0."""
        return [place * self.step for place in range(self.tests)]


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """The test of all models.

    Args:
        forecasts: by model, arrays (k, horizon), without what special days do. truth: the same; not a number for gaps.
        first: for each window, the place in the series of the first value foretold.
        scale: (k, horizon), the usual size of an error of each step, told from its window.
        lost: the mean size of a seasonal naive step within the windows, which errors are measured in.
    """

    plan: Plan
    forecasts: dict[str, Floats]
    truth: Floats
    first: list[int]
    scale: Floats
    lost: float


def plan_tests(n: int, shape: Shape, day: int) -> Plan:
    """How many tests, how far apart. Raises: NotEnoughData where there is too little past for the horizon."""
    room = int(n * TESTED) - shape.horizon
    if room < LEAST_TESTS - 1 or n - shape.horizon < 2 * max(shape.usual, 5) + LEAST_TESTS:
        least = max(
            math.ceil((shape.horizon + LEAST_TESTS - 1) / TESTED),
            2 * shape.usual + shape.horizon + LEAST_TESTS,
            16,
        )
        raise NotEnoughData(
            f"There are {n:,} intervals, and foretelling {shape.horizon:,} more takes {least:,}: what models foretell is "
            "tested on the past. Give a longer past, a shorter --horizon or a longer --every."
        )
    step = day
    while step > 1 and room // step + 1 < MOST_TESTS // 2:
        step = step // 2
    tests = min(MOST_TESTS, room // step + 1)
    return Plan(n - shape.horizon - step * (tests - 1), step, tests)


def roll(filled: Floats, raw: Floats, shape: Shape, plan: Plan, day: int) -> Rolled:
    """Foretell the past from windows of `filled`; what really came is in `raw`."""
    last = plan.window + shape.horizon
    all_ = sliding_window_view(filled, last)[plan.starts]
    truth = sliding_window_view(raw, last)[plan.starts][:, plan.window :]
    windows = Windows(np.ascontiguousarray(all_[:, : plan.window]), shape)
    forecasts = windows.forecasts(candidates(shape))
    steps = np.abs(windows.values[:, shape.usual :] - windows.values[:, : -shape.usual])
    return Rolled(
        plan,
        forecasts,
        floats(truth),
        [start + plan.window for start in plan.starts],
        usual_errors(windows, day),
        float(steps.mean()),
    )


def usual_errors(windows: Windows, day: int) -> Floats:
    """The size of an error to expect of each step ahead, by its place in the day; array (k, horizon).

    What is never below 0 strays by the root of its level, as counts do.
    """
    k, n = windows.values.shape
    days, shape = n // day, windows.shape
    away, ahead = np.abs(windows.values - windows.expected()), np.ones((k, shape.horizon))
    if shape.is_count:
        least = LEAST_LEVEL * windows.values.mean(axis=1, keepdims=True) + 1e-12
        away = away / np.sqrt(np.maximum(windows.expected(), least))
        ahead = np.sqrt(np.maximum(windows.forecasts([MEAN])[MEAN], least))
    by_place = away[:, n - days * day :].reshape(k, days, day).mean(axis=1)
    mixed = np.sqrt(by_place**2 + (LEAST_ERROR * by_place.mean(axis=1, keepdims=True)) ** 2) + 1e-12
    return floats(ahead * mixed[:, np.arange(shape.horizon) % day])


@dataclass(frozen=True, slots=True)
class Measured:
    """How far a model lay from the truth.

    Args:
        mase: mean error in seasonal naive steps of the windows. smape: mean of 2 |error| / (|forecast| + |truth|).
        wql: the error at the middle and at both ends of the interval, weighted, as a share of the truth.
        coverage: of the truth within intervals that the other tests make.
    """

    model: str
    mase: float
    smape: float
    wql: float
    coverage: float


def best(measured: list[Measured]) -> str:
    """The model with the least MASE; the seasonal naive one where nothing is better."""
    naive = next(one for one in measured if one.model == NAIVE)
    found = min(measured, key=lambda one: one.mase)
    return found.model if found.mase < naive.mase else NAIVE
