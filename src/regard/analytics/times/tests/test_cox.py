"""Hazard ratios against lifelines and statsmodels, by published shares of subscribers, and by simulated truth."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from lifelines import CoxPHFitter
from lifelines.statistics import multivariate_logrank_test, proportional_hazard_test
from statsmodels.duration.hazard_regression import PHReg

from regard.analytics.arrays import Floats, floats
from regard.analytics.times.among_groups import log_rank_among
from regard.analytics.times.cox import cox_model
from regard.analytics.times.from_waits import kaplan_meier, kaplan_meier_arrays
from regard.kernel.errors import NotEnoughData

TELCO = Path(__file__).with_name("telco_tenure.csv")


def made(n: int, seed: int, *, whole: bool = False) -> tuple[Floats, Floats, Floats]:
    """Columns with slopes 0.5 and 0.3 on the logarithm of the hazard, times (in whole units if asked), and who ended."""
    generator = np.random.default_rng(seed)
    x = np.column_stack((generator.normal(size=n), generator.integers(0, 2, n)))
    until = np.asarray(generator.exponential(np.exp(-x @ [0.5, 0.3])) * 8)
    seen = generator.uniform(4, 24, n)
    time, ended = np.minimum(until, seen), until <= seen
    return floats(x), floats(np.ceil(time) if whole else time), floats(ended)


def telco() -> tuple[Floats, Floats, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Tenure, who left, and the contract (0 to 2 by alphabet) of all subscribers."""
    with TELCO.open() as file:
        rows = list(csv.DictReader(file))
    contracts = sorted({row["contract"] for row in rows})
    found = [
        (float(row["tenure"]), left, contracts.index(row["contract"]))
        for row in rows
        for left in (1.0, 0.0)
        for _ in range(int(row["left" if left else "stayed"]))
    ]
    time, left, contract = zip(*found, strict=True)
    return np.array(time), np.array(left), np.array(contract, dtype=np.int64)


def test_subscribers_stay_as_long_as_is_known_of_them() -> None:
    time, left, _ = telco()
    curve = kaplan_meier(time, left)
    assert len(time) == 7043
    assert curve.at(12)[0][0] == pytest.approx(0.8432, abs=5e-5)
    assert curve.at(24)[0][0] == pytest.approx(0.7887, abs=5e-5)


@pytest.mark.parametrize("whole", [False, True])
def test_ratios_and_their_errors_are_those_of_two_other_packages(whole: bool) -> None:
    x, time, ended = made(300, 3, whole=whole)
    found = cox_model(x, time, ended)
    frame = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "time": time, "ended": ended})
    fitted = CoxPHFitter().fit(frame, "time", "ended")
    assert found.coefficients == pytest.approx(fitted.params_.to_numpy(), abs=1e-5)
    assert found.se == pytest.approx(fitted.standard_errors_.to_numpy(), rel=1e-5)
    assert found.log_likelihood == pytest.approx(fitted.log_likelihood_, abs=1e-6)
    other = PHReg(time, x, status=ended, ties="efron").fit()
    assert found.coefficients == pytest.approx(other.params, abs=1e-5)
    assert found.se == pytest.approx(other.bse, rel=1e-4)


def test_a_ratio_that_lasts_is_judged_as_lifelines_does() -> None:
    x, time, ended = made(300, 3)
    frame = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "time": time, "ended": ended})
    judged = proportional_hazard_test(CoxPHFitter().fit(frame, "time", "ended"), frame, "rank")
    assert cox_model(x, time, ended).proportional_p == pytest.approx(judged.p_value, abs=1e-4)


def test_a_ratio_that_turns_is_noticed() -> None:
    generator = np.random.default_rng(8)
    group = generator.integers(0, 2, 2000).astype(np.float64)
    time = np.where(group > 0, generator.weibull(2.0, 2000), generator.weibull(0.7, 2000))
    assert cox_model(group[:, None], time, np.ones(2000)).proportional_p[0] < 1e-6


def test_contracts_differ_as_lifelines_has_it() -> None:
    time, left, contract = telco()
    found = log_rank_among(kaplan_meier_arrays(time, left, group=contract, n_groups=3))
    other = multivariate_logrank_test(time, contract, left)
    assert (found.df, found.chi2) == (2, pytest.approx(other.test_statistic))


def test_groups_that_are_alike_are_told_apart_once_in_twenty() -> None:
    generator = np.random.default_rng(1)
    p = []
    for _ in range(100):
        time, group = np.ceil(generator.exponential(6, 90)), generator.integers(0, 3, 90)
        p.append(
            log_rank_among(kaplan_meier_arrays(time, generator.random(90) < 0.7, group=group, n_groups=3)).p
        )
    assert np.mean(np.array(p) < 0.05) < 0.12


def covered(runs: int, n: int) -> Floats:
    inside = []
    for run in range(runs):
        found = cox_model(*made(n, 100 + run, whole=run % 2 == 0))
        inside.append((np.log(found.low) <= [0.5, 0.3]) & (np.log(found.high) >= [0.5, 0.3]))
    return np.asarray(np.mean(inside, axis=0))


def test_intervals_hold_the_truth_in_a_few_runs() -> None:
    assert (covered(30, 150) > 0.83).all()


@pytest.mark.long
@pytest.mark.parametrize("n", [100, 400, 2000])
def test_intervals_hold_the_truth_nineteen_times_in_twenty(n: int) -> None:
    rate = covered(1500, n)
    assert (rate > 0.935).all()
    assert (rate < 0.965).all()


@pytest.mark.parametrize(
    ("columns", "ended"),
    [
        (np.ones((40, 1)), np.ones(40)),
        (np.tile(np.arange(40.0)[:, None], (1, 2)), np.ones(40)),
        (np.repeat([0.0, 1.0], 20)[:, None], np.repeat([0.0, 1.0], 20)),
        (np.arange(40.0)[:, None], np.zeros(40)),
    ],
)
def test_what_has_no_ratio_is_refused(columns: Floats, ended: Floats) -> None:
    with pytest.raises(NotEnoughData):
        cox_model(columns, np.arange(40.0) + 1, ended)
