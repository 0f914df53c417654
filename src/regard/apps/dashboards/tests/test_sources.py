"""The choice between sources: who has it, what it restricts and what keeps it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from regard.apps.dashboards.queries import Extent
from regard.apps.dashboards.sources import choose_source
from regard.apps.dashboards.tests.conftest import SignIn, use
from regard.apps.dashboards.tests.drawn_log import draw_log
from regard.apps.dashboards.tests.test_home import text_of
from regard.apps.intake.services import add_source

LONG_AGO = datetime(2018, 5, 12, 12, tzinfo=UTC)


@pytest.fixture
def two(settings: Settings, tmp_path: Path, db: None) -> None:
    """Pages read a made-up source that goes on and a real one that ended years ago; a third has sent nothing."""
    url = str(tmp_path / "warehouse")
    use(settings, url)
    draw_log(url, end=datetime.now(UTC) - timedelta(minutes=1), n=900, source="sample")
    draw_log(url, end=LONG_AGO, n=1500, source="airport")
    add_source("sample", title="Sample company", is_made_up=True)
    add_source("airport", title="Airport survey")
    add_source("silent", title="Says nothing")


def addresses(html: bytes) -> list[str]:
    """Where the links within a page's content lead."""
    content = html.decode().split("<main", 1)[1]
    return [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', content)]


def n_of(html: bytes) -> int:
    """The number of answers behind the figure of its own page."""
    found = re.search(r"· n\s([\d,]+)", html.decode())
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.usefixtures("two")
def test_only_sources_with_data_can_be_chosen(sign_in: SignIn) -> None:
    client = sign_in("executive")
    for page in ("/", "/figures/nps/"):
        words = text_of(client.get(page).content)
        assert "All sources" in words
        assert "Sample company" in words
        assert "Airport survey" in words
        assert "Says nothing" not in words


@pytest.mark.usefixtures("two")
def test_figures_of_the_sources_add_up_to_those_of_all(sign_in: SignIn) -> None:
    client = sign_in("executive")
    n = {
        key: n_of(client.get(f"/figures/nps/?days=all&source={key}").content)
        for key in ("", "sample", "airport")
    }
    assert 0 < n["sample"] < n["airport"]
    assert n[""] == n["sample"] + n["airport"]


@pytest.mark.usefixtures("two")
def test_the_made_up_mark_and_the_last_day_are_those_of_the_chosen_source(sign_in: SignIn) -> None:
    client = sign_in("executive")
    said = {key: text_of(client.get(f"/?source={key}").content) for key in ("", "sample", "airport")}
    assert {key: "Made-up data" in words for key, words in said.items()} == {
        "": True,
        "sample": True,
        "airport": False,
    }
    assert {key: "The latest data are of May 12, 2018" in words for key, words in said.items()} == {
        "": False,
        "sample": False,
        "airport": True,
    }


@pytest.mark.usefixtures("two")
def test_comments_are_those_of_the_chosen_source(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    n = {}
    for key in ("", "sample", "airport"):
        found = re.search(r"(\d+) comments", text_of(client.get(f"/?days=all&source={key}").content))
        assert found
        n[key] = int(found[1])
    assert n[""] == n["sample"] + n["airport"]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("page", ["/", "/figures/nps/"])
def test_every_link_keeps_the_source_and_another_source_keeps_the_period(page: str, sign_in: SignIn) -> None:
    links = addresses(sign_in("executive").get(f"{page}?days=365&source=airport").content)
    kept = [link for link in links if link.startswith(("?", "/?", "/figures/"))]
    assert len(kept) >= 7
    assert [link for link in kept if "source=airport" not in link] == ["?days=365", "?days=365&source=sample"]


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("wanted", ["no-such", "silent", "sample' OR '1'='1", "SAMPLE", ""])
def test_a_source_that_cannot_be_chosen_counts_as_not_given(wanted: str, sign_in: SignIn) -> None:
    client = sign_in("executive")
    answer = client.get("/figures/nps/", {"days": "all", "source": wanted})
    assert n_of(answer.content) == n_of(client.get("/figures/nps/?days=all").content)
    assert not any("source=no" in link or "OR" in link for link in addresses(answer.content))


@pytest.mark.usefixtures("drawn")
def test_one_source_offers_no_choice(sign_in: SignIn) -> None:
    add_source("drawn", title="The only one")
    add_source("silent", title="Says nothing")
    page = sign_in("executive").get("/?source=drawn")
    assert "All sources" not in text_of(page.content)
    assert "The only one" not in text_of(page.content)
    assert not any("source=" in link for link in addresses(page.content))


@pytest.mark.usefixtures("two")
def test_a_source_that_lies_outside_a_readers_units_is_not_named(sign_in: SignIn) -> None:
    page = sign_in("manager", unit="empty").get("/?source=airport")
    assert "There is nothing to tell yet" in text_of(page.content)
    assert "Airport survey" not in text_of(page.content)


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("language", "all_sources"),
    [
        ("el", "Όλες οι πηγές"),
        ("hy", "Բոլոր աղբյուրները"),
        ("pl", "Wszystkie źródła"),
        ("ru", "Все источники"),
    ],
)
def test_the_choice_speaks_the_readers_language(language: str, all_sources: str, sign_in: SignIn) -> None:
    page = sign_in("executive", language=language).get("/", headers={"accept-language": language})
    assert all_sources in text_of(page.content)


def test_nothing_is_there_to_choose_from_an_empty_log() -> None:
    held = choose_source({}, [], "sample")
    assert (held.choices, held.source, held.extent) == ((), None, Extent(0, None, None))
