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
# More cases than this on one path are put into order by themselves.
MOST = (1 << 16) - 1
# Odd numbers whose multiples look like drawn ones.
FIRST, SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True, eq=False)
class Variants:
    """The different paths, the most frequent first; equally frequent ones by their hash, whatever came first in the log.

    Args:
        n: how many cases took each.
        example: a case that did.
        cases, numbers: all cases in some order, and for each of these the number of its path.
        place: for each number, the place of the path.
    """

    n: Numbers
    example: Numbers
    cases: Numbers
    numbers: Numbers
    place: Numbers

    def __len__(self) -> int:
        return len(self.n)

    @property
    def of_case(self) -> Numbers:
        """For each case, the place of its path."""
        found = np.empty(len(self.cases), np.int64)
        found[self.cases] = self.place[self.numbers]
        return found


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
    cases, hashes, ends = loop(_hashed, log.n_events)(log.starts, log.activities, shift)
    numbers, first, n, order = loop(_numbered, log.n_events)(hashes, ends, shift)
    order = order[np.argsort((MOST - np.minimum(n, MOST)).astype(np.uint16)[order], kind="stable")]
    many = np.count_nonzero(n >= MOST)
    order[:many] = order[:many][np.argsort(-n[order[:many]], kind="stable")]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Variants(n[order], cases[first[order]], cases, numbers, place)


def _hashed(starts: Numbers, activities: NDArray[np.uint16], shift: int) -> Any:
    """The cases dealt into parts by the first bits of a hash: which, two hashes of its path, where each part ends.

    Run by `loop`.
    """
    n_cases = len(starts) - 1
    hashes, ends = np.empty((n_cases, 2), np.uint64), np.zeros((1 << (64 - shift)) + 1, np.int64)
    for c in range(n_cases):
        i, end = starts[c], starts[c + 1]
        h, g = np.uint64(end - i) * FIRST, np.uint64(end - i) * SECOND
        while i < end:
            four = np.uint64(activities[i])  # up to four activities of 16 bits at once
            if i + 3 < end:
                four |= np.uint64(activities[i + 1]) << np.uint64(16)
                four |= np.uint64(activities[i + 2]) << np.uint64(32)
                four |= np.uint64(activities[i + 3]) << np.uint64(48)
                i += 3
            i += 1
            h = (h ^ four) * FIRST
            h ^= h >> np.uint64(29)
            g = (g + four) * SECOND
            g ^= g >> np.uint64(32)
        hashes[c, 0], hashes[c, 1] = h, g
        ends[np.int64(h >> np.uint64(shift)) + 1] += 1
    ends = np.cumsum(ends)
    free, cases, dealt = ends.copy(), np.empty(n_cases, np.int32), np.empty((n_cases, 2), np.uint64)
    for c in range(n_cases):
        part = np.int64(hashes[c, 0] >> np.uint64(shift))
        to = free[part]
        cases[to], dealt[to, 0], dealt[to, 1] = c, hashes[c, 0], hashes[c, 1]
        free[part] = to + 1
    return cases, dealt, ends


def _numbered(hashes: NDArray[np.uint64], ends: Numbers, shift: int) -> Any:
    """For each case the number of its path; for each path the first of its cases, how many took it; the paths by hash.

    Part by part, so that what is looked up stays in the processor's cache. Looked up by the bits that come next in the
    hash, the paths of a part stand nearly in order. Run by `loop`.
    """
    numbers, first = np.empty(len(hashes), np.int32), np.empty(len(hashes), np.int32)
    n, order, found = np.zeros(len(hashes), np.int64), np.empty(len(hashes), np.int32), 0
    bits = 4
    while 1 << bits < 2 * (ends[1:] - ends[:-1]).max():
        bits += 1
    table, left, right = np.empty(1 << bits, np.int32), np.uint64(64 - shift), np.uint64(64 - bits)
    for part in range(len(ends) - 1):
        table[:] = -1
        begin = found
        for place in range(ends[part], ends[part + 1]):
            slot = np.int64((hashes[place, 0] << left) >> right)
            while table[slot] >= 0:
                other = first[table[slot]]
                if hashes[other, 0] == hashes[place, 0] and hashes[other, 1] == hashes[place, 1]:
                    break
                slot = (slot + 1) & ((1 << bits) - 1)
            if table[slot] < 0:
                table[slot], first[found] = found, place
                found += 1
            numbers[place] = table[slot]
            n[table[slot]] += 1
        at = begin
        for number in table:
            if number >= 0:
                to = at
                while to > begin and hashes[first[order[to - 1]], 0] > hashes[first[number], 0]:
                    order[to] = order[to - 1]
                    to -= 1
                order[to] = number
                at += 1
    return numbers, first[:found].copy(), n[:found].copy(), order[:found].copy()
