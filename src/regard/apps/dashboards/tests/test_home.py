"""What stands on the homes, for whom, and what it costs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from regard.apps.dashboards.tests.conftest import SignIn, use
from regard.apps.dashboards.tests.drawn_log import draw_log
from regard.apps.intake.services import add_source
from regard.apps.organisation import queries
from regard.apps.organisation.policy import ROLES
from regard.webkit.hub import hub

ROLE_KEYS = [role.key for role in ROLES]
PAGES = ("/", "/figures/nps/", "/account/", "/operations/", "/operations/quarantine/")
MAY_OPERATE = {"administrator"}
LARGEST = 300_000


def text_of(html: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode()))


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("role", ROLE_KEYS)
def test_each_role_opens_its_own_pages_and_no_others(role: str, sign_in: SignIn) -> None:
    client = sign_in(role)
    for address in PAGES:
        is_theirs = "operations" not in address or role in MAY_OPERATE
        answer = client.get(address)
        assert answer.status_code == (200 if is_theirs else 403), address
        assert len(answer.content) < LARGEST
    assert client.get("/figures/no-such-metric/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_opens_nothing(address: str, client: Client) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.usefixtures("drawn")
def test_the_executive_sees_figures_with_interval_n_trend_and_change(sign_in: SignIn) -> None:
    page = sign_in("executive").get("/").content.decode()
    assert "Recommend (NPS)" in page
    assert re.search(r"\d+\.\d – \d+\.\d · n\s[\d,]+", page)
    assert 'class="trend"' in page
    assert "real" in page
    assert "By unit" in page
    assert "Where it hurts" in page
    assert "What they say" in page


@pytest.mark.usefixtures("drawn")
def test_the_opening_sentence_names_the_fall_and_the_sore_point(sign_in: SignIn) -> None:
    words = text_of(sign_in("executive").get("/").content)
    assert re.search(
        r"Recommendation fell by [\d.]+ points against the period before, and the fall is real", words
    )
    assert re.search(r"It hurts most at Phone · Get help ?: Recommend \(NPS\) −", words)


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("address", ["/", "/figures/nps/"])
def test_no_single_day_follows_from_what_an_executive_sees(address: str, sign_in: SignIn) -> None:
    today = datetime.now(UTC).date()
    monday = today - timedelta(days=21 + today.weekday())
    client = sign_in("executive")
    days = [monday + timedelta(days=2), monday + timedelta(days=3)]
    one, other = (text_of(client.get(f"{address}?days=30&until={day}").content) for day in days)
    assert one == other
    first, last = monday - timedelta(days=28), monday + timedelta(days=6)
    if address == "/":
        assert f"{first:%b} {first.day}, {first.year} – {last:%b} {last.day}, {last.year}" in one


@pytest.mark.usefixtures("drawn")
def test_a_manager_of_a_unit_sees_only_it_and_what_lies_below(sign_in: SignIn) -> None:
    page = sign_in("manager", unit="north").get("/?days=all").content
    peers = re.search(rb'<section[^>]*id="part-peers".*?</section>', page, re.S)
    assert peers is not None
    words = text_of(page.replace(peers.group(), b""))
    assert "South" not in words
    assert "Shop Patras" not in words
    assert "Contact centre" not in words
    # Peers show as one figure each, withheld where it is of few; nothing of what lies below them.
    assert "South" in text_of(peers.group())
    assert "Shop" not in text_of(peers.group())


@pytest.mark.usefixtures("drawn")
def test_a_member_of_a_unit_without_data_sees_how_to_get_some_and_no_number(sign_in: SignIn) -> None:
    answer = sign_in("manager", unit="empty").get("/")
    assert "There is nothing to tell yet" in text_of(answer.content)


@pytest.mark.usefixtures("drawn")
def test_administrators_read_no_words_of_customers(sign_in: SignIn) -> None:
    page = sign_in("administrator").get("/").content.decode()
    assert "What they say" not in page
    assert "nobody told me" not in page


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("role", ["executive", "manager"])
def test_whose_words_a_home_shows_is_written_down_once(role: str, sign_in: SignIn) -> None:
    client = sign_in(role)
    page = client.get("/").content.decode()
    client.get("/")
    [reading] = [one for one in queries.list_readings() if one.what == "comments"]
    shown = page.count("<blockquote")
    assert 0 < len(reading.about) <= shown


@pytest.mark.usefixtures("drawn")
def test_no_comment_stands_twice(sign_in: SignIn) -> None:
    page = sign_in("manager").get("/").content.decode()
    said = re.findall(r"<blockquote.*?</blockquote>", page, re.DOTALL)
    assert len(said) == len(set(said))


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("role", ROLE_KEYS)
def test_an_empty_regard_says_how_to_fill_it_and_shows_no_zero(role: str, sign_in: SignIn) -> None:
    client = sign_in(role)
    words = text_of(client.get("/").content)
    assert "regard import" in words
    assert "/v1/track" in words
    assert 'class="val"' not in words
    assert ('href="/import/"' in client.get("/").content.decode()) == (role in ("analyst", "administrator"))
    assert client.get("/figures/nps/").status_code == 302


@pytest.mark.parametrize("n", [1, 4])
def test_one_reading_is_a_dot_with_its_reason(
    n: int, settings: Settings, tmp_path: Path, sign_in: SignIn
) -> None:
    url = str(tmp_path / "warehouse")
    draw_log(url, end=datetime.now(UTC) - timedelta(minutes=1), n=n)
    use(settings, url)
    words = text_of(sign_in("executive").get("/").content)
    assert "Fewer than 5 answers" in words
    assert re.search(r"No or too few answers on recommending", words)


def test_a_log_that_ended_long_ago_is_shown_up_to_its_end(
    settings: Settings, tmp_path: Path, sign_in: SignIn
) -> None:
    url = str(tmp_path / "warehouse")
    draw_log(url, end=datetime(2018, 5, 12, 12, tzinfo=UTC), days=100)
    use(settings, url)
    words = text_of(sign_in("executive").get("/").content)
    assert "The latest data are of May 12, 2018" in words
    assert "Recommend (NPS)" in words


def test_made_up_data_are_called_made_up(settings: Settings, tmp_path: Path, sign_in: SignIn) -> None:
    url = str(tmp_path / "warehouse")
    draw_log(url, end=datetime.now(UTC), n=60, source="sample")
    use(settings, url)
    client = sign_in("executive")
    assert "Made-up data" not in text_of(client.get("/").content)
    add_source("sample", is_made_up=True)
    assert "Made-up data" in text_of(client.get("/").content)


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize(
    "query", ["?days=30", "?days=365", "?days=all", "?days=x&until=y", "?until=2026-13-45"]
)
def test_any_period_can_be_asked_for(query: str, sign_in: SignIn) -> None:
    client = sign_in("analyst")
    assert client.get("/" + query).status_code == 200
    assert client.get("/figures/csat/" + query).status_code == 200


@pytest.mark.usefixtures("drawn")
def test_a_second_look_asks_the_warehouse_nothing_and_the_store_little(
    sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in("executive")
    client.get("/")
    monkeypatch.setattr(hub(), "cursor", lambda: pytest.fail("asked again"))
    with django_assert_max_num_queries(6):
        client.get("/")


def test_new_data_are_seen_at_once(settings: Settings, tmp_path: Path, sign_in: SignIn) -> None:
    url = str(tmp_path / "warehouse")
    use(settings, url)
    client = sign_in("executive")
    assert "There is nothing to tell yet" in text_of(client.get("/").content)
    draw_log(url, end=datetime.now(UTC), n=60)
    assert "Recommend (NPS)" in text_of(client.get("/").content)


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("address", [*PAGES, "/sign-in/", "/no-such-page/"])
def test_pages_carry_no_inline_script_or_style_and_a_strict_policy(address: str, sign_in: SignIn) -> None:
    answer = sign_in("administrator").get(address)
    page = answer.content.decode()
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=", page)
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.usefixtures("drawn")
def test_a_failure_of_ours_is_a_calm_page(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in("executive")
    client.raise_request_exception = False
    monkeypatch.setattr("regard.apps.dashboards.web.views.hub_of_homes", lambda now: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in text_of(answer.content)


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(("role", "leads"), [("analyst", True), ("manager", False)])
def test_an_empty_explorer_and_home_lead_to_the_import_of_who_may(
    role: str, leads: bool, sign_in: SignIn
) -> None:
    client = sign_in(role)
    home = client.get("/").content.decode()
    for shown in (client.get("/explore/").content.decode(), home):
        main = shown.partition("<main")[2].partition("</main>")[0]
        assert ('href="/import/"' in main) == leads
    assert ("Analysts and administrators bring one" in home) != leads
