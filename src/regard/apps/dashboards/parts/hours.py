"""When customers come to us: contacts by hour and weekday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.apps.dashboards.home import PARTS, Context, PartKind
from regard.webkit import formats
from regard.webkit.charts.week import DAYS, HOURS, draw_week

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CAME = ("call.queued", "chat.started", "message.received", "email.received")
FEWEST = 50


@dataclass(frozen=True, slots=True)
class Week:
    """Contacts an hour, by weekday (Monday first) and hour.

    Args:
        busiest: the weekday, hour and number of the busiest hour, in words.
        n: contacts counted.
    """

    hint: str
    grid: SafeString
    days: tuple[str, ...]
    ticks: tuple[str, ...]
    table: tuple[tuple[str, tuple[str, ...]], ...]
    busiest: str
    n: str


def read_hours(context: Context) -> Week | None:
    """None where there are too few contacts to tell an hour from another."""
    counts = context.remember("hours", lambda connection: _count(context, connection))
    n = sum(counts.values())
    if n < FEWEST:
        return None
    weeks = _weekdays_in(context)
    means = [
        [counts.get((day, hour), 0) / max(weeks[day], 1) for hour in range(HOURS)] for day in range(DAYS)
    ]
    days = tuple(formats.weekday(day) for day in range(DAYS))
    top, day, hour = max((value, -d, -h) for d, row in enumerate(means) for h, value in enumerate(row))
    busiest = _now("%(day)s %(hour)s, %(n)s an hour") % {
        "day": formats.weekday(-day, is_long=True),
        "hour": _clock(-hour, context),
        "n": formats.number(top, 1),
    }
    return Week(
        hint=_now("contacts an hour, on average"),
        grid=draw_week(
            means,
            label=_now("Contacts by weekday and hour; the busiest is %(busiest)s") % {"busiest": busiest},
        ),
        days=days,
        ticks=tuple(_clock(hour, context) for hour in (0, 6, 12, 18)),
        table=tuple(
            (_clock(hour, context), tuple(formats.number(means[day][hour], 1) for day in range(DAYS)))
            for hour in range(HOURS)
        ),
        busiest=busiest,
        n=formats.number(n),
    )


def _count(context: Context, connection: DuckDBPyConnection) -> dict[tuple[int, int], int]:
    """Contacts by weekday (0 is Monday) and hour in the organisation's zone, one for each call, chat or letter."""
    sight, window = context.sight, context.window
    scope, values = "true", list[object]()
    if sight.units is not None:
        scope = f"unit IN ({', '.join('?' for _ in sight.units)})" if sight.units else "false"
        values = [*sorted(sight.units)]
    if window.source is not None:
        scope, values = f"{scope} AND source = ?", [*values, window.source]
    rows = connection.execute(
        f"""SELECT isodow(local_at)::INT - 1, hour(local_at)::INT, count(*) FROM (
                SELECT occurred_at AT TIME ZONE ? AS local_at FROM log
                WHERE kind IN {CAME} AND occurred_at >= ? AND occurred_at < ? AND {scope})
            GROUP BY ALL""",
        [context.settings.zone, window.period.start, window.period.end, *values],
    ).fetchall()
    return {(day, hour): n for day, hour, n in rows}


def _weekdays_in(context: Context) -> list[float]:
    """How often each weekday lies in the period, parts of days as parts."""
    found = [0.0] * DAYS
    start = context.window.period.start.astimezone(context.zone)
    end = min(context.window.period.end, context.now).astimezone(context.zone)
    while start < end:
        midnight = datetime(start.year, start.month, start.day, tzinfo=context.zone) + timedelta(days=1)
        found[start.weekday()] += (min(midnight, end) - start) / timedelta(days=1)
        start = midnight
    return found


def _clock(hour: int, context: Context) -> str:
    return formats.clock(datetime(2024, 1, 1, hour, tzinfo=context.zone), context.zone)


hours = PARTS.register(PartKind(key="hours", title=_("When they come"), read=read_hours))
