"""The loop closed once, as it really goes: an answer comes in, a case opens, somebody resolves it, the log knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "a long password"
MEMBERS = f"""
from regard.webkit.boot import setup; setup()
from regard.apps.organisation import services
from regard.apps.organisation.queries import UnitCard
services.set_units([UnitCard("north", "North", None), UnitCard("shop-1", "Shop Ermou", "north"), UnitCard("south", "South", None)])
for role, unit in (("manager", "north"), ("frontline", "shop-1")):
    services.create_member(email=f"{{role}}@example.com", role=role, unit=unit, name=role.title(), password="{PASSWORD}")
services.create_member(email="outside@example.com", role="frontline", unit="south", name="Outside", password="{PASSWORD}")
"""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


def enter(browser: Browser, address: str, who: str, **look: Any) -> Page:
    page = browser.new_context(**look).new_page()
    page.goto(address)
    page.get_by_label("E-mail").fill(f"{who}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("main h1")
    return page


def answer(score: int, user: str, **told: Any) -> dict[str, Any]:
    properties = {"metric": "nps", "score": score, "unit": "shop-1", "channel": "email", **told}
    return {"userId": user, "event": "Survey Answered", "properties": properties}


def test_an_unhappy_answer_becomes_a_case_that_is_resolved_and_stands_in_the_log(running: Any) -> None:
    running.python(MEMBERS)
    assert running.post("/v1/track", answer(10, "bo"))[0] == 200
    told = answer(2, "ada", text="Third time the parcel is late.", language="en")
    assert running.post("/v1/track", {**told, "messageId": "m-1"})[0] == 200
    assert running.post("/v1/track", {**told, "messageId": "m-1"})[0] == 200
    running.wait_until_projected()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        manager = enter(browser, running.address, "manager")
        assert manager.locator("#part-overdue .items li").count() == 1
        assert "Third time the parcel is late." in manager.locator("#part-overdue").inner_text()
        outside = enter(browser, running.address, "outside")
        outside.goto(running.address + "/cases/?view=all")
        assert outside.locator(".items li").count() == 0
        page = enter(browser, running.address, "frontline", viewport={"width": 360, "height": 780})
        assert "1 case waits for you" in page.locator(".say").inner_text()
        queue, find = page.locator("#part-queue").bounding_box(), page.locator("#part-find").bounding_box()
        assert queue is not None
        assert find is not None
        assert queue["y"] < find["y"]
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('NPS 2 of 10')")
        page.get_by_label("What was said to the customer").fill("It comes tomorrow, at our cost.")
        page.get_by_role("button", name="Resolve the case").click()
        page.wait_for_selector(".done")
        page.get_by_role("link", name="ada").click()
        page.wait_for_selector("h2:has-text('What they have been through')")
        running.wait_until_projected()
        page.reload()
        assert "Case resolved" in page.locator(".timeline").first.inner_text()
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        )
        manager.reload()
        assert "Nothing is overdue." in manager.locator(".say").inner_text()
        assert manager.locator("#part-overdue .items li").count() == 0
        browser.close()
    kinds = sorted(kind for (kind,) in running.log_rows("kind") if kind.startswith("case."))
    assert kinds == ["case.opened", "case.resolved"]
