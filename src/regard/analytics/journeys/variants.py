"""The ways through: which cases took exactly the same path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.journeys.compiled import loop
from regard.analytics.journeys.log import EventLog

Numbers = NDArray[np.int64]
CASES_A_PART = 1 << 13


@dataclass(frozen=True, slots=True, eq=False)
class Variants:
    """The different paths, the most frequent first; equally frequent ones by their hash, whatever came first in the log.

    Args:
        n: how many cases took each.
        example: a case that did.
        of_case: for each case, the place of its path.
    """

    n: NDArray[np.int64]
    example: NDArray[np.int64]
    of_case: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.n)


def variants(log: EventLog) -> Variants:
    """Which paths the cases took, and how many took each.

    Paths are told apart by two hashes of 64 bits together: any two of a million different ones are taken for one with a
    chance of 1 in 10 to the 27th.

    >>> from regard.analytics.journeys.log import event_log
    >>> log = event_log([1, 1, 2, 3, 3], ["a", "b", "a", "a", "b"], [0, 1, 0, 0, 1])
    >>> found = variants(log)
    >>> [(log.path(case), int(n)) for case, n in zip(found.example, found.n)]
    [(('a', 'b'), 2), (('a',), 1)]
    """
    shift = 64 - max((log.n_cases // CASES_A_PART).bit_length(), 1)
    dealt = loop(_hashed, log.n_events)(log.starts, log.activities, shift)
    of_case, example, n, hashes = loop(_numbered, log.n_events)(*dealt)
    order = np.lexsort((hashes, -n))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Variants(n=n[order], example=example[order], of_case=place[of_case])


def _hashed(starts: Numbers, activities: NDArray[np.uint16], shift: int) -> Any:
    """The cases dealt into parts by the first bits of a hash: which, two hashes of its path, where each part ends.

    Run by `loop`.
    """
    n_cases = len(starts) - 1
    hashes, ends = np.empty((n_cases, 2), np.uint64), np.zeros((1 << (64 - shift)) + 1, np.int64)
    for c in range(n_cases):
        h = np.uint64(starts[c + 1] - starts[c])
        g = h + np.uint64(0xC2B2AE3D27D4EB4F)
        for i in range(starts[c], starts[c + 1]):
            a = np.uint64(activities[i])
            h = (h ^ a) * np.uint64(0x9E3779B97F4A7C15)
            h ^= h >> np.uint64(29)
            g = (g + a) * np.uint64(0xD6E8FEB86659FD93)
            g ^= g >> np.uint64(32)
        hashes[c, 0], hashes[c, 1] = h, g
        ends[np.int64(h >> np.uint64(shift)) + 1] += 1
    ends = np.cumsum(ends)
    free, cases, dealt = ends.copy(), np.empty(n_cases, np.int64), np.empty((n_cases, 2), np.uint64)
    for c in range(n_cases):
        part = np.int64(hashes[c, 0] >> np.uint64(shift))
        to = free[part]
        cases[to], dealt[to, 0], dealt[to, 1] = c, hashes[c, 0], hashes[c, 1]
        free[part] = to + 1
    return cases, dealt, ends


def _numbered(cases: Numbers, hashes: NDArray[np.uint64], ends: Numbers) -> Any:
    """For each case the number of its path; for each path its first case, how many took it, its hash. Run by `loop`.

    Part by part, so that what is looked up stays in the processor's cache.
    """
    of_case, example = np.empty(len(cases), np.int64), np.empty(len(cases), np.int64)
    n, first, found = np.zeros(len(cases), np.int64), np.empty(len(cases), np.int64), 0
    slots = 16
    while slots < 2 * (ends[1:] - ends[:-1]).max():
        slots *= 2
    table = np.empty(slots, np.int64)
    for part in range(len(ends) - 1):
        table[:] = -1
        for place in range(ends[part], ends[part + 1]):
            slot = np.int64(hashes[place, 0] & np.uint64(slots - 1))
            while table[slot] >= 0:
                other = first[table[slot]]
                if hashes[other, 0] == hashes[place, 0] and hashes[other, 1] == hashes[place, 1]:
                    break
                slot = (slot + 1) & (slots - 1)
            if table[slot] < 0:
                table[slot] = found
                example[found], first[found] = cases[place], place
                found += 1
            of_case[cases[place]] = table[slot]
            n[table[slot]] += 1
    return of_case, example[:found].copy(), n[:found].copy(), hashes[first[:found], 0]
