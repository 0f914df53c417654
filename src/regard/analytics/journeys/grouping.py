"""Loops that bring the events of each case together. Run by `compiled.loop`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.journeys.compiled import ONE

Keys = NDArray[np.uint64]
Places = NDArray[np.uint64]
Codes = NDArray[np.uint16]
Numbers = NDArray[np.int64]
# Its multiples look like drawn numbers.
ODD = np.uint64(0x9E3779B97F4A7C15)
# Cases longer than this are not sorted by insertion.
LONG = 48


def number(given: Keys, seen: Keys, table: Codes, codes: Codes, n: int) -> int:
    """Number different keys in the order in which they come.

    Args:
        seen: the `n` keys that have a number, with room for more: where it ends, nothing further is numbered.
        table: where the number of a key is looked up, with its length elsewhere. A power of 2, with more room than `seen`.
        codes: gets the number of each key.

    Returns: how many keys have a number now.
    """
    last, most = np.uint64(len(table) - 1), len(seen)
    for i in range(len(given)):
        key = given[i]
        slot = (key * ODD >> np.uint64(40)) & last
        code = table[slot]
        while code < most and seen[code] != key:
            slot = (slot + ONE) & last
            code = table[slot]
        if code >= most:
            if n == most:
                break
            seen[n] = key
            code = np.uint16(n)
            table[slot] = code
            n += 1
        codes[i] = code
    return n


def deal(
    given: tuple[Keys, Codes, Numbers],
    keys: Keys,
    codes: Codes,
    times: Numbers,
    rows: Numbers,
    first: int,
    parts: int,
) -> Any:
    """Put the events of a batch into parts by a hash of their case; in a part they stay as they came.

    Args:
        keys, codes, times, rows: where they go; `rows` is empty, or gets `first` and what follows it.
        parts: how many, a power of 2.

    Returns: where each part begins, with the end.
    """
    given_keys, given_codes, given_times = given
    n, last = len(given_keys), np.uint64(parts - 1)
    bounds, part = np.zeros(parts + 1, np.uint64), np.empty(n, np.uint16)
    for i in range(n):
        h = (given_keys[i] ^ (given_keys[i] >> np.uint64(32))) * ODD
        p = (h >> np.uint64(40)) & last
        part[i] = p
        bounds[p + ONE] += ONE
    bounds = np.cumsum(bounds)
    free = bounds.copy()
    for i in range(n):
        to = free[part[i]]
        free[part[i]] = to + ONE
        keys[to], codes[to], times[to] = given_keys[i], given_codes[i], given_times[i]
        if len(rows) > 0:
            rows[to] = first + i
    return bounds


def differ(keys: Keys, table: Keys) -> bool:
    """Whether no key comes twice.

    Args:
        table: zeros, where keys are looked up. A power of 2, with more room than `keys`.
    """
    last, zeros = np.uint64(len(table) - 1), 0
    for key in keys:
        slot = (key ^ (key >> np.uint64(32))) * ODD >> np.uint64(20) & last
        while table[slot] != 0 and table[slot] != key:
            slot = (slot + ONE) & last
        zeros += key == 0
        if table[slot] != 0 or zeros > 1:
            return False
        table[slot] = key
    return True


def collect(
    given: tuple[Keys, Codes, Numbers, Numbers],
    bounds: Places,
    place: Codes,
    codes: Codes,
    times: Numbers,
    rows: Numbers,
    starts: Numbers,
    whose: Keys,
) -> int:
    """Put the events by case, each case in the order in which they came.

    Args:
        given: the keys, codes, times and rows that were dealt.
        bounds: for each batch of them where each part begins, with the end; (batches, parts + 1).
        place: what stands for each code from here on.
        codes, times, rows: where they go.
        starts, whose: get where each case starts (with the end), and its key; have room for a case an event.

    Returns: how many cases there are.
    """
    keys, given_codes, given_times, given_rows = given
    sizes = (bounds[:, 1:] - bounds[:, :-1]).sum(axis=0)
    bits = 4
    while 1 << bits < 2 * sizes.max():
        bits += 1
    # Asked for once: memory that is new to a process costs as much as what is done in it.
    room, free = np.empty(1 << bits, np.int32), np.empty(sizes.max(), np.uint64)
    case, n_cases, begin = np.empty(sizes.max(), np.uint32), 0, np.uint64(0)
    for p in range(len(sizes)):
        bits = 4
        while 1 << bits < 2 * sizes[p]:
            bits += 1
        last, shift, table = np.uint64((1 << bits) - 1), np.uint64(64 - bits), room[: 1 << bits]
        table[:] = -1
        mine, found, at = whose[n_cases:], np.uint32(0), np.uint64(0)
        for b in range(len(bounds)):
            for i in range(bounds[b, p], bounds[b, p + 1]):
                key = keys[i]
                slot = (key ^ (key >> np.uint64(32))) * ODD >> shift
                known = table[slot]
                while known >= 0 and mine[np.uint32(known)] != key:
                    slot = (slot + ONE) & last
                    known = table[slot]
                if known < 0:
                    known = np.int32(found)
                    table[slot], mine[found], free[found] = known, key, 0
                    found += np.uint32(1)
                case[at] = known
                free[np.uint32(known)] += ONE
                at += ONE
        for c in range(found):
            starts[n_cases + c] = begin
            begin += free[c]
            free[c] = starts[n_cases + c]
        at = np.uint64(0)
        for b in range(len(bounds)):
            for i in range(bounds[b, p], bounds[b, p + 1]):
                to = free[case[at]]
                free[case[at]] = to + ONE
                codes[to], times[to] = place[given_codes[i]], given_times[i]
                if len(rows) > 0:
                    rows[to] = given_rows[i]
                at += ONE
        n_cases += int(found)
    starts[n_cases] = len(keys)
    return n_cases


def sort_cases(starts: Numbers, codes: Codes, times: Numbers, rows: Numbers) -> None:
    """Bring the events of each case into the order of time, in place; equal times stay as they are."""
    keeps, bounds = len(rows) > 0, starts.view(np.uint64)
    for c in range(len(starts) - 1):
        low, high = bounds[c], bounds[c + 1]
        is_sorted = True
        for i in range(low + ONE, high):
            if times[i] < times[i - ONE]:
                is_sorted = False
                break
        if is_sorted:
            continue
        if high - low > LONG:
            order = np.argsort(times[low:high], kind="mergesort")
            codes[low:high] = codes[low:high][order]
            times[low:high] = times[low:high][order]
            if keeps:
                rows[low:high] = rows[low:high][order]
            continue
        for i in range(low + ONE, high):
            time, code, row = times[i], codes[i], rows[i] if keeps else 0
            to = np.uint64(i)
            while to > low and times[to - ONE] > time:
                times[to], codes[to] = times[to - ONE], codes[to - ONE]
                if keeps:
                    rows[to] = rows[to - ONE]
                to -= ONE
            times[to], codes[to] = time, code
            if keeps:
                rows[to] = row
