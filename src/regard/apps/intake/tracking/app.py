"""The tracking API as a raw ASGI callable, in front of everything else: this path is hot.

It answers 200 only after the commit. What it cannot take as a whole it refuses with a code and a sentence.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from regard.apps.intake.queries import SourceRow
from regard.apps.intake.tracking import reading, requests
from regard.apps.intake.tracking.reading import Taken
from regard.apps.intake.tracking.requests import REQUEST_LIMIT, Refused
from regard.apps.intake.tracking.senders import Senders

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Submit = Callable[[Taken], Awaitable[None]]

BATCH = "batch"
CALLS = {
    **{f"/v1/{kind}": kind for kind in reading.TYPES},
    **{f"/v1/{kind[0]}": kind for kind in reading.TYPES},
    "/v1/batch": BATCH,
    "/v1/b": BATCH,
    "/v1/import": BATCH,
}
ORIGIN = (b"access-control-allow-origin", b"*")
JSON = (b"content-type", b"application/json")
DONE = b'{"success":true}'
DONE_HEADERS = [JSON, ORIGIN, (b"content-length", str(len(DONE)).encode())]
PREFLIGHT = [
    ORIGIN,
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]


class Tracking:
    """Answers `/v1/*`.

    Args:
        submit: takes what a request brings; done when it is durable.
        senders: who may send.
        overload: seconds that senders should wait because too much waits already; 0 where all is well.
    """

    def __init__(self, submit: Submit, senders: Senders, overload: Callable[[], float]) -> None:
        self.submit, self.senders, self.overload = submit, senders, overload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "OPTIONS":
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
            return
        try:
            await self._take(scope, receive)
        except Refused as refused:
            await answer_error(send, refused.status, refused.code, refused.message)
        except RetryLater as later:
            await answer_error(send, later.status, later.code, later.message, later.seconds)
        else:
            await send({"type": "http.response.start", "status": 200, "headers": DONE_HEADERS})
            await send({"type": "http.response.body", "body": DONE})

    async def _take(self, scope: Scope, receive: Receive) -> None:
        kind = CALLS.get(scope["path"].rstrip("/"))
        if kind is None:
            raise Refused(
                404, "unknown_address", f"There is no {scope['path']}. Known: {', '.join(sorted(CALLS))}."
            )
        if scope["method"] != "POST":
            raise Refused(405, "method_not_allowed", "Send a POST request.")
        authorization, encoding = _headers(scope["headers"])
        body = await read_body(receive)
        if encoding == b"gzip":
            body = requests.inflate(body)
        elif encoding not in (b"", b"identity"):
            raise Refused(400, "unknown_encoding", "The body may be plain or gzip.")
        now = datetime.now(UTC)
        if kind == BATCH:
            envelope = requests.read_batch(body)
            source = await self._source(authorization, envelope.writeKey)
            self._check_load(source, len(envelope.batch))
            taken = reading.take_batch(envelope, body, source, now)
        else:
            item = requests.read_single(body)
            source = await self._source(authorization, item.writeKey)
            self._check_load(source, 1)
            taken = reading.take_single(item, body, kind, source, now)
        if taken.lines or taken.bad:
            await self._store(taken)
        if kind != BATCH and taken.bad:
            bad = taken.bad[0]
            raise Refused(413 if bad.reason == "too_large" else 400, bad.reason, reading.REASONS[bad.reason])

    async def _source(self, authorization: bytes, key: str | None) -> SourceRow:
        source = self._known(authorization, key)
        if source is None and self.senders.clock() - self.senders.read_at > 0.2:
            await asyncio.to_thread(self.senders.refresh)  # It may have been added a moment ago.
            source = self._known(authorization, key)
        if source is None:
            raise Refused(401, "unknown_write_key", "This write key is not known. See `regard source add`.")
        return source

    def _known(self, authorization: bytes, key: str | None) -> SourceRow | None:
        source = self.senders.by_header(authorization) if authorization else None
        return source if source is not None or key is None else self.senders.by_key(key)

    def _check_load(self, source: SourceRow, n: int) -> None:
        waited = self.overload()
        if waited:
            raise RetryLater(429, "overloaded", "Too much waits to be worked through.", waited)
        waited = self.senders.wait_seconds(source, n)
        if waited:
            raise RetryLater(429, "rate_limited", f"{source.key} sends more than its limit.", waited)

    async def _store(self, taken: Taken) -> None:
        try:
            await self.submit(taken)
        except Exception as error:  # Nothing was stored, and the sender must know, whatever the reason was.
            logger.warning(
                "tracking.not_stored source=%s error=%s", taken.source, type(error).__name__, exc_info=error
            )
            raise RetryLater(503, "not_stored", "Nothing was stored. Send it again later.", 5) from error


class RetryLater(Exception):
    """Not now: HTTP status, code, a sentence and how many seconds to wait."""

    def __init__(self, status: int, code: str, message: str, seconds: float) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.seconds = status, code, message, seconds


async def read_body(receive: Receive) -> bytes:
    """The request's body. Raises: Refused where it is larger than a request may be, or its sender went away."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body") and len(body) <= REQUEST_LIMIT and message["type"] == "http.request":
        return body
    parts, size = [body], len(body)
    while message["type"] == "http.request" and message.get("more_body") and size <= REQUEST_LIMIT:
        message = await receive()
        part: bytes = message.get("body", b"")
        parts.append(part)
        size += len(part)
    if message["type"] != "http.request":
        raise Refused(400, "incomplete", "The request ended before its body.")
    if size > REQUEST_LIMIT:
        raise Refused(413, "too_large", "A request may have at most 500 KB.")
    return b"".join(parts)


async def answer_error(send: Send, status: int, code: str, message: str, seconds: float = 0) -> None:
    """Answer with a code, a sentence and, where asked to wait, for how long."""
    body = msgspec.json.encode({"success": False, "code": code, "message": message})
    headers = [JSON, ORIGIN, (b"content-length", str(len(body)).encode())]
    if seconds:
        headers.append((b"retry-after", str(max(1, math.ceil(seconds))).encode()))
    if status == 401:
        headers.append((b"www-authenticate", b'Basic realm="write key"'))
    if status == 405:
        headers.append((b"allow", b"POST, OPTIONS"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _headers(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """Authorisation and content encoding."""
    authorization = encoding = b""
    for name, value in headers:
        if name == b"authorization":
            authorization = value
        elif name == b"content-encoding":
            encoding = value.strip().lower()
    return authorization, encoding
