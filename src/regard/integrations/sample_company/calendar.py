"""The two years of the sample company: its days, their weights, and local hours as UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.company import ZONE
from regard.integrations.sample_company.truths import LATE_FROM_MONTH, VISITS_IN_DECEMBER

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

SECOND = 1_000_000
DAY_SECONDS = 86_400
_WEEKDAY_WEIGHTS = (1.05, 0.98, 0.96, 0.97, 1.06, 1.08, 0.90)


class Calendar:
    """Days 0..n-1 from two years before `until` to the day before it, in the company's zone.

    Times are floats of days since local midnight of day 0; `utc` makes microseconds of them.
    """

    def __init__(self, until: date) -> None:
        self.until = until
        self.start = _same_day(until.year - 2, until.month, until.day)
        self.n_days = (until - self.start).days
        self.dates = [self.start + timedelta(days=day) for day in range(self.n_days)]

    @cached_property
    def is_december(self) -> NDArray[np.bool_]:
        """For each day, whether it is in December."""
        return np.array([day.month == 12 for day in self.dates])

    @cached_property
    def month(self) -> Integers:
        """For each day, the month of the two years that it is in: 1 to 24."""
        starts = [day for day in range(self.n_days) if day in self._month_starts]
        return np.searchsorted(starts, np.arange(self.n_days), side="right").astype(np.int64)

    @cached_property
    def _month_starts(self) -> frozenset[int]:
        months = [divmod(self.start.month - 1 + ahead, 12) for ahead in range(24)]
        firsts = [_same_day(self.start.year + years, month + 1, self.start.day) for years, month in months]
        return frozenset((first - self.start).days for first in firsts)

    @cached_property
    def change_day(self) -> int:
        """The day on which the new carrier takes over: the first of month 14."""
        return int(np.argmax(self.month >= LATE_FROM_MONTH))

    @cached_property
    def cumulative(self) -> Floats:
        """Weight of all days before each day, one more than there are days; a plain day weighs about 1."""
        weights = np.array([_WEEKDAY_WEIGHTS[day.weekday()] for day in self.dates])
        weights = weights * np.where(self.is_december, VISITS_IN_DECEMBER, 1.0)
        return np.concatenate([[0.0], np.cumsum(weights)])

    def weight_between(self, low: Floats, high: Floats) -> Floats:
        """The weight of the days from `low` to `high`."""
        days = np.arange(self.n_days + 1)
        return np.interp(high, days, self.cumulative) - np.interp(low, days, self.cumulative)

    def pick_days(self, rng: np.random.Generator, low: Floats, high: Floats) -> Floats:
        """One whole day for each pair, in [low, high), as likely as its weight.

        A span that ends after the last day keeps its place in time: days drawn there are `n_days` or later.
        """
        beyond = max(0.0, float(np.max(high, initial=0.0)) - self.n_days)
        days = np.concatenate([np.arange(self.n_days + 1), [self.n_days + beyond + 1]])
        cumulative = np.concatenate([self.cumulative, [self.cumulative[-1] + beyond + 1]])
        first, last = np.interp(low, days, cumulative), np.interp(high, days, cumulative)
        drawn = np.interp(first + rng.random(len(low)) * (last - first), cumulative, days)
        return np.asarray(np.floor(np.minimum(drawn, np.nextafter(high, low))), dtype=np.float64)

    @cached_property
    def _offsets(self) -> Integers:
        """Microseconds from local midnight of day 0, as UTC, at noon of each day (with days to spare at the end)."""
        zone = ZoneInfo(ZONE)
        days = [self.start + timedelta(days=day) for day in range(self.n_days + 400)]
        noons = [datetime.combine(day, time(12), zone).astimezone(UTC) for day in days]
        return np.array(
            [int(noon.timestamp()) * SECOND - DAY_SECONDS // 2 * SECOND for noon in noons], dtype=np.int64
        )

    def utc(self, at: Floats) -> Integers:
        """UTC microseconds of local times."""
        day = np.clip(at.astype(np.int64), 0, len(self._offsets) - 1)
        return self._offsets[day] + np.round((at - day) * DAY_SECONDS).astype(np.int64) * SECOND

    def iso_day(self, day: int) -> str:
        """The calendar date of a day."""
        return (self.start + timedelta(days=day)).isoformat()


def _same_day(year: int, month: int, day: int) -> date:
    """The day of that month, or the last one before it that exists."""
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def hours(rng: np.random.Generator, n: int, low: float, high: float) -> Floats:
    """Times of day, as fractions of a day, from `low` to `high` o'clock, most of them in the middle."""
    return np.asarray((low + (high - low) * rng.beta(2.0, 1.8, n)) / 24, dtype=np.float64)
