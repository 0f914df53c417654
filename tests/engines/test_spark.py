"""Every metric of the catalogue gives the same on Spark as on DuckDB, over the same Delta table."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regard.kernel.periods import Grain, Period
from regard.metrics.catalogue import METRICS
from regard.metrics.compute import compute
from regard.metrics.tests.whole_log import LOOKING
from regard.warehouse.engines.engine import Engine

PERIOD = Period(datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
ATHENS = ZoneInfo("Europe/Athens")
CONDITION = "attributes.plan = 'gold' and trait.tier in ('basic', 'plus') and hour(occurred_at) >= 6"

QUESTIONS: dict[str, dict[str, Any]] = {
    "in all": {},
    "by channel": {"by": ["channel"], "period": PERIOD},
    "by trait and attribute": {"by": ["trait.tier", "attributes.plan"]},
    "by account": {"by": ["account"], "every": Grain.QUARTER},
    "every month": {"every": Grain.MONTH, "zone": ATHENS},
    "every week by unit, beside the week before": {
        "by": ["unit"], "every": Grain.WEEK, "period": PERIOD, "compare": "previous", "zone": ATHENS,
    },
    "beside another unit": {"by": ["unit"], "compare": "unit=north", "period": PERIOD},
    "filtered and within a unit": {"where": CONDITION, "scope": ["north"], "period": PERIOD, "zone": ATHENS},
}  # fmt: skip


@pytest.mark.timeout(900)
def test_a_metric_gives_the_same_on_spark(on_duckdb: Engine, on_spark: Engine) -> None:
    _compare("nps", QUESTIONS["every month"], on_duckdb, on_spark)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_few_metrics_give_the_same_on_a_cluster(on_duckdb: Engine, on_cluster: Engine) -> None:
    for key, question in (("nps", "every month"), ("time_to_resolution", "by account")):
        _compare(key, QUESTIONS[question], on_duckdb, on_cluster)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("key", ["mean_score", "top_box"])
def test_each_question_of_our_own_gives_the_same_on_spark(
    key: str, on_duckdb: Engine, on_spark: Engine
) -> None:
    asked = [QUESTIONS[name] for name in ("in all", "by channel", "every month")]
    for question in (*asked, {"by": ["metric"]}, {"by": ["metric"], "every": Grain.QUARTER}):
        _compare(key, question, on_duckdb, on_spark)


@pytest.mark.cluster
@pytest.mark.timeout(3600)
def test_every_metric_gives_the_same_on_a_cluster(on_duckdb: Engine, on_cluster: Engine) -> None:
    differing = []
    for metric in METRICS:
        for name, question in QUESTIONS.items():
            try:
                _compare(metric.key, question, on_duckdb, on_cluster)
            except AssertionError as error:
                differing.append(f"{metric.key} {name}: {error}")
    assert not differing, "\n".join(differing)


def _compare(key: str, question: dict[str, Any], one: Engine, other: Engine) -> None:
    """Counts, texts and reasons are the same to the letter, figures to nine places."""
    asked = {"now": LOOKING, "min_n": 3, **question}
    here, there = (compute(key, connection=engine, **asked).as_json() for engine in (one, other))
    assert len(here["readings"]) > 0
    _alike(here, there, key)


def _alike(here: Any, there: Any, place: str) -> None:
    assert type(here) is type(there), place
    if isinstance(here, dict):
        assert list(here) == list(there), place
        for name, value in here.items():
            _alike(value, there[name], f"{place}.{name}")
    elif isinstance(here, list):
        assert len(here) == len(there), place
        for number, value in enumerate(here):
            _alike(value, there[number], f"{place}[{number}]")
    elif isinstance(here, float):
        assert there == pytest.approx(here, rel=1e-9, abs=1e-12), place
    else:
        assert here == there, place
