"""Homes are counted ahead: a process that has nothing in memory finds what another counted."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from regard.apps.dashboards.services import count_homes
from regard.apps.dashboards.tests.conftest import SignIn, use
from regard.apps.dashboards.tests.drawn_log import draw_log
from regard.server import keeping
from regard.warehouse import counts
from regard.warehouse.engines.counting import Counting
from regard.warehouse.log import Log
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


def test_a_home_over_a_long_log_is_of_the_state_that_was_counted(
    settings: Settings, tmp_path: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(tmp_path / "warehouse")
    draw_log(url, end=datetime.now(UTC), n=2_000)
    use(settings, url)
    client, figure = sign_in("executive"), "/?days=all"
    keeping._count(None, threading.Event())
    before = client.get(figure).content.decode()
    draw_log(url, end=datetime.now(UTC), n=300, source="web")
    assert client.get(figure).content.decode() != before, "so little is counted at once"
    assert "Counted at" not in before

    monkeypatch.setattr(counts, "LONG_BYTES", 0)
    keeping._count(None, threading.Event())
    shown = n_of(client.get(figure).content.decode())
    draw_log(url, end=datetime.now(UTC), n=300, source="app")
    page = client.get(figure).content.decode()
    assert "Counted at" in page
    assert "every 10s" in page
    assert n_of(page) == shown
    keeping._count(None, threading.Event())
    assert n_of(client.get(figure).content.decode()) > shown

    Log.open(url).delete("source = 'app'")
    page = client.get(figure).content.decode()
    assert ("Counted at" in page, n_of(page)) == (False, shown)


def n_of(page: str) -> int:
    """How many answers the first figure has."""
    found = re.search(r"· n\s([\d,]+)", page)
    assert found is not None
    return int(found[1].replace(",", ""))
