"""The tracking API of a running server, spoken to by hand."""

from __future__ import annotations

import gzip
import json
import os
from typing import Any

import pytest


def test_it_answers_as_the_specification_says(running: Any) -> None:
    good = {"userId": "u", "event": "Order Completed", "messageId": "m-1", "properties": {"revenue": 3}}
    assert running.post("/v1/track", good) == (200, {"success": True})
    assert running.post("/v1/t", good) == (200, {"success": True}), "the same again counts once"
    assert (
        running.post("/v1/identify", {**good, "messageId": "m-2", "writeKey": running.key}, key="")[0] == 200
    )
    packed = gzip.compress(json.dumps({"batch": [{**good, "type": "page", "messageId": "m-3"}]}).encode())
    assert running.post("/v1/batch", packed, **{"Content-Encoding": "gzip"})[0] == 200

    assert running.post("/v1/track", good, key="wrong")[:1] == (401,)
    assert running.post("/v1/track", b"{")[1]["code"] == "invalid_request"
    assert running.post("/v1/track", {"event": "x"})[1]["code"] == "no_identity"
    assert running.post("/v1/nothing", good)[0] == 404
    assert running.post("/v1/track", {**good, "properties": {"x": "y" * 33_000}})[0] == 413
    assert (
        running.post("/v1/batch", gzip.compress(b"[" + b" " * 50_000_000), **{"Content-Encoding": "gzip"})[0]
        == 413
    )
    assert running.post("/v1/batch", b" " * 600_000)[0] == 413
    running.wait_until_projected()
    assert sorted(kind for (kind,) in running.log_rows("kind")) == [
        "customer.identified",
        "order.placed",
        "page.viewed",
    ]


def test_a_bad_item_never_sinks_its_batch_and_stays_to_be_seen(running: Any) -> None:
    good = b'{"type":"track","userId":"u","event":"Thing Done","messageId":"%d"}'
    bad = [
        b"7",
        b'{"type":"dance","userId":"u"}',
        b'{"type":"track","userId":"u","event":"\xff"}',
        b'{"userId":{}}',
    ]
    body = (
        b'{"batch":['
        + b",".join([good % 1, *bad, good % 2, b'{"type":"track","userId":"\\u0000","event":"x"}'])
        + b"]}"
    )
    assert running.post("/v1/batch", body) == (200, {"success": True})
    listed = running.python(
        "from regard.webkit.boot import setup; setup()\n"
        "from regard.apps.journal.queries import list_quarantine\n"
        "print(*[row.reason for row in list_quarantine()])"
    )
    assert sorted(listed.split()) == [
        "broken_text", "broken_text", "not_an_object", "unknown_type", "wrong_type_of_field",
    ]  # fmt: skip
    running.wait_until_projected()
    assert len(running.log_rows("kind")) == 2


def test_a_browsers_key_may_not_write_orders_scores_or_cases(running: Any) -> None:
    who = {"type": "track", "anonymousId": "a"}
    items = [
        {**who, "event": "Order Completed", "properties": {"revenue": 5}},
        {**who, "event": "NPS Submitted", "properties": {"score": 0}},
        {**who, "event": "Case Opened"},
        {"type": "alias", "userId": "b", "previousId": "c"},
        {**who, "event": "Product Viewed"},
        {"type": "page", "anonymousId": "a"},
    ]
    assert running.post("/v1/batch", {"batch": items}, key=running.browser_key)[0] == 200
    running.wait_until_projected()
    assert sorted(kind for (kind,) in running.log_rows("kind")) == ["page.viewed", "product.viewed"]


def test_health_is_told_to_people_and_to_prometheus(running: Any) -> None:
    running.post("/v1/track", {"userId": "u", "event": "Thing Done"})
    assert running.get("/healthz")[0] == 200
    status, body = running.get("/readyz")
    assert (status, json.loads(body)["status"]) == (200, "well")
    figures = running.get("/metrics")[1].decode()
    assert "\nregard_taken_total 1\n" in figures
    assert "\nregard_lag_segments " in figures
    assert running.stop() == 0


def test_a_sender_beyond_its_limit_is_asked_to_wait(hub: Any) -> None:
    hub.python(
        "from regard.webkit.boot import setup; setup()\n"
        "from regard.apps.intake.models import Source; Source.objects.update(rate_per_second=5)"
    )
    hub.start()
    item = {"type": "track", "userId": "u", "event": "Thing Done"}
    assert hub.post("/v1/batch", {"batch": [item] * 10})[0] == 200
    status, answer = hub.post("/v1/batch", {"batch": [item] * 10})
    assert (status, answer["code"]) == (429, "rate_limited")
    assert 1 <= int(answer["retry_after"]) <= 3


@pytest.mark.skipif("REGARD_DATABASE_URL" in os.environ, reason="holds the lock of one machine's projector")
def test_when_too_much_waits_senders_are_asked_to_wait_until_it_is_done(hub: Any) -> None:
    hub.environment |= {"REGARD_MAX_WAITING": "2"}
    hub.python(
        "from regard.webkit.boot import setup; setup()\n"
        "from datetime import *; import lz4.frame\n"
        "from regard.apps.journal.services import Fact, record\n"
        "for i in range(3): record([Fact(message_id=str(i), kind='a.b', occurred_at=datetime.now(UTC), user_id='u')])\n"
        "import fcntl, subprocess, sys, os\n"
        "print(1)"
    )
    import fcntl

    with (hub.folder / "projector.lock").open("a+") as lock:  # Another process is the projector, and idle.
        fcntl.flock(lock, fcntl.LOCK_EX)
        hub.start()
        status, answer = hub.post("/v1/track", {"userId": "u", "event": "Thing Done"})
        assert (status, answer["code"]) == (429, "overloaded")
        assert int(answer["retry_after"]) >= 1
        assert hub.get("/readyz")[0] == 503
    hub.wait_until_projected()
    assert hub.post("/v1/track", {"userId": "u", "event": "Thing Done"})[0] == 200
