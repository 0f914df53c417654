"""A request of the tracking API as a whole: unpacked and opened, its items still as they were sent.

What is wrong with a request as a whole refuses it; what is wrong with one item sets that item aside (see `reading`).
"""

from __future__ import annotations

import json
import zlib
from typing import Any

import msgspec

CONTEXT_LIMIT = 4 * 1024  # Of a whole batch; it is kept beside each of its items.
REQUEST_LIMIT = 500 * 1024


class Refused(Exception):
    """The request as a whole cannot be taken: HTTP status, code and a sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class Item(msgspec.Struct):
    """What the journal needs to know of an item; all else stays as it was sent."""

    type: str | None = None
    messageId: str | int | None = None
    userId: str | int | float | None = None
    anonymousId: str | int | float | None = None
    event: str | None = None
    groupId: str | int | float | None = None
    previousId: str | int | float | None = None
    timestamp: str | int | float | None = None
    sentAt: str | int | float | None = None
    writeKey: str | None = None


class Named(msgspec.Struct, omit_defaults=True):
    """Something that has a name or a type."""

    name: str | None = None
    type: str | None = None


class Context(msgspec.Struct, omit_defaults=True):
    """What a batch says once for all its items; each item's own context goes before."""

    traits: dict[str, Any] | None = None
    library: Named | None = None
    device: Named | None = None
    userAgent: str | None = None
    locale: str | None = None


class Envelope(msgspec.Struct):
    """A batch: its items stay as they were sent until each is looked at."""

    batch: list[msgspec.Raw]
    context: msgspec.Raw = msgspec.Raw()
    sentAt: str | int | float | None = None
    writeKey: str | None = None


_envelope = msgspec.json.Decoder(Envelope)
_context = msgspec.json.Decoder(Context)
decode_item = msgspec.json.Decoder(Item).decode


def inflate(body: bytes) -> bytes:
    """The content of a gzip body, of which never more than the limit is unpacked.

    Raises: Refused (413 too large, 400 broken).
    """
    stream = zlib.decompressobj(wbits=31)
    try:
        content = stream.decompress(body, REQUEST_LIMIT + 1)
    except zlib.error as error:
        raise Refused(400, "invalid_gzip", f"The body is not gzip: {error}.") from None
    if len(content) > REQUEST_LIMIT:
        raise Refused(413, "too_large", "A request may have at most 500 KB, unpacked.")
    if not stream.eof:
        raise Refused(400, "invalid_gzip", "The gzip body ends before its end.")
    return content


def read_batch(body: bytes) -> Envelope:
    """The envelope of a batch. Raises: Refused where it is no such thing."""
    try:
        return _envelope.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        lenient = _read_leniently(body)
        if lenient is None:
            raise Refused(400, "invalid_request", f"The body is not a batch: {error}") from None
        return lenient


def _read_leniently(body: bytes) -> Envelope | None:
    """A batch of which one item is not quite JSON (NaN, half a character): taken apart so that the others are saved."""
    try:
        given = json.loads(body.decode(errors="surrogateescape"))
        batch = given["batch"]
        items = [msgspec.Raw(json.dumps(item).encode()) for item in batch]
        if not isinstance(batch, list):
            return None
        rest = {name: given[name] for name in ("sentAt", "writeKey") if name in given}
        if "context" in given:
            rest["context"] = msgspec.Raw(json.dumps(given["context"]).encode())
        return msgspec.convert({"batch": items, **rest}, Envelope)
    except (ValueError, TypeError, KeyError, LookupError, RecursionError, msgspec.MsgspecError):
        return None


def read_single(body: bytes) -> Item:
    """The one item of a single call. Raises: Refused where it is no such thing."""
    try:
        return decode_item(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(400, "invalid_request", f"The body is not a call: {error}") from None


def shared_context(raw: bytes) -> bytes:
    """What counts of a batch's own context, as JSON; empty where it says nothing that can be read.

    Raises: Refused where that is too large.
    """
    if raw in (b"", b"null", b"{}"):
        return b""
    try:
        context: bytes = msgspec.json.encode(_context.decode(raw))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return b""  # As with an item's own context, what is of another type is passed over.
    if len(context) > CONTEXT_LIMIT:
        raise Refused(413, "too_large", "The context of a batch may have at most 4 KiB.")
    return b"" if context == b"{}" or b"\\u0000" in context else context
