"""Events brought together by case: within one by time, and at equal times as they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.journeys import grouping
from regard.analytics.journeys.compiled import loop
from regard.kernel.errors import NotEnoughData

Numbers = NDArray[np.int64]
Codes = NDArray[np.uint16]
Batch = tuple[NDArray[np.uint64], Codes, Numbers]
MICROSECONDS = 1_000_000
ROWS_A_PART = 1 << 17
MOST_PARTS = 1 << 12


@dataclass(frozen=True, slots=True, eq=False)
class EventLog:
    """All events, case by case.

    Args:
        starts: where each case begins in the other arrays; one more element for the end.
        activities: what happened, as a place in `names`; by case, then time, then the order in which they came.
        times: when, in microseconds since 1970.
        names: the activities.
        keys: what stands for each case.
        rows: for each event, which row it came from; empty where nobody asked.
    """

    starts: Numbers
    activities: Codes
    times: Numbers
    names: tuple[str, ...]
    keys: NDArray[np.uint64]
    rows: Numbers

    @property
    def n_cases(self) -> int:
        return len(self.starts) - 1

    @property
    def n_events(self) -> int:
        return len(self.activities)

    def path(self, case: int) -> tuple[str, ...]:
        """What happened in this case, one after the other."""
        return tuple(self.names[code] for code in self.activities[self.starts[case] : self.starts[case + 1]])

    def case_of_event(self) -> Numbers:
        """For each event, the place of its case."""
        return np.repeat(np.arange(self.n_cases, dtype=np.int64), np.diff(self.starts))


def event_log(cases: ArrayLike, activities: ArrayLike, times: ArrayLike) -> EventLog:
    """The log of events given as three columns.

    Args:
        cases, activities: any values that can be told apart; `names` are the activities as text, in their order.
        times: instants (datetime64), or numbers of seconds.

    Raises: NotEnoughData where there is no event.

    >>> log = event_log([1, 1, 2], ["pay", "ask", "ask"], [20, 10, 10])
    >>> log.path(0), log.path(1), log.rows.tolist()
    (('ask', 'pay'), ('ask',), [1, 0, 2])
    """
    names, codes = np.unique(np.asarray(activities), return_inverse=True)
    _, keys = np.unique(np.asarray(cases), return_inverse=True)
    when = np.asarray(times)
    if when.dtype.kind == "M":
        when = when.astype("datetime64[us]").astype(np.int64)
    else:
        when = np.rint(when.astype(np.float64) * MICROSECONDS).astype(np.int64)
    batch = (keys.astype(np.uint64), codes.astype(np.uint16), when)
    return gathered([batch], len(when), tuple(map(str, names)), keep_rows=True)


def gathered(
    batches: Iterable[Batch],
    most: int,
    names: tuple[str, ...],
    *,
    keep_rows: bool = False,
    progress: Callable[[int], object] = lambda done: None,
) -> EventLog:
    """The log of events that come batch by batch.

    Batches whose cases stand together, one after the other, are only copied. Others are dealt into parts by a hash of
    their case, so that each part fits the processor's cache, and grouped part by part; the cost grows with the events.

    Args:
        batches: of each event its case (equal numbers are one case), its activity as a place in `names`, its time.
        most: there are no more events than this.
        keep_rows: also say which row each event came from.
        progress: is called with the number of events read.

    Raises: NotEnoughData where there is no event.
    """
    gathering = _Gathering(most, keep_rows=keep_rows)
    for batch in batches:
        gathering.take(batch)
        progress(len(batch[0]))
    if not gathering.n:
        raise NotEnoughData("No row names a case, an activity and a time.")
    return gathering.log(names)


class _Gathering:
    """Events on their way into a log."""

    def __init__(self, most: int, *, keep_rows: bool) -> None:
        self.most, self.n, self.parts = most, 0, 1
        while self.parts < MOST_PARTS and self.parts * ROWS_A_PART < most:
            self.parts *= 2
        self.keys, self.codes = np.empty(most, np.uint64), np.empty(most, np.uint16)
        self.times, self.rows = np.empty(most, np.int64), np.empty(most if keep_rows else 0, np.int64)
        self.bounds: list[Numbers] = []
        self.stands_together: bool | None = None

    def take(self, batch: Batch) -> None:
        """Take the events of a batch, dealt into parts unless the cases stand together."""
        low, self.n = self.n, self.n + len(batch[0])
        if self.stands_together is None:
            self.stands_together = 2 * len(_firsts(batch[0])) <= len(batch[0])
        if self.stands_together:
            self.keys[low : self.n], self.codes[low : self.n], self.times[low : self.n] = batch
            self.rows[low : self.n] = np.arange(low, self.n) if len(self.rows) else 0
            self.bounds.append(np.array([low, self.n]))
        else:
            self._deal(batch, low, self.n)

    def log(self, names: tuple[str, ...]) -> EventLog:
        """The log of all that was taken."""
        n = self.n
        keys, codes, times, rows = self.keys[:n], self.codes[:n], self.times[:n], self.rows[:n]
        first = _firsts(keys) if self.stands_together else np.array([], dtype=np.int64)
        if self.stands_together and _all_differ(keys[first]):
            starts, whose = np.r_[first, n], keys[first]
        else:
            if self.stands_together:
                pieces, self.bounds = self.bounds, []
                for low, high in pieces:
                    self._deal(
                        (keys[low:high].copy(), codes[low:high].copy(), times[low:high].copy()), low, high
                    )
            dealt, bounds = (keys, codes, times, rows), np.array(self.bounds)
            # Made by numpy rather than in the loop: numpy asks for memory in large pages, which are quicker to fill.
            codes, times, rows = np.empty_like(codes), np.empty_like(times), np.empty_like(rows)
            starts, whose = loop(grouping.collect, self.most)(dealt, bounds, codes, times, rows)
        loop(grouping.sort_cases, self.most)(starts, codes, times, rows)
        return EventLog(starts, codes, times, names, whose, rows)

    def _deal(self, batch: Batch, low: int, high: int) -> None:
        to = (self.keys[low:high], self.codes[low:high], self.times[low:high], self.rows[low:high])
        self.bounds.append(low + loop(grouping.deal, self.most)(batch, *to, low, self.parts))


def _firsts(keys: NDArray[np.uint64]) -> Numbers:
    """Where a row has another case than the one before it."""
    return np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])


def _all_differ(keys: NDArray[np.uint64]) -> bool:
    ordered = np.sort(keys)
    return bool((ordered[1:] != ordered[:-1]).all())


def without(log: EventLog, unwanted: NDArray[np.bool_]) -> EventLog:
    """The log without these cases."""
    if not unwanted.any():
        return log
    lengths = np.diff(log.starts)
    kept = np.repeat(~unwanted, lengths)
    if not kept.any():
        raise NotEnoughData("No row names a case, an activity and a time.")
    starts = np.r_[0, np.cumsum(lengths[~unwanted])]
    rows = log.rows[kept] if len(log.rows) else log.rows
    return EventLog(starts, log.activities[kept], log.times[kept], log.names, log.keys[~unwanted], rows)
