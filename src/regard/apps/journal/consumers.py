"""Who reads the journal: consumers take each batch in their order, each keeping its own position with its effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import duckdb
from django.db import transaction

from regard.apps.journal.models import Position
from regard.apps.journal.projection.fence import Deposed, Fence
from regard.kernel.registry import Registry
from regard.warehouse.log import Log


@dataclass(slots=True)
class Batch:
    """Consecutive segments as one table, less what was rejected and what was known before.

    Args:
        table: the columns of `incoming`, `is_browser` and, once the customers have seen it, `identity_id`; its rows
            in the order of the journal.
        after_seq: the segment before the first; last_seq: the last segment. A batch covers (after_seq, last_seq].
        is_trial: nothing of the effect may stay, in no store: the projector looks for a bad item.
    """

    connection: duckdb.DuckDBPyConnection
    table: str
    after_seq: int
    last_seq: int
    epoch: str
    log: Log
    fence: Fence
    now: datetime
    is_trial: bool = False

    def advance(self, consumer: str) -> None:
        """Move `consumer`'s position to the end of this batch, in the caller's transaction.

        Raises: Deposed where somebody else has moved it, or reads the journal in our place.
        """
        self.fence.check()
        advance(consumer, after=self.after_seq, to=self.last_seq, epoch=self.epoch)


class Consumer(Protocol):
    """One reader of the journal."""

    @property
    def key(self) -> str:
        """Its name, as it stands beside its position."""
        ...

    @property
    def order(self) -> int:
        """When its turn comes: customers 10, log 20, others after."""
        ...

    def position(self, epoch: str, log: Log) -> int:
        """The last segment whose effect is complete; 0 where none is."""
        ...

    def apply(self, batch: Batch) -> None:
        """Do what the batch asks for, exactly once, and move the position in the same transaction.

        A batch that lies at or below the position was done before: only what later consumers need of it (columns of
        `batch.table`) is made again. Raises: Temporary for what will pass.
        """
        ...

    def forget_memory(self) -> None:
        """Drop what is kept in memory: a failure may have left it ahead of the store."""
        ...


CONSUMERS: Registry[Consumer] = Registry("consumer")


def in_order() -> list[Consumer]:
    """The consumers in the order of their turns."""
    return sorted(CONSUMERS, key=lambda consumer: (consumer.order, consumer.key))


def advance(consumer: str, *, after: int, to: int, epoch: str) -> None:
    """Move a position from `after` to `to` in the caller's transaction. Raises: Deposed where it stood elsewhere."""
    moved = Position.objects.filter(consumer=consumer, epoch=epoch, seq=after).update(seq=to)
    if moved:
        return
    with transaction.atomic():
        stood = Position.objects.filter(consumer=consumer).first()
        if stood is not None and stood.epoch == epoch:
            raise Deposed(f"The position of '{consumer}' was moved to {stood.seq} by another projector.")
        Position.objects.update_or_create(consumer=consumer, defaults={"seq": to, "epoch": epoch})
