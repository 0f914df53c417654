"""All identifiers and links in memory, as arrays by identity: who is joined with whom at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from regard.apps.customers.policy import ANONYMOUS, FIRST, HAS_USER, LINKED, SHARED
from regard.apps.customers.resolution.index import KeyIndex, Keys, Numbers

ROOM = 1024


class State:
    """What the resolver knows. One thread at a time; made anew from the store after any failure.

    Arrays by identity: `kind`, `source` (number of its name), `first_at`, `marks`, `customer`, and `next`, which runs
    in a ring through the identities of a customer.
    """

    def __init__(self) -> None:
        self.identifiers = KeyIndex()
        self.links = KeyIndex()  # (target, primary) -> 0
        self.cut: set[tuple[int, int]] = set()  # Links that a person cut: (target, primary).
        self.sources: dict[str, int] = {}
        self.n = 1  # The next identity.
        self.kind: npt.NDArray[np.int8] = np.zeros(ROOM, dtype=np.int8)
        self.source: npt.NDArray[np.int32] = np.zeros(ROOM, dtype=np.int32)
        self.marks: npt.NDArray[np.int8] = np.zeros(ROOM, dtype=np.int8)
        self.first_at: Numbers = np.zeros(ROOM, dtype=np.int64)
        self.customer: Numbers = np.zeros(ROOM, dtype=np.int64)
        self.next: Numbers = np.zeros(ROOM, dtype=np.int64)

    def source_number(self, name: str) -> int:
        """A small number that stands for a source."""
        return self.sources.setdefault(name, len(self.sources) + 1)

    def grow(self, n: int) -> None:
        """Make room for identities below `n`."""
        size = len(self.kind)
        if n <= size:
            return
        more = max(n, size * 3 // 2) - size
        for name in ("kind", "source", "marks", "first_at", "customer", "next"):
            array = getattr(self, name)
            setattr(self, name, np.concatenate([array, np.zeros(more, dtype=array.dtype)]))

    def add_identifiers(
        self,
        ids: Numbers,
        high: Keys,
        low: Keys,
        kind: npt.NDArray[np.int8],
        source: npt.NDArray[np.int32],
        first_at: Numbers,
    ) -> None:
        """Add identifiers that are their own customers so far."""
        if not len(ids):
            return
        self.n = max(self.n, int(ids.max()) + 1)
        self.grow(self.n)
        self.identifiers.add(high, low, ids)
        self.kind[ids], self.source[ids], self.first_at[ids] = kind, source, first_at
        self.customer[ids] = self.next[ids] = ids

    def add_links(self, target: Numbers, primary: Numbers) -> None:
        """Add links and note on both ends what they mean for later ones."""
        self.links.add(
            target.astype(np.uint64), primary.astype(np.uint64), np.zeros(len(target), dtype=np.int64)
        )
        self.mark_links(target, primary)

    def mark_links(self, target: Numbers, primary: Numbers) -> None:
        """Note on both ends of links what they mean for later ones."""
        for one, other in ((target, primary), (primary, target)):
            np.bitwise_or.at(self.marks, one, np.int8(LINKED))
            for kind, mark in FIRST.items():
                chosen = one[(self.kind[one] == ANONYMOUS) & (self.kind[other] == kind)]
                np.bitwise_or.at(self.marks, chosen, np.int8(mark))

    def members(self, identity: int) -> Iterator[int]:
        """The identities of the customer that `identity` belongs to, itself first."""
        at = identity
        while True:
            yield at
            at = int(self.next[at])
            if at == identity:
                return

    def join(self, one: int, other: int) -> list[int]:
        """Make the customers of two identities one; returns the identities whose customer changed."""
        low, high = sorted((int(self.customer[one]), int(self.customer[other])))
        if low == high:
            return []
        moved = list(self.members(high))
        self.customer[moved] = low
        self.next[low], self.next[high] = self.next[high], self.next[low]
        return moved

    def join_new(self, new: Numbers, known: Numbers) -> None:
        """Join each of the `new` identities, its own customer so far, with the customer of a `known` user of a lower number."""
        customers = self.customer[known]
        for some in _apart(customers):
            one, other = new[some], customers[some]
            self.next[one], self.next[other] = self.next[other], one
        self.customer[new] = customers
        self.marks[new] |= LINKED
        self.marks[known] |= LINKED
        self.marks[new[self.kind[new] == ANONYMOUS]] |= HAS_USER

    def is_joining(self, target: int, primary: int) -> bool:
        """Whether the link between two identities counts."""
        shared = (int(self.marks[target]) | int(self.marks[primary])) & SHARED
        return not shared and (target, primary) not in self.cut

    def regroup(self, members: Iterable[int]) -> dict[int, int]:
        """Form the customers of `members` (whole customers) anew from the links that count.

        Returns: the customer before, of each identity whose customer changed.
        """
        ids = np.array(sorted(set(members)), dtype=np.int64)
        before = self.customer[ids].copy()
        self.customer[ids] = self.next[ids] = ids
        targets, primaries = self.links.with_high(ids.astype(np.uint64))
        for target, primary in zip(targets.tolist(), primaries.tolist(), strict=True):
            if self.is_joining(target, primary):
                self.join(target, primary)
        moved = np.flatnonzero(self.customer[ids] != before)
        return {int(ids[i]): int(before[i]) for i in moved}


def _apart(values: Numbers) -> Iterator[Numbers]:
    """The places of `values` in parts, none of which holds a value twice."""
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.diff(values[order], prepend=-1))
    rank = np.arange(len(values)) - np.repeat(starts, np.diff(starts, append=len(values)))
    by_rank = np.argsort(rank, kind="stable")
    borders = np.flatnonzero(np.diff(rank[by_rank])) + 1
    return (order[some] for some in np.split(by_rank, borders) if len(some))
