from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import pairwise

import duckdb
import pytest

from regard.kernel.periods import Grain, Period
from regard.metrics.catalogue import METRICS
from regard.metrics.compute import compute
from regard.metrics.conditions import check_template
from regard.metrics.metric import Metric, Unit
from regard.metrics.readings import Result
from regard.metrics.tests.hand_drawn import log_of
from regard.metrics.tests.whole_log import LOOKING, whole_log

WANTED = (
    "nps csat ces ces_top2 ces_mean ces_index response_rate time_to_resolution resolution_rate first_contact_resolution "
    "first_response_time handle_time wait_time abandonment_rate contact_rate repeat_contact_rate retention_rate "
    "churn_rate revenue average_order_value orders answers mean_score top_box lifetime_value acquisition_cost active_customers conversion_rate"
).split()
PERIOD = Period(datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
DIMENSIONS = [
    *("channel", "unit", "kind", "account", "attributes.plan", "trait.tier"),
    # These are columns as channel is.
    *(pytest.param(name, marks=pytest.mark.long) for name in ("touchpoint", "agent", "source", "language")),
]
ALL = pytest.mark.parametrize("metric", list(METRICS), ids=lambda metric: metric.key)


@pytest.fixture(scope="module")
def log() -> Iterator[duckdb.DuckDBPyConnection]:
    with whole_log() as connection:
        yield connection


@pytest.fixture(scope="module")
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    with log_of([]) as connection:
        yield connection


def test_the_catalogue_holds_every_metric_that_was_promised() -> None:
    assert sorted(metric.key for metric in METRICS) == sorted(WANTED)


@ALL
def test_every_metric_says_what_it_is(metric: Metric) -> None:
    assert metric.title
    assert metric.question.endswith("?")
    assert len(metric.definition) > 20
    assert metric.source
    assert metric.reads
    assert all(setting.meaning for setting in metric.settings)


@ALL
def test_every_template_is_sql_that_can_be_read(metric: Metric) -> None:
    relation = metric.relation
    for template in (*metric.counts.values(), relation.filter, relation.rows, relation.settled):
        if template:
            check_template(template)


@ALL
def test_every_metric_stands_in_the_file_of_its_name(metric: Metric) -> None:
    assert find_spec(f"regard.metrics.catalogue.{metric.key}") is not None


@ALL
def test_an_empty_log_gives_a_reason_and_never_zero(metric: Metric, empty: duckdb.DuckDBPyConnection) -> None:
    result = compute(metric.key, connection=empty, by=["unit"], every=Grain.MONTH, now=LOOKING)
    assert result.total.estimate is None
    assert result.total.reason is not None
    assert "in the log" in result.total.reason


@ALL
def test_a_hand_drawn_log_gives_a_value_with_its_n_and_method(
    metric: Metric, log: duckdb.DuckDBPyConnection
) -> None:
    result = compute(metric.key, connection=log, period=PERIOD, now=LOOKING)
    figure = result.total.estimate
    assert result.total.group == {}
    assert figure is not None, result.total.reason
    assert math.isfinite(figure.value)
    assert figure.n > 0
    assert figure.method
    assert result.method
    if figure.low is not None and figure.high is not None:
        assert figure.low <= figure.value <= figure.high
    if metric.unit is Unit.FRACTION:
        assert 0 <= figure.value <= 1


@ALL
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_every_metric_can_be_cut_by_every_dimension_and_the_total_stays(
    metric: Metric, dimension: str, log: duckdb.DuckDBPyConnection
) -> None:
    plain = compute(metric.key, connection=log, period=PERIOD, now=LOOKING, min_n=1).total
    cut = compute(
        metric.key, connection=log, by=[dimension], every=Grain.MONTH, period=PERIOD, now=LOOKING, min_n=1
    )
    assert cut.total.estimate is not None
    assert plain.estimate is not None
    assert cut.total.estimate.value == pytest.approx(plain.estimate.value)
    assert (cut.total.estimate.n, cut.total.estimate.n_customers) == (
        plain.estimate.n,
        plain.estimate.n_customers,
    )
    assert all(set(reading.group) == {dimension} for reading in cut.readings[1:])
    # Cost and the orders that it won are of different kinds: no group has both.
    if (metric.key, dimension) != ("acquisition_cost", "kind"):
        assert any(reading.estimate for reading in cut.readings[1:])
    assert all(reading.estimate or reading.reason for reading in cut.readings)


@ALL
def test_every_metric_can_be_filtered_and_compared(metric: Metric, log: duckdb.DuckDBPyConnection) -> None:
    for compare in ("previous", "year-ago", "unit=north"):
        result = compute(
            metric.key, connection=log, period=PERIOD, every=Grain.MONTH, compare=compare, now=LOOKING,
            where="attributes.plan = 'gold' and trait.tier in ('basic', 'plus')",
        )  # fmt: skip
        assert all("difference" in reading for reading in result.as_json()["readings"])


# What happens after a month still decides these, so a month that is asked alone is looked at from its own end.
DECIDED_LATER = {"conversion_rate", "first_contact_resolution", "repeat_contact_rate", "resolution_rate"}


@pytest.mark.parametrize("key", [metric.key for metric in METRICS if metric.key not in DECIDED_LATER])
def test_a_month_among_others_is_the_month_asked_alone(key: str, log: duckdb.DuckDBPyConnection) -> None:
    def ask(period: Period, every: Grain | None = None) -> Result:
        return compute(key, connection=log, period=period, every=every, now=LOOKING, min_n=1)

    months = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3, 4)]
    pieces = ask(Period(months[0], months[-1]), Grain.MONTH).readings[1:]
    among = {piece.period.start: piece.estimate for piece in pieces if piece.period}
    for start, end in pairwise(months):
        found, alone = among.get(start), ask(Period(start, end)).total.estimate
        assert (found and (found.value, found.n)) == (alone and (alone.value, alone.n))
