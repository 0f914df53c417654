"""What follows directly upon what, how often, and after how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.journeys.compiled import ONE, loop
from regard.analytics.journeys.log import MICROSECONDS, EventLog

SOURCE = "van der Aalst, W. (2016), Process Mining, 2nd ed., section 7.2"
# Up to this many activities all pairs of them are counted in one square table.
SQUARE = 1024
# Of so many events the median is looked for around that of every so-many-th, where there are enough of these.
MANY, STEP, ENOUGH = 1 << 16, 64, 32
LEAST, MOST = np.iinfo(np.int64).min, np.iinfo(np.int64).max

Numbers = NDArray[np.int64]
Codes = NDArray[np.int32]


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
    pairs, n, mean, median = _edges(log) if n_names <= SQUARE else _sorted_edges(log)
    start, end = np.zeros((2, n_names), dtype=np.int64)
    loop(_ends, log.n_events)(log.starts, log.activities, start, end)
    order = np.lexsort((pairs, -n))
    return Follows(
        before=(pairs // n_names)[order],
        after=(pairs % n_names)[order],
        n=n[order],
        median=median[order] / MICROSECONDS,
        mean=mean[order] / MICROSECONDS,
        start=start,
        end=end,
    )


def _edges(log: EventLog) -> tuple[Numbers, Numbers, Floats, Floats]:
    """The pairs that occur: how often, their mean and their median time, in microseconds."""
    low, high = _brackets(log)
    n, total, median = _between(log, low, high)
    missed = (n > 0) & np.isnan(median)
    if missed.any():
        low, high = np.where(missed, LEAST, MOST), np.where(missed, MOST, LEAST)
        median = np.where(missed, _between(log, low, high)[2], median)
    pairs = np.flatnonzero(n)
    return pairs, n[pairs], total[pairs] / n[pairs], median[pairs]


def _brackets(log: EventLog) -> tuple[Numbers, Numbers]:
    """For each pair two times between which its median most likely lies, from a sample (Floyd and Rivest 1975)."""
    size = len(log.names) ** 2
    low, high = np.full(size, LEAST), np.full(size, MOST)
    if log.n_events >= MANY:
        pairs, waits = np.empty(log.n_events, np.int32), np.empty(log.n_events, np.int64)
        given = (log.starts, log.activities, log.times, len(log.names))
        n = loop(_sample, log.n_events)(*given, STEP, pairs, waits)
        bounds, waits = _by_pair(log, pairs[:n], waits[:n])
        for pair in np.flatnonzero(np.diff(bounds) >= ENOUGH):
            part = waits[bounds[pair] : bounds[pair + 1]]
            middle, off = len(part) // 2, int(2 * np.sqrt(len(part)))
            part.partition([middle - off, middle + off])
            low[pair], high[pair] = part[middle - off], part[middle + off]
    return low, high


def _between(log: EventLog, low: Numbers, high: Numbers) -> tuple[Numbers, Floats, Floats]:
    """Of each pair how often it occurs, the sum of its times, and their median where it lies from `low` to `high`."""
    size = len(low)
    n, below = np.zeros((2, size), np.int64)
    total, median = np.zeros(size), np.full(size, np.nan)
    pairs, waits = np.empty(log.n_events, np.int32), np.empty(log.n_events, np.int64)
    given = (log.starts, log.activities, log.times, len(log.names))
    kept = loop(_count, log.n_events)(*given, low, high, n, below, total, pairs, waits)
    bounds, waits = _by_pair(log, pairs[:kept], waits[:kept])
    for pair in np.flatnonzero(np.diff(bounds)):
        part, half, is_odd = waits[bounds[pair] : bounds[pair + 1]], n[pair] // 2 - below[pair], n[pair] % 2
        if 1 - is_odd <= half < len(part):
            part.partition([half - 1, half])
            median[pair] = float(part[half]) if is_odd else (float(part[half - 1]) + float(part[half])) / 2
    return n, total, median


def _by_pair(log: EventLog, pairs: Codes, waits: Numbers) -> tuple[Numbers, Numbers]:
    """The times pair by pair, and where those of each pair begin, with the end."""
    bounds = np.r_[0, np.cumsum(np.bincount(pairs, minlength=len(log.names) ** 2))]
    found = np.empty_like(waits)
    loop(_deal, log.n_events)(pairs, waits, bounds.copy(), found)
    return bounds, found


def _sorted_edges(log: EventLog) -> tuple[Numbers, Numbers, Floats, Floats]:
    """As `_edges`, for more activities than a table of all pairs can hold."""
    inside = np.ones(log.n_events, dtype=bool)
    inside[log.starts[:-1]] = False
    place = np.flatnonzero(inside)
    pair = log.activities[place - 1].astype(np.int64) * len(log.names) + log.activities[place]
    waits = log.times[place] - log.times[place - 1]
    order = np.lexsort((waits, pair))
    pairs, first, n = np.unique(pair[order], return_index=True, return_counts=True)
    if not len(pairs):
        return pairs, n, np.array([]), np.array([])
    waits = waits[order]
    median = (waits[first + (n - 1) // 2].astype(np.float64) + waits[first + n // 2]) / 2
    return pairs, n, np.add.reduceat(waits.astype(np.float64), first) / n, median


def _ends(starts: Numbers, activities: NDArray[np.uint16], start: Numbers, end: Numbers) -> None:
    """Count the activities that cases start and end with. Run by `loop`."""
    bounds = starts.view(np.uint64)
    for c in range(len(starts) - 1):
        start[activities[bounds[c]]] += 1
        end[activities[bounds[c + 1] - ONE]] += 1


def _sample(
    starts: Numbers,
    activities: NDArray[np.uint16],
    times: Numbers,
    n_names: int,
    step: int,
    pairs: Codes,
    waits: Numbers,
) -> int:
    """Write down the pair and the time of every so-many-th event; how many there are. Run by `loop`."""
    n, bounds, names, one_in = np.uint64(0), starts.view(np.uint64), np.uint64(n_names), np.uint64(step)
    for c in range(len(starts) - 1):
        at = (bounds[c] // one_in + ONE) * one_in  # never the event that the case begins with
        while at < bounds[c + 1]:
            pairs[n] = np.uint64(activities[at - ONE]) * names + np.uint64(activities[at])
            waits[n] = times[at] - times[at - ONE]
            n += ONE
            at += one_in
    return int(n)


def _count(
    starts: Numbers,
    activities: NDArray[np.uint16],
    times: Numbers,
    n_names: int,
    low: Numbers,
    high: Numbers,
    n: Numbers,
    below: Numbers,
    total: Floats,
    pairs: Codes,
    waits: Numbers,
) -> int:
    """Count the pairs and their times below `low`, add up their times, write down those from `low` to `high`.

    Without branches, which a processor could not foresee. Run by `loop`.

    Returns: how many were written down.
    """
    kept, bounds, names = np.uint64(0), starts.view(np.uint64), np.uint64(n_names)
    for c in range(len(starts) - 1):
        before, since = np.uint64(activities[bounds[c]]), times[bounds[c]]
        for i in range(bounds[c] + ONE, bounds[c + 1]):
            after, now = np.uint64(activities[i]), times[i]
            pair, wait = before * names + after, now - since
            n[pair] += 1
            total[pair] += wait
            below[pair] += wait < low[pair]
            pairs[kept], waits[kept] = pair, wait
            kept += np.uint64((wait >= low[pair]) & (wait <= high[pair]))
            before, since = after, now
    return int(kept)


def _deal(pairs: Codes, waits: Numbers, free: Numbers, to: Numbers) -> None:
    """Put the times of each pair from its `free` place on. Run by `loop`."""
    for i in range(len(pairs)):
        to[free[pairs[i]]] = waits[i]
        free[pairs[i]] += 1
