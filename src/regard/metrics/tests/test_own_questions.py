"""Questions of the organisation's own: their mean answer, and the share of top answers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import scipy.stats
from statsmodels.stats.proportion import proportion_confint

from regard.kernel.estimates import Estimate
from regard.kernel.periods import Grain
from regard.metrics.compute import compute
from regard.metrics.settings import MetricSettings
from regard.metrics.tests.hand_drawn import Row, log_of, scores


def figure(key: str, counts: dict[float, int], metric: str) -> Estimate:
    found = compute(key, connection=log_of(scores(metric, counts))).total.estimate
    assert found is not None
    return found


def own(metric: str, counts: dict[float, int], **columns: Any) -> list[Row]:
    return [{**row, "customer": number} for number, row in enumerate(scores(metric, counts, **columns))]


def test_the_mean_answer_to_an_own_question_is_that_of_its_scores_with_a_bootstrap_beside_it() -> None:
    given = {1.0: 3, 2.0: 5, 3.0: 12, 4.0: 20, 5.0: 10}
    found = figure("mean_score", given, "food")
    answers = np.repeat(list(given), list(given.values()))
    drawn = scipy.stats.bootstrap((answers,), np.mean, method="BCa", rng=np.random.default_rng(1))
    assert found.value == pytest.approx(answers.mean())
    assert (found.n, found.n_customers) == (50, 50)
    assert found.low == pytest.approx(drawn.confidence_interval.low, abs=0.03)
    assert found.high == pytest.approx(drawn.confidence_interval.high, abs=0.03)


def test_the_mean_by_question_over_time_has_the_t_interval_over_customers() -> None:
    rows = [*own("food", {2: 4, 4: 8}), *own("rooms", {7: 6, 9: 6})]
    readings = compute("mean_score", connection=log_of(rows), every=Grain.YEAR).readings
    for name, answers in (("food", [2] * 4 + [4] * 8), ("rooms", [7] * 6 + [9] * 6)):
        found = next(one for one in readings[3:] if one.group == {"metric": name}).estimate
        low, high = scipy.stats.t.interval(0.95, 11, np.mean(answers), scipy.stats.sem(answers))
        assert found is not None
        assert (found.value, found.low, found.high) == pytest.approx((np.mean(answers), low, high))


def test_answers_to_different_questions_are_never_put_together() -> None:
    log = log_of([*own("food", {2: 4, 4: 8}), *own("rooms", {7: 6, 9: 6}), *scores("nps", {10: 9})])
    result = compute("mean_score", connection=log)
    assert result.total.estimate is None
    assert result.total.reason == "answers to food, rooms are never put together; choose one question"
    values = {one.group["metric"]: one.estimate for one in result.readings[1:]}
    assert {name: one and (one.value, one.n) for name, one in values.items()} == {
        "food": (pytest.approx(40 / 12), 12),
        "rooms": (8.0, 12),
    }
    by = compute("mean_score", connection=log, by=["metric"]).readings[1:]
    assert [(one.group["metric"], one.estimate and one.estimate.n) for one in by] == [
        ("food", 12),
        ("rooms", 12),
    ]
    one = compute("mean_score", connection=log, where="metric = 'rooms'").total.estimate
    assert one is not None
    assert one.value == 8.0


def test_each_group_has_a_mean_for_each_question() -> None:
    rows = [
        *own("food", {2: 6}, channel="web"),
        *own("food", {4: 6}, channel="app"),
        *own("rooms", {9: 6}, channel="app"),
    ]
    readings = compute("mean_score", connection=log_of(rows), by=["channel"]).readings
    found = {
        tuple(one.group.values()): one.estimate.value
        for one in readings
        if one.estimate and len(one.group) == 2
    }
    assert found == {("app", "food"): 4.0, ("app", "rooms"): 9.0, ("web", "food"): 2.0}


def test_an_own_question_with_few_answers_is_withheld() -> None:
    rows = [*own("food", {2: 4}), *own("rooms", {9: 6}), *own("staff", {5: 20})]
    readings = compute("mean_score", connection=log_of(rows)).readings[1:]
    assert {one.group["metric"]: one.estimate is not None for one in readings} == {
        "food": False, "rooms": True, "staff": True,
    }  # fmt: skip


def test_the_top_answers_begin_where_it_is_set() -> None:
    counts = {1.0: 10, 3.0: 20, 4.0: 30, 5.0: 40}
    found = figure("top_box", counts, "food")
    assert (found.value, found.method) == (0.7, "Wilson")
    assert (found.low, found.high) == pytest.approx(proportion_confint(70, 100, method="wilson"))
    log = log_of(scores("food", counts))
    top = compute("top_box", connection=log, settings=MetricSettings({"top_from": "5"})).total.estimate
    assert top is not None
    assert top.value == pytest.approx(0.4)
