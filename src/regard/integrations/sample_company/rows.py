"""The rows of one chunk of customers, gathered column by column, with words kept as numbers until they are written."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Column = NDArray[Any]

WORDS = ("kind", "channel", "touchpoint", "metric", "text", "language", "unit", "agent",
         "carrier", "product_category", "plan", "trial", "form", "topic", "promised_on")  # fmt: skip
NUMBERS = ("score", "amount", "duration_seconds", "wait_seconds", "days_late")
THREADS = ("thread", "about")
"""`about` is the order, call or session that a survey or a contact is about; it is written as an attribute."""


class Dictionary:
    """Words by number, from 1; 0 stands for none. Numbers are given in the order of first use."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, word: str) -> int:
        """The number of a word."""
        known = self._numbers.get(word)
        if known is None:
            self.words.append(word)
            known = self._numbers[word] = len(self.words)
        return known

    def numbers(self, words: list[str] | tuple[str, ...]) -> NDArray[np.int32]:
        """The numbers of several words, to be indexed by codes."""
        return np.array([self.number(word) for word in words], dtype=np.int32)


class Rows:
    """Rows that were added so far.

    `person` is the place of the person in the chunk, `given` which of their identifiers came with it (see `people`).
    """

    def __init__(self, dictionary: Dictionary) -> None:
        self.dictionary = dictionary
        self._blocks: list[dict[str, Column]] = []
        self._n_threads = 0

    def new_threads(self, n: int) -> NDArray[np.int64]:
        """Numbers for `n` new threads (sessions, orders, calls, surveys ...), unique in the chunk."""
        first = self._n_threads + 1
        self._n_threads += n
        return np.arange(first, first + n, dtype=np.int64)

    def add(
        self, person: NDArray[np.int64], at: NDArray[np.int64], kind: str, **columns: ArrayLike | str
    ) -> None:
        """Add rows of one kind.

        Args:
            person: one number for each row.
            at: UTC microseconds.
            columns: by name; a text is the same word on every row, numbers of words are int32 from the dictionary,
                missing numbers are NaN, missing threads 0.
        """
        block: dict[str, Column] = {"person": person.astype(np.int32), "at": at}
        for name, value in {"kind": kind, **columns}.items():
            given = self.dictionary.number(value) if isinstance(value, str) else value
            block[name] = np.broadcast_to(np.asarray(given, dtype=_type(name)), person.shape)
        self._blocks.append(block)

    def columns(self) -> dict[str, Column]:
        """Every column, sorted by time (rows of the same instant in the order in which they were added)."""
        names = ("person", "at", "given", *WORDS, *NUMBERS, *THREADS)
        at = np.concatenate([block["at"] for block in self._blocks])
        order = np.argsort(at, kind="stable")
        return {name: self._column(name)[order] for name in names}

    def _column(self, name: str) -> Column:
        empty = np.nan if name in NUMBERS else 0
        return np.concatenate([
            block.get(name, np.broadcast_to(np.asarray(empty, dtype=_type(name)), block["at"].shape))
            for block in self._blocks
        ])  # fmt: skip


def _type(name: str) -> type[np.generic]:
    if name in NUMBERS:
        return np.float64
    if name in THREADS or name == "at":
        return np.int64
    return np.int8 if name == "given" else np.int32


def draw(rng: np.random.Generator, table: NDArray[np.float64]) -> NDArray[np.int64]:
    """One column number for each row of a table of shares (rows add up to 1)."""
    hits = rng.random(len(table))[:, None] >= np.cumsum(table, axis=1)[:, :-1]
    return np.asarray(hits.sum(axis=1), dtype=np.int64)


def draw_one(rng: np.random.Generator, n: int, shares: ArrayLike) -> NDArray[np.int64]:
    """`n` numbers drawn from one list of shares."""
    edges = np.cumsum(np.asarray(shares, dtype=np.float64))[:-1]
    return np.searchsorted(edges, rng.random(n), side="right").astype(np.int64)


def spread(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For rows repeated `counts` times: which row each copy is of, and its number among the copies."""
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - first[owner]
