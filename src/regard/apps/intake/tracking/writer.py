"""Commits requests in groups: one thread, one segment and one synced transaction for all that wait."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import md5
from queue import Empty, SimpleQueue

import lz4.frame
from django.db import DatabaseError, connection, transaction

from regard.apps.intake.tracking.reading import REASONS, Taken
from regard.apps.journal import services
from regard.apps.journal.recent import RecentIds
from regard.apps.journal.services import Rejected
from regard.apps.journal.sorted_ids import WIDTH
from regard.kernel.ids import SEPARATOR

logger = logging.getLogger(__name__)

GROUP_ITEMS = 5_000
GROUP_REQUESTS = 512
FORGET_EVERY = timedelta(hours=1)


@dataclass(slots=True)
class Waiting:
    """A request whose answer waits for its commit."""

    taken: Taken
    answer: asyncio.Future[None]


Store = Callable[[bytes, bytes, int, Sequence[Taken]], None]


class GroupWriter(threading.Thread):
    """Takes what requests bring, drops what is known already, and stores the rest; then wakes the requests.

    Args:
        store: writes (body, ids, n, requests) durably in one transaction, or raises.
        recent: the ids known already; only this thread touches it.
    """

    def __init__(self, store: Store, recent: RecentIds, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="group-writer", daemon=True)
        self.store, self.recent, self.loop = store, recent, loop
        self.queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self.n_commits = self.n_stored = self.n_known = self.n_failed = 0
        self._set_aside = RecentIds(keep=recent.keep)
        self._forget_at = datetime.now(UTC) + FORGET_EVERY

    def submit(self, taken: Taken) -> asyncio.Future[None]:
        """Hand over what a request brings. The future is done after its commit, or raises what went wrong."""
        answer: asyncio.Future[None] = self.loop.create_future()
        self.queue.put(Waiting(taken, answer))
        return answer

    def stop(self) -> None:
        """Finish what waits, then end."""
        self.queue.put(None)

    def run(self) -> None:
        open_ = True
        while open_:
            first = self.queue.get()
            group, open_ = self._group(first)
            if group:
                self._answer(group, self._commit(group))

    def _group(self, first: Waiting | None) -> tuple[list[Waiting], bool]:
        group: list[Waiting] = []
        n, waiting = 0, first
        while waiting is not None:
            group.append(waiting)
            n += len(waiting.taken.lines)
            if n >= GROUP_ITEMS or len(group) >= GROUP_REQUESTS:
                return group, True
            try:
                waiting = self.queue.get_nowait()
            except Empty:
                return group, True
        return group, False

    def _commit(self, group: list[Waiting]) -> Exception | None:
        requests = [waiting.taken for waiting in group]
        try:
            lines, ids = self._new(requests)
            requests, bad_ids = self._not_yet_set_aside(requests)
            if lines or bad_ids:
                body = lz4.frame.compress(b"\n".join(lines)) if lines else b""
                self.store(body, ids, len(lines), requests)
                self.recent.add(ids, at=requests[0].received_at)
                self._set_aside.add(bad_ids, at=requests[0].received_at)
        except (
            Exception
        ) as error:  # Whatever it was, every request of the group must be told that nothing was stored.
            self.n_failed += 1
            return error
        self.n_commits += 1
        self.n_stored += len(lines)
        if (now := requests[0].received_at) > self._forget_at:
            for known in (self.recent, self._set_aside):
                known.forget_before(now - known.keep)
            self._forget_at = now + FORGET_EVERY
        return None

    def _new(self, requests: list[Taken]) -> tuple[list[bytes], bytes]:
        """Lines and ids of the group that are new, each id once."""
        each = [one for taken in requests for one in taken.ids]
        lines = [line for taken in requests for line in taken.lines]
        ids = b"".join(each)
        known = self.recent.known(ids)
        if not known.any() and len(set(each)) == len(each):
            return lines, ids
        seen: set[bytes] = set()
        keep = []
        for i, one in enumerate(each):
            if not known[i] and one not in seen:
                seen.add(one)
                keep.append(i)
        self.n_known += len(each) - len(keep)
        return [lines[i] for i in keep], b"".join([ids[i * WIDTH : (i + 1) * WIDTH] for i in keep])

    def _not_yet_set_aside(self, requests: list[Taken]) -> tuple[list[Taken], bytes]:
        """The requests without bad items that were set aside before: a sender that tries again fills no quarantine."""
        if not any(taken.bad for taken in requests):
            return requests, b""
        seen: set[bytes] = set()
        kept = []
        for taken in requests:
            bad = []
            for item in taken.bad:
                one = md5(f"{taken.source}{SEPARATOR}".encode() + item.raw, usedforsecurity=False).digest()
                if one not in seen and not self._set_aside.known(one)[0]:
                    seen.add(one)
                    bad.append(item)
            kept.append(replace(taken, bad=bad))
        return kept, b"".join(seen)

    def _answer(self, group: list[Waiting], error: Exception | None) -> None:
        def wake() -> None:
            for waiting in group:
                if waiting.answer.done():
                    continue  # The sender went away meanwhile.
                if error is None:
                    waiting.answer.set_result(None)
                else:
                    waiting.answer.set_exception(error)

        self.loop.call_soon_threadsafe(wake)


def store_in_journal(body: bytes, ids: bytes, n: int, requests: Sequence[Taken]) -> None:
    """Write one segment, and what is set aside, in one transaction."""
    sources = {taken.source for taken in requests}
    try:
        with transaction.atomic():
            if n:
                services.append_segment(
                    source=sources.pop() if len(sources) == 1 else "",
                    codec="tracking",
                    body=body,
                    ids=ids,
                    n=n,
                    received_at=requests[0].received_at,
                )
            if any(taken.bad for taken in requests):
                services.quarantine(list(_rejected(requests)))
    except DatabaseError:
        connection.close()  # A connection that failed once is not trusted again.
        raise


def _rejected(requests: Sequence[Taken]) -> list[Rejected]:
    return [
        Rejected(
            source=taken.source,
            received_at=taken.received_at,
            reason=bad.reason,
            message=f"{REASONS[bad.reason]} {bad.detail}".strip(),
            raw=bad.raw.decode(errors="replace"),
        )
        for taken in requests
        for bad in taken.bad
    ]
