"""The ids of the last days in memory, so that the same interaction counts once, at once.

New ids stand in a set; beyond some ten thousand they become a sorted run, and runs of like size are merged. A look-up
costs under a microsecond an id and sixteen bytes are kept for each, where a B-tree of random ids costs ten times that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

WIDTH = 16
KEEP = timedelta(days=7)
FRESH_LIMIT = 32_768
MERGE_RATIO = 4
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Run:
    """Ids sorted by their first half; `second` stands beside it, so that a hit is confirmed by the whole id."""

    first: Numbers
    second: Numbers

    @classmethod
    def of(cls, ids: Numbers) -> Run:
        """A run of the ids in an array of shape (n, 2)."""
        order = np.argsort(ids[:, 0], kind="stable")
        return cls(np.ascontiguousarray(ids[order, 0]), np.ascontiguousarray(ids[order, 1]))

    def merged(self, other: Run) -> Run:
        """One run of both."""
        first = np.concatenate([self.first, other.first])
        order = np.argsort(first, kind="stable")
        return Run(first[order], np.concatenate([self.second, other.second])[order])

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
        while self.runs and len(self.runs[-1].first) < MERGE_RATIO * len(run.first):
            run = self.runs.pop().merged(run)
        self.runs.append(run)


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
        numbers = as_numbers(ids)
        for day in days:
            for run in day.runs:
                mask |= run.known(numbers)
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
