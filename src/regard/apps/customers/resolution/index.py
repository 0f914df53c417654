"""A map from 128-bit keys to numbers, as sorted runs of arrays: compact, quick in bulk, loaded without Python objects."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int64]

MERGE_RATIO = 4


@dataclass(frozen=True, slots=True)
class Run:
    """Keys sorted by their high half, with their low half and number beside them."""

    high: Keys
    low: Keys
    number: Numbers

    @classmethod
    def of(cls, high: Keys, low: Keys, number: Numbers) -> Run:
        order = np.argsort(high, kind="stable")
        return cls(high[order], low[order], number[order])


class KeyIndex:
    """Numbers by key. Each key is added once."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def __len__(self) -> int:
        return sum(len(run.high) for run in self._runs)

    def add(self, high: Keys, low: Keys, number: Numbers) -> None:
        """Add keys that are not in it yet."""
        if not len(high):
            return
        run = Run.of(high, low, number)
        while self._runs and len(self._runs[-1].high) < MERGE_RATIO * len(run.high):
            last = self._runs.pop()
            run = Run.of(
                np.concatenate([last.high, run.high]),
                np.concatenate([last.low, run.low]),
                np.concatenate([last.number, run.number]),
            )
        self._runs.append(run)

    def find(self, high: Keys, low: Keys) -> Numbers:
        """The number of each key, -1 where it has none."""
        found = np.full(len(high), -1, dtype=np.int64)
        if not len(high):
            return found
        # Sorted questions walk through the runs in order, which the processor's cache rewards several times over.
        order = np.argsort(high)
        asked_high, asked_low = high[order], low[order]
        answer = np.full(len(high), -1, dtype=np.int64)
        for run in self._runs:
            self._look(run, asked_high, asked_low, answer)
        found[order] = answer
        return found

    @staticmethod
    def _look(run: Run, high: Keys, low: Keys, answer: Numbers) -> None:
        at = np.searchsorted(run.high, high)
        last = len(run.high) - 1
        hit = np.flatnonzero((at <= last) & (run.high[np.minimum(at, last)] == high))
        at = at[hit]
        while len(hit):
            same = run.low[at] == low[hit]
            answer[hit[same]] = run.number[at[same]]
            # Keys that share their high half stand side by side: look further where the low half differs.
            at, hit = at[~same] + 1, hit[~same]
            more = (at <= last) & (run.high[np.minimum(at, last)] == high[hit])
            at, hit = at[more], hit[more]

    def with_high(self, high: Keys) -> tuple[Keys, Keys]:
        """All keys whose high half is among the distinct `high`: (high, low) of each."""
        highs: list[Keys] = [np.empty(0, dtype=np.uint64)]
        lows: list[Keys] = [np.empty(0, dtype=np.uint64)]
        for run in self._runs:
            start = np.searchsorted(run.high, high, side="left")
            length = np.searchsorted(run.high, high, side="right") - start
            total = int(length.sum())
            if total:
                offset = np.repeat(start - np.concatenate([[0], np.cumsum(length)[:-1]]), length)
                at = np.arange(total) + offset
                highs.append(run.high[at])
                lows.append(run.low[at])
        return np.concatenate(highs), np.concatenate(lows)

    def with_low(self, low: Keys) -> tuple[Keys, Keys]:
        """All keys whose low half is among `low`: (high, low) of each. Reads everything: for rare questions."""
        highs: list[Keys] = [np.empty(0, dtype=np.uint64)]
        lows: list[Keys] = [np.empty(0, dtype=np.uint64)]
        for run in self._runs:
            at = np.flatnonzero(np.isin(run.low, low))
            highs.append(run.high[at])
            lows.append(run.low[at])
        return np.concatenate(highs), np.concatenate(lows)


def first_of_each(*columns: npt.NDArray[np.generic]) -> tuple[Numbers, Numbers]:
    """The distinct rows of `columns` in the order of their first appearance.

    Returns: the place of each distinct row's first appearance, and for every row the number of its distinct one.
    """
    n = len(columns[0])
    order = np.lexsort(columns[::-1])
    starts = np.ones(n, dtype=np.bool_)
    if n:
        changed = np.zeros(n - 1, dtype=np.bool_)
        for column in columns:
            changed |= column[order][1:] != column[order][:-1]
        starts[1:] = changed
    group = np.cumsum(starts) - 1
    first = order[starts]  # lexsort is stable: the first of a group is the earliest row.
    rank = np.empty(len(first), dtype=np.int64)
    by_appearance = np.argsort(first)
    rank[by_appearance] = np.arange(len(first))
    inverse = np.empty(n, dtype=np.int64)
    inverse[order] = rank[group]
    return first[by_appearance], inverse
