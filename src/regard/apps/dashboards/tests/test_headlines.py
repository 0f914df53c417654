"""What a home says first where an organisation asks its own questions only."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from pytest_django import Settings

from regard.apps.dashboards.own_questions import leading_question
from regard.apps.dashboards.tests.conftest import SignIn, use
from regard.apps.dashboards.tests.drawn_log import draw_log
from regard.kernel.estimates import Estimate
from regard.metrics.readings import Reading

PERIOD = "days=90"


def page(sign_in: SignIn, role: str, address: str = f"/?{PERIOD}", **about: str) -> str:
    answer = sign_in(role, **about).get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def told(shown: str) -> str:
    """What stands on the page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))


def reading(question: str, n: int) -> Reading:
    return Reading({"metric": question}, None, Estimate(4.0, 3.9, 4.1, n, "mean, t interval"))


@pytest.fixture(scope="module")
def own_only_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a log with the answers to questions of our own and to no other."""
    url = str(tmp_path_factory.mktemp("own-only") / "warehouse")
    draw_log(url, end=datetime.now(UTC), days=120, questions=("food_sold", "overall", "rooms"))
    return url


@pytest.fixture
def own_only(settings: Settings, own_only_url: str, _own_warehouse: None) -> None:
    use(settings, own_only_url)


@pytest.mark.usefixtures("own_only")
@pytest.mark.parametrize("role", ["executive", "manager"])
def test_own_questions_lead_the_home_with_trend_interval_and_change(role: str, sign_in: SignIn) -> None:
    shown = page(sign_in, role)
    figures = shown.partition("No figure yet")[0]
    assert "Overall · mean answer" in figures
    assert "Overall · top answers" in figures
    assert re.search(r"The mean answer to “overall” (stands at|rose by|fell by)", told(shown))
    assert "No or too few answers on recommending" not in shown
    assert re.search(r'href="/figures/mean_score/\?days=90&where=metric%3Doverall"', shown)
    assert "Where it hurts" in shown
    assert re.search(r"where=metric%3Doverall&where=channel%3D\w+&where=stage%3D", shown)


@pytest.mark.usefixtures("own_only")
def test_the_explorer_and_the_page_of_a_figure_show_the_same_question(sign_in: SignIn) -> None:
    analyst = sign_in("analyst")
    for address, title in (
        ("/figures/mean_score/?days=90", "Overall · mean answer"),
        ("/explore/?metric=mean_score&days=90", "Mean answer, own question · overall"),
    ):
        shown = html.unescape(analyst.get(address).content.decode())
        assert title in told(shown), address


@pytest.mark.usefixtures("own_only")
def test_units_and_people_are_compared_by_the_same_question(sign_in: SignIn) -> None:
    assert "where=metric%3Doverall&where=unit%3D" in page(sign_in, "executive")
    shown = page(sign_in, "manager", unit="north")
    assert "Against our peers" in shown
    assert "where=metric%3Doverall&where=agent%3Dagent" in shown


@pytest.mark.usefixtures("own_only")
def test_a_figure_of_one_question_leads_to_its_answers_and_no_others(sign_in: SignIn) -> None:
    address = f"/figures/mean_score/?{PERIOD}&where=metric%3Drooms&where=channel%3Dphone&where=stage%3Dhelp"
    shown = page(sign_in, "manager", address)
    n = re.search(r"\bn\s([\d,]+)", told(shown))
    assert n is not None
    assert f"{n.group(1)} interactions, newest first" in told(shown)
    assert "rooms" in told(shown)
    assert "food sold" not in told(shown)
    assert 'href="?days=90&where=metric%3Drooms"' in shown


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("role", ["executive", "manager"])
def test_where_customers_were_asked_to_recommend_that_leads(role: str, sign_in: SignIn) -> None:
    assert "own question" not in page(sign_in, role)


@pytest.mark.usefixtures("own_only")
@pytest.mark.parametrize("language", ["el", "hy", "pl", "ru"])
def test_it_is_said_in_the_readers_language(language: str, sign_in: SignIn) -> None:
    shown = page(sign_in, "executive", language=language)
    assert "overall" in told(shown)
    assert not re.search(r"mean answer|own question|stands at", told(shown), re.I)


def test_a_question_about_the_whole_leads_before_one_that_has_a_few_more_answers() -> None:
    assert leading_question([reading("Q7FOOD", 900), reading("Q7ALL", 600), reading("signs", 100)]) == "Q7ALL"
    assert leading_question([reading("food", 900), reading("overall", 100)]) == "food"
    assert leading_question([reading("food", 900), reading("rooms", 900)]) == "food"
    assert leading_question([reading("food", 9), reading("Γενικά, πόσο ευχαριστημένοι;", 9)]).startswith(
        "Γενικά"
    )
    assert leading_question([Reading({"metric": "food"}, None, None, "too few")]) == ""
