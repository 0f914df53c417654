"""An item that was set aside comes back, corrected by a person, as a new interaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import lz4.frame
from django.db import transaction
from django.utils.translation import gettext_noop as _kept

from regard.apps.journal import services
from regard.apps.journal.queries import QuarantineRow
from regard.apps.journal.ways_back import WAYS_BACK, WayBack
from regard.kernel.errors import InvalidInput
from regard.kernel.ids import interaction_id

CALLS = ("track", "identify", "page", "screen", "group", "alias")


def is_item(row: QuarantineRow) -> bool:
    """Whether it came by the tracking API or from a part of Regard, not from a file."""
    return not row.file and row.raw.lstrip().startswith("{")


def bring_back(row: QuarantineRow, corrected: str, *, now: datetime) -> None:
    """Put the corrected item into the journal, once, under an id of its own; the projector checks it as any other.

    Raises: InvalidInput where the text is no JSON object, or the item was dealt with meanwhile.
    """
    try:
        item = json.loads(corrected)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            _kept("This is no JSON: look at line %(line)s, character %(column)s."),
            line=error.lineno,
            column=error.colno,
        ) from None
    if not isinstance(item, dict):
        raise InvalidInput(_kept("One item is one JSON object."))
    codec, line, message_id, source = _line(row, item)
    body = lz4.frame.compress(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode())
    with transaction.atomic():
        if not services.mark_replayed(row.id, replayed_as=interaction_id(source, message_id).hex()):
            raise InvalidInput(_kept("This item is no longer open."))
        services.append_segment(
            source=source,
            codec=codec,
            body=body,
            ids=interaction_id(source, message_id),
            n=1,
            received_at=now,
        )


def _line(row: QuarantineRow, item: dict[str, Any]) -> tuple[str, dict[str, Any], str, str]:
    """Codec, line, message id and source of the item that comes back, received when it first was."""
    source, skew = row.source, 0
    if "e" in item and "y" in item:
        source, call, inner = str(item.get("k") or source), str(item["y"]), item["e"]
        old = str(item.get("m") or "")
        skew = item["s"] if type(item.get("s")) is int else 0
    elif "kind" in item and "occurred_at" in item:
        source = str(item.get("source") or source)
        message_id = _new_id(str(item.get("message_id") or ""), row)
        received_at = row.received_at.isoformat()
        line = {**item, "source": source, "message_id": message_id, "received_at": received_at}
        return "facts", line, message_id, source
    else:
        call, inner, old = str(item.get("type") or "track"), item, str(item.get("messageId") or "")
    if call not in CALLS or not isinstance(inner, dict):
        raise InvalidInput(_kept("The type of a call is one of %(known)s."), known=", ".join(CALLS))
    message_id = _new_id(old, row)
    microseconds = (row.received_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return (
        "tracking",
        {"r": microseconds, "s": skew, "k": source, "y": call, "m": message_id, "e": inner},
        message_id,
        source,
    )


def _new_id(old: str, row: QuarantineRow) -> str:
    """A sender's retry has the same `old` id as the first try: both corrected are one interaction."""
    return f"{old}:corrected" if old else f"item:corrected-{row.id}"


def _bring_item_back(row: QuarantineRow, changes: Mapping[str, str], now: datetime) -> None:
    bring_back(row, changes.get("", row.raw), now=now)


item = WAYS_BACK.register(WayBack("item", is_item, lambda _row: None, _bring_item_back))
