"""The published Python clients, as their users configure them."""

from __future__ import annotations

import warnings
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def old_library_warnings() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_segments_python_client_is_understood(running: Any) -> None:
    from segment.analytics.client import Client

    problems: list[Any] = []
    client = Client(
        running.key,
        host=running.address,
        on_error=lambda error, items: problems.append(error),
        gzip=True,
        upload_size=10,
    )
    client.identify("ada", {"email": "Ada@example.org", "plan": "gold"})
    client.group("ada", "acme", {"name": "Acme"})
    for i in range(25):
        client.track("ada", "Order Completed", {"order_id": f"o-{i}", "revenue": 10.5, "currency": "EUR"})
    client.page("ada", "Docs", "Home")
    client.screen("ada", "App", "Start")
    client.alias("anonymous-7", "ada")
    client.track("ada", "Order Completed", {"order_id": "o-0"}, timestamp=datetime(2026, 1, 5, tzinfo=UTC))
    client.flush()
    client.join()
    assert not problems
    running.wait_until_projected()
    kinds = Counter(kind for (kind,) in running.log_rows("kind"))
    assert kinds["order.placed"] == 26
    assert kinds["page.viewed"] == kinds["screen.viewed"] == 1
    amounts = [row for row in running.log_rows("amount_minor, currency") if row[0] is not None]
    assert amounts == [(1050, "EUR")] * 25
    assert len({identity for (identity,) in running.log_rows("identity_id")}) <= 2


def test_rudderstacks_python_client_is_understood(running: Any) -> None:
    from rudderstack.analytics.client import Client

    problems: list[Any] = []
    client = Client(
        running.key,
        host=running.address,
        on_error=lambda error, items: problems.append(error),
        gzip=True,
    )
    client.identify("bo", {"email": "bo@example.org"})
    for i in range(5):
        client.track("bo", "Product Viewed", {"product_id": f"p-{i}"})
    client.flush()
    client.join()
    assert not problems
    running.wait_until_projected()
    assert Counter(kind for (kind,) in running.log_rows("kind"))["product.viewed"] == 5
