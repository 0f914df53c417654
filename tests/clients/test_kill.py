"""kill -9 under load: every acknowledged interaction is in the log exactly once, beside its own event."""

from __future__ import annotations

import json
import random
import threading
import time
import warnings
from collections import Counter
from typing import Any

import pytest

from regard.kernel.ids import interaction_id

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(autouse=True)
def old_library_warnings() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def send_while_killed(hub: Any, n_kills: int) -> tuple[dict[bytes, int], set[bytes]]:
    """Send by the published client while the server is killed and started again.

    Returns: number of each acknowledged event by its id, and the ids that the client gave up on.
    """
    from segment.analytics.client import Client

    given_up: set[bytes] = set()
    sent: dict[bytes, int] = {}
    over = threading.Event()

    def lost(error: Exception, items: list[dict[str, Any]]) -> None:
        given_up.update(interaction_id("shop", item["messageId"]) for item in items)

    client = Client(
        hub.key,
        host=hub.address,
        on_error=lost,
        max_retries=60,
        thread=4,
        upload_size=50,
        upload_interval=0.05,
        timeout=5,
    )

    def produce() -> None:
        number = 0
        while not over.is_set():
            is_queued, message = client.track(f"user-{number % 50}", "Thing Done", {"number": number})
            if is_queued:
                sent[interaction_id("shop", message["messageId"])] = number
                number += 1
            if number % 20 == 0:
                time.sleep(0.01)

    producer = threading.Thread(target=produce)
    producer.start()
    chance = random.Random(n_kills)
    try:
        for _ in range(n_kills):
            time.sleep(chance.uniform(0.2, 2.5))
            hub.kill()
            hub.start()
    finally:
        over.set()
        producer.join()
    client.flush()
    client.join()
    return sent, given_up


def check_exactly_once(hub: Any, sent: dict[bytes, int], given_up: set[bytes]) -> None:
    hub.wait_until_projected(180)
    rows = [
        (bytes(one), json.loads(attributes)["number"])
        for one, attributes in hub.log_rows("interaction_id, attributes")
    ]
    times = Counter(one for one, _ in rows)
    assert [one for one, n in times.items() if n > 1] == [], "something is there twice"
    assert set(sent) - given_up - set(times) == set(), "something acknowledged is missing"
    assert set(times) <= set(sent)
    assert all(sent[one] == number for one, number in rows), "an id stands beside another's event"
    assert len(sent) > 200
    assert len(given_up) < len(sent) / 2


def test_what_was_acknowledged_survives_two_kills(running: Any) -> None:
    check_exactly_once(running, *send_while_killed(running, 2))


@pytest.mark.long
def test_what_was_acknowledged_survives_twenty_kills(running: Any) -> None:
    check_exactly_once(running, *send_while_killed(running, 20))


def test_a_child_that_dies_is_started_again_and_a_parent_that_dies_takes_its_children_along(
    running: Any,
) -> None:
    import os
    import signal

    before = running.children()
    assert len(before) == 2
    for number in before:
        os.kill(number, signal.SIGKILL)
    status, _ = running.post("/v1/track", {"userId": "u", "event": "Thing Done", "messageId": "m"})
    assert status == 200, "the connection waited in the parent's socket"
    after = running.children()
    os.kill(running.process.pid, signal.SIGKILL)
    running._reap()
    deadline = time.monotonic() + 20
    while any(is_alive(number) for number in after) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(is_alive(number) for number in after)


def is_alive(number: int) -> bool:
    from pathlib import Path

    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
