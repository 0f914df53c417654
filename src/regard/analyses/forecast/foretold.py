"""The forecast with the times that it is for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from regard.analyses.forecast.asked import Asked
from regard.analyses.forecast.reading import Past
from regard.analytics.forecasting.clock import DAY, Codes
from regard.analytics.forecasting.forecast import Forecast, Whole
from regard.analytics.forecasting.special_days import SpecialDays
from regard.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Row:
    """One interval to come, as an instant; an hour that the clock shows twice has two."""

    time: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A whole day to come: its sum, and when and how high its peak is."""

    date: str
    total: Whole
    peak_time: str
    peak: Whole
    special: str


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """Everything that is told.

    Args:
        ahead: array (horizon,), the intervals to come by number. rows: the same as instants.
    """

    asked: Asked
    past: Past
    special: SpecialDays
    found: Forecast
    ahead: Codes
    rows: list[Row]

    def days(self) -> list[DayAhead]:
        """The whole days among the intervals to come; none where intervals are days."""
        if self.asked.every >= DAY or self.asked.is_mean:
            return []
        shown = self.past.clock.shown(self.ahead)
        per_day, found = self.asked.day, []
        for first in range(len(shown) - per_day + 1):
            if shown[first] % DAY:
                continue
            last = first + per_day
            highest = first + int(self.found.value[first:last].argmax())
            moment = datetime.fromtimestamp(int(shown[highest]), UTC)
            code = int(self.special.ahead[first])
            found.append(
                DayAhead(
                    date.fromordinal(719_163 + int(shown[first]) // DAY).isoformat(),
                    self.found.total(first, last),
                    f"{moment:%H:%M}",
                    self.found.peak(first, last),
                    self.special.names[code] if code >= 0 else "",
                )
            )
        return found


def rows_ahead(past: Past, found: Forecast, ahead: Codes, asked: Asked) -> list[Row]:
    """The intervals to come in the order of time.

    Raises: InvalidInput where they reach beyond the calendar.
    """
    rows = []
    for start, place, share in past.clock.stretches(ahead):
        part = 1.0 if asked.is_mean else share
        try:
            moment = datetime.fromtimestamp(start, past.zone)
        except (OverflowError, ValueError, OSError):
            raise InvalidInput("The forecast reaches beyond the calendar; see the years in --time.") from None
        one = (found.value[place], found.low[place], found.high[place])
        value, low, high = (float(part * end) for end in one)
        rows.append(Row(moment.isoformat(), value, low, high))
    return rows
