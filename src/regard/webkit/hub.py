"""The warehouse as pages read it: one connection of this process, moved on when the log has, and answers kept by version.

Homes over a long log are made of the state over which they were last counted, so that nobody waits while things arrive.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.conf import settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from regard.warehouse.counted import Counted
    from regard.warehouse.engines.counting import Counting

Answer = TypeVar("Answer")
MAX_ANSWERS = 5000
MOST_ROWS = 10_000
OPEN_EVERY_SECONDS = 1.0


class Hub:
    """Reads one warehouse. Threads share it; each question gets a cursor of its own.

    Args:
        url: where the warehouse's tables are.
        memory_limit, threads: how much of the machine questions may take.
    """

    def __init__(self, url: str, *, memory_limit: str, threads: int) -> None:
        self.url = url
        self._memory_limit = memory_limit
        self._threads = threads
        self._lock = threading.Lock()
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._asking: dict[Hashable, threading.Lock] = {}
        self._seen: Hashable = None
        self._entries: Hashable = None
        self._changed_at: datetime | None = None

    @cached_property
    def _log(self) -> Any:
        from regard.warehouse.log import Log

        return Log.open(self.url)

    @cached_property
    def _connection(self) -> DuckDBPyConnection:
        from regard.warehouse.engines.duckdb import connect

        return connect(self._log, memory_limit=self._memory_limit, threads=self._threads)

    def refresh(self) -> Hashable:
        """Move on to the newest state of the log. Returns: the version that answers are kept under.

        Where nothing was written since, the tables are not opened; on object storage they are at most once a second.
        """
        from regard.warehouse.engines import duckdb

        with self._lock:
            entries = self._log.newest_entries() or int(time.monotonic() / OPEN_EVERY_SECONDS)
            if entries == self._entries:
                return self._seen
            duckdb.refresh(self._connection, self._log)
            version = tuple(sorted(self._log.versions().items()))
            if version != self._seen:
                self._answers.clear()
                self._seen = version
            self._entries = entries
            self._changed_at = self._log.changed_at()
            return version

    def cursor(self) -> DuckDBPyConnection:
        """A connection for one thread, over the state that `refresh` reached. Close it when done."""
        return self._connection.cursor()

    def counting(self) -> Counting:
        """A cursor that looks among the kept counts first, and keeps what it counted. Close it when done."""
        from regard.warehouse.engines.counting import Counting

        return Counting(self.cursor(), self._log.counts)

    def looked_at(self, now: datetime) -> datetime:
        """The moment of looking that serves everybody: the same within an hour for as long as the log stays as it is.

        Nothing that happened until now is missing from it, as it came in before the log last moved.
        """
        hour = now.replace(minute=0, second=0, microsecond=0)
        return now if self._changed_at is None else min(now, max(hour, self._changed_at))

    def counted(self) -> Counted | None:
        """The state over which the worker last counted the homes; None where it has not."""
        from regard.warehouse.counted import read_counted

        return read_counted(self._log.counts.folder)

    def note_counted(self, *, since: Hashable, at: datetime) -> bool:
        """Tell all processes that the homes of a long log are counted over the state `since`, unless it moved on meanwhile.

        Args:
            at: when counting began.

        Returns: whether it was told.
        """
        from regard.warehouse.counted import Counted, note_counted
        from regard.warehouse.engines.duckdb import stands_on

        with self._lock:
            if self._seen != since:
                return False
            snapshot = stands_on(self._connection)
        counts = self._log.counts
        return counts.is_long(snapshot.files) and note_counted(
            counts.folder, Counted(snapshot, at, self.looked_at(at))
        )

    def remember(self, key: Hashable, ask: Callable[[], Answer]) -> Answer:
        """The answer to `ask`, asked once per state of the log; who asks the same meanwhile waits for it."""
        with self._lock:
            full_key = (self._seen, key)
            if full_key in self._answers:
                return cast(Answer, self._answers[full_key])
            asking = self._asking.setdefault(full_key, threading.Lock())
        with asking:
            with self._lock:
                if full_key in self._answers:
                    return cast(Answer, self._answers[full_key])
            try:
                answer = ask()
                self._keep(full_key, answer)
            finally:
                with self._lock:
                    self._asking.pop(full_key, None)
        return answer

    def _keep(self, key: Hashable, answer: Any) -> None:
        if _is_long(answer):
            return
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > MAX_ANSWERS:
                self._answers.popitem(last=False)


class HubBefore(Hub):
    """The warehouse as it stood when the homes were last counted."""

    def go_back(self, counted: Counted) -> None:
        """Stand on that state, with what was answered over it."""
        from regard.warehouse.engines.duckdb import go_back

        version = (tuple(sorted(counted.snapshot.versions.items())), counted.looked_at)
        with self._lock:
            if version != self._seen:
                go_back(self._connection, counted.snapshot)
                self._answers.clear()
                self._seen, self._changed_at = version, counted.looked_at

    def looked_at(self, now: datetime) -> datetime:
        """The moment of looking that the counts have."""
        return super().looked_at(now) if self._changed_at is None else self._changed_at


def _is_long(answer: object) -> bool:
    """Whether an answer is columns or rows too many to be kept."""
    if isinstance(answer, dict):
        return any(isinstance(column, Sized) and len(column) > MOST_ROWS for column in answer.values())
    return isinstance(answer, list) and len(answer) > MOST_ROWS


Kind = TypeVar("Kind", bound=Hub)
_hubs: dict[tuple[type[Hub], str], Hub] = {}
_making = threading.Lock()


def hub() -> Hub:
    """The hub of this process over this installation's warehouse."""
    return _hub(Hub)


def hub_of_homes(now: datetime) -> tuple[Hub, datetime]:
    """The hub that homes are made of, standing on the state to show, and when that was looked at.

    It is the newest state, and of a long log the one that was last counted.
    """
    newest = hub()
    counted = newest.counted()
    if counted is None or not counted.is_of_use(now):
        newest.refresh()
        return newest, now
    before = _hub(HubBefore)
    before.go_back(counted)
    return before, counted.at


def _hub(kind: type[Kind]) -> Kind:
    installation = settings.REGARD
    with _making:
        key = (kind, installation.warehouse_url)
        if key not in _hubs:
            _hubs[key] = kind(
                installation.warehouse_url,
                memory_limit=installation.memory_limit,
                threads=installation.threads,
            )
        return cast(Kind, _hubs[key])
