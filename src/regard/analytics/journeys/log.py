"""Events brought together by case: within one by time, and at equal times as they came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regard.analytics.journeys import grouping
from regard.analytics.journeys.compiled import loop
from regard.kernel.errors import InvalidInput, NotEnoughData

Numbers = NDArray[np.int64]
Codes = NDArray[np.uint16]
Keys = NDArray[np.uint64]
Batch = tuple[Keys, Keys, Numbers]
Names = Callable[[Keys], Sequence[str | None]]
MICROSECONDS = 1_000_000
ROWS_A_PART = 1 << 17
MOST_PARTS = 1 << 12
MOST_ACTIVITIES = (1 << 16) - 1
NAMELESS = np.iinfo(np.uint16).max
NOTHING = "No row names a case, an activity and a time."


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
    keys: Keys
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
    batch = (keys.astype(np.uint64), codes.astype(np.uint64), when)
    return gathered([batch], len(when), lambda found: [str(names[one]) for one in found], keep_rows=True)


def gathered(
    batches: Iterable[Batch],
    most: int,
    names: Names,
    *,
    keep_rows: bool = False,
    progress: Callable[[int], object] = lambda done: None,
) -> EventLog:
    """The log of events that come batch by batch.

    Batches whose cases stand together, one after the other, are only copied. Others are dealt into parts by a hash of
    their case, so that each part fits the processor's cache, and grouped part by part; the cost grows with the events.

    Args:
        batches: of each event its case, its activity (equal numbers are the same one) and its time.
        most: there are no more events than this.
        names: tells what these activities are called; events of one that has no name are left out.
        keep_rows: also say which row each event came from.
        progress: is called with the number of events read.

    Raises: NotEnoughData where there is no event; InvalidInput where there are too many activities to be any.
    """
    gathering = _Gathering(most, keep_rows=keep_rows)
    for batch in batches:
        gathering.take(batch)
        progress(len(batch[0]))
        if gathering.n_activities == MOST_ACTIVITIES:
            break
    if not gathering.n:
        raise NotEnoughData(NOTHING)
    return gathering.log(names)


class _Gathering:
    """Events on their way into a log."""

    def __init__(self, most: int, *, keep_rows: bool) -> None:
        self.most, self.n, self.parts = most, 0, 1
        while self.parts < MOST_PARTS and self.parts * ROWS_A_PART < most:
            self.parts *= 2
        self.keys, self.codes = np.empty(most, np.uint64), np.empty(most, np.uint16)
        self.times, self.rows = np.empty(most, np.int64), np.empty(most if keep_rows else 0, np.int64)
        self.bounds: list[grouping.Places] = []
        self.stands_together: bool | None = None
        self.in_order, self.latest = True, np.iinfo(np.int64).min
        self.activities, self.n_activities = np.empty(MOST_ACTIVITIES, np.uint64), 0
        self.numbers = np.full(1 << 17, MOST_ACTIVITIES, np.uint16)

    def take(self, batch: Batch) -> None:
        """Take the events of a batch, dealt into parts unless the cases stand together."""
        left = self.most - self.n  # a file may have grown since it was counted
        keys, activities, times = batch[0][:left], batch[1][:left], batch[2][:left]
        if not len(keys):
            return
        low, self.n = self.n, self.n + len(keys)
        codes = np.empty(len(keys), np.uint16)
        numbered = (activities, self.activities, self.numbers, codes, self.n_activities)
        self.n_activities = loop(grouping.number, self.most)(*numbered)
        if self.in_order:
            self.in_order = bool(self.latest <= times[0] and (times[1:] >= times[:-1]).all())
            self.latest = times[-1]
        if self.stands_together is None:
            self.stands_together = 2 * len(_firsts(keys)) <= len(keys)
        if self.stands_together:
            self.keys[low : self.n], self.codes[low : self.n], self.times[low : self.n] = keys, codes, times
            self.rows[low : self.n] = np.arange(low, self.n) if len(self.rows) else 0
            self.bounds.append(np.array([low, self.n], np.uint64))
        else:
            self._deal((keys, codes, times), low, self.n)

    def log(self, names: Names) -> EventLog:
        """The log of all that was taken."""
        listed, place = self._places(names)
        n = self.n
        keys, codes, times, rows = self.keys[:n], self.codes[:n], self.times[:n], self.rows[:n]
        first = _firsts(keys) if self.stands_together else np.array([], dtype=np.int64)
        whose, room = keys[first], np.zeros(2 << len(first).bit_length(), np.uint64)
        if self.stands_together and loop(grouping.differ, self.most)(whose, room):
            starts, codes = np.r_[first, n], place.take(codes, mode="clip")
        else:
            if self.stands_together:
                pieces, self.bounds = self.bounds, []
                for low, high in pieces:
                    self._deal(
                        (keys[low:high].copy(), codes[low:high].copy(), times[low:high].copy()), low, high
                    )
            dealt, bounds = (keys, codes, times, rows), np.array(self.bounds)
            # Made here rather than in the loop: numpy asks for memory in large pages, which are quicker to fill.
            codes, times, rows = np.empty_like(codes), np.empty_like(times), np.empty_like(rows)
            starts, whose = np.empty(n + 1, np.int64), np.empty(n, np.uint64)
            to = (codes, times, rows, starts, whose)
            n_cases = loop(grouping.collect, self.most)(dealt, bounds, place, *to)
            starts, whose = starts[: n_cases + 1], whose[:n_cases]
        if not self.in_order:
            loop(grouping.sort_cases, self.most)(starts, codes, times, rows)
        log = EventLog(starts, codes, times, listed, whose, rows)
        return _only(log, codes != NAMELESS) if NAMELESS in place else log

    def _places(self, names: Names) -> tuple[tuple[str, ...], Codes]:
        """The names of the activities in their order, and for each number the place of its name."""
        called = names(self.activities[: self.n_activities])
        if self.n_activities == MOST_ACTIVITIES:
            raise InvalidInput(
                "There are %(most)s different activities or more; name few kinds of step instead.",
                most=f"{MOST_ACTIVITIES:,}",
            )
        listed = sorted({name for name in called if name is not None})
        places = {name: place for place, name in enumerate(listed)}
        found = [NAMELESS if name is None else places[name] for name in called]
        return tuple(listed), np.array(found, dtype=np.uint16)

    def _deal(self, dealt: tuple[Keys, Codes, Numbers], low: int, high: int) -> None:
        to = (self.keys[low:high], self.codes[low:high], self.times[low:high], self.rows[low:high])
        self.bounds.append(np.uint64(low) + loop(grouping.deal, self.most)(dealt, *to, low, self.parts))


def _firsts(keys: Keys) -> Numbers:
    """Where a row has another case than the one before it."""
    return np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])


def without(log: EventLog, unwanted: NDArray[np.bool_]) -> EventLog:
    """The log without these cases. Raises: NotEnoughData where no other is left."""
    return _only(log, np.repeat(~unwanted, np.diff(log.starts))) if unwanted.any() else log


def _only(log: EventLog, kept: NDArray[np.bool_]) -> EventLog:
    """The log of these events."""
    if not kept.any():
        raise NotEnoughData(NOTHING)
    bounds = np.r_[0, np.cumsum(kept)][log.starts]
    some = bounds[1:] > bounds[:-1]
    starts = np.r_[bounds[:-1][some], bounds[-1]]
    rows = log.rows[kept] if len(log.rows) else log.rows
    return EventLog(starts, log.activities[kept], log.times[kept], log.names, log.keys[some], rows)
