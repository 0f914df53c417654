"""What one part of the product tells the journal: an interaction before it has an identity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import lz4.frame
import msgspec

from regard.kernel.ids import interaction_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One interaction as its cause knows it; the names are the columns of `incoming`.

    `message_id` must be the same whenever the same thing is recorded again. `amount_minor` is in the smallest unit of
    `currency`; times are aware. At least one of user_id, anonymous_id, email, phone says who it was.
    """

    message_id: str
    kind: str
    occurred_at: datetime
    user_id: str | None = None
    anonymous_id: str | None = None
    email: str | None = None
    phone: str | None = None
    account: str | None = None
    traits: Mapping[str, str] | None = None
    alias_of: str | None = None
    channel: str | None = None
    touchpoint: str | None = None
    metric: str | None = None
    score: float | None = None
    weight: float | None = None
    text: str | None = None
    language: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    duration_seconds: float | None = None
    wait_seconds: float | None = None
    unit: str | None = None
    agent: str | None = None
    thread: str | None = None
    attributes: Mapping[str, Any] | None = None


NAMES = tuple(field.name for field in fields(Fact))


def encode(facts: Sequence[Fact], *, source: str, received_at: datetime) -> tuple[bytes, bytes]:
    """Body and ids of a segment of codec `facts`.

    The body is an lz4 frame of one JSON object a line: `source`, `received_at` and what the fact has, times as
    ISO 8601 with their zone, without the empty ones.
    """
    lines = []
    for fact in facts:
        row: dict[str, Any] = {"source": source, "received_at": received_at}
        row.update((name, value) for name in NAMES if (value := getattr(fact, name)) is not None)
        lines.append(msgspec.json.encode(row))
    ids = b"".join(interaction_id(source, fact.message_id) for fact in facts)
    return lz4.frame.compress(b"\n".join(lines)), ids
