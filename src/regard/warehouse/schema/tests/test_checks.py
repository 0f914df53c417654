"""What may enter the log, at the boundaries."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regard.warehouse.schema.checks import NEWEST, OLDEST, REASONS, SCALES, reasons_sql
from regard.warehouse.schema.incoming import INCOMING

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD: dict[str, object] = {
    "message_id": "m",
    "kind": "survey.answered",
    "occurred_at": NOW,
    "received_at": NOW,
    "metric": "nps",
    "score": 9.0,
}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("SET TimeZone = 'America/New_York'")
        yield made


def reason(
    connection: duckdb.DuckDBPyConnection,
    row: dict[str, object],
    *,
    fractions: str = "false",
    now: datetime | None = NOW,
) -> str | None:
    given_row = {**GOOD, **row}
    values = ", ".join(f"?::{INCOMING.type_of(name)} AS {name}" for name in INCOMING.names)
    sql = f"SELECT {reasons_sql(now, fractions=fractions)} FROM (SELECT {values})"
    found = connection.execute(sql, [given_row.get(name) for name in INCOMING.names]).fetchone()
    assert found is not None
    code: str | None = found[0]
    assert code is None or code in REASONS
    return code


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, None),
        ({"score": 10.0}, None),
        ({"score": 11.0}, "score_out_of_range"),
        ({"score": -1.0}, "score_out_of_range"),
        ({"score": 8.5}, "score_not_whole"),
        ({"score": math.nan}, "score_not_a_number"),
        ({"score": math.inf}, "score_not_a_number"),
        ({"score": None}, None),
        ({"metric": "csat", "score": 5.0}, None),
        ({"metric": "csat", "score": 0.0}, "score_out_of_range"),
        ({"metric": "csat", "score": 4.5}, "score_not_whole"),
        ({"metric": "ces", "score": 7.0}, None),
        ({"metric": "ces", "score": 8.0}, "score_out_of_range"),
        ({"metric": "shelf_order", "score": 4711.5}, None),
        ({"metric": None, "score": 3.0}, "score_without_metric"),
        ({"occurred_at": None}, "time_missing"),
        ({"occurred_at": NOW + NEWEST}, None),
        ({"occurred_at": NOW + NEWEST + timedelta(microseconds=1)}, "time_in_future"),
        ({"occurred_at": NOW - OLDEST}, None),
        ({"occurred_at": NOW - OLDEST - timedelta(microseconds=1)}, "time_too_old"),
        ({"message_id": ""}, "message_id_missing"),
        ({"kind": None}, "kind_missing"),
        ({"kind": "k" * 201}, "kind_missing"),
        ({"weight": 0.0}, None),
        ({"weight": -0.1}, "weight_invalid"),
        ({"amount_minor": 100}, "amount_without_currency"),
        ({"amount_minor": 100, "currency": "EUR"}, None),
        ({"currency": "eur"}, "currency_unknown"),
        ({"duration_seconds": -1.0}, "duration_invalid"),
        ({"wait_seconds": math.nan}, "wait_invalid"),
        ({"attributes": '{"a": 1}'}, None),
        ({"attributes": "[1]"}, "attributes_broken"),
        ({"attributes": "{broken"}, "attributes_broken"),
    ],
)
def test_a_row_at_the_boundary_is_judged(
    connection: duckdb.DuckDBPyConnection, row: dict[str, object], expected: str | None
) -> None:
    assert reason(connection, row) == expected
    assert reason(connection, row, now=None) == expected


def test_fractions_are_allowed_where_a_scale_was_declared(connection: duckdb.DuckDBPyConnection) -> None:
    assert reason(connection, {"metric": "csat", "score": 4.5}, fractions="true") is None
    assert reason(connection, {"score": 4.5}, fractions="true") == "score_not_whole"


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        reasons_sql(datetime(2026, 1, 1))  # noqa: DTZ001


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(metric=st.sampled_from(sorted(SCALES)), score=st.floats() | st.integers(-2, 12).map(float))
def test_exactly_the_numbers_of_a_scale_may_enter(
    connection: duckdb.DuckDBPyConnection, metric: str, score: float
) -> None:
    scale = SCALES[metric]
    allowed = scale.low <= score <= scale.high and score == math.trunc(score)
    assert (reason(connection, {"metric": metric, "score": score}) is None) == allowed
