"""What a browser's key, which everybody can read, may not write."""

from __future__ import annotations

import msgspec

from regard.apps.intake.queries import SourceRow
from regard.apps.intake.tracking.table import find_rule
from regard.kernel.errors import InvalidInput

MONEY = {"order", "invoice", "subscription", "payment_received", "trial"}
SERVICE = {"case", "call"}


class _Properties(msgspec.Struct):
    properties: dict[str, msgspec.Raw] = {}
    userId: str | int | float | None = None
    anonymousId: str | int | float | None = None
    previousId: str | int | float | None = None


_properties = msgspec.json.Decoder(_Properties)


def browser_refusal(source: SourceRow, raw: bytes, kind: str, event: str) -> str:
    """Why a browser may not send this item; empty where it may."""
    try:
        item = _properties.decode(raw)
        rule = find_rule(kind, event, source.mapping)
    except (msgspec.MsgspecError, InvalidInput):
        return "wrong_type_of_field"
    if kind == "alias":
        return "" if item.previousId == item.anonymousId else "browser_join"
    if kind != "track":
        return ""
    noun = rule.kind.partition(".")[0]
    if noun in MONEY or (rule.amount and not item.properties.keys().isdisjoint(rule.amount)):
        return "browser_order"
    if noun in SERVICE:
        return "browser_case"
    return "" if item.properties.keys().isdisjoint((*rule.score, "nps", "csat", "ces")) else "browser_score"
