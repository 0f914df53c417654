"""When the organisation works, and when so much working time will have passed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop as _kept

from regard.kernel.errors import InvalidInput
from regard.kernel.public_holidays import check_place, is_public_holiday

WEEK = (1, 2, 3, 4, 5, 6, 7)
MIDNIGHT, DAYS_END = "00:00", "24:00"
SHORTEST_MINUTES = 60


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The same hours on each of some weekdays, by the clock of the organisation's time zone.

    Args:
        days: 1 Monday … 7 Sunday.
        opens, closes: as 09:00; 24:00 is the end of the day.
        holidays: the country, or part of one, on whose public holidays nobody works (GR, US-CA); empty for none.
    """

    days: tuple[int, ...] = WEEK
    opens: str = MIDNIGHT
    closes: str = DAYS_END
    holidays: str = ""

    def has(self, day: date) -> bool:
        """Whether anybody works on this day."""
        is_free = bool(self.holidays) and is_public_holiday(day, self.holidays)
        return day.isoweekday() in self.days and not is_free


ALWAYS = WorkingHours()


def read_working_hours(given: WorkingHours | Mapping[str, object]) -> WorkingHours:
    """Working hours as they were saved or sent, checked. Raises: InvalidInput saying what cannot be."""
    hours = given if isinstance(given, WorkingHours) else _hours(given)
    if not hours.days or set(hours.days) - set(WEEK):
        raise InvalidInput(_kept("Working days are some of 1 (Monday) to 7 (Sunday)."))
    if _minutes(hours.closes) - _minutes(hours.opens) < SHORTEST_MINUTES:
        raise InvalidInput(_kept("A working day has at least an hour, and closes after it opens."))
    holidays = check_place(hours.holidays) if hours.holidays else ""
    return WorkingHours(tuple(sorted(set(hours.days))), hours.opens, hours.closes, holidays)


def end_of(start: datetime, hours: float, working: WorkingHours, zone: ZoneInfo) -> datetime:
    """When `hours` of working time have passed since `start`.

    >>> from datetime import UTC
    >>> week = WorkingHours((1, 2, 3, 4, 5), "09:00", "17:00")
    >>> friday = datetime(2026, 11, 20, 16, tzinfo=UTC)
    >>> end_of(friday, 2, week, ZoneInfo("UTC")).isoformat()
    '2026-11-23T10:00:00+00:00'
    """
    left = timedelta(hours=hours)
    if working == ALWAYS:
        return start + left
    day = start.astimezone(zone).date()
    while True:
        if working.has(day):
            begins = max(start, _at(day, working.opens, zone).astimezone(start.tzinfo))
            ends = _at(day, working.closes, zone).astimezone(start.tzinfo)
            if ends - begins >= left:
                return begins + left
            left -= max(ends - begins, timedelta())
        day += timedelta(days=1)


def _at(day: date, clock: str, zone: ZoneInfo) -> datetime:
    days, minutes = divmod(_minutes(clock), 24 * 60)
    moment = datetime(day.year, day.month, day.day, *divmod(minutes, 60), tzinfo=zone)
    return moment + timedelta(days=days)


def _minutes(clock: str) -> int:
    """Minutes since midnight. Raises: InvalidInput."""
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)|24:00", clock)
    if found is None:
        raise InvalidInput(_kept("'%(given)s' is no time of day, such as 09:00."), given=clock)
    return 24 * 60 if clock == DAYS_END else int(found[1]) * 60 + int(found[2])


def _hours(given: Mapping[str, object]) -> WorkingHours:
    days = given.get("days", WEEK)
    if not isinstance(days, Iterable) or not all(isinstance(day, int) for day in days):
        raise InvalidInput(_kept("Working days are some of 1 (Monday) to 7 (Sunday)."))
    opens, closes = str(given.get("opens", MIDNIGHT)), str(given.get("closes", DAYS_END))
    return WorkingHours(tuple(days), opens, closes, str(given.get("holidays", "")))
