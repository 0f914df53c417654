"""The ids of the last days in memory, so that the same interaction counts once, at once.

New ids stand in a set; beyond some ten thousand they become a sorted run, and runs of like size are joined. Each run has a
filter of bits, so that nearly all ids that it does not hold are told by one look instead of a search through millions. An id
takes eighteen to twenty bytes and well under a microsecond, where a B-tree of random ids costs ten times that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

WIDTH = 16
KEEP = timedelta(days=7)
FRESH_LIMIT = 32_768
JOINED = 4  # so many runs of like size become one
MOST_IN_RUN = 10_000_000  # Larger ones are not joined: that would hold up everyone for a second.
BITS_PER_ID = 16  # at least; at most twice as many
DAY_SECONDS = 86_400
BIT = np.left_shift(1, np.arange(8)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Filter:
    """One bit for each id, at the place that its first bits name: where it is not set, the id is not there."""

    bits: npt.NDArray[np.uint8]
    shift: np.uint64

    @classmethod
    def of(cls, first: Numbers) -> Filter:
        """The filter of ids by their first halves, which are sorted."""
        width = max(8, (BITS_PER_ID * max(1, len(first)) - 1).bit_length())
        shift = np.uint64(64 - width)
        bits = np.zeros(1 << (width - 3), dtype=np.uint8)
        if len(first):
            places = (first >> shift).view(np.int64)
            of_byte = places >> 3
            starts = np.flatnonzero(np.diff(of_byte, prepend=-1))
            bits[of_byte[starts]] = np.bitwise_or.reduceat(BIT[places & 7], starts)
        return cls(bits, shift)

    def may_hold(self, first: Numbers) -> npt.NDArray[np.intp]:
        """Indices of those that may be there."""
        places = (first >> self.shift).view(np.int64)
        return np.flatnonzero(self.bits[places >> 3] & BIT[places & 7])


@dataclass(frozen=True, slots=True)
class Run:
    """Ids sorted by their first half; `second` stands beside it, so that a hit is confirmed by the whole id."""

    first: Numbers
    second: Numbers
    filter: Filter

    @classmethod
    def of(cls, ids: Numbers) -> Run:
        """A run of the ids in an array of shape (n, 2)."""
        return cls._sorted(ids[:, 0], ids[:, 1])

    @classmethod
    def joined(cls, runs: Sequence[Run]) -> Run:
        """One run of several."""
        return cls._sorted(
            np.concatenate([run.first for run in runs]), np.concatenate([run.second for run in runs])
        )

    @classmethod
    def _sorted(cls, first: Numbers, second: Numbers) -> Run:
        order = np.argsort(first, kind="stable")
        first = first[order]
        return cls(first, second[order], Filter.of(first))

    def known(self, ids: Numbers) -> Mask:
        """Which of `ids` (n, 2) stand in this run."""
        at = np.searchsorted(self.first, ids[:, 0])
        inside = at < len(self.first)
        at[~inside] = 0
        found = inside & (self.first[at] == ids[:, 0])
        mask: Mask = found & (self.second[at] == ids[:, 1])
        for i in np.flatnonzero(found & ~mask):  # Two ids that share their first half: once in a lifetime.
            last = np.searchsorted(self.first, ids[i, 0], side="right")
            mask[i] = bool(np.any(self.second[at[i] : last] == ids[i, 1]))
        return mask


@dataclass(slots=True)
class Day:
    """The ids of one UTC day: the fresh ones and the sorted runs, largest first."""

    fresh: set[bytes] = field(default_factory=set)
    runs: list[Run] = field(default_factory=list)

    def add_run(self, run: Run) -> None:
        """Add a run; the last ones are joined while they are of like size."""
        self.runs.append(run)
        while len(self.runs) >= JOINED:
            last = self.runs[-JOINED:]
            n = sum(len(one.first) for one in last)
            if len(last[0].first) >= JOINED * len(last[-1].first) or n > MOST_IN_RUN:
                return
            self.runs[-JOINED:] = [Run.joined(last)]


class RecentIds:
    """The ids taken in during the last `keep`. Of one thread at a time; add only what a commit has written."""

    def __init__(self, *, keep: timedelta = KEEP) -> None:
        self.keep = keep
        self._days: dict[int, Day] = {}

    def __len__(self) -> int:
        return sum(len(day.fresh) + sum(len(run.first) for run in day.runs) for day in self._days.values())

    def known(self, ids: bytes) -> Mask:
        """Which of the ids (16 bytes each) were added before; one element for each, in order."""
        n = len(ids) // WIDTH
        mask = np.zeros(n, dtype=np.bool_)
        days = list(self._days.values())
        fresh = [day.fresh for day in days if day.fresh]
        if fresh:
            pieces = [ids[i : i + WIDTH] for i in range(0, len(ids), WIDTH)]
            for known in fresh:
                if not known.isdisjoint(pieces):
                    mask |= np.fromiter((piece in known for piece in pieces), dtype=np.bool_, count=n)
        numbers = np.asfortranarray(as_numbers(ids))  # First halves side by side.
        for day in days:
            for run in day.runs:
                likely = run.filter.may_hold(numbers[:, 0])
                if len(likely):
                    mask[likely] |= run.known(numbers[likely])
        return mask

    def add(self, ids: bytes, *, at: datetime) -> None:
        """Remember ids (16 bytes each) that were taken in at `at`."""
        day = self._days.setdefault(_day(at), Day())
        if len(ids) >= FRESH_LIMIT * WIDTH:
            day.add_run(Run.of(as_numbers(ids)))
            return
        day.fresh.update([ids[i : i + WIDTH] for i in range(0, len(ids), WIDTH)])
        if len(day.fresh) >= FRESH_LIMIT:
            day.add_run(Run.of(as_numbers(b"".join(day.fresh))))
            day.fresh = set()

    def forget_before(self, moment: datetime) -> None:
        """Drop whole days that ended before `moment`."""
        for day in [day for day in self._days if day < _day(moment)]:
            del self._days[day]

    def load(self, segments: Iterable[tuple[datetime, bytes]]) -> None:
        """Remember the ids of stored segments (received_at, ids): arrays only, however many there are."""
        parts: dict[int, list[bytes]] = {}
        for received_at, ids in segments:
            parts.setdefault(_day(received_at), []).append(ids)
        for number, pieces in parts.items():
            joined = b"".join(pieces)
            if joined:
                self._days.setdefault(number, Day()).add_run(Run.of(as_numbers(joined)))


def as_numbers(ids: bytes) -> Numbers:
    """Ids of 16 bytes each as an array of shape (n, 2)."""
    return np.frombuffer(ids, dtype=np.uint64).reshape(-1, 2)


def _day(moment: datetime) -> int:
    return int(moment.timestamp()) // DAY_SECONDS


def load_recent(*, now: datetime | None = None, keep: timedelta = KEEP) -> RecentIds:
    """The ids that the journal took in during the last `keep`."""
    from regard.apps.journal import queries

    recent = RecentIds(keep=keep)
    recent.load(queries.iterate_ids(since=(now or datetime.now(UTC)) - keep))
    return recent
