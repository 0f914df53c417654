from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from regard.apps.journal.announcements import last_announced
from regard.apps.journal.models import Announcement
from regard.apps.organisation import services
from regard.apps.organisation.models import Member
from regard.server.admission import Admitted, admit
from regard.server.live import Live

pytestmark = pytest.mark.django_db(transaction=True)


def cookie_of(role: str = "executive", unit: str | None = None) -> str:
    """The cookie of a member who has just signed in."""
    services.create_member(email="ada@example.com", role=role, unit=unit, password="a long password")
    client = Client()
    client.force_login(Member.objects.get(email="ada@example.com"))
    name = django_settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def announce(position: int, said: dict[str, Any], *, ago: float = 0) -> None:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    Announcement.objects.create(position=position, said=said, at=at)


class Page:
    """The reader's end of a stream."""

    def __init__(self) -> None:
        self.status = 0
        self.said = b""
        self.left = asyncio.Event()

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.said += message.get("body", b"")

    async def receive(self) -> Any:
        await self.left.wait()
        return {"type": "http.disconnect"}

    def changes(self) -> list[Any]:
        parts = [part for part in self.said.decode().split("\n\n") if "event: changed" in part]
        return [json.loads(part.split("data: ")[1]) for part in parts]


@asynccontextmanager
async def opened(cookie: str, query: str = "") -> AsyncIterator[tuple[Live, Page]]:
    """A stream that is open."""
    live, page = Live(), Page()
    await live.start()
    scope = {"method": "GET", "headers": [(b"cookie", cookie.encode())], "query_string": query.encode()}
    task = asyncio.create_task(live(scope, page.receive, page.send))
    while b"event: here" not in page.said and not task.done():
        await asyncio.sleep(0.01)
    try:
        yield live, page
    finally:
        page.left.set()
        await task
        await live.stop()


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(scenario())  # type: ignore[arg-type]


async def aside(function: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """Do what touches the store away from the event loop, and close the connection made for it."""
    from django.db import connection

    def work() -> Any:
        try:
            return function(*given, **named)
        finally:
            connection.close()

    return await asyncio.to_thread(work)


def test_many_changes_within_a_second_are_told_once() -> None:
    cookie = cookie_of()

    async def scenario() -> None:
        async with opened(cookie) as (_, page):
            for position in range(1, 6):
                await aside(announce, position, {"": {"order.placed": [position]}})
                await asyncio.sleep(0.1)
            for _ in range(100):
                if page.changes() and page.changes()[-1]["position"] == 5:
                    break
                await asyncio.sleep(0.05)
            assert page.changes()[-1] == {"position": 5, "changed": [["", "order.placed"]]}
            assert len(page.changes()) <= 3

    run(scenario)


def test_what_was_announced_before_the_stream_is_not_told_again_but_its_age_is() -> None:
    cookie = cookie_of()
    announce(7, {"": {"order.placed": [1]}}, ago=30)

    async def scenario() -> None:
        async with opened(cookie) as (_, page):
            await asyncio.sleep(0.6)
            assert page.changes() == []
            told = json.loads(page.said.decode().split("data: ")[1].split("\n")[0])
            assert 30 <= told["seconds_ago"] < 60

    run(scenario)


def test_whoever_is_disabled_is_told_that_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regard.server.live.ADMIT_AGAIN_SECONDS", 0.1)
    cookie = cookie_of()
    services.create_member(email="bo@example.com", role="administrator")

    async def scenario() -> None:
        async with opened(cookie) as (live, page):
            await aside(services.set_active, email="ada@example.com", is_active=False)
            for _ in range(100):
                if b"event: over" in page.said:
                    break
                await asyncio.sleep(0.05)
            assert page.said.endswith(b"event: over\ndata:\n\n")
            await asyncio.sleep(0)
            assert live.streams == set()

    run(scenario)


def test_strangers_and_forged_cookies_are_refused() -> None:
    for cookie in ("", "sessionid=forged", 'sessionid="', "a;b;c=\x01"):
        assert admit(cookie, "") == 401
    assert admit(cookie_of("administrator"), "customer=1") == 403


@pytest.mark.parametrize("query", ["customer=1", "customer=x", "customer=-1", f"customer={10**30}"])
def test_a_customer_who_is_not_known_is_not_followed(query: str) -> None:
    assert admit(cookie_of("frontline"), query) == 404


def test_a_listener_of_one_customer_wants_what_concerns_them_or_too_many_to_name() -> None:
    admitted = admit(cookie_of(), "")
    assert isinstance(admitted, Admitted)
    assert admitted.wants([1])
    one = Admitted(admitted.session, "", "", admitted.sight, frozenset({1, 2}))
    assert [one.wants(given) for given in ([2, 9], [9], [], None)] == [True, False, False, True]


def test_the_latest_announcement_tells_its_age() -> None:
    assert last_announced(datetime.now(UTC)) == (0, None)
    announce(3, {})
    number, ago = last_announced(datetime.now(UTC) + timedelta(seconds=5))
    assert number > 0
    assert ago == pytest.approx(5, abs=2)
