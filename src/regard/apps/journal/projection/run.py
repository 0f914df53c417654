"""What an elected projector holds, and what it does with given segments: prepare them, note what they bring, apply."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import duckdb
from django.conf import settings
from django.db import connection as store
from django.db import transaction

from regard.apps.journal import queries, services
from regard.apps.journal.consumers import Batch, in_order
from regard.apps.journal.erasing import empty_items
from regard.apps.journal.models import OPEN, UNREADABLE, Parked, Position, Quarantine
from regard.apps.journal.projection.decoding import Ahead, decode, look_up
from regard.apps.journal.projection.fence import Fence
from regard.apps.journal.projection.preparing import Prepared, prepare
from regard.apps.journal.projection.remembering import load_logged, load_recent_until
from regard.apps.journal.projection.verdicts import TABLE
from regard.apps.journal.recent import KEEP, RecentIds
from regard.apps.journal.segments import SegmentRow
from regard.apps.journal.services import INTAKE, Rejected
from regard.warehouse.literals import text_sql
from regard.warehouse.log import Log

NOTE = """update journal_segment set n_new = %s, n_known = %s, n_rejected = %s, entered = %s
where seq = %s and n_new is null"""


@dataclass(slots=True)
class Run:
    """Made anew after every failure: then only the stores say what is true.

    Args:
        connection: where the present batch stands.
        ahead: the batch after it, on a connection of its own; the two change places with every batch.
        restored: up to which segment the log may hold what the journal gives again.
        recent: the ids of the last days up to the present batch; None until they are asked for.
    """

    epoch: str
    restored: Position
    connection: duckdb.DuckDBPyConnection
    ahead: Ahead
    log: Log
    fence: Fence
    recent: RecentIds | None = field(default=None)

    @classmethod
    def begin(cls, fence: Fence) -> Run:
        """Open the log and a connection of its own."""
        epoch, log = services.current_epoch(), Log.open(settings.REGARD.warehouse_url)
        seq = queries.last_seq() if log.n_files() else 0
        restored, _ = Position.objects.get_or_create(
            consumer=f"restored:{epoch}", defaults={"seq": seq, "epoch": ""}
        )
        connection = _connect()
        return cls(epoch, restored, connection, Ahead(_beside(connection)), log, fence)

    def places(self) -> list[int]:
        """The last segment that intake, and each consumer, has passed."""
        consumers = [consumer.position(self.epoch, self.log) for consumer in in_order()]
        return [*consumers, queries.find_position(INTAKE, epoch=self.epoch)]

    def apply(
        self,
        segments: Sequence[SegmentRow],
        *,
        now: datetime,
        following: Callable[[], Sequence[SegmentRow]] = tuple,
    ) -> None:
        """Give the segments to every consumer that has not passed them.

        Args:
            following: gives the segments of the next batch, which are decoded meanwhile.
        """
        prepared = self.prepare(segments, now=now)
        self.ahead.begin(following())
        batch = self.batch(segments, now=now)
        self.note(batch, prepared)
        self.drop(segments, prepared)
        for consumer in in_order():
            consumer.apply(batch)
        if self.recent is not None:
            self.recent.add_segments(prepared.ids)

    def prepare(self, segments: Sequence[SegmentRow], *, now: datetime) -> Prepared:
        """Create the batch's table, less what is parked."""
        rows = Parked.objects.filter(seq__gte=segments[0].seq, seq__lte=segments[-1].seq)
        parked = set(rows.filter(state=OPEN).values_list("seq", "position"))
        unreadable = set(rows.filter(state=UNREADABLE).values_list("seq", "position"))
        whole = {seq for seq, position in parked if position is None}
        given = [without(segment, unreadable) for segment in segments if segment.seq not in whole]
        if self.ahead.take(given):
            self.connection, self.ahead.connection = self.ahead.connection, self.connection
        else:
            look_up(given)
            decode(self.connection, given)
        return prepare(
            self.connection,
            given,
            recent=lambda: self._recent_before(segments[0].seq, now),
            log=self.log,
            restored_until=self.restored.seq,
            left_out={(seq, position) for seq, position in parked if position is not None},
        )

    def batch(self, segments: Sequence[SegmentRow], *, now: datetime, is_trial: bool = False) -> Batch:
        """What the consumers are given, over the table that was prepared."""
        return Batch(
            connection=self.connection,
            table=TABLE,
            first_seq=segments[0].seq,
            last_seq=segments[-1].seq,
            epoch=self.epoch,
            log=self.log,
            fence=self.fence,
            now=now,
            restored_until=self.restored.seq,
            is_trial=is_trial,
        )

    def note(self, batch: Batch, prepared: Prepared) -> None:
        """Set rejected items aside and keep beside the segments what became of them, once."""
        if queries.find_position(INTAKE, epoch=batch.epoch) >= batch.last_seq:
            return
        with transaction.atomic():
            services.quarantine(_not_yet_set_aside(prepared.rejected))
            with store.cursor() as cursor:
                cursor.executemany(
                    NOTE,
                    [
                        (c.n_new, c.n_known, c.n_rejected, prepared.entered.get(seq), seq)
                        for seq, c in prepared.counts.items()
                    ],
                )
            batch.advance(INTAKE)

    def drop(self, segments: Sequence[SegmentRow], prepared: Prepared) -> None:
        """Keep nothing, and count, of what was erased before and came again."""
        n = sum(len(positions) for positions in prepared.erased.values())
        if n:
            empty_items(self.connection, segments, prepared.erased, fence=self.fence)
            services.count_refused(n)

    def close(self) -> None:
        """Drop what is in memory, the consumers' too: after a failure only the stores say what is true."""
        for consumer in in_order():
            consumer.forget_memory()
        self.ahead.close()
        self.connection.close()

    def _recent_before(self, seq: int, now: datetime) -> RecentIds:
        if self.recent is None:
            self.recent = load_recent_until(seq - 1, now=now)
            if self.restored.seq and self.restored.updated_at > datetime.now(UTC) - KEEP:
                load_logged(self.recent, self.log, now=now)
        return self.recent


def without(segment: SegmentRow, unreadable: Collection[tuple[int, int | None]]) -> SegmentRow:
    """The segment with those of its items marked that cannot be read."""
    positions = frozenset(place for seq, place in unreadable if seq == segment.seq and place is not None)
    return replace(segment, unreadable=positions | segment.unreadable) if positions else segment


def _not_yet_set_aside(rejected: Sequence[Rejected]) -> list[Rejected]:
    """The rejected items, less those that stand in quarantine since an earlier life of the journal."""
    seqs = {item.seq for item in rejected}
    there = set(Quarantine.objects.filter(seq__in=seqs).values_list("seq", "line")) if seqs else set()
    return [item for item in rejected if (item.seq, item.line) not in there]


def _connect() -> duckdb.DuckDBPyConnection:
    given = settings.REGARD
    given.temporary_dir.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    # The next batch is decoded meanwhile: several threads for one statement gain nothing and disturb the rows' order.
    connection.execute("SET threads = 1")
    connection.execute(f"SET memory_limit = '{given.memory_limit}'")
    connection.execute(f"SET temp_directory = {text_sql(given.temporary_dir)}")
    return connection


def _beside(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Another connection to the same memory, for another thread."""
    other = connection.cursor()
    other.execute("SET TimeZone = 'UTC'")
    return other
