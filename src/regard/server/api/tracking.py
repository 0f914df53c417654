"""The tracking API in OpenAPI's words. It is answered by `intake.tracking`, in front of Django."""

from __future__ import annotations

from typing import Any

from regard.apps.intake.tracking.reading import TYPES

TRACKING_SECURITY = {
    "WriteKey": {
        "type": "http",
        "scheme": "basic",
        "description": "the source's write key as user, no password",
    }
}
TEXT = {"type": "string", "maxLength": 300}
ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "messageId": {**TEXT, "description": "the same id counts once"},
        "userId": TEXT,
        "anonymousId": TEXT,
        "timestamp": {"type": "string", "format": "date-time"},
        "sentAt": {"type": "string", "format": "date-time", "description": "corrects the sender's clock"},
        "context": {"type": "object"},
        "writeKey": {"type": "string", "description": "instead of Basic authorisation"},
    },
}
OWN: dict[str, dict[str, Any]] = {
    "track": {"event": TEXT, "properties": {"type": "object"}},
    "identify": {"traits": {"type": "object"}},
    "page": {"name": TEXT, "properties": {"type": "object"}},
    "screen": {"name": TEXT, "properties": {"type": "object"}},
    "group": {"groupId": TEXT, "traits": {"type": "object"}},
    "alias": {"previousId": TEXT},
}
NEEDED = {"track": ["event"], "group": ["groupId"], "alias": ["userId", "previousId"]}


def _answer(text: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {
            "success": {"type": "boolean"},
            "code": {"type": "string"},
            "message": {"type": "string"},
        },
        "required": ["success"],
    }
    return {"description": text, "content": {"application/json": {"schema": schema}}}


ANSWERS = {
    "200": _answer("Stored durably; items that could not be taken are in quarantine"),
    "400": _answer("A broken request"),
    "401": _answer("An unknown write key"),
    "413": _answer("More than 32 KiB an item or 500 KB a request"),
    "429": _answer("Too much at once; see Retry-After"),
    "503": _answer("Nothing was stored; send it again"),
}


def _operation(name: str, summary: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "post": {
            "operationId": f"tracking_{name}",
            "tags": ["tracking"],
            "summary": summary,
            "security": [{"WriteKey": []}, {}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": ANSWERS,
        }
    }


def _item(kind: str) -> dict[str, Any]:
    schema = {**ITEM, "properties": {**ITEM["properties"], **OWN[kind]}}
    return {**schema, "required": NEEDED[kind]} if kind in NEEDED else schema


BATCH = {
    "type": "object",
    "required": ["batch"],
    "properties": {
        "batch": {
            "type": "array",
            "items": {
                **ITEM,
                "properties": {**ITEM["properties"], "type": {"type": "string", "enum": list(TYPES)}},
            },
        },
        "sentAt": {"type": "string", "format": "date-time"},
        "writeKey": {"type": "string"},
    },
}
TRACKING_PATHS = {
    **{f"/v1/{kind}": _operation(kind, f"One {kind} call", _item(kind)) for kind in TYPES},
    "/v1/batch": _operation("batch", "Many calls at once, as the client libraries send them", BATCH),
}
