"""The first rows of a file as they will be, and why some of them will be refused, as its page shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from regard.apps.intake.importing.previews import Preview, Refused
from regard.apps.intake.web.importing_words import problem_sentence, unreadable_sentence
from regard.apps.journal.words import reason_title, sentence_of
from regard.apps.organisation.queries import get_settings
from regard.warehouse.files.rows import sentence
from regard.warehouse.files.unreadable import code_of
from regard.webkit import formats
from regard.webkit.words import channel_of, touchpoint_of

SHOWN_TEXT = 120


def tell_preview(preview: Preview) -> dict[str, object]:
    """The first rows as they will be, and why some of them will be refused, as the page shows it."""
    zone = ZoneInfo(get_settings().zone)
    rows = [_row(one, zone) for one in preview.rows]
    shown = ("who", "metric", "amount", "text", "where", "attributes")
    return {
        "rows": rows,
        "has": {name for name in shown if any(row[name] for row in rows)},
        "n_read": formats.number(preview.n_read),
        "n": preview.n_interactions,
        "n_told": formats.number(preview.n_interactions),
        "n_refused": preview.n_refused,
        "n_refused_told": formats.number(preview.n_refused),
        "refused": [_refused(one) for one in preview.refused],
        "problem": problem_sentence(preview.problem),
        "can_start": not preview.problem and preview.n_interactions > 0,
    }


def _row(one: Mapping[str, object], zone: ZoneInfo) -> dict[str, object]:
    """One of the first rows, as it will be."""
    at, amount, currency = one["occurred_at"], one["amount_minor"], one["currency"]
    places = (
        channel_of(str(one["channel"])) if one["channel"] else "",
        touchpoint_of(str(one["touchpoint"])) if one["touchpoint"] else "",
        one["unit"] or "",
    )
    has_amount = amount is not None and currency
    return {
        "when": formats.moment(at, zone) if isinstance(at, datetime) else "",
        "kind": one["kind"],
        "who": one["user_id"] or one["email"] or one["phone"] or one["anonymous_id"] or "",
        "metric": one["metric"] or "",
        "score": _plain(one["score"]),
        "amount": formats.money(int(str(amount)), str(currency), short=False) if has_amount else "",
        "text": str(one["text"] or "")[:SHOWN_TEXT],
        "where": " · ".join(str(place) for place in places if place),
        "attributes": _attributes(one["attributes"]),
    }


def _refused(one: Refused) -> dict[str, object]:
    """One reason why rows would be refused, however many values it holds for."""
    code = code_of(one.reason)
    return {
        "title": reason_title(code),
        "n": formats.number(one.n),
        "line": one.line,
        "raw": one.raw[:SHOWN_TEXT],
        "sentence": unreadable_sentence(one) if one.given else sentence_of(sentence(one.reason)),
    }


def _attributes(text: object) -> str:
    found = json.loads(str(text)) if text else {}
    shown = ", ".join(f"{name}: {value}" for name, value in list(found.items())[:3])
    return shown + (" …" if len(found) > 3 else "")


def _plain(score: object) -> str:
    if not isinstance(score, float):
        return ""
    return formats.number(score, 0 if score == int(score) else 1)
