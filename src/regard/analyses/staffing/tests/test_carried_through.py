"""From what came to a forecast, to the people, to the service that made-up days then get."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from regard.analyses.tests.running import Command
from regard.analytics.arrays import Floats, floats
from regard.analytics.queues.erlang_c import erlang_c
from regard.analytics.queues.offered import Offered

DAYS, PER_DAY = 49, 48


def rates(random: np.random.Generator, varies: float) -> Floats:
    """Calls to come in each half hour of the days known and of the day after; whole days are busier or calmer by lot."""
    hour = np.arange((DAYS + 1) * PER_DAY) % PER_DAY / 2
    usual = np.where((hour >= 8) & (hour < 20), 40 * np.exp(-(((hour - 12) / 4) ** 2)), 0.0)
    return floats(usual * np.repeat(np.exp(random.normal(0, varies, DAYS + 1)), PER_DAY))


def told_and_true(
    seed: int, varies: float, folder: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[float, float]:
    """The service level that is told to be expected, and that which the day then has."""
    random = np.random.default_rng(seed)
    mean = rates(random, varies)
    past = random.poisson(mean[: DAYS * PER_DAY])
    begin = datetime(2026, 1, 5)  # noqa: DTZ001
    rows = [f"{(begin + timedelta(minutes=30 * at)).isoformat()},{n}" for at, n in enumerate(past)]
    file, ahead = folder / "calls.csv", folder / "ahead.json"
    file.write_text("\n".join(["start,calls", *rows]) + "\n")
    asked = ("--time", "start", "--value", "calls", "--every", "30m", "--horizon", "1d")
    ahead.write_text(json.dumps(Command("forecast").told(capsys, file, *asked)))
    found = Command("staffing").told(capsys, "--forecast", ahead, "--aht", "300")
    agents = np.array([float(one["agents"]) for one in found["intervals"]])
    day = mean[DAYS * PER_DAY :]
    some = day > 0
    served = erlang_c(Offered.of(day[some] / 1800, 300.0), np.maximum(agents[some], 1), within=20)
    level = np.where(served.stable & (agents[some] > 0), served.within, 0.0)
    return found["service_level_expected"], float(np.average(level, weights=day[some]))


def off(runs: int, varies: float, folder: Path, capsys: pytest.CaptureFixture[str]) -> float:
    """By how much what is told lies above what comes true, on average."""
    found = np.array([told_and_true(seed, varies, folder, capsys) for seed in range(runs)])
    return float((found[:, 0] - found[:, 1]).mean())


def test_the_service_to_expect_comes_true_in_a_small_sample(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert abs(off(1, 0.0, tmp_path, capsys)) < 0.05


@pytest.mark.long
@pytest.mark.parametrize("varies", [0.0, 0.1])
def test_the_service_to_expect_comes_true(
    varies: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert abs(off(20, varies, tmp_path, capsys)) < 0.02
