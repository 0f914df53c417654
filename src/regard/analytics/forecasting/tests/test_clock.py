"""Intervals keep their place in the day when the clock is changed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from regard.analytics.forecasting.clock import DAY, WEEK, Clock
from regard.kernel.errors import InvalidInput

ATHENS = ZoneInfo("Europe/Athens")


def seconds(*text: str) -> np.ndarray:
    return np.array([int(datetime.fromisoformat(one).astimezone(UTC).timestamp()) for one in text])


def clock(every: int, zone: ZoneInfo = ATHENS, year: int = 2026) -> Clock:
    first, last = seconds(f"{year}-01-01T00:00+00:00", f"{year}-12-31T00:00+00:00")
    return Clock.of(zone, every, int(first), int(last))


def test_nine_in_the_morning_is_the_same_place_in_winter_and_summer() -> None:
    one = clock(1800)
    slots = one.slots(seconds("2026-01-05T09:00+02:00", "2026-07-06T09:10+03:00"))
    assert (slots % 48 == 18).all()


@pytest.mark.parametrize("every", [900, 1800, 3600])
def test_the_hour_that_is_left_out_is_not_there_and_the_one_that_is_repeated_is_there_twice(
    every: int,
) -> None:
    one = clock(every)
    spring, autumn = (
        one.slots(seconds(f"{day}T00:00+00:00"))[0] // (DAY // every) * (DAY // every)
        for day in ("2026-03-29", "2026-10-25")
    )
    per_hour = 3600 // every
    shares = one.shares(spring + np.arange(24 * per_hour))
    assert np.flatnonzero(shares == 0).tolist() == list(range(3 * per_hour, 4 * per_hour))
    assert shares.sum() == 23 * per_hour
    shares = one.shares(autumn + np.arange(24 * per_hour))
    assert np.flatnonzero(shares == 2).tolist() == list(range(3 * per_hour, 4 * per_hour))
    starts = [start for start, _, _ in one.stretches(autumn + np.arange(24 * per_hour))]
    assert np.diff(starts).tolist() == [every] * (25 * per_hour - 1)


def test_long_intervals_across_the_change_are_shorter_or_longer() -> None:
    one = clock(4 * 3600)
    night = one.slots(seconds("2026-03-29T00:00+02:00"))
    assert one.shares(night).tolist() == [0.75]
    (start, _, share), *more = one.stretches(night)
    assert (start, share) == (int(seconds("2026-03-29T00:00+02:00")[0]), 0.75)
    assert not more or sum(one[2] for one in more) == 0


def test_days_and_weeks_begin_at_midnight_and_on_monday() -> None:
    shown = clock(DAY).slots(
        seconds("2026-03-29T00:00+02:00", "2026-03-29T23:59+03:00", "2026-03-30T00:00+03:00")
    )
    assert np.diff(shown).tolist() == [0, 1]
    weeks = clock(WEEK)
    slots = weeks.slots(seconds("2026-07-05T23:59+03:00", "2026-07-06T00:00+03:00", "2026-07-12T23:59+03:00"))
    assert np.diff(slots).tolist() == [1, 0]
    assert [start for start, _, _ in weeks.stretches(slots[1:2])] == seconds(
        "2026-07-06T00:00+03:00"
    ).tolist()


def test_half_an_hour_of_change_is_known_too() -> None:
    one = clock(1800, ZoneInfo("Australia/Lord_Howe"))
    assert sorted(
        set(one.shares(np.arange(one.slots(seconds("2026-04-04T00:00+00:00"))[0], 10**6)[:96]))
    ) == [1, 2]


@pytest.mark.parametrize("every", [7, 2 * DAY, 5000])
def test_intervals_that_do_not_divide_a_day_are_refused(every: int) -> None:
    with pytest.raises(InvalidInput, match="divide a day"):
        clock(every)
