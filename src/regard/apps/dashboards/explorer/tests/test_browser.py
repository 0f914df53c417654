"""In a real browser: put a question together, keep it, take it along; with a mouse, by keyboard, without scripts."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from regard.apps.dashboards.tests.test_browser import CHROMIUM, PASSWORD, browser
from regard.apps.organisation import services

__all__ = ["browser"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("drawn"),
]


def explorer(browser: Browser, address: str, query: str = "", **look: Any) -> Page:
    services.create_member(email="analyst@example.com", role="analyst", password=PASSWORD)
    page = browser.new_context(**look).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{address}/sign-in/?next={quote(f'/explore/{query}')}")
    page.get_by_label("E-mail").fill("analyst@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#explorer")
    page.wait_for_load_state()  # The page's script listens.
    return page


def test_an_analyst_asks_keeps_and_takes_along(browser: Browser, live_server: Any) -> None:
    page = explorer(browser, live_server.url, accept_downloads=True)
    expect(page.locator(".say")).to_contain_text("Recommend (NPS)")
    page.get_by_label("Figure", exact=True).select_option("csat")
    expect(page.locator(".say")).to_contain_text("Satisfied (CSAT)")
    page.get_by_label("By", exact=True).select_option("channel")
    expect(page.locator(".smalls li")).to_have_count(5)
    page.get_by_label("Over time", exact=True).select_option("")
    expect(page.locator(".compare .dot")).to_have_count(5)
    assert "metric=csat&by=channel" in page.url

    with page.expect_download() as sheet:
        page.get_by_role("link", name="CSV").click()
    assert sheet.value.path().read_text("utf-8-sig").startswith("figure,covers,channel,start")
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.value.path().stat().st_size > 10_000

    page.get_by_label("Name").fill("Satisfaction by channel")
    page.get_by_role("button", name="Keep the view").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Satisfaction by channel")
    page.get_by_label("By", exact=True).select_option("unit")
    expect(page.locator(".compare")).to_contain_text("shop-1")
    page.goto(live_server.url + "/")
    page.get_by_role("link", name="Satisfaction by channel").click()
    expect(page.locator(".compare")).to_contain_text("Phone")


def test_a_filter_offers_the_values_that_there_are_and_narrows(browser: Browser, live_server: Any) -> None:
    page = explorer(browser, live_server.url, "?metric=nps&by=touchpoint&days=90")
    page.get_by_text("Filters and settings").click()
    page.get_by_label("Only where").first.select_option("channel")
    expect(page.locator("#q-values1 option")).to_have_count(5)
    page.locator("#q-value1").fill("phone")
    page.locator("#q-value1").press("Enter")
    page.wait_for_url("**on=channel&way=is&value=phone**")
    expect(page.locator("#q-on2")).to_be_visible()


def test_it_works_without_any_script(browser: Browser, live_server: Any) -> None:
    page = explorer(browser, live_server.url, java_script_enabled=False)
    page.get_by_label("By", exact=True).select_option("channel")
    page.get_by_label("Compared with").select_option("group")
    page.get_by_role("button", name="Show").click()
    page.get_by_label("Group to compare with").fill("web")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".tag").first).to_be_visible()
    expect(page.get_by_role("link", name="SVG")).to_be_visible()
    assert page.get_by_role("button", name="PNG").count() == 0


def test_the_keyboard_alone_changes_the_question(browser: Browser, live_server: Any) -> None:
    page = explorer(browser, live_server.url)
    page.get_by_label("Period").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**days=365**")
    assert page.evaluate("document.activeElement.id") == "q-days"


@pytest.mark.parametrize("language", ["en", "hy", "ru"])
def test_nothing_runs_over_the_edge_of_a_phone(browser: Browser, live_server: Any, language: str) -> None:
    page = explorer(browser, live_server.url, viewport={"width": 320, "height": 800})
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    for query in (
        "",
        "?metric=nps&by=channel&by=unit&days=365&compare=previous",
        "?by=unit&every=month&where=((",
    ):
        page.goto(f"{live_server.url}/explore/{query}")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, query
    page.goto(f"{live_server.url}/metrics/")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_the_arrow_keys_go_along_the_line_and_a_point_opens_its_interactions(
    browser: Browser, live_server: Any
) -> None:
    page = explorer(browser, live_server.url, "?metric=nps&days=90&every=week")
    spots = page.locator("[data-spot]")
    expect(page.locator("[data-spot][tabindex='0']")).to_have_count(1)
    spots.last.focus()
    page.keyboard.press("ArrowLeft")
    expect(spots.nth(spots.count() - 2)).to_be_focused()
    page.keyboard.press("Home")
    expect(spots.first).to_be_focused()
    told = spots.first.get_attribute("aria-label") or ""
    expect(page.locator("[data-spot-words]")).to_have_text(told)
    page.keyboard.press("Enter")
    page.wait_for_url("**/explore/behind/**")
    expect(page.locator("#behind")).to_contain_text(f"{told.split()[-1]} interactions, newest first")
    page.get_by_role("link", name="Back to the question").click()
    page.wait_for_url("**/explore/?metric=nps**")
