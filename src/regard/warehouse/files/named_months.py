"""Dates whose month is written as a word, such as *Nov 3, 2026* or *03-Nov-26 14:05*."""

from __future__ import annotations

import calendar
import re

_MONTHS = {name.lower(): "%B" for name in calendar.month_name if name} | {
    name.lower(): "%b" for name in calendar.month_abbr if name
}
_DAYS = {name.lower(): "%A" for name in calendar.day_name} | {
    name.lower(): "%a" for name in calendar.day_abbr
}
_DATE = r"((?P<weekday>[A-Za-z]+)(?P<after>,?) )?((?P<d>\d{1,2})(?P<sep>[ -])(?P<m>[A-Za-z]+)(?P=sep)|(?P<month>[A-Za-z]+) (?P<day>\d{1,2})(?P<comma>,?) )"
_TIME = r"(?P<join>,? | at )(?P<clock>\d{1,2}:\d{2})(?P<seconds>:\d{2})?(?P<fraction>\.\d+)?((?P<gap> ?)(?P<half>[AaPp][Mm]))?(?P<offset> ?[+-]\d{2}:?\d{2})?"
_WHOLE = re.compile(rf"{_DATE}(?P<year>\d{{4}}|\d{{2}})({_TIME})?")


def pattern_of(value: str) -> str | None:
    """The pattern that reads this date, None where it names no month (in English) or is no date.

    >>> pattern_of("Nov 3, 2026"), pattern_of("03-November-26 2:05 PM"), pattern_of("3 apples")
    ('%b %d, %Y', '%d-%B-%y %I:%M %p', None)
    """
    found = _WHOLE.fullmatch(value)
    month = found and _MONTHS.get((found["m"] or found["month"]).lower())
    if found is None or month is None:
        return None
    pattern = ""
    if found["weekday"]:
        weekday = _DAYS.get(found["weekday"].lower())
        if weekday is None:
            return None
        pattern = f"{weekday}{found['after']} "
    sep = found["sep"]
    pattern += f"%d{sep}{month}{sep}" if sep else f"{month} %d{found['comma']} "
    pattern += "%Y" if len(found["year"]) == 4 else "%y"
    return pattern + _clock(found) if found["clock"] else pattern


def _clock(found: re.Match[str]) -> str:
    pattern = found["join"] + ("%I" if found["half"] else "%H") + ":%M"
    pattern += (":%S" if found["seconds"] else "") + (".%f" if found["fraction"] else "")
    pattern += f"{found['gap']}%p" if found["half"] else ""
    offset = found["offset"] or ""
    return pattern + (" " if offset.startswith(" ") else "") + ("%z" if offset else "")
