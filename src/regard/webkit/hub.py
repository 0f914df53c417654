"""The warehouse as pages read it: one connection of this process, moved on when the log has, and answers kept by version."""

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


def _is_long(answer: object) -> bool:
    """Whether an answer is columns or rows too many to be kept."""
    if isinstance(answer, dict):
        return any(isinstance(column, Sized) and len(column) > MOST_ROWS for column in answer.values())
    return isinstance(answer, list) and len(answer) > MOST_ROWS


_hubs: dict[str, Hub] = {}
_making = threading.Lock()


def hub() -> Hub:
    """The hub of this process over this installation's warehouse."""
    installation = settings.REGARD
    with _making:
        if installation.warehouse_url not in _hubs:
            _hubs[installation.warehouse_url] = Hub(
                installation.warehouse_url,
                memory_limit=installation.memory_limit,
                threads=installation.threads,
            )
        return _hubs[installation.warehouse_url]
