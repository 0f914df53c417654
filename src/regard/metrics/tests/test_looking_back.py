"""Comparisons with the time before, across the change of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regard.kernel.periods import Grain, Period
from regard.metrics.compute import compute
from regard.metrics.tests.hand_drawn import Row, log_of, scores

ATHENS = ZoneInfo("Europe/Athens")
# Clocks go back at 04:00 on 25 October 2026 (01:00 UTC) and forward at 03:00 on 29 March 2026 (01:00 UTC).
BACK = datetime(2026, 10, 25, 1, tzinfo=UTC)


def answers(good: int, bad: int, at: datetime, first: int) -> list[Row]:
    return [
        {**row, "occurred_at": at, "customer": first + n}
        for n, row in enumerate(scores("csat", {5: good, 1: bad}))
    ]


def test_the_hour_that_comes_twice_is_compared_with_the_hour_before_it() -> None:
    rows = [
        row
        for hours, good in enumerate((10, 20, 30, 35))
        for row in answers(good, 40 - good, BACK + timedelta(hours=hours - 2, minutes=30), 100 * hours)
    ]
    result = compute(
        "csat", connection=log_of(rows), every=Grain.HOUR, zone=ATHENS, compare="previous", min_n=1,
        now=BACK + timedelta(days=1),
    )  # fmt: skip
    gaps = [reading.difference for reading in result.readings[1:]]
    assert gaps[0] is None
    assert [gap.value for gap in gaps[1:] if gap] == pytest.approx([0.25, 0.25, 0.125])


def test_a_day_of_23_hours_is_compared_with_the_whole_day_before() -> None:
    spring = datetime(2026, 3, 29, tzinfo=ATHENS)
    rows = [
        *answers(30, 10, datetime(2026, 3, 27, 22, 15, tzinfo=UTC), 0),  # 00:15 on the 28th.
        *answers(10, 30, spring + timedelta(hours=12), 100),
    ]
    result = compute(
        "csat", connection=log_of(rows), every=Grain.DAY, zone=ATHENS, compare="previous", min_n=1,
        period=Period(spring, spring + timedelta(days=1)), now=datetime(2026, 4, 2, tzinfo=UTC),
    )  # fmt: skip
    assert [reading.difference.value for reading in result.readings if reading.difference] == [-0.5, -0.5]


def test_an_earlier_period_is_looked_at_as_long_after_its_end() -> None:
    """A case of the last hour before the change still counts as resolved within its own period."""
    end = datetime(2026, 11, 1, tzinfo=ATHENS)
    period = Period(datetime(2026, 10, 25, tzinfo=ATHENS), end)
    before = period.previous()
    rows = [
        {"kind": kind, "occurred_at": before.end - timedelta(minutes=minutes), "thread": f"{n}", "customer": n}
        for n in range(10)
        for kind, minutes in (("case.opened", 50), ("case.resolved", 5))
        if n < 8 or kind == "case.opened"
    ] + [
        {"kind": kind, "occurred_at": end - timedelta(days=1, minutes=minutes), "thread": f"b{n}", "customer": 50 + n}
        for n in range(10)
        for kind, minutes in (("case.opened", 50), ("case.resolved", 5))
        if n < 8 or kind == "case.opened"
    ]  # fmt: skip
    result = compute(
        "resolution_rate", connection=log_of(rows), period=period, zone=ATHENS, compare="previous"
    )
    assert result.total.difference is not None
    assert result.total.difference.value == pytest.approx(0.0)


def test_a_period_that_still_runs_is_compared_up_to_the_same_hour() -> None:
    """What is compared with stays the same within the hour, so that it need not be counted anew with every arrival."""
    period = Period(datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 15, tzinfo=UTC))
    rows = [
        *answers(10, 10, datetime(2026, 3, 3, 10, 50, tzinfo=UTC), 0),
        *answers(40, 0, datetime(2026, 3, 3, 11, 10, tzinfo=UTC), 100),
        *answers(20, 20, datetime(2026, 3, 9, tzinfo=UTC), 200),
    ]
    result = compute(
        "csat", connection=log_of(rows), period=period, compare="previous", min_n=1,
        now=datetime(2026, 3, 10, 10, 20, tzinfo=UTC),
    )  # fmt: skip
    assert result.total.difference is not None
    assert result.total.difference.value == pytest.approx(0.0)


def test_a_total_is_not_compared_with_a_time_that_the_log_holds_in_part() -> None:
    """Orders begin in the middle of the first month: it is no measure of the one a year later."""
    begins = datetime(2025, 1, 16, 12, tzinfo=UTC)
    rows: list[Row] = [
        {"kind": "order.placed", "customer": day, "occurred_at": begins + timedelta(days=day)}
        for day in range(450)
    ]
    result = compute(
        "orders",
        connection=log_of(rows),
        every=Grain.MONTH,
        compare="year-ago",
        now=datetime(2026, 5, 1, tzinfo=UTC),
    )
    compared = {f"{one.period.start:%Y-%m}" for one in result.readings[1:] if one.difference and one.period}
    assert min(compared) == "2026-02"
    assert result.total.difference is None


def test_a_mean_may_be_compared_with_what_the_log_holds_of_the_time_before() -> None:
    rows = [
        *answers(30, 10, datetime(2026, 1, 20, tzinfo=UTC), 0),
        *answers(10, 30, datetime(2026, 2, 20, tzinfo=UTC), 99),
    ]
    result = compute(
        "csat",
        connection=log_of(rows),
        every=Grain.MONTH,
        compare="previous",
        now=datetime(2026, 4, 1, tzinfo=UTC),
    )
    assert [one.difference.value for one in result.readings if one.difference] == [-0.5]
