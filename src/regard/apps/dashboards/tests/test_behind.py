"""From a number to its interactions, from an interaction to its customer, for who may read them."""

from __future__ import annotations

import re

import pytest

from regard.apps.dashboards.narrowing import Group, read_group
from regard.apps.dashboards.tests.conftest import SignIn
from regard.apps.dashboards.tests.test_home import text_of
from regard.apps.organisation.policy import Sight
from regard.apps.organisation.queries import list_readings
from regard.apps.organisation.stages import DEFAULT_STAGES

READER = Sight(units=None, parts=frozenset(), reads_answers=True)
OTHER = Sight(units=None, parts=frozenset(), reads_answers=False)


def n_behind(words: str) -> int:
    found = re.search(r"Behind this figure ([\d,]+) interaction", words)
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.usefixtures("drawn")
def test_a_number_lists_as_many_interactions_as_it_counts_and_each_leads_to_its_customer(
    sign_in: SignIn,
) -> None:
    client = sign_in("analyst")
    page = client.get("/figures/nps/?days=90").content
    words = text_of(page)
    assert f"n {n_behind(words):,}" in words
    links = re.findall(r'href="(/customers/\d+/)"', page.decode())
    assert len(links) == 25


@pytest.mark.usefixtures("drawn")
def test_pages_of_interactions_follow_each_other_and_the_last_is_found(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    first = text_of(client.get("/figures/nps/?days=30").content)
    second = text_of(client.get("/figures/nps/?days=30&page=2").content)
    beyond = text_of(client.get("/figures/nps/?days=30&page=999").content)
    assert "1 to 25 of" in first
    assert "26 to 50 of" in second
    assert f"to {n_behind(beyond):,} of {n_behind(beyond):,}" in beyond


@pytest.mark.usefixtures("drawn")
def test_what_was_read_is_written_down(sign_in: SignIn) -> None:
    sign_in("manager").get("/figures/nps/?days=30")
    noted = list_readings()
    assert [(one.what, len(one.about)) for one in noted] == [("answers", 25)]
    sign_in("executive").get("/figures/nps/?days=30")
    assert [one.what for one in list_readings()] == ["comments", "answers"], "words, but no single answers"


@pytest.mark.usefixtures("drawn")
def test_an_executive_sees_words_but_no_single_answer_and_an_administrator_neither(sign_in: SignIn) -> None:
    words = text_of(sign_in("executive").get("/figures/nps/?days=90").content)
    assert "Behind this figure" in words
    assert "comments" in words
    assert "newest first" not in words
    assert "Your role sees figures" in text_of(sign_in("administrator").get("/figures/nps/?days=90").content)


@pytest.mark.usefixtures("drawn")
def test_a_field_of_the_heat_map_leads_to_its_own_figure(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    home = client.get("/?days=90").content.decode()
    link = re.search(r'href="(/figures/\w+/\?[^"]*where=channel%3Dphone[^"]*where=stage%3Dhelp)"', home)
    assert link
    narrowed = text_of(client.get(link[1].replace("&amp;", "&")).content)
    whole = text_of(client.get(link[1].split("?")[0] + "?days=90").content)
    assert "Phone · Get help" in narrowed
    assert 0 < n_behind(narrowed) < n_behind(whole)
    assert "By channel" not in narrowed


@pytest.mark.usefixtures("drawn")
def test_a_manager_of_a_unit_finds_only_their_units_behind_a_figure(sign_in: SignIn) -> None:
    client = sign_in("manager", unit="north")
    own = n_behind(text_of(client.get("/figures/nps/?days=90").content))
    foreign = text_of(client.get("/figures/nps/?days=90&where=unit%3Dsouth").content)
    assert own > 0
    assert n_behind(foreign) == 0


def test_what_cannot_be_read_counts_as_not_given() -> None:
    given = ["nonsense", "kind=order.placed", "channel=", "stage=nowhere", "channel=" + "x" * 300, "unit=a'b"]
    assert read_group(given, READER, DEFAULT_STAGES).pairs == (("unit", "a'b"),)
    assert read_group(["agent=ada"], OTHER, DEFAULT_STAGES) == Group()
    assert read_group(["agent=ada"], READER, DEFAULT_STAGES).pairs == (("agent", "ada"),)
    many = ["channel=web", "unit=a", "language=el"]
    assert len(read_group(many, READER, DEFAULT_STAGES).pairs) == 2


def test_values_are_never_read_as_conditions() -> None:
    group = Group((("unit", "a' OR '1'='1"),))
    assert group.condition(DEFAULT_STAGES) == "unit = 'a'' OR ''1''=''1'"


@pytest.mark.usefixtures("drawn")
@pytest.mark.parametrize("where", ["unit=a' OR '1'='1", "channel=\x01", "stage=other", "touchpoint=;--"])
def test_any_group_can_be_asked_for(where: str, sign_in: SignIn) -> None:
    assert sign_in("analyst").get("/figures/nps/", {"where": where}).status_code == 200
