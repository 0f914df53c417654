"""Loops that bring the events of each case together. Run by `compiled.loop`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Codes = NDArray[np.uint16]
Numbers = NDArray[np.int64]
# Cases longer than this are not sorted by insertion.
LONG = 48


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
    n = len(given_keys)
    bounds, part = np.zeros(parts + 1, np.int64), np.empty(n, np.uint16)
    for i in range(n):
        h = (given_keys[i] ^ (given_keys[i] >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
        part[i] = (h >> np.uint64(40)) & np.uint64(parts - 1)
        bounds[np.int64(part[i]) + 1] += 1
    bounds = np.cumsum(bounds)
    free = bounds.copy()
    for i in range(n):
        to = free[part[i]]
        free[part[i]] = to + 1
        keys[to], codes[to], times[to] = given_keys[i], given_codes[i], given_times[i]
        if len(rows) > 0:
            rows[to] = first + i
    return bounds


def collect(
    given: tuple[Keys, Codes, Numbers, Numbers],
    bounds: Numbers,
    codes: Codes,
    times: Numbers,
    rows: Numbers,
) -> Any:
    """Put the events by case, each case in the order in which they came.

    Args:
        given: the keys, codes, times and rows that were dealt.
        bounds: for each batch of them where each part begins, with the end; (batches, parts + 1).
        codes, times, rows: where they go.

    Returns: where each case starts (with the end), and its key.
    """
    keys, given_codes, given_times, given_rows = given
    sizes = (bounds[:, 1:] - bounds[:, :-1]).sum(axis=0)
    whose, starts = np.empty(len(keys), np.uint64), np.empty(len(keys) + 1, np.int64)
    bits = 4
    while 1 << bits < 2 * sizes.max():
        bits += 1
    last, shift = (1 << bits) - 1, np.uint64(64 - bits)
    # Asked for once: memory that is new to a process costs as much as what is done in it.
    table, lengths = np.empty(last + 1, np.int32), np.empty(sizes.max(), np.int64)
    case, n_cases, begin = np.empty(sizes.max(), np.int32), 0, 0
    for p in range(len(sizes)):
        table[:] = -1
        found, at = 0, 0
        for b in range(len(bounds)):
            for i in range(bounds[b, p], bounds[b, p + 1]):
                key = keys[i]
                h = (key ^ (key >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
                slot = np.int64(h >> shift)
                while table[slot] >= 0 and whose[n_cases + table[slot]] != key:
                    slot = (slot + 1) & last
                if table[slot] < 0:
                    table[slot] = found
                    whose[n_cases + found] = key
                    lengths[found] = 0
                    found += 1
                case[at] = table[slot]
                lengths[table[slot]] += 1
                at += 1
        for c in range(found):
            starts[n_cases + c] = begin
            begin += lengths[c]
            lengths[c] = starts[n_cases + c]  # from here on: where its next event goes
        at = 0
        for b in range(len(bounds)):
            for i in range(bounds[b, p], bounds[b, p + 1]):
                to = lengths[case[at]]
                lengths[case[at]] = to + 1
                codes[to], times[to] = given_codes[i], given_times[i]
                if len(rows) > 0:
                    rows[to] = given_rows[i]
                at += 1
        n_cases += found
    starts[n_cases] = len(keys)
    return starts[: n_cases + 1].copy(), whose[:n_cases].copy()


def sort_cases(starts: Numbers, codes: Codes, times: Numbers, rows: Numbers) -> None:
    """Bring the events of each case into the order of time, in place; equal times stay as they are."""
    keeps = len(rows) > 0
    for c in range(len(starts) - 1):
        low, high = starts[c], starts[c + 1]
        is_sorted = True
        for i in range(low + 1, high):
            if times[i] < times[i - 1]:
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
        for i in range(low + 1, high):
            time, code, row = times[i], codes[i], rows[i] if keeps else 0
            to = np.int64(i)
            while to > low and times[to - 1] > time:
                times[to], codes[to] = times[to - 1], codes[to - 1]
                if keeps:
                    rows[to] = rows[to - 1]
                to -= 1
            times[to], codes[to] = time, code
            if keeps:
                rows[to] = row
