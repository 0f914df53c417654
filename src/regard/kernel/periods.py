"""Stretches of time: half open, aware, cut in the organisation's own time zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Grain(StrEnum):
    """How finely a period is cut. Weeks begin on Monday (ISO 8601)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """The instants from `start` up to, not including, `end`; both aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("A period needs times with a zone.")
        if _utc(self.end) < _utc(self.start):
            raise ValueError(f"A period cannot end ({self.end}) before it starts ({self.start}).")

    @classmethod
    def of_days(cls, first: date, last: date, zone: ZoneInfo) -> Period:
        """The local days `first` to `last`, both included."""
        return cls(_midnight(first, zone), _midnight(last + timedelta(days=1), zone))

    def previous(self) -> Period:
        """The period of the same length that ends where this one starts.

        Whole local days stay whole local days across a change of the clock; other periods keep their length in hours.
        """
        zone = self.start.tzinfo
        end = self.end.astimezone(zone)
        if end.time() == self.start.time() and end.date() != self.start.date():
            days = end.date() - self.start.date()
            return Period((self.start.replace(tzinfo=None) - days).replace(tzinfo=zone), self.start)
        length = _utc(self.end) - _utc(self.start)
        return Period((_utc(self.start) - length).astimezone(zone), self.start)

    def year_ago(self) -> Period:
        """The same dates one year earlier; 29 February becomes 28, and a period that ended with the 28th still does."""
        start, end = _year_back(self.start), _year_back(self.end)
        if _is_leap_day(self.end) and not _is_leap_day(self.start):
            end += timedelta(days=1)
        return Period(start, end)

    def cut(self, grain: Grain, zone: ZoneInfo) -> Iterator[Period]:
        """The calendar pieces of this period in `zone`; the first and last may be cut short."""
        # Compared in UTC: within one zone Python compares the hands of the clock, which go back once a year.
        start, last = self.start.astimezone(zone), self.end.astimezone(zone)
        while _utc(start) < _utc(last):
            end = min(next_start(start, grain), last, key=_utc)
            yield Period(start, end)
            start = end


def floor(moment: datetime, grain: Grain) -> datetime:
    """The start of the calendar piece that holds `moment`, in the zone of `moment`."""
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    match grain:
        case Grain.HOUR:
            return moment.replace(minute=0, second=0, microsecond=0)
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return day - timedelta(days=day.weekday())
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.QUARTER:
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case Grain.YEAR:
            return day.replace(month=1, day=1)


def next_start(moment: datetime, grain: Grain) -> datetime:
    """The start of the calendar piece after the one that holds `moment`."""
    start = floor(moment, grain)
    match grain:
        case Grain.HOUR:
            past = timedelta(minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond)
            return (_utc(moment) - past + timedelta(hours=1)).astimezone(moment.tzinfo)
        case Grain.DAY:
            return start + timedelta(days=1)
        case Grain.WEEK:
            return start + timedelta(days=7)
        case Grain.MONTH | Grain.QUARTER | Grain.YEAR:
            months = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}[grain]
            index = start.month - 1 + months
            return start.replace(year=start.year + index // 12, month=index % 12 + 1)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _is_leap_day(moment: datetime) -> bool:
    return (moment.month, moment.day) == (2, 29)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _year_back(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:
        return moment.replace(year=moment.year - 1, day=28)
