"""Forecasts of made hourly series of 700 to 960 hours, 48 hours ahead, beside statsforecast: errors, and CPU ms a series."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import numpy as np
from peers import ask, peer

from regard.analytics.arrays import Floats
from regard.analytics.forecasting.forecast import forecast
from regard.analytics.forecasting.models import ETS, NAIVE, Shape, Windows

# A number given makes it so many series.
SERIES = int(sys.argv[1]) if len(sys.argv) > 1 else 414
AHEAD, SEED = 48, 7
SHAPE = Shape((24, 168), 168, AHEAD, True)
PEER = """
import json, sys, time
import numpy as np
from statsforecast.models import MSTL, AutoETS
given = np.load(sys.argv[1])
def foretell(values):
    model = MSTL(season_length=[24, 168], trend_forecaster=AutoETS(model="ZZN"))
    return model.forecast(y=values, h=48)["mean"]
foretell(given["0"][:-48])
began = time.process_time()
found = [foretell(given[str(place)][:-48]).tolist() for place in range(len(given.files))]
print(json.dumps([time.process_time() - began, found]))
"""


def made(random: np.random.Generator) -> Floats:
    """A series like those of the M4 competition: a day, a week, a wandering level, errors of one of four kinds."""
    n = int(random.integers(700, 961)) + AHEAD
    hours = np.arange(n)
    day = np.sin(2 * np.pi * (hours - random.uniform(0, 24)) / 24)
    day += 0.4 * np.sin(4 * np.pi * (hours - random.uniform(0, 12)) / 24)
    week = random.normal(0, 0.3, 7)[hours // 24 % 7]
    level = np.cumsum(random.normal(0, random.choice([0, 0.004, 0.01]), n))
    size, carried, kind = random.uniform(50, 2000), random.uniform(0.3, 0.95), random.integers(4)
    errors = random.normal(0, 1, n)
    for place in range(1, n):
        errors[place] += carried * errors[place - 1]
    errors /= errors.std()
    if kind == 0:
        values = size * (2 + 0.6 * day + week + level + 0.1 * errors)
    elif kind == 1:
        values = size * np.exp(0.5 * day + 0.6 * week + level + 0.08 * errors)
    elif kind == 2:
        values = random.poisson(size / 20 * np.exp(0.7 * day + 0.6 * week + level))
    else:
        values = size * (2 + 0.3 * day * (1 + hours / 2000) + 0.3 * week + random.normal(0, 0.25, n) + level)
    return np.maximum(values, 0.0).astype(np.float64)


def spent(foretell: Callable[[Floats], Floats], series: list[Floats]) -> tuple[float, list[Floats]]:
    """CPU seconds, and what was foretold."""
    foretell(series[0][:-AHEAD])
    began = time.process_time()
    found = [foretell(one[:-AHEAD]) for one in series]
    return time.process_time() - began, found


def errors(series: list[Floats], found: list[Floats]) -> tuple[float, float]:
    """MASE in steps of a day, as the competition has it, and sMAPE; means over the series."""
    mase, smape = [], []
    for one, ahead in zip(series, found, strict=True):
        known, truth = one[:-AHEAD], one[-AHEAD:]
        mase.append(np.abs(truth - ahead).mean() / np.abs(known[24:] - known[:-24]).mean())
        both = np.abs(truth) + np.abs(ahead)
        smape.append((2 * np.abs(truth - ahead) / np.where(both > 0, both, 1)).mean())
    return float(np.mean(mase)), float(np.mean(smape))


def by_ets(known: Floats) -> Floats:
    """MSTL + ETS alone."""
    return Windows(known[None], SHAPE).forecasts([ETS])[ETS][0]


def by_naive(known: Floats) -> Floats:
    """The last week again."""
    return Windows(known[None], SHAPE).forecasts([NAIVE])[NAIVE][0]


def main() -> None:
    """Ask all, compare, print the table."""
    random = np.random.default_rng(SEED)
    series = [made(random) for _ in range(SERIES)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "series.npz"
        np.savez(file, **{str(place): one for place, one in enumerate(series)})
        theirs, foretold = ask(peer("statsforecast==2.0.3"), PEER, str(file))
    held = []

    def by_best(known: Floats) -> Floats:
        found = forecast(known, SHAPE, day=24)
        held.append((found.low, found.high))
        return found.value

    rows = [
        ("the last day again", *spent(lambda known: np.tile(known[-24:], 2), series)),
        ("the last week again", *spent(by_naive, series)),
        ("statsforecast 2.0.3, MSTL + AutoETS", theirs, [np.array(one) for one in foretold]),
        ("regard, MSTL + ETS", *spent(by_ets, series)),
        ("regard, the best of six, with intervals", *spent(by_best, series)),
    ]
    print(f"{SERIES} made hourly series, {AHEAD} hours ahead; CPU on one thread\n")
    print("| | MASE | sMAPE | ms a series |\n| --- | --- | --- | --- |")
    for name, seconds, found in rows:
        mase, smape = errors(series, found)
        print(f"| {name} | {mase:.3f} | {100 * smape:.1f}% | {1000 * seconds / SERIES:.1f} |")
    inside = [
        ((one[-AHEAD:] >= low) & (one[-AHEAD:] <= high)).mean()
        for one, (low, high) in zip(series, held[1:], strict=True)
    ]
    print(f"\n95% intervals held {100 * np.mean(inside):.1f}% of what came.")


if __name__ == "__main__":
    main()
