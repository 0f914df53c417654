from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from regard.kernel.estimates import Estimate
from regard.kernel.periods import Period
from regard.metrics.compute import compute
from regard.metrics.settings import MetricSettings
from regard.metrics.tests.hand_drawn import START, Row, log_of

TIMES = (
    1.2,
    2.5,
    0.8,
    3.1,
    7.4,
    5.5,
    2.2,
    4.8,
    9.6,
    1.9,
    6.1,
    12.5,
    3.3,
    2.7,
    15.8,
    0.5,
    8.2,
    4.1,
    22.4,
    5.9,
)
STILL_OPEN = {6, 9, 12, 15, 19}
LOOKING = START + timedelta(days=60)
MONTH = Period(START, START + timedelta(days=30))


def total(
    key: str, rows: Sequence[Row], *, period: Period | None = None, **settings: object
) -> Estimate | None:
    chosen = MetricSettings(settings, until=LOOKING)
    return compute(key, connection=log_of(rows), period=period, settings=chosen, min_n=1).total.estimate


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def case(number: int, **marks: float) -> list[Row]:
    """A case's marks: kind=days after the start."""
    return [
        {"kind": f"case.{kind}", "occurred_at": at(days), "thread": f"c{number}", "customer": number}
        for kind, days in marks.items()
    ]


def test_the_median_of_twenty_cases_of_which_five_are_open_is_4_45_days() -> None:
    rows = [
        row
        for number, days in enumerate(TIMES, start=1)
        for row in (
            case(number, opened=60 - days) if number in STILL_OPEN else case(number, opened=0, resolved=days)
        )
    ]
    found = total("time_to_resolution", rows)
    assert found is not None
    assert found.value / 86_400 == pytest.approx(4.45)
    assert (found.n, found.n_customers) == (20, 20)


def test_the_last_resolution_that_no_reopening_followed_counts() -> None:
    again = case(1, opened=0, resolved=1, reopened=2) + case(1, resolved=5)
    found = total("time_to_resolution", again)
    assert found is not None
    assert found.value == 5 * 86_400


def test_a_reopened_case_is_not_resolved_and_a_closed_one_is() -> None:
    rows = (
        case(1, opened=0, resolved=1, reopened=2)
        + case(2, opened=0, resolved=1)
        + case(3, opened=0, closed=2)
    )
    found = total("resolution_rate", rows)
    assert found is not None
    assert (found.value, found.n) == (pytest.approx(2 / 3), 3)


def test_the_same_case_number_from_two_systems_is_two_cases() -> None:
    first, second = case(1, opened=0), case(1, resolved=1)
    rows = [*first, *({**row, "source": "other"} for row in second), *case(2, opened=0, resolved=3)]
    found = total("resolution_rate", rows)
    assert found is not None
    assert found.value == 0.5


def subscribers(stayed: int, left: int, won: int) -> list[Row]:
    def started(number: int, days: float) -> Row:
        return {"kind": "subscription.started", "occurred_at": at(days), "customer": number}

    rows = [started(number, -40) for number in range(stayed + left)]
    rows += [
        {"kind": "subscription.ended", "occurred_at": at(10), "customer": number}
        for number in range(stayed, stayed + left)
    ]
    return rows + [started(1000 + number, 12) for number in range(won)]


def test_of_200_customers_210_at_the_end_with_20_won_are_95_percent_retained() -> None:
    rows = subscribers(stayed=190, left=10, won=20)
    kept, lost = (total(key, rows, period=MONTH) for key in ("retention_rate", "churn_rate"))
    assert kept is not None
    assert lost is not None
    assert (kept.value, kept.n) == (pytest.approx(0.95), 200)
    assert lost.value == pytest.approx(0.05)


def test_trials_make_no_customers() -> None:
    trial = {
        "kind": "subscription.started",
        "occurred_at": at(-5),
        "customer": 7,
        "attributes": '{"trial": "true"}',
    }
    ended = {**trial, "kind": "subscription.ended", "occurred_at": at(5)}
    found = total("churn_rate", [*subscribers(8, 2, 0), trial, ended], period=MONTH)
    assert found is not None
    assert (found.value, found.n) == (pytest.approx(0.2), 10)


def test_who_has_not_bought_for_the_days_set_is_lost() -> None:
    def order(number: int, days: float) -> Row:
        return {"kind": "order.placed", "occurred_at": at(days), "customer": number}

    rows = [order(1, -10), order(2, -10), order(2, 20), order(3, -200)]
    found = total("retention_rate", rows, period=MONTH, basis="purchase", inactivity_days=30)
    assert found is not None
    assert (found.value, found.n) == (0.5, 2)


def test_orders_without_subscriptions_lead_to_the_basis_that_finds_customers() -> None:
    orders = log_of([{"kind": "order.placed", "occurred_at": at(-10)}])
    for key in ("retention_rate", "churn_rate"):
        found = compute(
            key, connection=orders, period=MONTH, settings=MetricSettings({}, until=LOOKING)
        ).total
        assert (found.reason or "").endswith("in the log; try --set basis=purchase")
    assert total("retention_rate", [], period=MONTH) is None


def test_the_contractual_value_follows_from_its_inputs() -> None:
    found = total("lifetime_value", [], formula="contractual", margin=150, retention=0.92, discount=0.1)
    assert found is not None
    assert found.value / 100 == pytest.approx(150 * 1.1 / (1.1 - 0.92))


def test_cost_over_customers_won_counts_first_orders_only() -> None:
    rows: list[Row] = [
        {
            "kind": "cost.recorded",
            "amount_minor": -10_000,
            "currency": "EUR",
            "occurred_at": at(1),
            "customer": None,
        },
        *({"kind": "order.placed", "occurred_at": at(2 + n % 3), "customer": n % 4} for n in range(8)),
        {"kind": "order.placed", "occurred_at": at(-3), "customer": 0},
    ]
    found = total("acquisition_cost", rows, period=MONTH)
    assert found is not None
    assert (found.value, found.n) == (pytest.approx(10_000 / 3), 3)


def test_conversion_needs_the_second_step_in_time() -> None:
    def step(kind: str, number: int, days: float) -> Row:
        return {"kind": kind, "occurred_at": at(days), "customer": number}

    rows = [step("checkout.started", number, 0) for number in range(4)]
    rows += [step("order.placed", 0, 1), step("order.placed", 1, 9), step("order.placed", 2, -1)]
    rows.append(step("checkout.started", 9, 59))  # Too recent to tell.
    found = total("conversion_rate", rows)
    assert found is not None
    assert (found.value, found.n) == (0.25, 4)


def test_a_call_that_is_queued_and_ended_and_its_case_are_one_contact() -> None:
    def mark(kind: str, number: int, days: float, thread: str) -> Row:
        return {"kind": kind, "occurred_at": at(days), "customer": number, "thread": thread}

    rows = [
        mark("call.queued", 1, 0, "a"), mark("call.ended", 1, 0.01, "a"), mark("case.opened", 1, 0.02, "b"),
        mark("call.ended", 1, 3, "c"), mark("chat.started", 2, 0, "d"), mark("page.viewed", 3, 0, "e"),
    ]  # fmt: skip
    rate, again = total("contact_rate", rows), total("repeat_contact_rate", rows)
    assert rate is not None
    assert again is not None
    assert rate.value == pytest.approx(3 / 3)
    assert (again.value, again.n) == (pytest.approx(1 / 3), 3)


def test_a_call_that_began_before_the_month_is_no_contact_of_the_month_and_whoever_ends_it_is_active() -> (
    None
):
    rows = [
        {"kind": kind, "occurred_at": at(days), "customer": 1, "thread": "a"}
        for kind, days in (("call.queued", 0), ("call.ended", 40))
    ]
    rows.append({"kind": "page.viewed", "occurred_at": at(40), "customer": 2})
    later = Period(at(30), at(60))
    found = compute("contact_rate", connection=log_of(rows), period=later, min_n=1).total.estimate
    assert found is not None
    assert (found.value, found.n) == (0, 2)


def test_who_was_asked_and_answered_is_in_the_response_rate_once() -> None:
    rows: list[Row] = [
        {"kind": "survey.sent", "thread": f"s{number}", "customer": number, "occurred_at": at(again)}
        for number in range(4)
        for again in (0, 1)
    ]
    rows += [
        {
            "kind": "survey.answered",
            "thread": "s1",
            "metric": m,
            "score": 5,
            "customer": 1,
            "occurred_at": at(2),
        }
        for m in ("csat", "ces")
    ]
    found = total("response_rate", rows)
    assert found is not None
    assert (found.value, found.n) == (0.25, 4)


def test_active_customers_did_something_themselves() -> None:
    rows = [
        {"kind": kind, "customer": n} for n, kind in enumerate(["page.viewed", "order.placed", "survey.sent"])
    ]
    found = total("active_customers", rows)
    assert found is not None
    assert found.value == 2


def test_what_nobody_known_did_makes_no_active_customer() -> None:
    rows = [{"kind": "survey.answered", "customer": n, "thread": "r1"} for n in (None, None, 7)]
    found = total("active_customers", rows)
    assert found is not None
    assert (found.value, found.n) == (1, 1)


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("contact_rate", ["call.ended", "page.viewed"]),
        ("retention_rate", ["subscription.started"]),
        ("conversion_rate", ["checkout.started", "order.placed"]),
        ("lifetime_value", ["order.placed"]),
        ("acquisition_cost", ["order.placed"]),
    ],
)
def test_what_nobody_known_did_is_told_of_no_customer(key: str, kinds: list[str]) -> None:
    money = {"amount_minor": 1000, "currency": "EUR"}
    rows = [
        {"kind": kind, "customer": who, "occurred_at": at(day - 1), "thread": f"{who}-{kind}", **money}
        for day, kind in enumerate(kinds)
        for who in (7, 8, 9)
    ]
    if key == "acquisition_cost":
        rows.append({"kind": "cost.recorded", "customer": None, "occurred_at": at(1), **money})
    nobodys = [
        {**row, "customer": None, "thread": f"none-{n}"} for n, row in enumerate(rows) if row["customer"]
    ]
    period = MONTH if key == "retention_rate" else None
    alone, among = (total(key, given, period=period) for given in (rows, rows + nobodys))
    assert alone is not None
    assert among == alone


def test_times_tell_their_median_and_ninetieth_percentile_beside_the_mean() -> None:
    rows = [
        {
            "kind": "call.ended",
            "duration_seconds": float(n),
            "wait_seconds": 10.0 * n,
            "customer": n,
            "thread": f"{n}",
        }
        for n in range(1, 101)
    ]
    for key, scale in (("handle_time", 1), ("wait_time", 10)):
        total = compute(key, connection=log_of(rows), by=["channel"]).total
        assert total.estimate is not None
        assert total.estimate.value == pytest.approx(50.5 * scale)
        median, p90 = total.details["median"], total.details["p90"]
        assert (median.value, p90.value) == (50.5 * scale, 90.5 * scale)
        assert median.low is not None
        assert median.high is not None
        assert 35 * scale < median.low < 50 * scale < median.high < 65 * scale
