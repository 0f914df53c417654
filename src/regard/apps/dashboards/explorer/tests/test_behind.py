"""Every figure of the explorer leads to the interactions that it counts, for who may read them."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from regard.apps.dashboards.explorer.asked import Question
from regard.apps.dashboards.explorer.spots import Leads
from regard.apps.dashboards.tests.conftest import SignIn
from regard.apps.dashboards.tests.test_behind import n_behind
from regard.apps.dashboards.tests.test_home import text_of
from regard.apps.organisation.queries import list_readings
from regard.kernel.estimates import Estimate
from regard.metrics.readings import Reading

pytestmark = pytest.mark.usefixtures("drawn")
TABLE_CELL = re.compile(
    r'<td class="n"><a href="([^"]+)">[^<]+</a>.*?</td><td class="n">[^<]*</td><td class="n">([\d,]+)</td>'
)
SPOT = re.compile(r'<a class="trend-spot" href="([^"]+)" aria-label="([^"]+)" tabindex="(-?\d)"')


def page_of(client: Client, address: str) -> str:
    return client.get(html.unescape(address)).content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "metric=nps&days=30",
        "metric=nps&by=channel&days=90",
        "metric=csat&by=unit&by=language&days=90&on=channel&way=is&value=phone",
        "metric=ces&by=attributes.plan&days=90",
        "metric=nps&by=agent&days=30&where=score+%3E+5",
        "metric=nps&by=trait.plan&days=30",
        "metric=nps&by=account&days=30",
    ],
)
def test_every_row_of_the_table_leads_to_as_many_interactions_as_it_counts(
    query: str, sign_in: SignIn
) -> None:
    client = sign_in("analyst")
    rows = TABLE_CELL.findall(page_of(client, f"/explore/?{query}"))
    assert rows
    for address, n in (rows[0], rows[-1]):
        assert n_behind(text_of(page_of(client, address).encode())) == int(n.replace(",", ""))


def test_every_point_of_a_line_leads_to_its_own_piece_of_time(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    spots = SPOT.findall(page_of(client, "/explore/?metric=nps&days=90&every=week"))
    assert len(spots) > 10
    assert [stop for _address, _label, stop in spots].count("0") == 1, "a line is one stop of the Tab key"
    for address, label, _stop in (spots[0], spots[4], spots[-1]):
        assert label.endswith(f"n\N{NO-BREAK SPACE}{n_behind(text_of(page_of(client, address).encode()))}")


def test_dots_and_small_charts_lead_behind_their_group(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    dots = page_of(client, "/explore/?metric=nps&by=channel&days=90")
    [phone] = re.findall(r'<a href="([^"]+)">Phone</a>', dots)
    words = text_of(page_of(client, phone).encode())
    assert "Recommend (NPS) Phone" in words
    assert set(re.findall(r"· (Web|App|Phone|Store|E-mail) ·", words)) == {"Phone"}
    smalls = page_of(client, "/explore/?metric=nps&by=channel&days=90&every=month")
    assert re.search(r'<b><a href="[^"]+">Phone</a></b>', smalls)
    assert len(SPOT.findall(smalls)) > 5


def test_a_group_without_a_name_and_one_with_a_comma_have_addresses_of_their_own(sign_in: SignIn) -> None:
    leads = Leads(Question(by=("unit",)))
    some = Estimate(1.0, None, None, 9, "counted")
    assert leads.to(Reading({"unit": None}, None, some)).endswith("&in=unit")
    assert leads.to(Reading({"unit": "a, b"}, None, some)).endswith("&in=unit%3Da%2C+b")
    assert leads.to(Reading({"unit": "a"}, None, None)) == "", "no figure leads nowhere"
    closed = Leads(Question(by=("unit",)), is_open=False)
    assert closed.to(Reading({"unit": "a"}, None, some)) == ""


def test_what_is_read_is_of_the_readers_unit_and_written_down(sign_in: SignIn) -> None:
    manager = sign_in("manager", unit="north")
    own = page_of(manager, "/explore/behind/?metric=nps&by=unit&days=90")
    foreign = page_of(manager, "/explore/behind/?metric=nps&by=unit&days=90&in=unit%3Dsouth")
    assert n_behind(text_of(own.encode())) > 0
    assert n_behind(text_of(foreign.encode())) == 0
    assert ("answers", 25) in [(one.what, len(one.about)) for one in list_readings()]
    assert sign_in("executive").get("/explore/behind/?metric=nps").status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        "in=nonsense",
        "in=unit",
        "from=x&to=y",
        "from=2026-01-01",
        "in=channel%3D%00",
        "to=1980-01-01T00:00:00Z",
        "page=9999",
    ],
)
def test_any_address_can_be_asked_for(more: str, sign_in: SignIn) -> None:
    assert sign_in("analyst").get(f"/explore/behind/?metric=nps&by=channel&days=30&{more}").status_code == 200


def test_a_question_without_an_answer_leads_back_to_what_is_wrong_with_it(sign_in: SignIn) -> None:
    answer = sign_in("analyst").get("/explore/behind/?metric=nps&where=nonsense+%3D+1", follow=True)
    assert answer.redirect_chain
    assert "nonsense" in text_of(answer.content)
