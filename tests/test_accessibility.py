"""Every page as people meet it: read by a screen reader, on the smallest phone, in five languages, with nothing fetched from elsewhere.

A page is added by a line in PAGES. Each is opened with data, in an empty Regard and with one reading; axe-core must find nothing
(WCAG 2.2 AA), nothing may run over the edge at 320 pixels, weigh more than 300 kB, ask another host, or stay in English.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

NODE = Path(__file__).resolve().parent / "clients" / "node"
AXE = NODE / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
Environment = dict[str, str]
PASSWORD = "a long password for pages"
LANGUAGES = ("en", "el", "hy", "pl", "ru")
LARGEST = 300_000
ALL = ("executive", "manager", "frontline", "analyst", "administrator")
PEOPLE = ("manager", "frontline", "analyst")
# More fields than a request may have, and a page whose table is lost.
TOO_MUCH, BROKEN = "/?" + "a&" * 1001, "/cases/rules/?broken"
MEMBERS = f"""
from regard.webkit.boot import setup; setup()
from regard.apps.organisation import services
for role in {ALL}:
    services.create_member(email=role + "@pages.example", role=role, password={PASSWORD!r})
"""
LOSE_RULES = """
from regard.webkit.boot import setup; setup()
from django.db import connection
connection.cursor().execute("DROP TABLE cases_casesetting")
"""
# What the organisation and its data are called: the same in every language.
NAMES = """
import json
from regard.webkit.boot import setup; setup()
from regard.apps.intake.queries import list_sources
from regard.apps.organisation.queries import list_units
from regard.webkit.hub import hub
hub().refresh()
with hub().cursor() as log:
    rows = log.execute("SELECT DISTINCT unnest([agent, touchpoint, kind, source, channel, metric]) FROM log").fetchall()
names = [name for (name,) in rows if name] + [unit.title for unit in list_units()]
names += [word for source in list_sources() for word in (source.title, source.key)]
print(json.dumps(names + ["warehouse", "customers", "cases", "intake", "announcements", "customers.told"]))
"""
# Address and who may open it. {customer} is a customer with a history; a page that another slice brings is left out
# where it is not there.
PAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("/", ALL),
    ("/?days=365", ("executive", "manager")),
    ("/figures/nps/?days=365", ALL),
    ("/figures/csat/?days=365&where=stage%3Dhelp", ("executive", "manager")),
    ("/figures/revenue/?days=365", ("analyst",)),
    ("/account/", ("executive", "administrator")),
    ("/customers/", PEOPLE),
    ("/customers/{customer}/", PEOPLE),
    ("/cases/", ("manager", "frontline")),
    ("/cases/rules/", ("administrator",)),
    ("/explore/", ("analyst", "manager")),
    ("/explore/?metric=nps&by=channel&every=month", ("analyst",)),
    ("/explore/?metric=nps&by=nonsense", ("analyst",)),
    ("/explore/behind/?metric=nps&by=channel&in=channel%3Dphone", ("analyst",)),
    ("/metrics/", ("analyst",)),
    ("/members/", ("administrator",)),
    ("/units/", ("administrator",)),
    ("/import/", ("analyst", "administrator")),
    ("/sources/", ("administrator",)),
    ("/readings/", ("administrator",)),
    ("/erasures/?q=nobody", ("administrator",)),
    ("/erasures/customers/{customer}/", ("administrator",)),
    ("/settings/", ("administrator",)),
    ("/stages/", ("administrator",)),
    ("/operations/", ("administrator",)),
    ("/operations/quarantine/", ("administrator",)),
    ("/no-such-page/", ("executive",)),
    ("/operations/?denied", ("frontline",)),
    (TOO_MUCH, ("executive",)),
)
# Addresses that are no pages of their own: they are sent to, are parts of pages or files, or need a parameter.
NO_PAGES = {
    "sign-in", "sign-out", "language", "case-new", "source-arrivals", "import-begin", "explorer-csv", "explorer-svg", "explorer-save",
    "quarantine-discard", "quarantine-replay",
}  # fmt: skip
MAY_FAIL = {"/no-such-page/": 404, "/operations/?denied": 403, TOO_MUCH: 400, BROKEN: 500}
SAMPLE = ("/", "/figures/csat/?days=365&where=stage%3Dhelp")
# Names and keys that are the same everywhere: units, sources, teams, agents, metrics, languages in themselves.
SAME = re.compile(
    r"^\W*\w{0,3}\W*$|@|example|[Rr]egard\b|NPS|CSAT|CES|CRR|CCR|CLV|SMS|E-mail|promoter|Segment|Parquet|NDJSON|CSV"
    r"|^[a-z]+\.[a-z]+$|^[\w.-]+_[\w.]+$|English|Sample company|Kaplan|Wilson|Administrator|^Import$"
)
TEXTS = """() => { const found = new Set(); const skip = 'pre, code, kbd, script, style, svg, option, [data-name]';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) { const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim().replace(/\\s+/g, ' ');
    if (text && !e.closest(skip) && !(e.closest('[lang]') !== document.documentElement)) found.add(text) }
  for (const e of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder']) if (e.hasAttribute(name) && e.closest('[lang]') === document.documentElement) found.add(e.getAttribute(name).trim());
  return [...found] }"""
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


@dataclass
class Place:
    """A Regard that is served, with a member of each role, and what its addresses stand for."""

    address: str
    customer: str = "1"
    names: tuple[str, ...] = ()

    def url(self, page: str) -> str:
        return self.address + page.format(customer=self.customer)


def run(environment: Environment, *words: str) -> str:
    """Run Python over the data folder of an environment. Returns: what it printed."""
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def serve(environment: Environment) -> Iterator[Place]:
    run(environment, "-c", MEMBERS)
    names = json.loads(run(environment, "-c", NAMES))
    process = subprocess.Popen(
        [sys.executable, "-m", "regard.cli.main", "serve", "--port", "0"],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stdout)))
        yield Place(found.group(), names=tuple(sorted(names, key=len, reverse=True)))
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.exists():
        done = subprocess.run(
            ["npm", "ci", "--no-audit", "--no-fund"], cwd=NODE, capture_output=True, text=True, check=False
        )
        if not AXE.exists():
            pytest.skip(f"npm could not install axe-core: {done.stderr[-300:]}")
    return AXE.read_text()


@pytest.fixture(scope="module")
def environment_for(
    tmp_path_factory: pytest.TempPathFactory, environment_of: Callable[[Path], Environment]
) -> Callable[[str], Environment]:
    """Makes the environment of a data folder of this name."""
    return lambda name: environment_of(tmp_path_factory.mktemp(name) / "data")


@pytest.fixture(scope="module")
def full(environment_for: Callable[[str], Environment], browser: Browser) -> Iterator[Place]:
    """A small made-up company."""
    environment = environment_for("full")
    run(environment, "-m", "regard.cli.main", "sample", "--customers", "150")
    for place in serve(environment):
        page = enter(browser, place, "analyst", "en").new_page()
        page.goto(place.url("/figures/csat/?days=all"))
        links = page.eval_on_selector_all("#behind a[href^='/customers/']", "all => all.map(a => a.href)")
        place.customer = links[0].rstrip("/").rsplit("/", 1)[1] if links else "1"
        page.context.close()
        yield place


@pytest.fixture(scope="module")
def empty(environment_for: Callable[[str], Environment]) -> Iterator[Place]:
    """Nothing has arrived yet."""
    yield from serve(environment_for("empty"))


@pytest.fixture(scope="module")
def single(
    tmp_path_factory: pytest.TempPathFactory, environment_for: Callable[[str], Environment]
) -> Iterator[Place]:
    """One answer has arrived."""
    environment, file = environment_for("single"), tmp_path_factory.mktemp("files") / "one.csv"
    file.write_text(
        "customer,occurred_at,kind,channel,touchpoint,metric,score,text,language\n"
        "ada,2026-03-02T09:00:00Z,survey.answered,email,delivery,nps,3,Late again,en\n"
    )
    run(environment, "-m", "regard.cli.main", "import", str(file))
    yield from serve(environment)


@pytest.fixture(scope="module")
def broken(environment_for: Callable[[str], Environment]) -> Iterator[Place]:
    """A Regard of whose database a part is lost, so that one page fails."""
    environment = environment_for("broken")
    for place in serve(environment):
        run(environment, "-c", LOSE_RULES)
        yield place


def enter(browser: Browser, place: Place, role: str, language: str, **look: Any) -> BrowserContext:
    """A browser in which somebody of this role is signed in and reads this language."""
    context = browser.new_context(**look)
    page = context.new_page()
    page.goto(place.address + "/sign-in/")
    page.fill("[name=email]", f"{role}@pages.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("main h1")
    page.close()
    read_in(context, place, language)
    return context


def read_in(context: BrowserContext, place: Place, language: str) -> None:
    context.add_cookies([{"name": "django_language", "value": language, "url": place.address}])


def open_page(page: Page, place: Place, path: str) -> list[str]:
    """Open a page and tell what is wrong with the way it came."""
    sizes: dict[str, int] = {}
    wrong: list[str] = []

    def arrived(answer: Any) -> None:
        if answer.url.startswith("data:"):
            return
        if not answer.url.startswith(place.address):
            wrong.append(f"asks another host: {answer.url}")
        elif answer.ok and "text/event-stream" not in answer.headers.get("content-type", ""):
            sizes[answer.url] = len(answer.body())

    page.on("response", arrived)
    answer = page.goto(place.url(path))
    page.wait_for_load_state("load")
    page.remove_listener("response", arrived)
    assert answer is not None
    if answer.status != MAY_FAIL.get(path, 200):
        wrong.append(f"answers {answer.status}")
    if sum(sizes.values()) > LARGEST:
        wrong.append(f"weighs {sum(sizes.values())} bytes")
    return wrong


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA."""
    page.evaluate(axe)
    tags = json.dumps(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"])
    found = page.evaluate(f"axe.run({{runOnly: {tags}, resultTypes: ['violations']}})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def over_the_edge(page: Page) -> list[str]:
    """What is wider than the window."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"runs {over} pixels over the edge"] if over else []


def untranslated(english: set[str], other: set[str], names: tuple[str, ...]) -> list[str]:
    """What both languages say alike and is no name."""

    def is_english(text: str) -> bool:
        for name in names:
            text = text.replace(name, "")
        return re.search(r"[A-Za-z]{3}", text) is not None and not SAME.search(text)

    return sorted(filter(is_english, english & other))


def look_at(
    browser: Browser,
    place: Place,
    axe: str,
    role: str,
    pages: list[str],
    languages: tuple[str, ...],
    **look: Any,
) -> list[str]:
    """Everything that is wrong with these pages for this reader."""
    wrong: list[str] = []
    english: dict[str, set[str]] = {}
    context = enter(browser, place, role, "en", viewport={"width": 320, "height": 800}, **look)
    page = context.new_page()
    for language in dict.fromkeys(("en", *languages)):
        read_in(context, place, language)
        for path in pages:
            found = open_page(page, place, path) + over_the_edge(page)
            if language in languages:
                found += violations(page, axe)
            texts = set(page.evaluate(TEXTS))
            if language == "en":
                english[path] = texts
            elif left := untranslated(english[path], texts, place.names):
                found.append(f"still English: {left}")
            wrong += [f"{role} {path} [{language}] {one}" for one in found]
    context.close()
    return wrong


def pages_of(role: str) -> list[str]:
    return [path for path, roles in PAGES if role in roles]


def test_every_page_stands_in_the_list() -> None:
    def walk(patterns: Iterable[Any], before: str) -> Iterator[tuple[str, str]]:
        for one in patterns:
            address = before + str(one.pattern)
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns, address)
            elif "<" not in address and not address.startswith("api/"):
                yield f"/{address}", one.name

    listed = {path.split("?")[0] for path, _ in PAGES}
    known = {address for address, name in walk(get_resolver().url_patterns, "") if name not in NO_PAGES}
    assert not known - listed


def test_a_home_and_a_figure_are_open_to_everybody(browser: Browser, full: Place, axe: str) -> None:
    assert not look_at(browser, full, axe, "executive", list(SAMPLE), ("en", "hy"))


@pytest.mark.pages
@pytest.mark.timeout(900)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("role", ALL)
def test_every_page_with_data_is_open_to_everybody(
    browser: Browser, full: Place, axe: str, role: str, scheme: str
) -> None:
    assert not look_at(browser, full, axe, role, pages_of(role), LANGUAGES, color_scheme=scheme)


@pytest.mark.pages
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ALL)
def test_every_page_of_an_empty_regard_is_open_to_everybody(
    browser: Browser, empty: Place, axe: str, role: str
) -> None:
    pages = [path for path in pages_of(role) if "{customer}" not in path]
    assert not look_at(browser, empty, axe, role, pages, LANGUAGES)


@pytest.mark.pages
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_that_fails_says_so_to_everybody(
    browser: Browser, broken: Place, axe: str, scheme: str
) -> None:
    assert not look_at(browser, broken, axe, "administrator", [BROKEN], LANGUAGES, color_scheme=scheme)


@pytest.mark.pages
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_form_that_was_too_old_says_so_to_everybody(
    browser: Browser, empty: Place, axe: str, scheme: str
) -> None:
    english: set[str] = set()
    for language in LANGUAGES:
        context = browser.new_context(viewport={"width": 320, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(empty.url("/sign-in/"))
        page.fill("[name=email]", "executive@pages.example")
        page.fill("[name=password]", PASSWORD)
        context.clear_cookies()
        read_in(context, empty, language)
        with page.expect_navigation() as sent:
            page.keyboard.press("Enter")
        assert sent.value.status == 403
        texts = set(page.evaluate(TEXTS))
        english = english or texts
        left = untranslated(english, texts, empty.names) if language != "en" else []
        assert (language, violations(page, axe), over_the_edge(page), left) == (language, [], [], [])
        context.close()


@pytest.mark.pages
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", ALL)
def test_every_page_with_one_reading_is_open_to_everybody(
    browser: Browser, single: Place, axe: str, role: str
) -> None:
    assert not look_at(browser, single, axe, role, pages_of(role), LANGUAGES)
