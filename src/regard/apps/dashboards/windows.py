"""Which stretch of time a page looks at and whose data, how it is cut, and what it is compared with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from regard.kernel.periods import Grain, Period, next_start
from regard.metrics.moments import FIRST_YEAR, LAST_YEAR

CHOICES = ("30", "90", "365", "all")
USUAL = "90"
GRAINS = {"30": Grain.DAY, "90": Grain.WEEK, "365": Grain.WEEK, "all": Grain.MONTH}
YEARS_IN_WEEKS = 2
# A log that ended longer ago than this is shown up to its end, with a word on it, not as an empty present.
STALE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Window:
    """What the reader chose to look at.

    Args:
        choice: one of CHOICES.
        period: from when to when.
        grain: how finely its trend is cut.
        is_compared: whether there is a period before it to compare with.
        until: the last day, where the reader chose one; otherwise it ends now.
        source: the one source whose data are looked at, where the reader chose one.
        where: the group that is looked at, as `narrowing.Group` writes it; links of the same page keep it.
    """

    choice: str
    period: Period
    grain: Grain
    is_compared: bool
    until: date | None
    source: str | None = None
    where: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The same choice in an address."""
        return self._address(self.choice, self.source)

    def other(self, choice: str) -> str:
        """Another length that ends on the same day, in an address."""
        return self._address(choice, self.source)

    def of_source(self, source: str | None) -> str:
        """The same time in the data of another source, or of all of them, in an address."""
        return self._address(self.choice, source)

    def within(self, *where: str) -> str:
        """The same choice within a group, in an address."""
        return replace(self, where=where).query

    def _address(self, choice: str, source: str | None) -> str:
        given = {"days": choice, "until": self.until.isoformat() if self.until else "", "source": source}
        pairs = [(name, value) for name, value in given.items() if value]
        return "?" + urlencode([*pairs, *(("where", one) for one in self.where)])


def read_window(
    days: str, until: str, *, zone: ZoneInfo, now: datetime, first: datetime | None, last: datetime | None
) -> Window:
    """The window that an address asks for; what cannot be read counts as not given.

    It ends with the hour that runs, so that what arrives is seen while answers can be kept.

    Args:
        first, last: when the log begins and ends, for a look at all of it.
    """
    choice = days if days in CHOICES else USUAL
    end_day = _day(until)
    end = next_start(now.astimezone(zone), Grain.HOUR)
    if end_day is not None:
        end = min(end, datetime(end_day.year, end_day.month, end_day.day, tzinfo=zone) + timedelta(days=1))
    if choice == "all":
        start = min(first.astimezone(zone) if first else end, end)
        end = min(end, next_start(last.astimezone(zone), Grain.HOUR)) if last and last >= start else end
        grain = Grain.WEEK if end - start < timedelta(days=365 * YEARS_IN_WEEKS) else Grain.MONTH
        return Window(choice, Period(start, max(start, end)), grain, False, end_day)
    period = Period(end - timedelta(days=int(choice)), end)
    return Window(choice, period, GRAINS[choice], True, end_day)


def show_window(
    days: str,
    until: str,
    *,
    zone: ZoneInfo,
    now: datetime,
    first: datetime | None,
    last: datetime,
    whole_weeks: bool = False,
) -> tuple[Window, bool]:
    """The window that an address asks for over a log that ends at `last`, and whether that was long ago.

    Args:
        whole_weeks: for who may not read single answers: all that the page shows is of the weeks that its figures are of.
    """
    is_stale = not until and days != "all" and last < now - STALE
    end = last.astimezone(zone).date().isoformat() if is_stale else until
    window = read_window(days, end, zone=zone, now=now, first=first, last=last)
    if whole_weeks:
        window = replace(window, period=_widened(window.period, zone))
    # Links keep a day that the reader chose, not one that this source's end chose: another may go on for longer.
    return replace(window, until=None if is_stale else window.until), is_stale


def _widened(period: Period, zone: ZoneInfo) -> Period:
    from regard.metrics.pieces import Cut
    from regard.metrics.whole_weeks import widened

    return widened(period, Cut(Grain.WEEK, zone))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
