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
# Of so many times the median is looked for around that of every so-many-th.
MANY, STEP = 1 << 14, 64

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Follows:
    """The directly-follows graph.

    Args:
        before, after: for each edge its two activities, as places in the log's names; the most frequent edge first.
        n: how often the second came right after the first.
        median, mean: seconds from the start of the first to the start of the second.
        start, end: for each activity, how many cases begin and end with it.
    """

    before: Numbers
    after: Numbers
    n: Numbers
    median: Floats
    mean: Floats
    start: Numbers
    end: Numbers

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


def _waits(log: EventLog) -> tuple[Numbers, Numbers, Numbers]:
    """The pairs that occur, where each one's times begin, and the times in microseconds, pair by pair."""
    n_names = len(log.names)
    if n_names > SQUARE:
        return _sorted_waits(log)
    counts = loop(_count, log.n_events)(log.starts, log.activities, n_names)
    bounds = np.r_[0, np.cumsum(counts)]
    waits = np.empty(bounds[-1], dtype=np.int64)
    loop(_deal, log.n_events)(log.starts, log.activities, log.times, n_names, bounds.copy(), waits)
    pairs = np.flatnonzero(counts)
    return pairs, np.r_[bounds[pairs], bounds[-1]], waits


def _sorted_waits(log: EventLog) -> tuple[Numbers, Numbers, Numbers]:
    inside = np.ones(log.n_events, dtype=bool)
    inside[log.starts[:-1]] = False
    place = np.flatnonzero(inside)
    pair = log.activities[place - 1].astype(np.int64) * len(log.names) + log.activities[place]
    order = np.argsort(pair, kind="stable")
    pairs, first = np.unique(pair[order], return_index=True)
    waits = (log.times[place] - log.times[place - 1])[order]
    return pairs, np.r_[first, len(waits)].astype(np.int64), waits


def _count(starts: Numbers, activities: NDArray[np.uint16], n_names: int) -> Any:
    """How often each pair occurs. Run by `loop`."""
    counts = np.zeros(n_names * n_names, np.int64)
    for c in range(len(starts) - 1):
        for i in range(starts[c] + 1, starts[c + 1]):
            counts[np.int64(activities[i - 1]) * n_names + activities[i]] += 1
    return counts


def _deal(
    starts: Numbers,
    activities: NDArray[np.uint16],
    times: Numbers,
    n_names: int,
    free: Numbers,
    waits: Numbers,
) -> None:
    """Put the times between into `waits`, those of each pair from its `free` place on. Run by `loop`."""
    for c in range(len(starts) - 1):
        for i in range(starts[c] + 1, starts[c + 1]):
            pair = np.int64(activities[i - 1]) * n_names + activities[i]
            waits[free[pair]] = times[i] - times[i - 1]
            free[pair] += 1


def _median(values: Numbers) -> float:
    """The middle one, or the mean of the two in the middle; `values` are moved about.

    Of many a sample tells between which two numbers the middle lies, and only what lies there is brought into order
    (Floyd and Rivest 1975); where it lies elsewhere after all, everything is.
    """
    half, is_odd = len(values) // 2, len(values) % 2
    if len(values) >= MANY:
        sample = np.sort(values[::STEP])
        middle, off = len(sample) // 2, int(2 * np.sqrt(len(sample)))
        low, high = sample[middle - off], sample[middle + off]
        below = int(np.count_nonzero(values < low))
        between = values[(values >= low) & (values <= high)]
        if below < half < below + len(between):
            values, half = between, half - below
    values.partition([half - 1, half])
    return float(values[half]) if is_odd else (float(values[half - 1]) + float(values[half])) / 2
