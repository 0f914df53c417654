"""Questions of the organisation's own in the explorer: each stands for itself."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from regard.apps.dashboards.tests.conftest import SignIn, use
from regard.apps.dashboards.tests.drawn_log import draw_log

DAYS = "days=all"


@pytest.fixture(scope="module")
def own_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a log with the answers to two questions of our own beside NPS."""
    url = str(tmp_path_factory.mktemp("own") / "warehouse")
    draw_log(url, end=datetime.now(UTC), days=30, questions=("nps", "food_sold", "rooms"))
    return url


@pytest.fixture(autouse=True)
def own(settings: Settings, own_url: str, _own_warehouse: None) -> None:
    use(settings, own_url)


def page(sign_in: SignIn, query: str, language: str = "en") -> str:
    answer = sign_in("analyst", language=language).get(f"/explore/?{query}&{DAYS}")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def said(shown: str) -> str:
    found = re.search(r'<p class="say" id="answer">(.*?)</p>', shown, re.S)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found.group(1))


def test_by_question_each_has_its_mean_and_none_is_held_against_another(sign_in: SignIn) -> None:
    shown = page(sign_in, "metric=mean_score&by=metric")
    assert re.fullmatch(
        r"Mean answer, own question: (food sold|rooms) [\d.]+, (food sold|rooms) [\d.]+\.", said(shown)
    )
    assert "Each stands for itself" in shown
    assert "dot-reference" not in shown
    assert "from the rest" not in shown
    table = shown.partition('id="h-table"')[2].partition("</table>")[0]
    assert (table.count(">food sold<"), table.count(">rooms<"), table.count(">nps<")) == (1, 1, 0)
    assert "Answers to different questions are never put together" in table


def test_without_a_choice_the_question_with_most_answers_is_shown_and_named(sign_in: SignIn) -> None:
    shown = page(sign_in, "metric=mean_score&every=week")
    assert re.match(r"Mean answer, own question · (food sold|rooms): \d\.\d", said(shown))
    assert 'class="trend tall"' in shown


def test_over_time_each_question_has_its_line(sign_in: SignIn) -> None:
    shown = page(sign_in, "metric=mean_score&by=metric&every=week")
    assert shown.count('class="trend"') == 2
    link = re.search(r'<li><b><a href="([^"]+)">food sold</a>', shown)
    behind = sign_in("analyst").get(link.group(1) if link else "").content.decode()
    assert "food" in behind
    n = re.search(r"<li><b><a [^>]+>food sold</a></b>.*?n\s([\d,]+)", shown, re.S)
    assert f"{n.group(1) if n else ''} interactions, newest first" in behind


def test_one_question_can_be_chosen_by_a_filter(sign_in: SignIn) -> None:
    shown = page(sign_in, "metric=mean_score&on=metric&way=is&value=rooms&by=channel")
    assert said(shown).startswith("Mean answer, own question: ")
    assert "dot-reference" in shown


def test_the_file_names_the_question_of_every_row(sign_in: SignIn) -> None:
    answer = sign_in("analyst").get(f"/explore/answer.csv?metric=mean_score&by=channel&{DAYS}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["metric"] for row in rows if row["value"]} == {"food_sold", "rooms"}
    assert len([row for row in rows if row["channel"] == "web"]) == 2


def test_the_picture_draws_no_line_of_a_whole(sign_in: SignIn) -> None:
    for query, n in (("by=metric", 0), ("by=channel", 1)):
        drawing = (
            sign_in("analyst").get(f"/explore/answer.svg?metric=mean_score&{query}&{DAYS}").content.decode()
        )
        assert drawing.count('stroke="#8c97a3"/>') == n, query


@pytest.mark.parametrize("language", ["el", "hy", "pl", "ru"])
def test_it_is_said_in_the_readers_language(language: str, sign_in: SignIn) -> None:
    shown = page(sign_in, "metric=top_box&by=metric", language)
    assert "Top answers" not in shown
    assert "never put together" not in shown


def test_the_page_of_the_figure_is_of_one_question_and_says_which(sign_in: SignIn) -> None:
    shown = html.unescape(sign_in("executive").get(f"/figures/mean_score/?{DAYS}").content.decode())
    assert re.search(r"<h1>(Food sold|Rooms) · mean answer", shown)
    assert (
        shown.count('<span class="who-is"><a href="/figures/mean_score/?days=all&where=channel%3Dweb">') == 1
    )
