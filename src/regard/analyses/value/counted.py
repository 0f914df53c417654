"""How time is counted: in days, told as weeks, or in periods, in each of which a customer buys or does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from regard.analyses.durations import seconds_of
from regard.analytics.arrays import Floats

Whole = NDArray[np.int64]
EPOCH = date(1970, 1, 1)
DAY = 86_400
DAYS_A_YEAR = 365.25
MONTHS = {"month": 1, "quarter": 3, "year": 12}
MONDAY = -3  # The Monday before the first of January 1970.


@dataclass(frozen=True, slots=True)
class Counted:
    """A way to count days since 1970.

    Args:
        unit: what people read: "weeks", "years", "periods of 28 days". key: the same in names of columns.
        days: how many make a unit, on average. per: how many steps make one.
        months: of a step, where these are months. length: of a step in days, where they are not.
        anchor: a day on which a step of that length ends.
        is_whole: whether the horizon is a whole number of units.
    """

    unit: str
    key: str
    days: float
    per: float = 1.0
    months: int = 0
    length: int = 1
    anchor: int = 0
    is_whole: bool = True

    @property
    def a_year(self) -> float:
        """How many units make a year."""
        return DAYS_A_YEAR / self.days

    def at(self, days: Whole) -> Whole:
        """The step that each day lies in."""
        if self.months:
            return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) // self.months
        return (days - self.anchor - 1) // self.length + 1

    def last(self, day: int) -> int:
        """The last step that is over with this day."""
        return int(self.at(np.array([day + 1]))[0]) - 1

    def ends(self, step: int) -> date:
        """The last day of a step."""
        if self.months:
            first = np.datetime64((step + 1) * self.months, "M").astype("datetime64[D]")
            return EPOCH + timedelta(days=int(first.astype(np.int64)) - 1)
        return EPOCH + timedelta(days=self.anchor + step * self.length)

    def horizon(self, text: str) -> float:
        """How many units `text` says; at least one whole one where they are counted so."""
        units = seconds_of(text) / DAY / self.days
        return float(max(round(units), 1)) if self.is_whole else units

    def steps(self, values: Floats) -> Floats:
        """Numbers of steps as units."""
        return values / self.per


WEEKS = Counted("weeks", "weeks", days=7, per=7, is_whole=False)


def periods(every: str, end: int) -> Counted:
    """Periods of that length: day, week (from Monday), month, quarter or year of the calendar, or such as 28d.

    Args:
        end: a day on which a period ends that is none of the calendar.
    Raises: InvalidInput for any other length.
    """
    name = every.strip().lower()
    if name in MONTHS:
        return Counted(f"{name}s", "periods", days=DAYS_A_YEAR * MONTHS[name] / 12, months=MONTHS[name])
    if name == "week":
        return Counted("weeks", "periods", days=7, length=7, anchor=MONDAY - 1)
    length = 1 if name == "day" else max(round(seconds_of(every) / DAY), 1)
    unit = "days" if length == 1 else f"periods of {length:,} days"
    return Counted(unit, "periods", days=length, length=length, anchor=end)
