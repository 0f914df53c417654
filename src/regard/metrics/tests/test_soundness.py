from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Grain, Period
from regard.metrics.compute import compute
from regard.metrics.dimensions import Gathered
from regard.metrics.readings import Result
from regard.metrics.settings import MetricSettings
from regard.metrics.tests.hand_drawn import START, log_of, scores

ATHENS = ZoneInfo("Europe/Athens")


def value(result: Result, **group: str | None) -> float | None:
    found = next(reading for reading in result.readings if dict(reading.group) == group)
    return found.estimate.value if found.estimate else None


def test_a_customer_with_two_traits_and_two_accounts_counts_once_in_the_total() -> None:
    rows = [row | {"customer": n} for n, row in enumerate(map(dict, scores("csat", {5: 6, 1: 6})))]
    log = log_of(
        rows,
        traits=[(n, name, "x") for n in range(12) for name in ("tier", "city", "tier")],
        accounts=[(n, account) for n in range(12) for account in ("a", "b")],
    )
    result = compute("csat", connection=log, by=["account"], where="trait.tier = 'x'")
    assert [reading.estimate.n for reading in result.readings if reading.estimate] == [12, 12, 12]


def test_joined_identities_are_one_customer() -> None:
    rows = [row | {"customer": n} for n, row in enumerate(map(dict, scores("csat", {5: 10})))]
    log = log_of(rows, customers={n: n - n % 2 for n in range(1, 10, 2)})
    found = compute("csat", connection=log).total.estimate
    assert found is not None
    assert (found.n, found.n_customers) == (10, 5)


def test_answers_of_nobody_known_are_each_by_another_customer() -> None:
    rows = [{**row, "customer": None} for row in scores("csat", {5: 10, 1: 10})]
    found = compute("csat", connection=log_of(rows)).total.estimate
    assert found is not None
    assert (found.n, found.n_customers, found.method) == (20, 20, "Wilson")


def test_what_has_no_unit_stands_in_a_group_of_its_own() -> None:
    log = log_of([*scores("csat", {5: 6}, unit="north"), *scores("csat", {1: 6})])
    result = compute("csat", connection=log, by=["unit"])
    assert (value(result, unit="north"), value(result, unit=None)) == (1.0, 0.0)


def test_the_hour_that_comes_twice_in_autumn_is_two_hours_and_the_day_is_one() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 03:30 in Athens, summer time.
    rows = [
        {**row, "occurred_at": before + timedelta(hours=hours), "customer": 10 * hours + n}
        for hours in (0, 1)
        for n, row in enumerate(scores("csat", {5: 6}))
    ]
    log = log_of(rows)
    hours = compute("csat", connection=log, every=Grain.HOUR, zone=ATHENS).readings[1:]
    assert [reading.period.start.isoformat() for reading in hours if reading.period] == [
        "2026-10-25T03:00:00+03:00",
        "2026-10-25T03:00:00+02:00",
    ]
    day = compute("csat", connection=log, every=Grain.DAY, zone=ATHENS).readings[1:]
    assert [reading.estimate.n for reading in day if reading.estimate] == [12]


@pytest.mark.parametrize("grain", list(Grain))
@pytest.mark.parametrize("zone", ["UTC", "Europe/Athens", "Asia/Yerevan", "America/New_York", "Asia/Kolkata"])
def test_every_answer_falls_into_the_piece_that_the_calendar_says(grain: Grain, zone: str) -> None:
    rows: list[dict[str, Any]] = [
        {**row, "occurred_at": datetime(2025, 12, 20, 21, 45, tzinfo=UTC) + timedelta(hours=25 * n)}
        for n, row in enumerate(scores("csat", {5: 150}))
    ]
    result = compute("csat", connection=log_of(rows), every=grain, zone=ZoneInfo(zone), min_n=1)
    for reading in result.readings[1:]:
        assert reading.period is not None
        inside = [row for row in rows if reading.period.start <= row["occurred_at"] < reading.period.end]
        assert (reading.estimate.n if reading.estimate else 0) == len(inside)


def test_an_answer_at_the_end_of_the_period_belongs_to_the_next() -> None:
    rows = [{**row, "occurred_at": START} for row in scores("csat", {5: 6})]
    log = log_of(rows)
    ended = compute("csat", connection=log, period=Period(START - timedelta(days=1), START)).total
    begun = compute("csat", connection=log, period=Period(START, START + timedelta(days=1))).total
    assert ended.estimate is None
    assert begun.estimate is not None


def test_amounts_of_two_currencies_are_never_added() -> None:
    rows = [
        {"kind": "order.placed", "amount_minor": amount, "currency": currency, "customer": n}
        for currency, amount in (("EUR", 1050), ("JPY", 700))
        for n in range(6)
    ]
    result = compute("revenue", connection=log_of(rows))
    assert result.total.estimate is None
    assert result.total.reason == "amounts in EUR, JPY are never added; choose one currency"
    assert (value(result, currency="EUR"), value(result, currency="JPY")) == (6300, 4200)
    assert [reading["value"] for reading in result.as_json()["readings"]] == [None, 63.0, 4200.0]
    euros = compute("revenue", connection=log_of(rows), currency="EUR").as_json()
    assert (euros["readings"][0]["value"], euros["currency"]) == (63.0, "EUR")


def test_small_groups_are_withheld_and_cannot_be_told_by_subtraction() -> None:
    log = log_of(
        [
            *scores("csat", {5: 3}, unit="small"),
            *scores("csat", {5: 8}, unit="next"),
            *scores("csat", {5: 30}, unit="large"),
        ]
    )
    result = compute("csat", connection=log, by=["unit"])
    reasons = {reading.group.get("unit"): reading.reason for reading in result.readings}
    assert reasons["small"] == "withheld: fewer than 5 answers"
    assert reasons["next"] == "withheld: a small group would follow from it by subtraction"
    assert reasons["large"] is None
    shown = compute("csat", connection=log, by=["unit"], min_n=1)
    assert all(reading.estimate for reading in shown.readings)


def test_units_below_the_scope_are_in_and_others_are_out() -> None:
    log = log_of(
        [row for unit in ("athens", "piraeus", "paris") for row in scores("csat", {5: 6}, unit=unit)],
        units=[("greece", None), ("athens", "greece"), ("piraeus", "athens"), ("paris", None)],
    )
    found = compute("csat", connection=log, scope=["greece"]).total.estimate
    assert found is not None
    assert found.n == 12
    assert compute("csat", connection=log, scope=[]).total.estimate is None


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("score > (select max(score) from log)", "a subquery"),
        ("unitt = 'a'", "Did you mean 'unit'"),
        ("pg_sleep(1) > 0", "no function for filters called 'pg_sleep'"),
        ("read_csv('/etc/passwd') = 1", "no function"),
        ("true; drop table log", "one condition"),
        ("score >", "cannot be read as SQL"),
        ("count(*) > 1", "an aggregate"),
        ("identity_id = 1", "no column for filters"),
        ("interactions.score = 1", "no column for filters"),
        ("score = 'high'", "cannot be answered"),
    ],
)
def test_a_filter_may_only_compare_columns_and_values(condition: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        compute("csat", connection=log_of(scores("csat", {5: 6})), where=condition)


def test_names_with_quotes_stay_names() -> None:
    log = log_of(scores("csat", {5: 6}, attributes='{"it\'s": "x"}'))
    result = compute("csat", connection=log, by=["attributes.it's"], where="attributes.\"it's\" = 'x'")
    assert value(result, **{"attributes.it's": "x"}) == 1.0
    assert value(compute("csat", connection=log, by=["trait.o'\"x"]), **{"trait.o'\"x": None}) == 1.0


def test_accounts_cut_and_filter_and_count_nobody_twice() -> None:
    rows = [row | {"customer": n} for n, row in enumerate(map(dict, scores("csat", {5: 12, 1: 12})))]
    log = log_of(
        rows,
        accounts=[(n, account) for n in range(12) for account in ("acme", "globex")]
        + [(12, "acme"), (13, "none")],
    )
    either = compute("csat", connection=log, where="account in ('acme', 'globex')").total.estimate
    assert either is not None
    assert (either.n, either.n_customers) == (13, 13)
    both = compute("csat", connection=log, by=["account"], where="account = 'acme'", min_n=1)
    assert [(dict(r.group), r.estimate.n) for r in both.readings if r.estimate] == [
        ({}, 13),
        ({"account": "acme"}, 13),
    ]
    spans = compute("csat", connection=log, by=["channel"], where="account <> 'none'", min_n=1)
    assert [reading.estimate.n for reading in spans.readings if reading.estimate] == [13, 13]
    against = compute("csat", connection=log, compare="account=globex", min_n=1)
    assert [dict(r.group) for r in against.readings if r.difference] == [
        {"account": "acme"},
        {"account": "none"},
        {"account": None},
    ]


def test_a_filter_cannot_break_out_of_its_texts() -> None:
    log = log_of(scores("csat", {5: 6}, channel="column_0_"))
    found = compute("csat", connection=log, where="channel = 'column_0_' and language is null")
    assert found.total.estimate is not None
    with pytest.raises(InvalidInput):
        compute("csat", connection=log, where="attributes.\"x' or 1=1 --\" = 'column_0_' or pg_sleep(1) > 0")


def test_unknown_names_come_with_the_nearest_one() -> None:
    log = log_of([])
    with pytest.raises(InvalidInput, match="Did you mean 'nps'"):
        compute("npss", connection=log)
    with pytest.raises(InvalidInput, match="Did you mean 'channel'"):
        compute("nps", connection=log, by=["chanel"])
    with pytest.raises(InvalidInput, match="Did you mean 'easy_from'"):
        compute("ces", connection=log, settings=MetricSettings({"easy_form": 6}))
    with pytest.raises(InvalidInput, match="nothing to compare with"):
        compute("nps", connection=log, compare="yesterday")


def test_p_is_corrected_over_all_differences_of_one_answer() -> None:
    rows = [
        row
        for unit, good in (("a", 30), ("b", 18), ("c", 20), ("d", 29))
        for row in scores("csat", {5: good, 1: 40 - good}, unit=unit)
    ]
    result = compute("csat", connection=log_of(rows), by=["unit"], compare="unit=a")
    gaps = [reading.difference for reading in result.readings if reading.difference]
    assert len(gaps) == 3
    low, middle, high = sorted(gaps, key=lambda gap: gap.p)
    assert low.p_adjusted == pytest.approx(min(3 * low.p, 1.5 * middle.p, high.p))
    assert middle.p_adjusted == pytest.approx(min(1.5 * middle.p, high.p))
    assert high.p_adjusted == pytest.approx(high.p)


def test_too_many_pieces_are_refused_before_they_are_made() -> None:
    forever = Period(datetime(1970, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(InvalidInput, match="more than 50,000 pieces"):
        compute("csat", connection=log_of([]), every=Grain.HOUR, period=forever)


def test_a_callers_own_dimension_gathers_values_and_calls_the_rest_other() -> None:
    log = log_of(
        [
            *scores("csat", {5: 6}, touchpoint="checkout"),
            *scores("csat", {1: 6}, touchpoint="basket"),
            *scores("csat", {5: 7}, touchpoint="it's new"),
            *scores("csat", {1: 8}),
        ]
    )
    stages = Gathered("stage", "touchpoint", (("buy", ("checkout", "basket")), ("empty", ())))
    result = compute("csat", connection=log, by=["stage"], gathered=[stages])
    found = {
        reading.group.get("stage"): reading.estimate.n for reading in result.readings if reading.estimate
    }
    assert [value(result, stage=stage) for stage in ("buy", "other", None)] == [0.5, 1.0, 0.0]
    assert found == {None: 8, "buy": 12, "other": 7}
