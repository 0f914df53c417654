"""Where periods are cut: the calendar of a time zone as integer arithmetic that the engine runs fast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from regard.kernel.periods import Grain, Period, floor

WHOLE = -1
MICROSECONDS = 1_000_000
DAY_US = 86_400 * MICROSECONDS
# 1 January 1970 was a Thursday: three days after a Monday.
THURSDAY_US = 3 * DAY_US
EARLIEST_YEAR = 2000
MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cut:
    """The pieces of one grain in one zone, each known by an integer that grows with time."""

    grain: Grain
    zone: ZoneInfo

    def index_sql(self, column: str, now: datetime) -> str:
        """SQL for the index of the piece that holds the instant `column`.

        A shift of the clock is looked up among the zone's changes (the latest first, as most rows are recent), because
        converting every row through the time zone library costs more than the whole rest of a question.
        """
        changes = offset_changes(self.zone, now.year + 2)
        first = changes[0][1]
        whens = " ".join(f"WHEN {column}_us >= {at} THEN {shift}" for at, shift in reversed(changes[1:]))
        shift = f"CASE {whens} ELSE {first} END" if whens else f"{first}"
        local = f"({column}_us + {shift})"
        match self.grain:
            case Grain.HOUR:
                return f"({local} // {3600 * MICROSECONDS} * {3600 * MICROSECONDS} - ({shift}))"
            case Grain.DAY:
                return f"({local} // {DAY_US})"
            case Grain.WEEK:
                return f"(({local} + {THURSDAY_US}) // {7 * DAY_US})"
        return self._months_sql(local)

    def index_of_week_sql(self, week: str) -> str:
        """SQL for the index of the piece that holds the Monday of the week with the index `week`."""
        return week if self.grain is Grain.WEEK else self._months_sql(f"(({week} * 7 - 3) * {DAY_US})")

    def _months_sql(self, local: str) -> str:
        """SQL for the index of the month, quarter or year that holds a local time in µs."""
        months = f"(year(make_timestamp({local})) * 12 + month(make_timestamp({local})) - 1)"
        return f"({months} // {MONTHS[self.grain]})"

    def index_of(self, moment: datetime) -> int:
        """The index of the piece that holds `moment`, the same as the SQL gives."""
        start = floor(moment.astimezone(self.zone), self.grain)
        if self.grain is Grain.HOUR:
            return _microseconds(start)
        local = _microseconds(start.replace(tzinfo=UTC))
        match self.grain:
            case Grain.DAY:
                return local // DAY_US
            case Grain.WEEK:
                return (local + THURSDAY_US) // (7 * DAY_US)
        months = start.year * 12 + start.month - 1
        return months // MONTHS[self.grain]

    def start_of(self, index: int) -> datetime:
        """The local instant at which the piece of this index begins."""
        if self.grain is Grain.HOUR:
            return (EPOCH + timedelta(microseconds=index)).astimezone(self.zone)
        if self.grain in (Grain.DAY, Grain.WEEK):
            days = index if self.grain is Grain.DAY else index * 7 - 3
            return (EPOCH + timedelta(days=days)).replace(tzinfo=self.zone)
        months = index * MONTHS[self.grain]
        return datetime(months // 12, months % 12 + 1, 1, tzinfo=self.zone)

    def pieces(self, period: Period) -> Iterator[tuple[int, Period]]:
        """Every piece of `period` in order of time, empty ones too."""
        for piece in period.cut(self.grain, self.zone):
            yield self.index_of(piece.start), piece


@lru_cache(maxsize=64)
def offset_changes(zone: ZoneInfo, until_year: int) -> tuple[tuple[int, int], ...]:
    """The instants (µs since 1970) from which the zone's offset (µs) holds, oldest first.

    >>> [shift // 3_600_000_000 for _, shift in offset_changes(ZoneInfo("Europe/Athens"), 2001)]
    [2, 3, 2]
    """
    moment = datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)
    end = datetime(until_year, 1, 1, tzinfo=UTC)
    shift = _offset(zone, moment)
    found = [(_microseconds(moment), shift)]
    while moment < end:
        later = moment + timedelta(days=7)
        if _offset(zone, later) != shift:
            changed = _change_between(zone, moment, later)
            shift = _offset(zone, later)
            found.append((_microseconds(changed), shift))
        moment = later
    return tuple(found)


def _change_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The second at which the zone's offset changes, between two instants that differ in it."""
    old = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=1) // 2)
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    shift = moment.astimezone(zone).utcoffset()
    assert shift is not None
    return shift // timedelta(microseconds=1)


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)
