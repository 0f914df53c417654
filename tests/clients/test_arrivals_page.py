"""As an administrator meets it: a source is added in the browser, something sends with its key, and it is seen arriving."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from .conftest import Hub

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "a long password"
MEMBER = f"""
from regard.webkit.boot import setup; setup()
from regard.apps.organisation import services
services.create_member(email="ada@example.com", role="administrator", password={PASSWORD!r})
"""
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")]


def sign_in(page: Page, hub: Hub) -> None:
    page.goto(hub.address + "/sign-in/?next=/sources/")
    page.get_by_label("E-mail").fill("ada@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("main h1")


def test_an_event_sent_with_a_new_key_is_seen_arriving_and_a_bad_one_refused(hub: Hub) -> None:
    hub.python(MEMBER)
    hub.start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_page()
        sign_in(page, hub)
        page.get_by_label("Short name").fill("till")
        page.get_by_role("button", name="Add the source").click()
        key = page.locator("#write-key").inner_text()
        assert re.fullmatch(r"[\w-]{32}", key)
        expect(page.locator("pre", has_text="curl -u")).to_contain_text(f"{key}: {hub.address}/v1/track")
        expect(page.locator("#arrivals")).to_contain_text("Nothing came in within the last 24 hours")

        event = {"userId": "ada", "event": "Survey Answered", "properties": {"nps": 9}}
        assert hub.post("/v1/track", event, key)[0] == 200
        assert hub.post("/v1/batch", {"batch": [{"type": "track", "userId": "ada"}]}, key)[0] == 200
        # The page is not loaded again by hand: it asks by itself.
        expect(page.locator("#arrivals")).to_contain_text("survey.answered", timeout=15_000)
        expect(page.locator("#arrivals")).to_contain_text("The event has no name", timeout=15_000)

        page.get_by_role("button", name="Make a new key").click()
        assert page.locator("#write-key").inner_text() != key
        browser.close()
