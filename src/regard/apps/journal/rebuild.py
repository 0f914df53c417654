"""Takes what the journal still holds through the projector again, in a new epoch."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.conf import settings

from regard.apps.journal import queries, services
from regard.apps.journal.backup.restoring import stopped
from regard.warehouse.log import Log


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did: interactions read from the journal, how many the warehouse had lacked, and what was parked."""

    n_segments: int
    n_interactions: int
    n_before: int
    n_after: int
    n_released: int = 0
    n_parked: int = 0

    def as_json(self) -> dict[str, int]:
        """For machines."""
        return asdict(self)

    def as_text(self) -> str:
        """For people."""
        lacked = self.n_after - self.n_before
        return (
            f"Read {self.n_interactions} interactions of {self.n_segments} segments again; "
            f"the log lacked {lacked} of them and now holds {self.n_after}."
            + (f" Of {self.n_released} parked, {self.n_parked} failed again." if self.n_released else "")
        )


def rebuild(*, parked: bool = False) -> Rebuilt:
    """Renew the epoch and project every segment again: links are made anew, and rows that the log lacks are added.

    Rows that stand in the log stay as they are, also those whose segments were trimmed after 30 days: the log is the
    record, and what it lost from before that time comes back only from a backup.

    Args:
        parked: try what is parked again, too.

    Raises: Temporary where the server or an import is running.
    """
    from regard.apps.journal.consumers import Reaction, in_order
    from regard.apps.journal.projector import Projector

    with stopped(settings.REGARD.data_dir):
        reactions = [consumer.key for consumer in in_order() if isinstance(consumer, Reaction)]
        released = services.release_parked(reactions=reactions) if parked else 0
        if not released:
            services.renew_epoch()
    waiting = queries.lag(0)
    before = count_interactions()
    projector = Projector()
    try:
        projector.drain()
    finally:
        projector.stop()
    return Rebuilt(
        waiting.n_segments,
        waiting.n_interactions,
        before,
        count_interactions(),
        released,
        len(queries.list_parked()),
    )


def count_interactions() -> int:
    """How many interactions the log holds."""
    from regard.warehouse.engines import duckdb

    log = Log.open(settings.REGARD.warehouse_url)
    connection = duckdb.connect(
        log, memory_limit=settings.REGARD.memory_limit, threads=settings.REGARD.threads
    )
    try:
        row = connection.execute("SELECT count(*) FROM log").fetchone()
        return int(row[0]) if row else 0
    finally:
        connection.close()
