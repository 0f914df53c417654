"""Who reads the journal: consumers take each batch in their order, each keeping its own position with its effect.

To do something because of an interaction (open a case, send a survey), register a reaction in your AppConfig.ready:

    CONSUMERS.register(
        Reaction(
            key="cases",
            order=30,
            select="SELECT interaction_id, identity_id, score FROM new_interactions WHERE metric = 'nps' AND score <= 6",
            react=open_cases,  # (rows, batch) -> None: writes to the operational store, in a transaction that is open
        )
    )
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import duckdb
from django.db import transaction

from regard.apps.journal.models import DONE, RELEASED, Parked, Position
from regard.apps.journal.projection.fence import Deposed, Fence
from regard.apps.journal.services import INTAKE
from regard.kernel.registry import Registry
from regard.warehouse.log import Log

Row = tuple[Any, ...]


@dataclass(slots=True)
class Batch:
    """Consecutive segments as one table, less what was rejected and what was known before.

    Args:
        table: the columns of `incoming`, `is_browser` and, once the customers have seen it, `identity_id`; its rows
            in the order of the journal.
        first_seq, last_seq: the first and the last segment. No consumer stands in between.
        restored_until: the log may hold what stands in segments up to this one already, from before a restore.
        is_trial: nothing of the effect may stay, in no store: the projector looks for a bad item.
    """

    connection: duckdb.DuckDBPyConnection
    table: str
    first_seq: int
    last_seq: int
    epoch: str
    log: Log
    fence: Fence
    now: datetime
    restored_until: int = 0
    is_trial: bool = False

    def advance(self, consumer: str) -> None:
        """Move `consumer`'s position to the end of this batch, in the caller's transaction.

        Raises: Deposed where somebody else has moved it, or reads the journal in our place.
        """
        self.fence.check()
        advance(consumer, before=self.first_seq, to=self.last_seq, epoch=self.epoch)


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


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows from new interactions: a consumer behind the log whose whole effect stands in the operational store.

    Each interaction is given to it exactly once, in the order of the journal, whatever breaks in between: the effect
    and the position are one transaction. Not given are repetitions, what was set aside, and what was there before
    the reaction was first registered. A restored backup or a rebuild repeats nothing either; what was parked and
    released again comes then.

    An interaction may be old when it comes (an imported file, a phone that was offline): compare `occurred_at` with
    `batch.now` where that matters. What leaves the house must be a job, written in the same transaction.

    Args:
        key: its name; order: 30 or above.
        select: a query, in DuckDB's dialect, over the table `new_interactions`: the columns of `incoming`,
            `identity_id` (NULL where nothing says who it was) and `is_browser`. It should give few of many rows.
        react: is given what the query finds, where it finds anything. It may query `batch.connection` further and
            record interactions of its own. Where it raises, all of it is undone and tried again; an item with which
            it always fails is parked.
    """

    key: str
    order: int
    select: str
    react: Callable[[Sequence[Row], Batch], None]

    def position(self, epoch: str, log: Log) -> int:
        """See Consumer. It outlives a restore, as its effect does; a new reaction begins where intake stands."""
        row = Position.objects.filter(consumer=self.key).first()
        if row is None:
            intake = (
                Position.objects.filter(consumer=INTAKE, epoch=epoch).values_list("seq", flat=True).first()
            )
            row, _ = Position.objects.get_or_create(
                consumer=self.key, defaults={"seq": intake or 0, "epoch": epoch}
            )
        elif row.epoch != epoch:
            Position.objects.filter(consumer=self.key).update(epoch=epoch)
        return row.seq

    def apply(self, batch: Batch) -> None:
        """See Consumer."""
        is_done = self.position(batch.epoch, batch.log) >= batch.last_seq
        released = Parked.objects.filter(
            consumer=self.key, state=RELEASED, seq__gte=batch.first_seq, seq__lte=batch.last_seq
        )
        places = list(released.values_list("seq", "position"))
        if is_done and not places:
            return
        rows = self._rows(batch, _among(places) if is_done else "true")
        with transaction.atomic():
            if rows:
                self.react(rows, batch)
            if batch.is_trial:
                transaction.set_rollback(True)
                return
            released.update(state=DONE)
            if is_done:
                batch.fence.check()
            else:
                batch.advance(self.key)

    def forget_memory(self) -> None:
        """See Consumer."""

    def _rows(self, batch: Batch, condition: str) -> list[Row]:
        batch.connection.execute(
            f"CREATE OR REPLACE TEMP VIEW new_interactions AS SELECT * FROM {batch.table} WHERE {condition}"
        )
        return batch.connection.execute(self.select).fetchall()


def _among(places: Sequence[tuple[int, int | None]]) -> str:
    """Whether a row stands at one of these places; a place without a position is a whole segment."""
    return " OR ".join(
        f"seq = {seq}" + ("" if position is None else f" AND position = {position}")
        for seq, position in places
    )


CONSUMERS: Registry[Consumer] = Registry("consumer")


def in_order() -> list[Consumer]:
    """The consumers in the order of their turns."""
    return sorted(CONSUMERS, key=lambda consumer: (consumer.order, consumer.key))


def advance(consumer: str, *, before: int, to: int, epoch: str) -> None:
    """Move a position from below `before` to `to` in the caller's transaction. Raises: Deposed where it stood elsewhere."""
    moved = Position.objects.filter(consumer=consumer, epoch=epoch, seq__lt=before).update(seq=to)
    if moved:
        return
    with transaction.atomic():
        stood = Position.objects.filter(consumer=consumer).first()
        if stood is not None and stood.epoch == epoch:
            raise Deposed(f"The position of '{consumer}' was moved to {stood.seq} by another projector.")
        Position.objects.update_or_create(consumer=consumer, defaults={"seq": to, "epoch": epoch})
