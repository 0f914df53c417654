"""The projector: reads the journal in commit order and hands it to the consumers, batch by batch, exactly once.

A batch whose effect fails is tried again, then split until the bad item is found; that one is parked and shown, and the
rest goes on. What will pass by itself (a full disk, a store that is busy) is waited for and never parked.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import close_old_connections

from regard.apps.journal.errands import ERRANDS, Turn
from regard.apps.journal.projection import appending  # noqa: F401  (registers the consumer)
from regard.apps.journal.projection.fence import Deposed, Fence, NotElected
from regard.apps.journal.projection.parking import ATTEMPTS, WILL_PASS, Parking
from regard.apps.journal.projection.preparing import is_decided
from regard.apps.journal.projection.run import Run
from regard.apps.journal.recent import KEEP
from regard.apps.journal.segments import SegmentRow, list_segments_after
from regard.kernel.errors import Temporary
from regard.warehouse.keeper import Keeper

logger = logging.getLogger(__name__)

# Up to 122,880 rows one thread does it, which keeps their order; beyond, they are sorted.
MOST_ITEMS = 120_000
MOST_BYTES = 24_000_000  # Compressed; about four times that when read.
MOST_SEGMENTS = 5_000
LONGEST_WAIT = 30.0
IDLE_SECONDS = 0.1
ELECTION_SECONDS = 2.0
MAINTAIN_AFTER = 12  # batches: as many files as are worth joining, and no more work at once than that
MAINTAIN_IDLE = timedelta(minutes=10)


class Projector:
    """One reader of the journal. Only one of all processes is elected; the others wait for their turn.

    Args:
        now: gives the present moment.
    """

    def __init__(self, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.fence = Fence(settings.REGARD.projector_lock)
        self._run: Run | None = None
        self._failures: dict[int, int] = {}
        self._since_maintained = 0
        self._maintained_at = now()
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="maintaining")
        self._maintaining: Future[None] | None = None
        self._keeper: Keeper | None = None

    def run_once(self) -> int:
        """Project one batch; returns how many segments it had, 0 where nothing waits.

        Raises: NotElected; Deposed; Temporary where it has to be tried again later.
        """
        self.fence.acquire()
        try:
            if not self.fence.is_current():
                raise Deposed("Another projector was elected.")
            self._run_errands()
            segments = self._next_segments()
            if segments:
                self._project(segments)
        except Deposed:
            self.stop()
            raise
        except Exception:
            self.forget()
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
            if n == 0 and not any(errand.is_due(self.now()) for errand in ERRANDS):
                return total

    def run_forever(self, stop: threading.Event) -> None:
        """Project whatever comes until `stop` is set."""
        wait = 0.0
        while not stop.wait(wait):
            wait = self._turn(wait)
        if self._keeper is not None:
            self._keeper.stop()
        self._beside.shutdown()
        self.stop()

    def position(self) -> int:
        """The last segment that every consumer has passed."""
        return min(self.begin().places())

    def stop(self) -> None:
        """Give up the right to project and everything in memory."""
        self.forget()
        self.fence.release()

    def maintain(self) -> None:
        """Compact and sort the log's files here and now, with the right to project."""
        run = self.begin()
        with self.fence.held():
            self.fence.check()
            run.log.maintain(self.now())
        self._note_maintained(run)

    def _maintain_beside(self) -> None:
        """The same in a process beside, unless the last time is not over: where both write, maintaining gives way."""
        run = self.begin()
        if self._maintaining is None or self._maintaining.done():
            self._keeper = self._keeper or Keeper(run.log.url)
            self._maintaining = self._beside.submit(_maintain, self._keeper, self.now())
        self._note_maintained(run)

    def _note_maintained(self, run: Run) -> None:
        if run.recent is not None:
            run.recent.forget_before(self.now() - KEEP)
        self._since_maintained, self._maintained_at = 0, self.now()

    def finish_errands(self) -> None:
        """Do all errands that are due, without reading the journal on. Raises: NotElected."""
        self.fence.acquire()
        while self._run_errands():
            pass

    def _run_errands(self) -> bool:
        """Do a piece of each errand that is due; returns whether there was one."""
        due = [errand for errand in ERRANDS if errand.is_due(self.now())]
        if due and self._run is not None:
            self._run.ahead.drop()  # Errands change what it was decoded from.
        for errand in due:
            turn = Turn(self.begin().log, self.fence, self.now())
            errand.run(turn)
            if turn.is_memory_stale:
                self.forget()
        return bool(due)

    def _turn(self, before: float) -> float:
        """One round; returns how long to wait before the next."""
        try:
            close_old_connections()
            n = self.run_once()
            idle = not n and self._since_maintained > 0 and self.now() - self._maintained_at > MAINTAIN_IDLE
            if self._since_maintained >= MAINTAIN_AFTER or idle:
                self._maintain_beside()
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
            self.forget()
            return min(max(1.0, before * 2), LONGEST_WAIT)

    def begin(self) -> Run:
        """What this projector holds in memory, made where it is missing."""
        if self._run is None:
            self._run = Run.begin(self.fence)
        return self._run

    def forget(self) -> None:
        """Drop what is in memory: after a failure only the stores say what is true."""
        if self._run is not None:
            self._run.close()
            self._run = None

    def apply(self, segments: Sequence[SegmentRow]) -> None:
        """Give the segments to every consumer that has not passed them."""
        self.begin().apply(segments, now=self.now())
        self._since_maintained += 1

    def _next_segments(self) -> list[SegmentRow]:
        """The segments of the next batch; it ends where some consumer stands already."""
        run = self.begin()
        if run.ahead.segments:
            return run.ahead.segments
        places = run.places()
        found = _list_after(min(places))
        border = min((place for place in places if found and place >= found[0].seq), default=None)
        return _first_batch([one for one in found if border is None or one.seq <= border])

    def _project(self, segments: Sequence[SegmentRow]) -> None:
        first, last = segments[0].seq, segments[-1].seq
        try:
            following = partial(_first_batch_after, last)
            self.begin().apply(segments, now=self.now(), following=following)
            self._since_maintained += 1
            self._failures.pop(first, None)
        except (*WILL_PASS, Deposed):
            raise
        except Exception as error:
            self._failures[first] = self._failures.get(first, 0) + 1
            logger.exception("batch_failed first=%d last=%d", first, last)
            if self._failures[first] < ATTEMPTS:
                raise Temporary(f"A batch from segment {first} on failed and is tried again.") from error
            self.forget()
            Parking(self).split(segments, error=error)
            self._failures.pop(first, None)


def _maintain(keeper: Keeper, now: datetime) -> None:
    try:
        keeper.maintain(now)
    except Exception:
        logger.exception("maintenance_failed")  # The files stay as they are until the next time.


def _list_after(seq: int) -> list[SegmentRow]:
    return list_segments_after(seq, limit_bytes=MOST_BYTES, limit=MOST_SEGMENTS)


def _first_batch_after(seq: int) -> list[SegmentRow]:
    """What follows when all consumers have passed `seq`."""
    return _first_batch(_list_after(seq))


def _first_batch(found: Sequence[SegmentRow]) -> list[SegmentRow]:
    """The first of the segments: all decided or none, and not too many items."""
    segments: list[SegmentRow] = []
    n = 0
    for segment in found:
        n += segment.n
        if segments and (n > MOST_ITEMS or is_decided([segment]) != is_decided(segments)):
            break
        segments.append(segment)
    return segments
