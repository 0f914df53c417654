"""Live streams: an open page is told "unit U, kind K changed at position N" and fetches its parts anew.

Answered beside Django, as a waiting thread for each open page would cost a thousand threads. A stream says nothing
that is worth hiding beyond that something happened in a unit that its reader sees; the page asks for the rest by its
ordinary, checked address.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.contrib.auth.signals import user_logged_out
from django.db import close_old_connections, connections

from regard.apps.intake.tracking.app import Receive, Scope, Send
from regard.apps.journal.announcements import Announced, last_announced, list_announced
from regard.server.admission import Admitted, admit

logger = logging.getLogger(__name__)

ADDRESS = "/live/"
LOOK_SECONDS = 0.1
AT_MOST_EVERY = 1.0
STILL_HERE_SECONDS = 20.0
ADMIT_AGAIN_SECONDS = 30.0
MOST_STREAMS = 5000
MOST_OF_ONE_SESSION = 20
MOST_TOLD = 20
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

Place = tuple[str, str]


@dataclass(slots=True, eq=False)
class Stream:
    """One open page."""

    send: Send
    admitted: Admitted
    task: asyncio.Task[Any]
    admitted_at: float
    told_at: float = 0.0
    sent_at: float = 0.0
    number: int = 0
    position: int = 0
    waiting: dict[Place, None] = field(default_factory=dict)
    is_sending: bool = False

    def note(self, announced: Announced) -> None:
        """Keep what of an announcement this reader may know and asked for."""
        places = [
            (unit, kind)
            for unit, kinds in announced.said.items()
            if self.admitted.sight.sees_unit(unit or None)
            for kind, identities in kinds.items()
            if self.admitted.wants(identities)
        ]
        if places:
            self.number, self.position = announced.id, announced.position
            self.waiting.update(dict.fromkeys(places))


class Live:
    """The streams of this process, told of what any process's projector brought into the log."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        # Set by whoever runs the server: open streams would keep it from ending.
        self.is_stopping: Callable[[], bool] = lambda: False
        self._seen = 0
        # One thread, so that a thousand streams cost one connection to the store.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._ticking: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        """Begin to look."""
        self._loop = asyncio.get_running_loop()
        user_logged_out.connect(self._signed_out)
        self._ticking = asyncio.create_task(self._tick_for_ever())

    async def stop(self) -> None:
        """End all streams."""
        user_logged_out.disconnect(self._signed_out)
        if self._ticking is not None:
            self._ticking.cancel()
        self.end(self.streams)
        self._thread.submit(connections.close_all)
        self._thread.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _refuse(send, 405)
            return
        admitted = await self._in_thread(
            admit, _cookie(scope), scope.get("query_string", b"").decode("latin-1")
        )
        if isinstance(admitted, int):
            await _refuse(send, admitted)
            return
        mine = [one for one in self.streams if one.admitted.session == admitted.session]
        if len(self.streams) >= MOST_STREAMS or len(mine) >= MOST_OF_ONE_SESSION:
            await _refuse(send, 503)
            return
        task = asyncio.current_task()
        assert task is not None
        stream = Stream(send, admitted, task, admitted_at=time.monotonic(), sent_at=time.monotonic())
        await self._run(stream, receive)

    async def _run(self, stream: Stream, receive: Receive) -> None:
        await stream.send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        try:
            number, age = await self._in_thread(last_announced, datetime.now(UTC))
            if not self.streams:
                self._seen = number
            self.streams.add(stream)
            # The page compares the age with its own: what came between its making and now is not lost on it.
            told = msgspec.json.encode({"seconds_ago": age})
            await _write(stream, b"retry: 3000\nevent: here\nid: %d\ndata: %s\n\n" % (number, told))
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            # Ended by us: the reader signed out, may no longer see anything, or the server stops.
            await stream.send({"type": "http.response.body", "body": b"event: over\ndata:\n\n"})
        finally:
            self.streams.discard(stream)

    def end(self, streams: Iterable[Stream]) -> None:
        """Close these streams; their pages ask again and are admitted or not."""
        for stream in list(streams):
            stream.task.cancel()

    def _signed_out(self, request: Any, **_: Any) -> None:
        """Called in the thread of a page, before the session is gone."""
        session = getattr(request.session, "session_key", None)
        if self._loop is not None and session:
            self._loop.call_soon_threadsafe(self._end_session, session)

    def _end_session(self, session: str) -> None:
        self.end([one for one in self.streams if one.admitted.session == session])

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self.is_stopping():
                self.end(self.streams)
            elif self.streams:
                try:
                    await self._tick()
                except Exception as error:
                    logger.warning("live.look_failed error=%s", type(error).__name__, exc_info=error)

    async def _tick(self) -> None:
        for announced in await self._in_thread(list_announced, self._seen):
            self._seen = announced.id
            for stream in self.streams:
                stream.note(announced)
        now = time.monotonic()
        for stream in self.streams:
            if stream.is_sending:
                continue
            if stream.waiting and now - stream.told_at >= AT_MOST_EVERY:
                stream.told_at = now
                self._send(stream, _changed(stream))
            elif now - stream.sent_at >= STILL_HERE_SECONDS:
                self._send(stream, b": still here\n\n")
        await self._admit_again(now)

    async def _admit_again(self, now: float) -> None:
        """Look again at those admitted longest ago: a few with every tick, everyone within the half minute."""
        due = [one for one in self.streams if now - one.admitted_at >= ADMIT_AGAIN_SECONDS]
        share = 1 + int(len(self.streams) * 2 * LOOK_SECONDS / ADMIT_AGAIN_SECONDS)
        for stream in sorted(due, key=lambda one: one.admitted_at)[:share]:
            stream.admitted_at = now
            admitted = await self._in_thread(admit, stream.admitted.cookie, stream.admitted.query)
            if isinstance(admitted, int):
                self.end([stream])
            else:
                stream.admitted = admitted

    def _send(self, stream: Stream, message: bytes) -> None:
        # In a task of its own: a reader who is slow to take it holds nobody up.
        stream.is_sending = True
        asyncio.ensure_future(_write(stream, message))  # noqa: RUF006  The stream outlives it or it fails alone.

    async def _in_thread(self, function: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _fresh, function, *given)


def _fresh(function: Callable[..., Any], *given: Any) -> Any:
    close_old_connections()
    return function(*given)


def _changed(stream: Stream) -> bytes:
    told = {"position": stream.position, "changed": list(stream.waiting)[:MOST_TOLD]}
    stream.waiting.clear()
    return b"event: changed\nid: %d\ndata: %s\n\n" % (stream.number, msgspec.json.encode(told))


async def _write(stream: Stream, message: bytes) -> None:
    try:
        await stream.send({"type": "http.response.body", "body": message, "more_body": True})
        stream.sent_at = time.monotonic()
    finally:
        stream.is_sending = False


def _cookie(scope: Scope) -> str:
    return "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
