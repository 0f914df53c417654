"""Live streams of a real server: what arrives is told, to those who may know, until they sign out."""

from __future__ import annotations

import http.client
import json
import re
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "correct horse battery"
PEOPLE = f"""
from regard.webkit.boot import setup; setup()
from regard.apps.organisation import services
for key in ("north", "south"):
    services.save_unit(key=key, title=key.title(), parent=None)
for name, role, unit in (("ada", "executive", None), ("bo", "manager", "north"), ("cleo", "frontline", None), ("dora", "manager", None)):
    services.create_member(email=f"{{name}}@example.org", role=role, unit=unit, password={PASSWORD!r})
"""
pytestmark = pytest.mark.timeout(600)


@dataclass
class Reader:
    """Somebody who signed in, with their cookies."""

    hub: Any
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **form: str) -> tuple[int, str]:
        """One request, keeping the cookies that come back."""
        connection = self.connect()
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urllib.parse.urlencode(form), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        connection.close()
        return answer.status, body

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.hub.port, timeout=30)

    def post(self, path: str, **form: str) -> int:
        _, page = self.ask("GET", "/sign-in/" if "sessionid" not in self.cookies else "/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        return self.ask("POST", path, csrfmiddlewaretoken=token[1], **form)[0]

    def listen(self, query: str = "") -> Stream:
        connection = self.connect()
        connection.request("GET", f"/live/{query}", headers={"Cookie": self.cookie})
        return Stream(connection, connection.getresponse())

    def status_of_stream(self, query: str = "") -> int:
        stream = self.listen(query)
        stream.close()
        return stream.answer.status


@dataclass
class Stream:
    """An open stream."""

    connection: http.client.HTTPConnection
    answer: http.client.HTTPResponse

    def next(self) -> tuple[str, Any]:
        """The next event and what it says."""
        found: dict[str, str] = {}
        while (line := self.answer.readline().decode().rstrip("\n")) or "event" not in found:
            name, _, value = line.partition(":")
            found[name] = value.strip()
        return found["event"], json.loads(found.get("data") or "null")

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@pytest.fixture
def peopled(hub: Any) -> Any:
    """A running server with two units and three members."""
    hub.python(PEOPLE)
    hub.start()
    return hub


def sign_in(hub: Any, name: str) -> Reader:
    reader = Reader(hub)
    assert reader.post("/sign-in/", email=f"{name}@example.org", password=PASSWORD) == 302
    return reader


def send(hub: Any, name: str, unit: str, user: str = "u") -> None:
    event = {"userId": user, "event": name, "messageId": f"{name} {unit} {time.time()}"}
    assert hub.post("/v1/track", {**event, "properties": {"unit": unit}})[0] == 200


def test_a_stream_tells_what_its_reader_may_see_and_ends_when_they_sign_out(peopled: Any) -> None:
    everywhere, northern = sign_in(peopled, "ada"), sign_in(peopled, "bo")
    all_of_it, north = everywhere.listen(), northern.listen()
    assert all_of_it.next()[0] == north.next()[0] == "here"

    send(peopled, "Order Completed", "south")
    event, told = all_of_it.next()
    assert (event, told["changed"]) == ("changed", [["south", "order.placed"]])
    send(peopled, "Order Completed", "north")
    assert north.next()[1]["changed"] == [["north", "order.placed"]], "the south is not theirs to know of"
    assert all_of_it.next()[1]["position"] > told["position"]

    assert northern.post("/sign-out/") == 302
    assert north.next()[0] == "over"
    assert northern.status_of_stream() == 401
    assert peopled.get("/live/")[0] == 401, "strangers hear nothing"
    for stream in (all_of_it, north):
        stream.close()


def test_a_stream_of_one_customer_is_silent_about_others(peopled: Any) -> None:
    send(peopled, "Order Completed", "north", "first")
    peopled.wait_until_projected()
    ((customer,),) = peopled.log_rows("identity_id")
    reader = sign_in(peopled, "cleo")
    stream = reader.listen(f"?customer={customer}")
    assert stream.next()[0] == "here"
    send(peopled, "Page Viewed", "north", "second")
    peopled.wait_until_projected()
    send(peopled, "Order Completed", "south", "first")
    assert stream.next()[1]["changed"] == [["south", "order.placed"]]
    assert reader.status_of_stream("?customer=99999") == 404
    assert sign_in(peopled, "ada").status_of_stream(f"?customer={customer}") == 403
    stream.close()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")
def test_a_number_changes_by_itself_while_another_process_sends(peopled: Any) -> None:
    # Not an executive: who may not read single answers sees figures of whole weeks.
    peopled.environment["KEY"] = peopled.key
    send_answers(peopled, [10, 10, 10, 9, 9, 8])
    peopled.wait_until_projected()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page()
        page.goto(peopled.address)
        page.get_by_label("E-mail").fill("dora@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_selector("html[data-listening] main h1")
        figure = page.locator(".fig", has_text="Recommend").locator(".val").first
        before = figure.inner_text()
        link = page.locator(".pick a").last
        link.focus()
        page.set_viewport_size({"width": 360, "height": 300})
        page.evaluate("window.scrollTo(0, 120)")
        send_answers(peopled, [0, 0, 1, 2, 3, 0])
        expect(figure).not_to_have_text(before, timeout=60_000)
        assert link.evaluate("one => one === document.activeElement"), "the focus stays where it was"
        assert page.evaluate("window.scrollY") == 120, "nothing jumps"
        browser.close()


def send_answers(hub: Any, scores: list[int]) -> None:
    """Send by the published client from a process of its own."""
    code = f"""
import os, warnings
warnings.simplefilter("ignore")
import segment.analytics as analytics
analytics.write_key, analytics.host = os.environ["KEY"], {hub.address!r}
for score in {scores}:
    analytics.track(f"u {{score}}", "Survey Answered", {{"metric": "nps", "score": score, "unit": "north"}})
analytics.shutdown()
"""
    hub.python(code)
