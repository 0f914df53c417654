"""One projector at a time, and none that slept through its successor's election may write."""

from __future__ import annotations

import fcntl
import logging
import os
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any

from django.db import connection, transaction

from regard.apps.journal.models import Position
from regard.kernel.errors import RegardError, Temporary

logger = logging.getLogger(__name__)

TERM = "projector"  # Its position row counts elections instead of segments.
ADVISORY_LOCK = 0x5265_6761_7264  # "Regard"


class Deposed(RegardError):
    """Another projector reads the journal now; this one has to stop and begin anew."""


class NotElected(Temporary):
    """Another process is the projector."""


class Fence:
    """The right to project: held by a lock, proven by the number of the election in every transaction."""

    def __init__(self, lock_path: Path) -> None:
        self.lock_path = lock_path
        self.term = 0
        self._lock: IO[str] | None = None

    @property
    def is_held(self) -> bool:
        """Whether this process was elected and has not given up since."""
        return self.term > 0

    def acquire(self) -> None:
        """Become the projector. Raises: NotElected where another process is."""
        if self.is_held:
            return
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("select pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
                elected = bool(cursor.fetchone()[0])
        else:
            elected = self._lock_file()
        if not elected:
            raise NotElected("Another process is projecting; this one waits for its turn.")
        with transaction.atomic():
            row, _ = Position.objects.select_for_update().get_or_create(
                consumer=TERM, defaults={"seq": 0, "epoch": ""}
            )
            row.seq += 1
            row.save(update_fields=["seq", "updated_at"])
        self.term = row.seq
        logger.info("projector_elected term=%d", self.term)

    def is_current(self) -> bool:
        """Whether nobody was elected since, as far as can be told without a transaction."""
        last = Position.objects.filter(consumer=TERM).values_list("seq", flat=True).first()
        return self.is_held and last == self.term

    def check(self) -> None:
        """See, inside the caller's transaction, that nobody was elected since. Raises: Deposed."""
        rows = Position.objects.filter(consumer=TERM)
        if connection.vendor == "postgresql":
            rows = rows.select_for_update()
        if not self.is_held or rows.values_list("seq", flat=True).first() != self.term:
            raise Deposed("Another projector was elected.")

    def held(self) -> AbstractContextManager[Any]:
        """Within it nobody else can be elected, where the lock alone does not see to that (PostgreSQL)."""
        return transaction.atomic() if connection.vendor == "postgresql" else nullcontext()

    def release(self) -> None:
        """Give the right up, so that another process can be elected."""
        if not self.is_held:
            return
        self.term = 0
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        elif connection.vendor == "postgresql" and connection.connection is not None:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [ADVISORY_LOCK])

    def _lock_file(self) -> bool:
        self.lock_path.parent.mkdir(parents=True, exist_ok=True)
        file = self.lock_path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._lock = file
        return True
