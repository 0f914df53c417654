"""A crawl of every page in every language: nothing is left in English that is not data or a name."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest

from regard.apps.dashboards.tests.conftest import SignIn
from regard.apps.organisation.policy import ROLES
from regard.webkit.catalogues import PACKAGE
from regard.webkit.gathering import gather

PAGES = (
    "/",
    "/figures/nps/",
    "/figures/time_to_resolution/",
    "/account/",
    "/operations/",
    "/operations/quarantine/",
)
# Data and names, which are the same everywhere: units, agents, members, languages in themselves, customers' words.
SAME = re.compile(
    r"^Administrator$|^Import$|North|South|Shop \w+|Contact centre|agent \d|drawn|executive@|manager@|frontline@|analyst@|administrator@|example\.com"
    r"|^\w{1,3}$|English|regard|Regard|NPS|CSAT|CES|CRR|CCR|SMS|E-mail|^n\s[\d,.\s]+$|promoter|Parquet|Segment"
)


class Words(HTMLParser):
    """Collects what a reader sees or hears, but what is marked as being in a language of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag != "html" and (self.foreign or "lang" in given or tag in ("pre", "code", "style", "kbd")):
            if tag not in ("br", "input", "meta", "link", "img"):
                self.foreign.append(tag)
            return
        self.found |= {str(given[name]) for name in ("aria-label", "title", "placeholder") if given.get(name)}

    def handle_endtag(self, tag: str) -> None:
        if self.foreign and self.foreign[-1] == tag:
            self.foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self.foreign and data.strip():
            self.found.add(" ".join(data.split()))


def words_of(page: bytes) -> set[str]:
    words = Words()
    words.feed(page.decode())
    return words.found


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("language", ["el", "hy", "pl", "ru"])
def test_nothing_is_left_untranslated_on_pages_with_data(language: str, sign_in: SignIn) -> None:
    for role in (role.key for role in ROLES):
        english, other = sign_in(role), sign_in(role, language=language)
        for page in PAGES:
            left = words_of(english.get(page, headers={"accept-language": "en"}).content)
            left &= words_of(other.get(page, headers={"accept-language": language}).content)
            left = {text for text in left if re.search(r"[A-Za-z]{3}", text) and not SAME.search(text)}
            assert not left, (role, page)


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("language", ["el", "hy", "pl", "ru"])
def test_nothing_that_a_metric_says_of_itself_is_shown_in_english(language: str, sign_in: SignIn) -> None:
    said = {text for text in gather(PACKAGE / "metrics")[PACKAGE / "metrics"] if len(text) > 20}
    assert len(said) > 50
    client = sign_in("analyst")
    for page in (
        "/metrics/",
        *(f"/figures/{key}/" for key in ("nps", "csat", "time_to_resolution", "handle_time")),
        *(f"/explore/?metric={key}&days=all" for key in ("churn_rate", "lifetime_value", "handle_time")),
    ):
        shown = html.unescape(client.get(page, headers={"accept-language": language}).content.decode())
        assert not [text for text in said if text in shown], page


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("language", ["el", "hy", "pl", "ru"])
def test_nothing_is_left_untranslated_on_empty_pages_and_errors(language: str, sign_in: SignIn) -> None:
    client = sign_in("administrator")
    for page in ("/", "/operations/", "/operations/quarantine/", "/sign-in/", "/no-such-page/"):
        left = words_of(client.get(page, headers={"accept-language": "en"}).content)
        left &= words_of(client.get(page, headers={"accept-language": language}).content)
        left = {text for text in left if re.search(r"[A-Za-z]{3}", text) and not SAME.search(text)}
        assert not left, page
