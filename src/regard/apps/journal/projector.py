"""The projector: reads the journal in commit order and hands it to the consumers, batch by batch, exactly once.

A batch whose effect fails is tried again, then split until the bad item is found; that one is parked and shown, and the
rest goes on. What will pass by itself (a full disk, a store that is busy) is waited for and never parked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.db import connection as store

from regard.apps.journal import queries, services
from regard.apps.journal.consumers import Batch, in_order
from regard.apps.journal.models import Parked, Position, Quarantine
from regard.apps.journal.projection import appending  # noqa: F401  (registers the consumer)
from regard.apps.journal.projection.fence import Deposed, Fence, NotElected
from regard.apps.journal.projection.preparing import TABLE, Prepared, load_logged, load_recent_until, prepare
from regard.apps.journal.queries import SegmentRow
from regard.apps.journal.recent import KEEP, RecentIds
from regard.kernel.errors import Temporary
from regard.warehouse.log import Log

logger = logging.getLogger(__name__)

INTAKE = "intake"  # The position up to which rejected items are set aside and results are noted.
DECODE = "decode"  # Under this name a segment is parked that cannot even be read.
MOST_ITEMS = 250_000  # Above 122,880 rows DuckDB works with more than one thread.
MOST_BYTES = 24_000_000  # Compressed; about four times that when read.
MOST_SEGMENTS = 5_000
ATTEMPTS = 3
LONGEST_WAIT = 30.0
IDLE_SECONDS = 0.1
ELECTION_SECONDS = 2.0
MAINTAIN_AFTER = 60  # batches
MAINTAIN_IDLE = timedelta(minutes=10)
WILL_PASS = (
    Temporary,
    OSError,
    OperationalError,
    InterfaceError,
    MemoryError,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)


@dataclass(slots=True)
class _Run:
    """What an elected projector holds; made anew after every failure."""

    epoch: str
    restored_until: int
    connection: duckdb.DuckDBPyConnection
    log: Log
    recent: RecentIds


class Projector:
    """One reader of the journal. Only one of all processes is elected; the others wait for their turn.

    Args:
        now: gives the present moment.
    """

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.fence = Fence(settings.REGARD.projector_lock)
        self._run: _Run | None = None
        self._failures: dict[int, int] = {}
        self._since_maintained = 0
        self._maintained_at = now()

    def run_once(self) -> int:
        """Project one batch; returns how many segments it had, 0 where nothing waits.

        Raises: NotElected; Deposed; Temporary where it has to be tried again later.
        """
        self.fence.acquire()
        try:
            if not self.fence.is_current():
                raise Deposed("Another projector was elected.")
            run = self._begin()
            after = self.position()
            segments = self._next_segments(after)
            if segments:
                self._project(run, segments, after=after)
        except Deposed:
            self.stop()
            raise
        except Exception:
            self._forget()
            raise
        return len(segments)

    def drain(self) -> int:
        """Project until nothing waits; returns how many segments. Waits for what will pass, a few times."""
        total, turn = 0, 0
        while True:
            try:
                n = self.run_once()
            except (NotElected, Deposed):
                raise
            except Temporary:
                turn += 1
                if turn > 2 * ATTEMPTS:
                    raise
                time.sleep(0.05 * 2**turn)
                continue
            turn = 0
            total += n
            if n == 0:
                return total

    def run_forever(self, stop: threading.Event) -> None:
        """Project whatever comes until `stop` is set."""
        wait = 0.0
        while not stop.wait(wait):
            wait = self._turn(wait)
        self.stop()

    def position(self) -> int:
        """The last segment that every consumer has passed."""
        run = self._begin()
        places = [consumer.position(run.epoch, run.log) for consumer in in_order()]
        return min([*places, queries.find_position(INTAKE, epoch=run.epoch)])

    def stop(self) -> None:
        """Give up the right to project and everything in memory."""
        self._forget()
        self.fence.release()

    def maintain(self) -> None:
        """Compact and sort the log's files, as only the one writer may."""
        run = self._begin()
        with self.fence.held():
            self.fence.check()
            run.log.maintain(self.now())
        run.recent.forget_before(self.now() - KEEP)
        self._since_maintained, self._maintained_at = 0, self.now()

    def _turn(self, before: float) -> float:
        """One round; returns how long to wait before the next."""
        try:
            close_old_connections()
            n = self.run_once()
            idle = not n and self._since_maintained > 0 and self.now() - self._maintained_at > MAINTAIN_IDLE
            if self._since_maintained >= MAINTAIN_AFTER or idle:
                self.maintain()
            return 0.0 if n else IDLE_SECONDS
        except NotElected:
            return ELECTION_SECONDS
        except Deposed:
            logger.warning("projector_deposed")
            return ELECTION_SECONDS
        except WILL_PASS as error:
            logger.warning("projector_waits reason=%s", type(error).__name__)
            return min(max(0.25, before * 2), LONGEST_WAIT)
        except Exception:
            logger.exception("projector_failed")
            self._forget()
            return min(max(1.0, before * 2), LONGEST_WAIT)

    def _begin(self) -> _Run:
        if self._run is None:
            epoch = services.current_epoch()
            connection = duckdb.connect()
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"SET threads = {settings.REGARD.threads}")
            connection.execute(f"SET memory_limit = '{settings.REGARD.memory_limit}'")
            settings.REGARD.temporary_dir.mkdir(parents=True, exist_ok=True)
            connection.execute(
                "SET temp_directory = '" + str(settings.REGARD.temporary_dir).replace("'", "''") + "'"
            )
            log = Log.open(settings.REGARD.warehouse_url)
            restored = self._restored(epoch, log)
            self._run = _Run(epoch, restored.seq, connection, log, RecentIds())
            self._run.recent = load_recent_until(self.position(), now=self.now())
            if restored.seq and restored.updated_at > datetime.now(UTC) - KEEP:
                load_logged(self._run.recent, log, now=self.now())
        return self._run

    @staticmethod
    def _restored(epoch: str, log: Log) -> Position:
        """Up to which segment the log may hold what the journal gives again: noted when an epoch is first seen."""
        seq = queries.last_seq() if log.n_files() else 0
        return Position.objects.get_or_create(
            consumer=f"restored:{epoch}", defaults={"seq": seq, "epoch": ""}
        )[0]

    def _forget(self) -> None:
        """Drop what is in memory: after a failure only the stores say what is true."""
        for consumer in in_order():
            consumer.forget_memory()
        if self._run is not None:
            self._run.connection.close()
            self._run = None

    def _next_segments(self, after: int) -> list[SegmentRow]:
        """The segments of the next batch: up to where some consumer stands already, and not too many items."""
        run = self._begin()
        found = queries.list_segments_after(after, limit_bytes=MOST_BYTES, limit=MOST_SEGMENTS)
        places = [consumer.position(run.epoch, run.log) for consumer in in_order()]
        places.append(queries.find_position(INTAKE, epoch=run.epoch))
        border = min((place for place in places if place > after), default=None)
        segments: list[SegmentRow] = []
        n = 0
        for segment in found:
            if segments and (n + segment.n > MOST_ITEMS or (border is not None and segment.seq > border)):
                break
            segments.append(segment)
            n += segment.n
        return segments

    def _project(self, run: _Run, segments: Sequence[SegmentRow], *, after: int) -> None:
        try:
            self._apply(run, segments, after=after)
            self._failures.pop(after, None)
        except (*WILL_PASS, Deposed):
            raise
        except Exception as error:
            self._failures[after] = self._failures.get(after, 0) + 1
            logger.exception("batch_failed after=%d last=%d", after, segments[-1].seq)
            if self._failures[after] < ATTEMPTS:
                raise Temporary(f"A batch after segment {after} failed and is tried again.") from error
            self._forget()
            self._split(segments, after=after, error=error)
            self._failures.pop(after, None)

    def _apply(self, run: _Run, segments: Sequence[SegmentRow], *, after: int) -> None:
        """Give the segments to every consumer that has not passed them."""
        prepared = self._prepare(run, segments)
        batch = self._batch(run, segments, after)
        self._note(batch, prepared)
        for consumer in in_order():
            consumer.apply(batch)
        for received_at, ids in prepared.ids:
            run.recent.add(ids, at=received_at)
        self._since_maintained += 1

    def _batch(
        self, run: _Run, segments: Sequence[SegmentRow], after: int, *, is_trial: bool = False
    ) -> Batch:
        return Batch(
            connection=run.connection,
            table=TABLE,
            after_seq=after,
            last_seq=segments[-1].seq,
            epoch=run.epoch,
            log=run.log,
            fence=self.fence,
            now=self.now(),
            is_trial=is_trial,
        )

    def _prepare(self, run: _Run, segments: Sequence[SegmentRow]) -> Prepared:
        seqs = [segment.seq for segment in segments]
        parked = Parked.objects.filter(seq__gte=seqs[0], seq__lte=seqs[-1], state="open")
        places = set(parked.values_list("seq", "position"))
        whole = {seq for seq, position in places if position is None}
        return prepare(
            run.connection,
            [segment for segment in segments if segment.seq not in whole],
            recent=run.recent,
            log=run.log,
            restored_until=run.restored_until,
            left_out={(seq, position) for seq, position in places if position is not None},
        )

    def _note(self, batch: Batch, prepared: Prepared) -> None:
        """Set rejected items aside and keep the counts beside the segments, once."""
        if queries.find_position(INTAKE, epoch=batch.epoch) >= batch.last_seq:
            return
        with transaction.atomic():
            services.quarantine(self._not_yet_set_aside(prepared))
            with store.cursor() as cursor:
                cursor.executemany(
                    "update journal_segment set n_new = %s, n_known = %s, n_rejected = %s "
                    "where seq = %s and n_new is null",
                    [(c.n_new, c.n_known, c.n_rejected, seq) for seq, c in prepared.counts.items()],
                )
            batch.advance(INTAKE)

    @staticmethod
    def _not_yet_set_aside(prepared: Prepared) -> list[services.Rejected]:
        """The rejected items, less those that stand in quarantine since an earlier life of the journal."""
        seqs = {item.seq for item in prepared.rejected}
        there = set(Quarantine.objects.filter(seq__in=seqs).values_list("seq", "line")) if seqs else set()
        return [item for item in prepared.rejected if (item.seq, item.line) not in there]

    def _split(self, segments: Sequence[SegmentRow], *, after: int, error: Exception) -> None:
        """Go on with what is sound: halves of the batch, down to the one segment, in it down to the bad items."""
        if len(segments) == 1:
            self._park_items(segments[0], after=after, error=error)
            return
        middle = len(segments) // 2
        for part in (segments[:middle], segments[middle:]):
            try:
                self._apply(self._begin(), part, after=after)
            except (*WILL_PASS, Deposed):
                raise
            except Exception as found:
                self._forget()
                self._split(part, after=after, error=found)
            after = part[-1].seq

    def _park_items(self, segment: SegmentRow, *, after: int, error: Exception) -> None:
        """Park the items of one segment whose effect fails, and apply the rest."""
        consumer, bad = self._find_bad(segment, after=after)
        if bad is None:
            self._park(consumer, segment, None, error)
        for position in bad or ():
            self._park(consumer, segment, position, error)
        self._apply(self._begin(), [segment], after=after)

    def _park(self, consumer: str, segment: SegmentRow, position: int | None, error: Exception) -> None:
        # The type only: an error's text may hold what a customer wrote.
        logger.error("parked consumer=%s seq=%d position=%s", consumer, segment.seq, position)
        services.park(
            consumer,
            seq=segment.seq,
            position=position,
            reason=f"{type(error).__name__}: its effect failed {ATTEMPTS} times.",
            attempts=ATTEMPTS,
            now=self.now(),
        )

    def _find_bad(self, segment: SegmentRow, *, after: int) -> tuple[str, list[int] | None]:
        """For which consumer, and on which items, the segment fails; None: it cannot be read at all.

        Raises: Temporary where a consumer fails with nothing to do as well: then the fault is not in the items.
        """
        try:
            self._prepare(self._begin(), [segment])
        except (*WILL_PASS, Deposed):
            raise
        except Exception:
            return DECODE, None
        for number, consumer in enumerate(in_order()):
            if self._fails(segment, after, range(segment.n), number):
                if self._fails(segment, after, (), number):
                    raise Temporary(f"'{consumer.key}' fails with any interaction; nothing is parked.")
                return consumer.key, self._bisect(segment, after, list(range(segment.n)), number)
        raise Temporary("What failed before succeeds now; it is tried again.")

    def _bisect(self, segment: SegmentRow, after: int, positions: list[int], number: int) -> list[int]:
        """The positions that fail by themselves, or, where they fail only together, all of them."""
        if len(positions) == 1:
            return positions
        middle = len(positions) // 2
        halves = (positions[:middle], positions[middle:])
        failing = [half for half in halves if self._fails(segment, after, half, number)]
        if not failing:
            return positions
        return [place for half in failing for place in self._bisect(segment, after, half, number)]

    def _fails(self, segment: SegmentRow, after: int, positions: Sequence[int], number: int) -> bool:
        """Whether the consumers up to `number` fail on these items of a segment; leaves no trace."""
        run = self._begin()
        self._prepare(run, [segment])
        listed = ", ".join(map(str, [-1, *positions]))
        run.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT * FROM {TABLE} WHERE position IN ({listed}) ORDER BY seq, position"
        )
        batch = self._batch(run, [segment], after, is_trial=True)
        try:
            for consumer in in_order()[: number + 1]:
                consumer.apply(batch)
        except (*WILL_PASS, Deposed):
            raise
        except Exception:
            return True
        finally:
            self._forget()
        return False
