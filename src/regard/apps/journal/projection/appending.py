"""The consumer `log`: appends the interactions to the warehouse, exactly once."""

from __future__ import annotations

from regard.apps.journal.consumers import CONSUMERS, Batch
from regard.apps.journal.projection.fence import Deposed
from regard.apps.journal.services import move_position
from regard.warehouse.log import LOG_COLUMNS, Log
from regard.warehouse.schema.interactions import INTERACTIONS


class Appending:
    """Its position is the number that stands in the very commit of the table that holds the rows."""

    key = "log"
    order = 20

    def position(self, epoch: str, log: Log) -> int:
        """See Consumer."""
        return max(0, log.position(self.key, epoch))

    def apply(self, batch: Batch) -> None:
        """See Consumer."""
        listed = ", ".join(LOG_COLUMNS)
        if batch.is_trial:
            casts = ", ".join(f"{name}::{INTERACTIONS.type_of(name)}" for name in LOG_COLUMNS)
            batch.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE trial AS SELECT {casts} FROM {batch.table}"
            )
            batch.connection.execute("DROP TABLE trial")
            return
        with batch.fence.held():
            batch.fence.check()
            stands = self.position(batch.epoch, batch.log)
            if stands >= batch.last_seq:
                return
            if stands >= batch.first_seq:
                raise Deposed("Another projector has appended to the log in our place.")
            batch.log.append(
                batch.connection,
                f"SELECT {listed} FROM {batch.table}{self._but_known(batch)}",
                consumer=self.key,
                epoch=batch.epoch,
                position=batch.last_seq,
            )
        # A copy beside the other positions, for whoever shows them; what counts is the number in the log.
        move_position(self.key, seq=batch.last_seq, epoch=batch.epoch)

    @staticmethod
    def _but_known(batch: Batch) -> str:
        """A condition that leaves out what the log holds from before a restore."""
        if batch.first_seq > batch.restored_until:
            return ""
        batch.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE again AS SELECT interaction_id, occurred_at FROM {batch.table} "
            f"WHERE seq <= {batch.restored_until}"
        )
        batch.log.known_ids(batch.connection, "again")
        return " WHERE interaction_id NOT IN (SELECT interaction_id FROM known)"

    def forget_memory(self) -> None:
        """See Consumer."""


CONSUMERS.register(Appending())
