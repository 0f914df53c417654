"""What was done again within a case, and how the cases came back to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, divide
from regard.analytics.journeys.compiled import ONE, loop
from regard.analytics.journeys.log import MICROSECONDS, EventLog


@dataclass(frozen=True, slots=True, eq=False)
class Rework:
    """For each activity, an element in the order of the log's names.

    Args:
        cases: in how many it occurs. repeated_cases: in how many it occurs again.
        events: how often it occurs. repeats: how often in a case that had it before.
        at_once: repeats right after the same activity. Others are loops: something else happened between.
        seconds: mean time since it was done before; not a number where it never was.
    """

    cases: NDArray[np.int64]
    repeated_cases: NDArray[np.int64]
    events: NDArray[np.int64]
    repeats: NDArray[np.int64]
    at_once: NDArray[np.int64]
    seconds: Floats

    @property
    def loops(self) -> NDArray[np.int64]:
        """Repeats with something else between."""
        return self.repeats - self.at_once


def rework(log: EventLog) -> Rework:
    """What was done again in the same case, how often, and how long after.

    >>> from regard.analytics.journeys.log import event_log
    >>> found = rework(event_log([1, 1, 1, 2], ["ask", "send", "ask", "ask"], [0, 5, 60, 0]))
    >>> found.repeats.tolist(), found.loops.tolist(), found.cases.tolist(), found.seconds.tolist()
    ([1, 0], [1, 0], [2, 1], [60.0, nan])
    """
    given = (log.starts, log.activities, log.times, len(log.names))
    cases, again, events, at_once, waited = loop(_count, log.n_events)(*given)
    repeats = events - cases
    return Rework(cases, again, events, repeats, at_once, divide(waited, repeats) / MICROSECONDS)


def _count(
    starts: NDArray[np.int64], activities: NDArray[np.uint16], times: NDArray[np.int64], n_names: int
) -> Any:
    """Run by `loop`."""
    cases, again = np.zeros(n_names, np.int64), np.zeros(n_names, np.int64)
    events, at_once, waited = np.zeros(n_names, np.int64), np.zeros(n_names, np.int64), np.zeros(n_names)
    seen, repeated = np.full(n_names, -1, np.int64), np.full(n_names, -1, np.int64)
    when = np.zeros(n_names, np.int64)
    bounds = starts.view(np.uint64)
    for c in range(len(starts) - 1):
        for i in range(bounds[c], bounds[c + 1]):
            a = activities[i]
            events[a] += 1
            if seen[a] != c:
                seen[a] = c
                cases[a] += 1
            else:
                waited[a] += times[i] - when[a]
                if activities[i - ONE] == a:
                    at_once[a] += 1
                if repeated[a] != c:
                    repeated[a] = c
                    again[a] += 1
            when[a] = times[i]
    return cases, again, events, at_once, waited
