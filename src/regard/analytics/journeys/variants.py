"""The ways through: which cases took exactly the same path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.journeys.compiled import ONE, loop
from regard.analytics.journeys.log import EventLog

Numbers = NDArray[np.int64]
Places = NDArray[np.int32]
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
    example: Places
    cases: Places
    numbers: Places
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
    # All made here: numpy asks for memory in large pages, which are quicker to fill.
    found, hashes = np.empty((2, log.n_cases, 2), np.uint64)
    cases, numbers, first, order = np.empty((4, log.n_cases), np.int32)
    n = np.zeros(log.n_cases, np.int64)
    ends = loop(_hashed, log.n_events)(log.starts, log.activities, shift, found, cases, hashes)
    n_paths = loop(_numbered, log.n_events)(hashes, ends, shift, numbers, first, n, order)
    first, n, order = first[:n_paths], n[:n_paths], order[:n_paths]
    order = order[np.argsort((MOST - np.minimum(n, MOST)).astype(np.uint16)[order], kind="stable")]
    many = np.count_nonzero(n >= MOST)
    order[:many] = order[:many][np.argsort(-n[order[:many]], kind="stable")]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Variants(n[order], cases[first[order]], cases, numbers, place)


def _hashed(
    starts: Numbers,
    activities: NDArray[np.uint16],
    shift: int,
    hashes: NDArray[np.uint64],
    cases: Places,
    dealt: NDArray[np.uint64],
) -> Any:
    """Deal the cases into parts by the first bits of a hash of their path. Run by `loop`.

    Args:
        hashes: gets two of each path. cases: gets the cases part by part. dealt: gets the hashes of these.

    Returns: where each part begins, with the end.
    """
    n_cases, bounds, right = len(hashes), starts.view(np.uint64), np.uint64(shift)
    ends = np.zeros((1 << (64 - shift)) + 1, np.uint64)
    for c in range(n_cases):
        i, end = bounds[c], bounds[c + 1]
        h, g = (end - i) * FIRST, (end - i) * SECOND
        while i < end:
            four = np.uint64(activities[i])  # up to four activities of 16 bits at once
            if i + np.uint64(3) < end:
                four |= np.uint64(activities[i + ONE]) << np.uint64(16)
                four |= np.uint64(activities[i + np.uint64(2)]) << np.uint64(32)
                four |= np.uint64(activities[i + np.uint64(3)]) << np.uint64(48)
                i += np.uint64(3)
            i += ONE
            h = (h ^ four) * FIRST
            h ^= h >> np.uint64(29)
            g = (g + four) * SECOND
            g ^= g >> np.uint64(32)
        hashes[c, 0], hashes[c, 1] = h, g
        ends[(h >> right) + ONE] += ONE
    ends = np.cumsum(ends)
    free = ends.copy()
    for c in range(n_cases):
        part = hashes[c, 0] >> right
        to = free[part]
        cases[to], dealt[to, 0], dealt[to, 1] = c, hashes[c, 0], hashes[c, 1]
        free[part] = to + ONE
    return ends


def _numbered(
    hashes: NDArray[np.uint64],
    ends: Numbers,
    shift: int,
    numbers: Places,
    first: Places,
    n: Numbers,
    order: Places,
) -> int:
    """Number the paths. Run by `loop`.

    Part by part, so that what is looked up stays in the processor's cache. Looked up by the bits that come next in the
    hash, the paths of a part stand nearly in order.

    Args:
        numbers: gets for each case the number of its path. first: gets for each path the first of its cases.
        n: zeros; gets how many cases took it. order: gets the paths by hash.

    Returns: how many paths there are.
    """
    bits = 4
    while 1 << bits < 2 * (ends[1:] - ends[:-1]).max():
        bits += 1
    room, left, found = np.empty(1 << bits, np.int32), np.uint64(64 - shift), np.uint32(0)
    for part in range(len(ends) - 1):
        bits = 4
        while 1 << bits < 2 * (ends[part + 1] - ends[part]):
            bits += 1
        right, last, table = np.uint64(64 - bits), np.uint64((1 << bits) - 1), room[: 1 << bits]
        table[:] = -1
        begin = np.uint64(found)
        for place in range(ends[part], ends[part + 1]):
            slot = (hashes[place, 0] << left) >> right
            number = table[slot]
            while number >= 0:
                other = np.uint32(first[np.uint32(number)])
                if hashes[other, 0] == hashes[place, 0] and hashes[other, 1] == hashes[place, 1]:
                    break
                slot = (slot + ONE) & last
                number = table[slot]
            if number < 0:
                number = np.int32(found)
                table[slot], first[found] = number, place
                found += np.uint32(1)
            numbers[place] = number
            n[np.uint32(number)] += 1
        at = begin
        for number in table:
            if number >= 0:
                hash_, to = hashes[np.uint32(first[np.uint32(number)]), 0], at
                while to > begin and hashes[np.uint32(first[np.uint32(order[to - ONE])]), 0] > hash_:
                    order[to] = order[to - ONE]
                    to -= ONE
                order[to] = number
                at += ONE
    return int(found)
