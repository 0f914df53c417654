"""The ids of the last days in memory, so that the same interaction counts once, at once.

New ids stand in a set; beyond some ten thousand they become a sorted run, and runs of like size are joined (see
`sorted_ids`). An id takes two to four bytes of memory and sixteen of a file, and well under a microsecond, where a B-tree of
random ids costs ten times that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from regard.apps.journal.sorted_ids import WIDTH, Mask, Numbers, Run, as_numbers

KEEP = timedelta(days=7)
FRESH_LIMIT = 32_768
JOINED = 4  # so many runs of like size become one
MOST_IN_RUN = 2_500_000  # Larger ones are not joined: that would hold up every request for a second.
DAY_SECONDS = 86_400


@dataclass(slots=True)
class Day:
    """The ids of one UTC day: the fresh ones and the sorted runs, largest first."""

    fresh: set[bytes] = field(default_factory=set)
    runs: list[Run] = field(default_factory=list)

    def add_run(self, ids: Numbers, folder: Path | None) -> None:
        """Add the ids of an array of shape (n, 2) as a run; the last runs are joined while they are of like size."""
        self.runs.append(Run.of(ids, folder))
        while len(self.runs) >= JOINED:
            last = self.runs[-JOINED:]
            n = sum(one.n for one in last)
            if last[0].n >= JOINED * last[-1].n or n > MOST_IN_RUN:
                return
            self.runs[-JOINED:] = [Run.joined(last, folder)]


class RecentIds:
    """The ids taken in during the last `keep`. Of one thread at a time; add only what a commit has written.

    Args:
        folder: where large runs stand; None keeps all in memory.
    """

    def __init__(self, *, keep: timedelta = KEEP, folder: Path | None = None) -> None:
        self.keep = keep
        self._folder = folder
        self._days: dict[int, Day] = {}

    def __len__(self) -> int:
        return sum(len(day.fresh) + sum(run.n for run in day.runs) for day in self._days.values())

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
        runs = [run for day in days for run in day.runs]
        if runs and n:
            numbers = as_numbers(ids)
            # In order they walk through a filter's memory; astray they jump.
            order = np.argsort(numbers[:, 0])
            numbers = np.asfortranarray(numbers[order])  # First halves side by side.
            mask[order] |= np.logical_or.reduce([run.known(numbers) for run in runs])
        return mask

    def add(self, ids: bytes, *, at: datetime) -> None:
        """Remember ids (16 bytes each) that were taken in at `at`."""
        self._add(_day(at), ids)

    def add_segments(self, segments: Iterable[tuple[datetime, bytes]]) -> None:
        """Remember the ids of segments (received_at, ids): many at once become a run without a step for each id."""
        for number, ids in _by_day(segments).items():
            self._add(number, ids)

    def _add(self, number: int, ids: bytes) -> None:
        day = self._days.setdefault(number, Day())
        if len(ids) >= FRESH_LIMIT * WIDTH:
            day.add_run(as_numbers(ids), self._folder)
            return
        day.fresh.update([ids[i : i + WIDTH] for i in range(0, len(ids), WIDTH)])
        if len(day.fresh) >= FRESH_LIMIT:
            day.add_run(as_numbers(b"".join(day.fresh)), self._folder)
            day.fresh = set()

    def forget_before(self, moment: datetime) -> None:
        """Drop whole days that ended before `moment`."""
        for day in [day for day in self._days if day < _day(moment)]:
            del self._days[day]

    def load(self, segments: Iterable[tuple[datetime, bytes]]) -> None:
        """Remember the ids of stored segments (received_at, ids): arrays only, however many there are."""
        for number, ids in _by_day(segments).items():
            if ids:
                self._days.setdefault(number, Day()).add_run(as_numbers(ids), self._folder)


def _by_day(segments: Iterable[tuple[datetime, bytes]]) -> dict[int, bytes]:
    parts: dict[int, list[bytes]] = {}
    for received_at, ids in segments:
        parts.setdefault(_day(received_at), []).append(ids)
    return {number: b"".join(pieces) for number, pieces in parts.items()}


def _day(moment: datetime) -> int:
    return int(moment.timestamp()) // DAY_SECONDS


def load_recent(*, now: datetime | None = None, keep: timedelta = KEEP) -> RecentIds:
    """The ids that the journal took in during the last `keep`."""
    from regard.apps.journal.segments import iterate_ids

    recent = RecentIds(keep=keep, folder=run_folder())
    recent.load(iterate_ids(since=(now or datetime.now(UTC)) - keep))
    return recent


def run_folder() -> Path:
    """Where large runs stand: they have no names there and go with the process."""
    from django.conf import settings

    folder: Path = settings.REGARD.temporary_dir
    folder.mkdir(parents=True, exist_ok=True)
    return folder
