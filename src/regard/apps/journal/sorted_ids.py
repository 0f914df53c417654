"""Many ids in little memory: sorted, the larger runs of them in a file, each with a filter of bits before it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.uint64]
Mask = npt.NDArray[np.bool_]

WIDTH = 16
BITS_PER_ID = 8  # in each of two filters, at least; at most twice as many
LARGE = 250_000  # ids; so large a run stands in a file
BLOCK = 32  # ids that are read at once: half a KiB
# Odd: multiplying by it moves the lower bits of a number to its upper ones.
SPREAD = np.uint64(0x9E37_79B9_7F4A_7C15)
BIT = np.left_shift(1, np.arange(8)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Filter:
    """One bit for each number, at the place that its first bits name: where it is not set, the number is not there."""

    bits: npt.NDArray[np.uint8]
    shift: np.uint64

    @classmethod
    def of(cls, numbers: Numbers) -> Filter:
        """The filter of sorted numbers."""
        width = max(8, (BITS_PER_ID * max(1, len(numbers)) - 1).bit_length())
        shift = np.uint64(64 - width)
        bits = np.zeros(1 << (width - 3), dtype=np.uint8)
        if len(numbers):
            places = (numbers >> shift).view(np.int64)
            of_byte = places >> 3
            starts = np.flatnonzero(np.diff(of_byte, prepend=-1))
            bits[of_byte[starts]] = np.bitwise_or.reduceat(BIT[places & 7], starts)
        return cls(bits, shift)

    def may_hold(self, numbers: Numbers) -> npt.NDArray[np.intp]:
        """Indices of those that may be there."""
        places = (numbers >> self.shift).view(np.int64)
        return np.flatnonzero(self.bits[places >> 3] & BIT[places & 7])


class Nameless:
    """A file without a name, by its descriptor's number: it goes with whoever holds it."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.close(self.number)


@dataclass(frozen=True, slots=True)
class Run:
    """Ids sorted by their first half.

    Args:
        filter, second: of the first halves, and of the same spread over other places: one id in a hundred that is not
            here passes both, where one filter of their size would let through one in twenty.
        fences: the first half of each block's first id; it says which block to read.
        body: the ids one after the other, in memory or in a nameless file.
    """

    n: int
    filter: Filter
    second: Filter
    fences: Numbers
    body: bytes | Nameless

    @classmethod
    def of(cls, ids: Numbers, folder: Path | None = None) -> Run:
        """A run of the ids in an array of shape (n, 2); a large one stands in a file in `folder`, if given."""
        ids = ids[np.argsort(ids[:, 0], kind="stable")]
        first = np.ascontiguousarray(ids[:, 0])
        second = Filter.of(np.sort(first * SPREAD))
        return cls(len(ids), Filter.of(first), second, first[::BLOCK].copy(), _kept(ids, folder))

    @classmethod
    def joined(cls, runs: Sequence[Run], folder: Path | None = None) -> Run:
        """One run of several."""
        return cls.of(np.concatenate([as_numbers(run.read(0, run.n)) for run in runs]), folder)

    def known(self, ids: Numbers) -> Mask:
        """Which of `ids` (n, 2) stand in this run."""
        mask = np.zeros(len(ids), dtype=np.bool_)
        likely = self.filter.may_hold(ids[:, 0])
        if len(likely):
            likely = likely[self.second.may_hold(ids[likely, 0] * SPREAD)]
        if len(likely):
            asked = ids[likely]
            # Two ids that share their first half may stand on both sides of a fence: once in a lifetime.
            low = np.maximum(np.searchsorted(self.fences, asked[:, 0]) - 1, 0) * BLOCK
            high = np.searchsorted(self.fences, asked[:, 0], side="right") * BLOCK
            whole = asked.tobytes()
            mask[likely] = [
                _holds(self.read(start, end), whole[WIDTH * i : WIDTH * (i + 1)])
                for i, (start, end) in enumerate(zip(low.tolist(), high.tolist(), strict=True))
            ]
        return mask

    def read(self, start: int, end: int) -> bytes:
        """The ids from the one place to the other."""
        if isinstance(self.body, bytes):
            return self.body[WIDTH * start : WIDTH * end]
        return os.pread(self.body.number, WIDTH * (end - start), WIDTH * start)


def as_numbers(ids: bytes) -> Numbers:
    """Ids of 16 bytes each as an array of shape (n, 2)."""
    return np.frombuffer(ids, dtype=np.uint64).reshape(-1, 2)


def _holds(ids: bytes, one: bytes) -> bool:
    at = ids.find(one)
    while at % WIDTH and at >= 0:
        at = ids.find(one, at + 1)
    return at >= 0


def _kept(ids: Numbers, folder: Path | None) -> bytes | Nameless:
    if folder is None or len(ids) < LARGE:
        return ids.tobytes()
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            ids.tofile(file)
            file.flush()
            return Nameless(os.dup(file.fileno()))
    except OSError:  # No room on the disk: then they stay in memory.
        return ids.tobytes()
