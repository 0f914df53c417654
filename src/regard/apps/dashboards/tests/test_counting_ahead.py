"""Homes are counted ahead: a process that has nothing in memory finds what another counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from regard.apps.dashboards.services import count_homes
from regard.apps.dashboards.tests.conftest import SignIn
from regard.warehouse import counts
from regard.warehouse.engines.counting import Counting
from regard.webkit.hub import Hub

pytestmark = pytest.mark.django_db


def fresh_hub() -> Hub:
    """A hub as a process has it that has just begun."""
    installation = settings.REGARD
    hub = Hub(
        installation.warehouse_url, memory_limit=installation.memory_limit, threads=installation.threads
    )
    hub.refresh()
    return hub


def test_what_the_worker_counted_a_new_process_does_not_count_again(
    drawn: None, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "LEAST_BYTES", 0)
    sign_in("executive")
    sign_in("manager", unit="north")
    now = datetime.now(UTC).replace(minute=30) + timedelta(hours=2)  # after the log last moved
    assert count_homes(fresh_hub(), now=now) == 2
    made: list[str] = []
    make = Counting._make

    def noted(self: Counting, place: Path, query: str) -> None:
        made.append(query)
        make(self, place, query)

    monkeypatch.setattr(Counting, "_make", noted)
    assert count_homes(fresh_hub(), now=now + timedelta(minutes=20)) == 2
    assert made == []
    assert count_homes(fresh_hub(), now=now + timedelta(hours=2)) == 2
    assert made, "another hour is another question"


def test_where_nothing_was_recorded_nothing_is_counted(empty: None, sign_in: SignIn) -> None:
    sign_in("executive")
    assert count_homes(fresh_hub(), now=datetime.now(UTC)) == 0


def test_counting_stops_between_two_homes_when_the_worker_is_to_end(drawn: None, sign_in: SignIn) -> None:
    sign_in("executive")
    assert count_homes(fresh_hub(), now=datetime.now(UTC), stop=lambda: True) == 0
