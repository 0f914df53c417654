"""The ways through: which cases took exactly the same path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.journeys.compiled import loop
from regard.analytics.journeys.log import EventLog


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

    Paths are found by a hash and then compared activity by activity, so that two are never taken for one.

    >>> from regard.analytics.journeys.log import event_log
    >>> log = event_log([1, 1, 2, 3, 3], ["a", "b", "a", "a", "b"], [0, 1, 0, 0, 1])
    >>> found = variants(log)
    >>> [(log.path(case), int(n)) for case, n in zip(found.example, found.n)]
    [(('a', 'b'), 2), (('a',), 1)]
    """
    of_case, example, n, hashes = loop(_numbered, log.n_events)(log.starts, log.activities)
    order = np.lexsort((hashes, -n))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Variants(n=n[order], example=example[order], of_case=place[of_case])


def _numbered(starts: NDArray[np.int64], activities: NDArray[np.uint16]) -> Any:
    """For each case the number of its path; for each path its first case and how many took it. Run by `loop`."""
    n_cases = len(starts) - 1
    slots = 16
    while slots < 2 * n_cases:
        slots *= 2
    table = np.full(slots, -1, np.int32)
    of_case = np.empty(n_cases, np.int64)
    example, n, hashes = (
        np.empty(n_cases, np.int64),
        np.zeros(n_cases, np.int64),
        np.empty(n_cases, np.uint64),
    )
    found = 0
    for c in range(n_cases):
        low, length = starts[c], starts[c + 1] - starts[c]
        h = np.uint64(length)
        for i in range(low, low + length):
            h = (h ^ np.uint64(activities[i])) * np.uint64(0x9E3779B97F4A7C15)
            h ^= h >> np.uint64(29)
        slot = np.int64(h & np.uint64(slots - 1))
        while True:
            path = table[slot]
            if path < 0:
                table[slot] = found
                example[found], hashes[found] = c, h
                path = found
                found += 1
                break
            other = starts[example[path]]
            same = hashes[path] == h and starts[example[path] + 1] - other == length
            i = 0
            while same and i < length:
                same = activities[other + i] == activities[low + i]
                i += 1
            if same:
                break
            slot = (slot + 1) & (slots - 1)
        of_case[c] = path
        n[path] += 1
    return of_case, example[:found].copy(), n[:found].copy(), hashes[:found].copy()
