"""Reads the items of a request of the tracking API into lines for the journal; what cannot be taken is named with its reason.

A line wraps the item exactly as it was sent with what the request knew:
`{"r": received, µs, "s": clock skew, µs, "k": source, "b": 1 if a browser's, "c": context of the whole batch, if any,
"y": type, "m": message id, "e": the item}`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from itertools import repeat
from typing import Annotated

import msgspec
from django.utils.translation import gettext_noop as _kept

from regard.apps.intake.queries import SourceRow
from regard.apps.intake.tracking.browser import browser_refusal
from regard.apps.intake.tracking.requests import Envelope, Item, decode_item, shared_context
from regard.kernel.ids import SEPARATOR

ITEM_LIMIT = 32 * 1024
ID_LIMIT = 300
TYPES = ("track", "identify", "page", "screen", "group", "alias")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

REASONS = {
    "not_an_object": _kept("An item must be a JSON object."),
    "wrong_type_of_field": _kept(
        "A field of the item is of another type than the tracking specification says."
    ),
    "unknown_type": _kept("The item's type must be one of track, identify, page, screen, group, alias."),
    "too_large": _kept("An item may have at most 32 KiB."),
    "no_identity": _kept("An item needs a userId or an anonymousId."),
    "no_event": _kept("A track call needs the name of its event."),
    "no_group": _kept("A group call needs a groupId."),
    "no_previous": _kept("An alias call needs a userId and a previousId."),
    "id_too_long": _kept("An id may have at most 300 characters."),
    "broken_text": _kept(
        "The item is not valid JSON text: broken UTF-8, half a character, a null character or NaN."
    ),
    "browser_order": _kept("A browser's key is public: it may not write orders, payments or subscriptions."),
    "browser_score": _kept("A browser's key is public: it may not write scores."),
    "browser_case": _kept("A browser's key is public: it may not write cases or calls."),
    "browser_join": _kept("A browser's key is public: it may not join two known identities."),
}

Id = Annotated[str, msgspec.Meta(max_length=ID_LIMIT)]


class Short(Item):
    """An item none of whose ids is too long."""

    messageId: Id | int | None = None
    userId: Id | int | float | None = None
    anonymousId: Id | int | float | None = None
    groupId: Id | int | float | None = None
    previousId: Id | int | float | None = None


@dataclass(slots=True)
class Bad:
    """An item for quarantine."""

    reason: str
    raw: bytes
    detail: str = ""


@dataclass(slots=True)
class Taken:
    """What one request brings: lines and ids (16 bytes each) in the same order, and what is set aside."""

    source: str
    received_at: datetime
    lines: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)


_items = msgspec.json.Decoder(list[Short])
_to_json = msgspec.json.Encoder().encode
_anything = msgspec.json.Decoder()


def take_batch(envelope: Envelope, body: bytes, source: SourceRow, now: datetime) -> Taken:
    """Every item of a batch, ready for the journal or for quarantine."""
    taken = Taken(source.key, now)
    shared = shared_context(bytes(envelope.context))
    reader = _Reader(source, now, envelope.sentAt, careful=needs_care(body), taken=taken, shared=shared)
    if reader.careful or source.is_browser or b"\n" in body or b"\r" in body:
        for raw in envelope.batch:
            reader.take(bytes(raw), "", None)
    else:
        reader.take_all(envelope.batch)
    return taken


def take_single(item: Item, body: bytes, kind: str, source: SourceRow, now: datetime) -> Taken:
    """The one item of a call whose type stands in its address."""
    taken = Taken(source.key, now)
    _Reader(source, now, item.sentAt, careful=needs_care(body), taken=taken).take(body, kind, item)
    return taken


def needs_care(body: bytes) -> bool:
    """Whether the text holds what JSON's grammar allows but a store does not: each item is then read in full."""
    # Looking for one character first is ten times as fast as for several, and most texts have none.
    if b"\\" in body and (b"\\u0000" in body or b"\\ud" in body or b"\\uD" in body):
        return True
    if body.isascii():
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return True
    return False


class _Reader:
    """Looks at the items of one request one after another."""

    def __init__(
        self,
        source: SourceRow,
        now: datetime,
        sent_at: object,
        *,
        careful: bool,
        taken: Taken,
        shared: bytes = b"",
    ) -> None:
        self.source = source
        self.careful = careful
        self.lines, self.ids, self.bad = taken.lines, taken.ids, taken.bad
        received = (now - EPOCH) // _MICROSECOND
        browser = ',"b":1' if source.is_browser else ""
        skew = skew_microseconds(sent_at, now)
        start = f'{{"r":{received},"s":{skew},"k":"{source.key}"{browser},'.encode()
        start += b'"c":' + shared + b',"y":"' if shared else b'"y":"'
        self.starts = {kind: start + kind.encode() + b'","m":' for kind in TYPES}
        self.salt = f"{source.key}{SEPARATOR}".encode()

    def take_all(self, batch: list[msgspec.Raw]) -> None:
        """As `take` for each, at half its cost where they are sound, of one line each and from a server."""
        starts, salt, add_id, add_line = self.starts, self.salt, self.ids.append, self.lines.append
        for raw, item in zip(batch, _read_together(batch), strict=True):
            if item is None:
                self.take(bytes(raw), "", None)
                continue
            kind, name = item.type or "", item.messageId
            has_all = item.event if kind == "track" else kind in _NEED_ONLY_WHO
            if (
                has_all
                and (item.userId or item.anonymousId)
                and name
                and isinstance(name, str)
                and len(raw) <= ITEM_LIMIT
            ):
                add_id(md5(salt + name.encode(), usedforsecurity=False).digest())
                add_line(b"".join((starts[kind], _to_json(name), b',"e":', raw, b"}")))
            else:
                self.take(bytes(raw), "", item)

    def take(self, raw: bytes, kind: str, item: Item | None) -> None:
        """Add one item to the lines, or to what is set aside."""
        try:
            if item is None:
                item = decode_item(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            self.bad.append(Bad(why_unreadable(raw), raw, str(error)))
            return
        kind = kind or item.type or ""
        reason = self.reason(raw, kind, item)
        if reason:
            self.bad.append(Bad(reason, raw))
            return
        name = item.messageId
        if name is None or name == "":
            name = made_message_id(raw, item)
        elif not isinstance(name, str):
            name = str(name)
        if b"\n" in raw or b"\r" in raw:
            raw = raw.replace(b"\n", b" ").replace(b"\r", b" ")
        self.ids.append(md5(self.salt + name.encode(), usedforsecurity=False).digest())
        self.lines.append(b"".join((self.starts[kind], _to_json(name), b',"e":', raw, b"}")))

    def reason(self, raw: bytes, kind: str, item: Item) -> str:
        """Why the item cannot be taken; empty where it can."""
        if len(raw) > ITEM_LIMIT:
            return "too_large"
        if kind not in self.starts:
            return "unknown_type"
        if self.careful and not _is_text(raw):
            return "broken_text"
        who = item.userId if item.userId not in (None, "") else item.anonymousId
        if kind == "alias":
            if item.previousId in (None, "") or who in (None, ""):
                return "no_previous"
        elif who in (None, ""):
            return "no_identity"
        if kind == "track" and not item.event:
            return "no_event"
        if kind == "group" and item.groupId in (None, ""):
            return "no_group"
        for value in (item.messageId, item.userId, item.anonymousId, item.previousId, item.groupId):
            if isinstance(value, str) and len(value) > ID_LIMIT:
                return "id_too_long"
        return browser_refusal(self.source, raw, kind, item.event or "") if self.source.is_browser else ""


_MICROSECOND = datetime.resolution
_NEED_ONLY_WHO = frozenset({"identify", "page", "screen"})


def _read_together(batch: list[msgspec.Raw]) -> Iterable[Item | None]:
    """The items of a batch, read at once; nothing for each where one of them is no item or has too long an id."""
    try:
        items = _items.decode(b"[%b]" % b",".join(batch))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return repeat(None, len(batch))
    return items


def skew_microseconds(sent_at: object, now: datetime) -> int:
    """How far the sender's clock is behind ours, by the moment at which it says that it sent; 0 where it does not.

    >>> skew_microseconds("2026-03-01T10:00:00.000Z", datetime(2026, 3, 1, 11, tzinfo=UTC))
    3600000000
    """
    if not isinstance(sent_at, str):
        return 0
    try:
        moment = datetime.fromisoformat(sent_at)
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (now - moment) // _MICROSECOND


def made_message_id(raw: bytes, item: Item) -> str:
    """An id for an item that came without. With a time of its own the same bytes sent again are the same item."""
    if item.timestamp is None:
        return f"made-{uuid.uuid4()}"
    return f"made-{md5(raw, usedforsecurity=False).hexdigest()}"


def why_unreadable(raw: bytes) -> str:
    """The reason for an item that is no item at all."""
    if not _is_text(raw):
        return "broken_text"
    return "wrong_type_of_field" if raw.lstrip()[:1] == b"{" else "not_an_object"


def _is_text(raw: bytes) -> bool:
    """Whether the item can be read in full and holds no null character or half a character pair."""
    if b"\\u0000" in raw:
        return False
    try:
        raw.decode()
        msgspec.json.encode(_anything.decode(raw))
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return False
    return True
