"""Instants as a zone's clock tells them: intervals of the day that keep their place when the clock is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.kernel.errors import InvalidInput

Codes = NDArray[np.int64]
DAY, WEEK = 86_400, 604_800
# The end of 2200.
LATEST = 7_289_568_000
# The first Monday.
MONDAY = 4 * DAY


@dataclass(frozen=True, slots=True, eq=False)
class Clock:
    """A zone's clock over some time.

    Args:
        every: seconds of an interval: they divide a day, or are a day or a week.
        changes: array (m,), the instants from which on the clock stands `offsets` seconds before UTC; the first is at
            the beginning of the time.
    """

    every: int
    changes: Codes
    offsets: Codes

    @classmethod
    def of(cls, zone: ZoneInfo, every: float, first: int, last: int) -> Clock:
        """The clock from one instant to another, in seconds of UTC.

        Raises: InvalidInput where intervals of `every` seconds do not divide a day, or years are far off.
        """
        whole = int(every)
        if whole != every or (whole not in (DAY, WEEK) and (whole < 60 or DAY % whole)):
            raise InvalidInput(
                "Intervals must divide a day, as 15m, 30m, 1h or 4h do, or be a day (1d) or a week (1w); not '%(given)s s'.",
                given=f"{every:g}",
            )
        if not 0 <= first <= last <= LATEST:
            raise InvalidInput(
                "Times must lie in the years 1970 to 2200, and what is foretold of them too. Correct the others, or leave them out."
            )
        changes, offsets = [first - 8 * DAY], [_offset(zone, first - 8 * DAY)]
        at = changes[0]
        while at < last + 8 * DAY:
            if _offset(zone, at + DAY) != offsets[-1]:
                changes.append(_change(zone, at, at + DAY))
                offsets.append(_offset(zone, changes[-1]))
            at += DAY
        return cls(whole, np.array(changes, dtype=np.int64), np.array(offsets, dtype=np.int64))

    def slots(self, instants: Codes) -> Codes:
        """The interval in which each instant lies, numbered by what the clock shows."""
        shown = instants + self.offsets[np.searchsorted(self.changes, instants, side="right") - 1]
        return np.asarray((shown - self._anchor) // self.every)

    def shown(self, slots: Codes) -> Codes:
        """What the clock shows when each interval begins, in seconds."""
        return np.asarray(slots * self.every + self._anchor)

    def shares(self, slots: Codes) -> Floats:
        """How much of each interval there is: 1, but for those that a change of the clock leaves out or repeats."""
        if self.every >= DAY:
            return np.ones(len(slots))
        return floats(sum(share for _, share in self._pieces(slots)))

    def stretches(self, slots: Codes) -> list[tuple[int, int, float]]:
        """The intervals in the order of time: the instant when each begins, its place among `slots`, how much there is of it.

        One that the clock shows twice comes twice; one that it leaves out does not come.
        """
        found = [
            (int(starts[place]), int(place), float(share[place]))
            for starts, share in self._pieces(slots)
            for place in np.flatnonzero(share > 0)
        ]
        found.sort()
        if self.every < DAY:
            return found
        first = {place: start for start, place, _ in reversed(found)}
        return sorted((start, place, 1.0) for place, start in first.items())

    def _pieces(self, slots: Codes) -> list[tuple[Codes, Floats]]:
        """For each stretch between two changes: when each interval begins in it, and its share of the interval."""
        begin = self.shown(slots)
        found = []
        for place, (change, offset) in enumerate(zip(self.changes, self.offsets, strict=True)):
            end = self.changes[place + 1] if place + 1 < len(self.changes) else np.iinfo(np.int64).max // 2
            low, high = np.maximum(begin, change + offset), np.minimum(begin + self.every, end + offset)
            found.append((low - offset, floats(np.maximum(high - low, 0)) / self.every))
        return found

    @property
    def _anchor(self) -> int:
        return MONDAY if self.every == WEEK else 0


def _offset(zone: ZoneInfo, instant: int) -> int:
    offset = datetime.fromtimestamp(instant, UTC).astimezone(zone).utcoffset()
    assert offset is not None, "a time in a zone has an offset"
    return int(offset.total_seconds())


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The first instant of another offset than at `low`; at `high` it is another."""
    before = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high
