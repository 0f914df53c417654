"""Each role finds what it opened Regard for with the keyboard alone, and always sees where it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from .conftest import Hub

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "a long password"
NOW = datetime.now(UTC)
PEOPLE = f"""
from regard.webkit.boot import setup; setup()
from regard.apps.organisation import services
from regard.apps.organisation.queries import UnitCard
services.set_units([UnitCard("north", "North", None), UnitCard("south", "South", None)])
for role in ("executive", "manager", "frontline", "analyst", "administrator"):
    services.create_member(email=f"{{role}}@example.com", role=role, name=role.title(), password={PASSWORD!r})
"""
# The focused element, whether what marks it can be seen, and whether it stands on the screen.
FOCUS = """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
  return { words: (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.value || '').trim().replace(/\\s+/g, ' '),
    tag: e.tagName, isMarked: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none',
    isSeen: b.width > 0 && b.height > 0 && b.bottom > 0 && b.top < innerHeight } }"""
MOST_STEPS = 150
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def staffed(
    tmp_path_factory: pytest.TempPathFactory, environment_of: Callable[[Path], dict[str, str]]
) -> Iterator[Hub]:
    """A server with a member of each role, and half a year of answers from two units, three of them unhappy today."""
    folder = tmp_path_factory.mktemp("staffed") / "data"
    hub = Hub(folder, environment=dict(environment_of(folder)))
    hub.prepare()
    hub.python(PEOPLE)
    hub.start()
    events = [
        answer(n, 9 if n % 4 else 3, NOW - timedelta(days=n % 170 + 10), ("north", "south")[n % 2])
        for n in range(240)
    ]
    events += [answer(900 + n, n, NOW, "north", text=f"Late again, {n}.") for n in range(3)]
    for first in range(0, len(events), 100):
        assert hub.post("/v1/batch", {"batch": events[first : first + 100]})[0] == 200
    hub.wait_until_projected()
    yield hub
    hub.kill()


def answer(number: int, score: int, at: datetime, unit: str, **told: Any) -> dict[str, Any]:
    properties = {"metric": "nps", "score": score, "unit": unit, "channel": "email", **told}
    return {
        "type": "track",
        "userId": f"user-{number}",
        "messageId": f"a{number}",
        "event": "Survey Answered",
        "timestamp": at.isoformat(),
        "properties": properties,
    }


def enter(browser: Browser, address: str, role: str, **look: Any) -> Page:
    """Somebody of this role signs in; the pointer is never used."""
    page = browser.new_context(**look).new_page()
    page.goto(address)
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type(f"{role}@example.com")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    enter_page(page)
    expect(page.locator("main h1")).to_be_visible()
    return page


def tab_to(page: Page, words: str, *, tag: str = "") -> None:
    """Press Tab until what begins with these words has the focus; whatever has it on the way must be seen to have it."""
    passed = []
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found["tag"] == "BODY":
            continue
        assert found["isMarked"], f"nobody sees the focus on '{found['words']}'"
        assert found["isSeen"], f"the focus is out of sight on '{found['words']}'"
        if found["words"].startswith(words) and found["tag"].startswith(tag):
            return
        passed.append(found["words"][:40])
    raise AssertionError(f"Tab does not reach '{words}', only: {passed}")


def press(page: Page, words: str, *, tag: str = "") -> None:
    """What opens something on the page."""
    tab_to(page, words, tag=tag)
    page.keyboard.press("Enter")


def follow(page: Page, words: str, *, tag: str = "") -> None:
    """What leads to another page."""
    tab_to(page, words, tag=tag)
    enter_page(page)


def enter_page(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def skip(page: Page) -> None:
    """The first stop of every page leads past the navigation."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def at(page: Page, title: str) -> None:
    expect(page.locator("main h1")).to_have_text(title)


def sign_out(page: Page, words: str = "Sign out") -> None:
    press(page, words)
    expect(page.locator("input[type=password]")).to_be_visible()
    page.context.close()


def test_an_executive_reads_a_figure_its_table_and_another_language(browser: Browser, staffed: Hub) -> None:
    page = enter(browser, staffed.address, "executive")
    at(page, "How our customers feel")
    assert "Recommendation stands at" in page.locator(".say").inner_text()
    skip(page)
    follow(page, "A year")
    page.wait_for_url("**days=365**")
    skip(page)
    follow(page, "Recommend (NPS)")
    expect(page.get_by_role("heading", name="How it is counted")).to_be_visible()
    press(page, "As a table")
    expect(page.locator("details[open] tbody tr").first).to_be_visible()
    follow(page, "Your account", tag="A")
    follow(page, "Polski")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    follow(page, "Start", tag="A")
    expect(page.locator("main h1")).not_to_have_text("How our customers feel")
    sign_out(page, "Wyloguj")


def test_a_manager_gives_what_is_due_to_somebody(browser: Browser, staffed: Hub) -> None:
    page = enter(browser, staffed.address, "manager")
    at(page, "How we serve")
    skip(page)
    tab_to(page, "Unhappy answer", tag="A")
    page.keyboard.press("j")
    assert page.evaluate(FOCUS)["words"].startswith("Unhappy answer")
    enter_page(page)
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    tab_to(page, "Who sees to it")
    page.keyboard.type("Frontline")
    follow(page, "Give it")
    expect(page.locator(".done")).to_have_text("The case has another owner.")
    tab_to(page, "Keep the note")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("Rang, nobody there.")
    follow(page, "Keep the note")
    expect(page.locator(".steps-done")).to_contain_text("Rang, nobody there.")
    follow(page, "Home", tag="A")
    at(page, "How we serve")
    sign_out(page)


def test_an_agent_closes_a_case_and_looks_a_customer_up(browser: Browser, staffed: Hub) -> None:
    page = enter(browser, staffed.address, "frontline")
    at(page, "Who is waiting")
    page.keyboard.press("j")
    enter_page(page)
    expect(page.get_by_role("heading", name="What was done")).to_be_visible()
    tab_to(page, "Outcome")
    page.keyboard.type("Expl")
    tab_to(page, "What was said to the customer")
    page.keyboard.type("It comes tomorrow.")
    follow(page, "Resolve the case")
    expect(page.locator(".done")).to_have_text("The case is resolved.")
    page.keyboard.press("/")
    page.keyboard.type("user-9")
    enter_page(page)
    expect(page.get_by_role("heading", name="Customers")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("user-901")
    enter_page(page)
    expect(page.get_by_role("heading", name="What they have been through")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text("Late again, 1.")
    follow(page, "Open a case")
    at(page, "Open a case")
    sign_out(page)


def test_an_analyst_asks_and_goes_from_a_number_to_its_interactions(browser: Browser, staffed: Hub) -> None:
    page = enter(browser, staffed.address, "analyst")
    at(page, "What is true")
    follow(page, "Explorer", tag="A")
    at(page, "Explorer")
    tab_to(page, "By", tag="SELECT")
    page.keyboard.type("Unit")
    follow(page, "Show", tag="BUTTON")
    page.wait_for_url("**by=unit**")
    expect(page.locator("table")).to_contain_text("North")
    follow(page, "Home", tag="A")
    skip(page)
    follow(page, "Recommend (NPS)")
    expect(page.locator("#behind [data-item]").first).to_be_visible()
    follow(page, "Answered a survey", tag="A")
    expect(page.get_by_role("heading", name="What they have been through")).to_be_visible()
    sign_out(page)


def test_an_administrator_reaches_every_page_of_a_phone_and_the_list_of_keys(
    browser: Browser, staffed: Hub
) -> None:
    page = enter(browser, staffed.address, "administrator", viewport={"width": 360, "height": 740})
    at(page, "What keeps Regard running")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    for title, heading in (
        ("Members", "Members"),
        ("Organisation", "Organisation"),
        ("Rules of cases", "When cases open by themselves"),
    ):
        press(page, "More")
        expect(page.locator("#more-pages")).to_be_visible()
        follow(page, title, tag="A")
        at(page, heading)
    page.context.close()
