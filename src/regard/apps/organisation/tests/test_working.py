"""Working time: nights, weekends and the change of the clock do not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regard.apps.organisation import queries, services
from regard.apps.organisation.working import ALWAYS, WorkingHours, end_of, read_working_hours
from regard.kernel.errors import InvalidInput

ATHENS = ZoneInfo("Europe/Athens")
WEEK = WorkingHours((1, 2, 3, 4, 5), "09:00", "17:00")


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ATHENS)


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (local(20, 10), 2, local(20, 12)),
        (local(20, 16), 2, local(23, 10)),  # Friday afternoon goes on on Monday.
        (local(20, 9), 8, local(20, 17)),
        (local(20, 17), 1, local(23, 10)),
        (local(22, 12), 8, local(23, 17)),  # Sunday is none of ours.
        (local(23, 3), 1, local(23, 10)),
        (local(20, 16, 30), 48, local(30, 16, 30)),
    ],
)
def test_hours_count_only_while_we_work(start: datetime, hours: float, expected: datetime) -> None:
    assert end_of(start.astimezone(UTC), hours, WEEK, ATHENS) == expected


# The 28th of October 2026, a Wednesday, is a holiday in Greece; Poland works.
@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (local(27, 16, month=10), 1, local(27, 17, month=10)),  # The eve counts to its end,
        (local(27, 16, month=10), 2, local(29, 10, month=10)),  # and goes on the day after.
        (local(28, 12, month=10), 1, local(29, 10, month=10)),  # On the day itself nothing runs.
        (local(29, 9, month=10), 1, local(29, 10, month=10)),
        (local(23, 16, 30, month=10), 48, local(3, 16, 30)),  # A week and a day.
    ],
)
def test_a_public_holiday_is_no_working_day(start: datetime, hours: float, expected: datetime) -> None:
    assert end_of(start.astimezone(UTC), hours, replace(WEEK, holidays="GR"), ATHENS) == expected


def test_the_holidays_of_another_country_are_worked_on() -> None:
    assert end_of(local(27, 16, month=10), 2, replace(WEEK, holidays="PL"), ATHENS) == local(28, 10, month=10)


def test_who_works_day_and_night_rests_on_the_holiday_by_the_local_clock() -> None:
    start = datetime(2026, 10, 27, 23, 30, tzinfo=ATHENS).astimezone(UTC)
    assert end_of(start, 1, replace(ALWAYS, holidays="GR"), ATHENS) == local(29, 0, 30, month=10)


def test_day_and_night_is_plain_time() -> None:
    assert end_of(local(20, 16), 48, ALWAYS, ATHENS) == local(20, 16) + timedelta(hours=48)


def test_a_day_of_24_hours_on_workdays_ends_at_midnight() -> None:
    days = WorkingHours((1, 2, 3, 4, 5))
    assert end_of(local(20, 23), 2, days, ATHENS) == local(23, 1)


def test_the_night_in_which_the_clock_changes_has_25_hours() -> None:
    sunday = WorkingHours((7,))
    start = local(25, 0, month=10).astimezone(UTC)
    assert end_of(start, 25, sunday, ATHENS) - start == timedelta(hours=25)


@given(st.integers(0, 500_000), st.integers(1, 200), st.integers(1, 200))
def test_parts_add_up_and_every_end_lies_in_working_time(minutes: int, first: int, second: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    middle = end_of(start, first, WEEK, ATHENS)
    end = end_of(start, first + second, WEEK, ATHENS)
    assert end_of(middle, second, WEEK, ATHENS) == end
    clock = end.astimezone(ATHENS)
    assert clock.isoweekday() in WEEK.days
    assert "09:00" < f"{clock:%H:%M:%S}" <= "17:00:00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": []},
        {"days": [0]},
        {"days": "12"},
        {"opens": "9:00"},
        {"opens": "17:00", "closes": "09:00"},
        {"opens": "09:00", "closes": "09:30"},
        {"closes": "25:00"},
        {"holidays": "XX"},
        {"holidays": "Greece"},
        {"holidays": "GR-XYZ"},
    ],
)
def test_hours_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        read_working_hours(wrong)


@pytest.mark.django_db
def test_the_organisation_keeps_its_hours_and_its_country() -> None:
    services.change_settings(working_hours={"days": [5, 1], "opens": "08:00", "closes": "12:00"})
    assert queries.get_settings().working_hours == WorkingHours((1, 5), "08:00", "12:00")
    services.change_settings(working_hours={"days": [1], "holidays": "us-ca"})
    assert queries.get_settings().working_hours == WorkingHours((1,), holidays="US-CA")
    services.change_settings(working_hours={"days": [5, 1], "opens": "08:00", "closes": "12:00"})
    services.change_settings(zone="Europe/Athens", phone_region="gr")
    assert queries.get_settings().phone_region == "GR"
    assert queries.get_settings().working_hours.opens == "08:00"
    with pytest.raises(InvalidInput):
        services.change_settings(phone_region="XX")
