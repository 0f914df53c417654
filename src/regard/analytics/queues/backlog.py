"""How many people does work take that may wait, but not for ever?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from regard.analytics.arrays import Floats, divide, floats
from regard.kernel.errors import InvalidInput

METHOD = (
    "work that may wait, done in the order of its coming; the fewest people by the tightest stretch of days"
)
SOURCE = "Horn (1974), Naval Research Logistics Quarterly 21, 177-185 (feasibility of deadlines)"
MOST = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Worked:
    """How the work is done, interval by interval; arrays (n,), in seconds of work.

    Args:
        done: what is done in each. open: what is left at its end.
        late: of what came in each, what is not done in time; not a number where its time ends after the last interval.
        waits: how many intervals the oldest open work has waited at the end of each; 0 where none is open.
    """

    done: Floats
    open: Floats
    late: Floats
    waits: Floats

    @property
    def on_time(self) -> float:
        """The share of the work that is done in time, of that whose time has come."""
        return float(1 - np.nansum(self.late) / self.due) if self.due else 1.0

    @property
    def due(self) -> float:
        """The work whose time has come."""
        return float(np.nansum(np.where(np.isnan(self.late), 0.0, self._came)))

    @property
    def _came(self) -> Floats:
        return np.diff(np.concatenate([[0.0], np.cumsum(self.done) + self.open]))


def fewest_people(work: Floats, hours: Floats, due: int) -> float:
    """The smallest number of people, the same in every interval, with whom all is done in time; need not be whole.

    What comes from interval s to u has to be done from s to u + due. Where that holds for every stretch, doing first what is
    due first does it, so the tightest stretch says how many it takes.

    Args:
        work: array (n,), seconds of work that come in each interval, and may be begun in it.
        hours: array (n,), seconds that one person works in each.
        due: how many intervals later it must be done at the latest; 0: in the same one.

    Raises: InvalidInput where work is due while nobody works.
    Source: Horn (1974).
    """
    n = len(work)
    if n > MOST:
        raise InvalidInput(f"Give at most {MOST:,} intervals of work that may wait, or longer ones.")
    came, there = (np.concatenate([[0.0], np.cumsum(one)]) for one in (work, hours))
    most = 0.0
    for first in range(n - due):
        last = np.arange(first, n - due)
        needed, time = came[last + 1] - came[first], there[last + due + 1] - there[first]
        if ((needed > 0) & (time <= 0)).any():
            raise InvalidInput(
                "Work is due before anybody works. Give it longer with --due, or hours to the intervals before."
            )
        most = max(most, float(np.nanmax(divide(needed, time), initial=0.0)))
    return most


def work_off(work: Floats, hours: Floats, people: float, due: int) -> Worked:
    """What so many people do, first come first served, which is due first as all may wait equally long."""
    n = len(work)
    done, left = np.zeros(n), 0.0
    for place in range(n):
        left += work[place]
        done[place] = min(left, people * hours[place])
        left -= done[place]
    came, finished = np.cumsum(work), np.cumsum(done)
    open_ = np.maximum(came - finished, 0.0)
    late = np.full(n, np.nan)
    known = n - due
    if known > 0:
        late[:known] = np.clip(came[:known] - finished[due:], 0.0, work[:known])
    small = 1e-9 * max(float(came[-1]), 1.0)
    oldest = np.searchsorted(came, finished + small, side="right")
    waits = np.where(open_ > small, np.arange(n) - oldest, 0.0)
    return Worked(floats(done), floats(np.where(open_ > small, open_, 0.0)), floats(late), floats(waits))


def whole(people: float) -> int:
    """The number of people, in whole ones."""
    return math.ceil(people * (1 - 1e-12))
