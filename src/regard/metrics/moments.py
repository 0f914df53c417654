"""The moments that a caller may name: a day or an instant, within years that every zone and calendar can hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from regard.kernel.errors import InvalidInput
from regard.kernel.periods import Period

FIRST_YEAR, LAST_YEAR = 1970, 2200


def read_time(text: str, zone: ZoneInfo) -> datetime:
    """A day or an instant; without a zone it is local. Raises: InvalidInput, also for years outside 1970 to 2200.

    >>> from zoneinfo import ZoneInfo
    >>> read_time("2026-03-29", ZoneInfo("Europe/Athens")).isoformat()
    '2026-03-29T00:00:00+02:00'
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(
            "'%(given)s' is no time; write 2026-01-31 or 2026-01-31T09:00:00+02:00.", given=text
        ) from None
    # Looked at before it is moved to the zone: at the calendar's ends the move itself overflows.
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise InvalidInput(
            "The year %(given)s is outside %(first)s to %(last)s.",
            given=moment.year,
            first=FIRST_YEAR,
            last=LAST_YEAR,
        )
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def read_period(
    since: str, until: str, *, zone: ZoneInfo, now: datetime, first: Callable[[], datetime | None]
) -> Period | None:
    """The period between two moments as given; None for everything. Raises: InvalidInput where it is turned round.

    Args:
        now: where it ends without `until`. first: asks when the log begins, where it starts without `since`.
    """
    if not since and not until:
        return None
    end = read_time(until, zone) if until else now.astimezone(zone)
    start = read_time(since, zone) if since else min(first() or end, end)
    if end < start:
        raise InvalidInput(
            "The period ends (%(end)s) before it starts (%(start)s).",
            end=end.isoformat(),
            start=start.isoformat(),
        )
    return Period(start, end)
