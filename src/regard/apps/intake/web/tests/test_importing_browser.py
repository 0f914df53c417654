"""In a real browser, as somebody new: from the empty first page to figures of one's own file, on a desk and on a phone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import Settings

from regard.apps.intake.importing import history, projecting
from regard.apps.journal import jobs
from regard.apps.organisation import services
from regard.webkit.boot import make_data_dir

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PASSWORD = "a-long-enough-password"
CUTS = Path(__file__).parents[4] / "integrations" / "airport_survey" / "cuts"
SURVEY = CUTS / "sfo_customer_survey_2017.csv"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # The browser's driver keeps an event loop in this thread; the store does not mind.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=30_000)  # Every change reads some thousand rows anew.
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    make_data_dir(folder)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REGARD = dataclasses.replace(
        settings.REGARD, data_dir=folder, warehouse_url=str(folder / "warehouse")
    )
    monkeypatch.setattr(projecting, "Waiting", projecting.Beside)


def enter(browser: Browser, address: str, page_path: str, **look: Any) -> Page:
    services.create_member(email="analyst@example.com", role="analyst", password=PASSWORD)
    page = browser.new_context(**look).new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"{address}/sign-in/?next={quote(page_path)}")
    page.get_by_label("E-mail").fill("analyst@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("main:not(.alone) h1")  # Not that of the sign-in form.
    page.wait_for_load_state()
    return page


def column(page: Page, name: str) -> Any:
    return page.locator(".columns > li", has=page.locator("b").get_by_text(name, exact=True))


def test_somebody_new_drops_a_survey_and_sees_its_figures(browser: Browser, live_server: Any) -> None:
    page = enter(browser, live_server.url, "/")
    page.get_by_role("link", name="Bring a file").click()
    page.wait_for_url("**/import/", wait_until="load")  # Nothing is caught before its script is there.
    dropped = page.evaluate_handle(
        "([name, text]) => { const data = new DataTransfer(); data.items.add(new File([text], name)); return data }",
        [SURVEY.name, SURVEY.read_text()],
    )
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})
    expect(page.locator("#draft .note")).to_contain_text("Nothing says when it happened")
    expect(page.get_by_role("button", name="Take it in")).to_be_disabled()
    page.get_by_label("When it happened, for all rows").fill("2017-05-{INTDATE}")
    page.keyboard.press("Tab")
    expect(page.locator("#import-preview table")).to_be_visible()
    column(page, "Q7ALL").get_by_role("combobox").select_option("csat")
    expect(column(page, "Q7ALL").get_by_label("scale from")).to_be_visible()
    page.get_by_label("In every rating, these mean no answer").fill("0, 6, 11, Blank")
    page.keyboard.press("Tab")
    expect(page.locator("#import-preview")).to_contain_text("None of them will be refused.")
    page.get_by_label("Source: where these rows come from").fill("airport")
    page.get_by_role("button", name="Take it in").click()
    expect(page.locator("#progress")).to_contain_text("waits for its turn")
    address = page.url
    page.goto("about:blank")
    assert jobs.run_next()
    page.goto(address)
    expect(page.locator(".counts")).to_contain_text("rows read")
    [row] = history.list_imports()
    assert (row.state, row.source, row.n_rejected) == ("done", "airport", 0)
    page.get_by_role("link", name="See the figures").click()
    expect(page.locator("main")).to_contain_text("Recommend (NPS)")
    assert page.url.endswith("/?source=airport")


@pytest.mark.parametrize("language", ["en", "el", "hy", "pl", "ru"])
def test_the_page_of_a_file_fits_a_phone_in_every_language(
    browser: Browser, live_server: Any, language: str
) -> None:
    page = enter(browser, live_server.url, "/import/", viewport={"width": 320, "height": 800})
    page.context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
    page.goto(f"{live_server.url}/import/")
    page.set_input_files("#file", str(SURVEY))
    page.wait_for_selector("#draft")
    page.locator("#beside summary").click()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert len(page.content()) < 300_000


def test_what_is_no_table_is_said_where_the_file_was_dropped(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    picture = tmp_path / "table.pdf"
    picture.write_bytes(b"%PDF-1.5 and so on")
    page = enter(browser, live_server.url, "/import/")
    page.set_input_files("#file", str(picture))
    expect(page.locator("[data-drop] .errors")).to_contain_text("export the data as CSV")
    expect(page.get_by_role("button", name="Look at it")).to_be_enabled()
