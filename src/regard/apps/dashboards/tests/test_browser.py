"""In a real browser: sign in, see the figures, on a desktop, on a phone, in the dark, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from regard.apps.organisation import services

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "a long password"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
    pytest.mark.django_db(transaction=True),
]
# Contrast of text with what is behind it (WCAG 2.2, 1.4.3), for every element that holds text of its own.
FAINT = """() => {
  const light = c => { const v = c.map(x => x / 255).map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
    return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const behind = element => { for (let e = element; e; e = e.parentElement) {
    const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c.slice(0, 3) }
    return [255, 255, 255] };
  return [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())
      && !e.closest('svg, .unseen, [aria-hidden]') && e.checkVisibility()).map(e => {
    const a = light(parse(getComputedStyle(e).color).slice(0, 3)), b = light(behind(e));
    return [e.className + ' ' + e.textContent.trim().slice(0, 30), (Math.max(a, b) + .05) / (Math.min(a, b) + .05)] })
    .filter(([, ratio]) => ratio < 4.5) }"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # The browser's driver keeps an event loop in this thread; the store does not mind.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


def enter(browser: Browser, address: str, role: str = "executive", **look: Any) -> Page:
    """A page on which somebody of this role has just signed in through the form."""
    services.create_member(email=f"{role}@example.com", role=role, password=PASSWORD)
    page = browser.new_context(**look).new_page()
    problems: list[str] = []
    # The live streams are answered beside Django, which alone serves here.
    page.route("**/live/**", lambda route: route.fulfill(status=204))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(address)
    page.get_by_label("E-mail").fill(f"{role}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("main:not(.alone) h1")  # Not that of the sign-in form.
    page.wait_for_load_state()
    assert not problems
    return page


@pytest.mark.usefixtures("drawn")
def test_an_executive_signs_in_sees_the_figures_and_opens_one(browser: Browser, live_server: Any) -> None:
    page = enter(browser, live_server.url)
    assert page.title() == "How our customers feel · Regard"
    assert "Recommendation fell" in page.locator(".say").inner_text()
    assert page.locator(".fig .val").count() >= 3
    page.get_by_role("link", name="Recommend (NPS)").first.click()
    page.wait_for_selector("h2:has-text('How it is counted')")
    assert page.locator("svg.trend.tall").bounding_box()["height"] == pytest.approx(200, abs=1)  # type: ignore[index]
    page.get_by_text("As a table").click()
    assert page.locator("tbody tr").first.is_visible()
    page.get_by_role("link", name="A year").click()
    assert "days=365" in page.url
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("text=Sign in")


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("language", ["en", "el", "hy", "pl", "ru"])
def test_nothing_runs_over_the_edge_of_a_phone(
    browser: Browser, live_server: Any, width: int, language: str
) -> None:
    page = enter(browser, live_server.url, "administrator", viewport={"width": width, "height": 800})
    for address in ("/", "/figures/nps/", "/account/", "/operations/", "/operations/quarantine/"):
        page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.lang") == language
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over == 0, address
        bar = page.locator(".side").bounding_box()
        assert bar is not None
        assert bar["y"] + bar["height"] == pytest.approx(800, abs=1)


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read_in_light_and_dark(browser: Browser, live_server: Any, scheme: str) -> None:
    page = enter(browser, live_server.url, "administrator", color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(15, 22, 28)") is (scheme == "dark")
    for address in ("/", "/figures/csat/", "/operations/", "/account/"):
        page.goto(live_server.url + address)
        assert page.evaluate(FAINT) == [], address


@pytest.mark.usefixtures("drawn")
def test_landmarks_labels_and_headings_are_in_place(browser: Browser, live_server: Any) -> None:
    page = enter(browser, live_server.url)
    assert page.locator("main").count() == 1
    assert page.locator("h1").count() == 1
    assert page.get_by_role("navigation", name="Pages").is_visible()
    unnamed = page.evaluate(
        """[...document.querySelectorAll('a, button, input:not([type=hidden])')].filter(e => e.checkVisibility()
        && !(e.textContent.trim() || e.getAttribute('aria-label') || (e.labels && e.labels.length))).length"""
    )
    assert unnamed == 0


@pytest.mark.usefixtures("drawn")
def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(
    browser: Browser, live_server: Any
) -> None:
    page = enter(browser, live_server.url)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


@pytest.mark.usefixtures("drawn")
def test_a_page_loads_from_here_only_and_stays_small(browser: Browser, live_server: Any) -> None:
    page = enter(browser, live_server.url)
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: len(answer.body())}) if answer.ok else None)
    page.goto(live_server.url)
    page.wait_for_load_state("networkidle")
    assert all(url.startswith(live_server.url) for url in sizes)
    assert sum(sizes.values()) < 300_000
