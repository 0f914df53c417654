"""What follows directly upon what, how often, and after how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.journeys.compiled import loop
from regard.analytics.journeys.log import MICROSECONDS, EventLog

SOURCE = "van der Aalst, W. (2016), Process Mining, 2nd ed., section 7.2"
# Up to this many activities all pairs of them are counted in one square table.
SQUARE = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Follows:
    """The directly-follows graph.

    Args:
        before, after: for each edge its two activities, as places in the log's names; the most frequent edge first.
        n: how often the second came right after the first.
        median, mean: seconds from the start of the first to the start of the second.
        start, end: for each activity, how many cases begin and end with it.
    """

    before: NDArray[np.int64]
    after: NDArray[np.int64]
    n: NDArray[np.int64]
    median: Floats
    mean: Floats
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.n)


def directly_follows(log: EventLog) -> Follows:
    """Which activity comes right after which within cases, how often, and how long after.

    Returns: the edges, by how often, then by their names' order.
    Source: van der Aalst (2016), Process Mining, 2nd ed., section 7.2.

    >>> from regard.analytics.journeys.log import event_log
    >>> found = directly_follows(event_log([1, 1, 1, 2, 2], ["a", "b", "a", "a", "b"], [0, 10, 30, 0, 20]))
    >>> found.before.tolist(), found.after.tolist(), found.n.tolist(), found.mean.tolist()
    ([0, 1], [1, 0], [2, 1], [15.0, 20.0])
    """
    n_names = len(log.names)
    first, last = log.activities[log.starts[:-1]], log.activities[log.starts[1:] - 1]
    pairs, bounds, waits = _waits(log)
    n = np.diff(bounds)
    mean, median = np.empty(len(n)), np.empty(len(n))
    for place in range(len(n)):
        part = waits[bounds[place] : bounds[place + 1]]
        mean[place], median[place] = part.mean(), _median(part)
    order = np.lexsort((pairs, -n))
    return Follows(
        before=(pairs // n_names)[order],
        after=(pairs % n_names)[order],
        n=n[order],
        median=median[order] / MICROSECONDS,
        mean=mean[order] / MICROSECONDS,
        start=np.bincount(first, minlength=n_names),
        end=np.bincount(last, minlength=n_names),
    )


def _waits(log: EventLog) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The pairs that occur, where each one's times begin, and the times in microseconds, pair by pair."""
    n_names = len(log.names)
    if n_names > SQUARE:
        return _sorted_waits(log)
    counts, waits = loop(_deal, log.n_events)(log.starts, log.activities, log.times, n_names)
    bounds = np.r_[0, np.cumsum(counts)]
    pairs = np.flatnonzero(counts)
    return pairs, np.r_[bounds[pairs], bounds[-1]], waits


def _sorted_waits(log: EventLog) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    inside = np.ones(log.n_events, dtype=bool)
    inside[log.starts[:-1]] = False
    place = np.flatnonzero(inside)
    pair = log.activities[place - 1].astype(np.int64) * len(log.names) + log.activities[place]
    order = np.argsort(pair, kind="stable")
    pairs, first = np.unique(pair[order], return_index=True)
    waits = (log.times[place] - log.times[place - 1])[order]
    return pairs, np.r_[first, len(waits)].astype(np.int64), waits


def _deal(
    starts: NDArray[np.int64], activities: NDArray[np.uint16], times: NDArray[np.int64], n_names: int
) -> Any:
    """How often each pair occurs, and all times between, those of one pair together. Run by `loop`."""
    counts = np.zeros(n_names * n_names, np.int64)
    for c in range(len(starts) - 1):
        for i in range(starts[c] + 1, starts[c + 1]):
            counts[np.int64(activities[i - 1]) * n_names + activities[i]] += 1
    free = np.zeros(n_names * n_names, np.int64)
    total = 0
    for pair in range(n_names * n_names):
        free[pair] = total
        total += counts[pair]
    waits = np.empty(total, np.int64)
    for c in range(len(starts) - 1):
        for i in range(starts[c] + 1, starts[c + 1]):
            pair = np.int64(activities[i - 1]) * n_names + activities[i]
            waits[free[pair]] = times[i] - times[i - 1]
            free[pair] += 1
    return counts, waits


def _median(values: NDArray[np.int64]) -> float:
    """The middle one, or the mean of the two in the middle; `values` are moved about."""
    half = len(values) // 2
    if len(values) % 2:
        values.partition(half)
        return float(values[half])
    values.partition([half - 1, half])
    return (float(values[half - 1]) + float(values[half])) / 2
