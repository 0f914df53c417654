"""The explorer's page: what it shows, to whom, and what it says to a question that cannot be."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from django.test import Client

from regard.apps.dashboards.tests.conftest import SignIn
from regard.apps.organisation.policy import ROLES, Part

pytestmark = pytest.mark.usefixtures("drawn")
ADDRESSES = ("/explore/", "/explore/answer.csv", "/explore/answer.svg", "/metrics/")


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/explore/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def sheet(client: Client, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/explore/answer.csv?{query}")
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_only_those_who_may_explore_open_it(role: str, sign_in: SignIn) -> None:
    client = sign_in(role)
    is_open = Part.EXPLORER in ROLES.get(role).parts
    for address in ADDRESSES:
        assert client.get(address).status_code == (200 if is_open else 403), address
    assert client.post("/explore/views/", {"title": "x", "query": ""}).status_code == (
        302 if is_open else 403
    )


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    for address in (*ADDRESSES, "/explore/views/", "/explore/views/1/"):
        assert client.get(address).status_code == 302, address


def test_the_first_look_says_which_figure_it_is_and_whether_the_change_is_real(sign_in: SignIn) -> None:
    shown = page(sign_in("analyst"))
    assert "Recommend (NPS): <b>" in shown
    assert "less than in the period before, and the change is real" in shown
    assert 'class="trend tall"' in shown


def test_groups_without_time_are_dots_and_those_that_differ_are_named(sign_in: SignIn) -> None:
    shown = page(sign_in("analyst"), "metric=nps&by=channel&by=touchpoint&days=all")
    assert 'class="dot-interval"' in shown
    assert "Below the rest by more than chance: <b>Phone · Support</b>" in shown


def test_groups_over_time_are_small_multiples_on_one_axis(sign_in: SignIn) -> None:
    shown = page(sign_in("analyst"), "metric=csat&by=channel&days=90&every=month")
    assert shown.count('class="smalls"') == 1
    assert "All on one axis" in shown


def test_the_table_holds_every_reading_with_interval_n_and_customers(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    shown = page(client, "metric=nps&by=channel&days=90")
    rows = sheet(client, "metric=nps&by=channel&days=90")
    assert [row["channel"] for row in rows] == ["", "app", "email", "phone", "store", "web"]
    assert all(float(row["low"]) < float(row["value"]) < float(row["high"]) for row in rows)
    assert sum(int(row["n"]) for row in rows[1:]) == int(rows[0]["n"])
    assert f"{int(rows[0]['n_customers']):,}" in shown
    assert rows[0]["method"].startswith("adjusted Wald")


def test_a_file_has_each_piece_of_time_and_its_difference(sign_in: SignIn) -> None:
    rows = sheet(sign_in("analyst"), "metric=csat&days=90&every=month&compare=previous")
    assert [row["covers"] for row in rows[:2]] == ["period", "month"]
    assert 0 <= float(rows[0]["value"]) <= 1
    assert rows[0]["difference"]
    assert float(rows[0]["p_adjusted"]) >= float(rows[0]["p"])


def test_a_file_cannot_carry_a_formula_into_a_spreadsheet() -> None:
    from regard.apps.dashboards.explorer.sheet import safe

    assert [safe(text) for text in ("=1+1", "+1", "-1", "@x", "web", "")] == [
        "'=1+1",
        "'+1",
        "'-1",
        "'@x",
        "web",
        "",
    ]


def test_a_member_of_a_unit_explores_that_unit_only(sign_in: SignIn) -> None:
    whole = sheet(sign_in("analyst"), "metric=nps&by=unit&days=90")
    manager = sign_in("manager", "north")
    mine = sheet(manager, "metric=nps&by=unit&days=90")
    assert {row["unit"] for row in mine} == {"", "north", "shop-1"}
    assert int(mine[0]["n"]) < int(whole[0]["n"])
    hostile = "metric=nps&by=unit&days=90&where=unit%3D'south'+or+1%3D1)+or+(1%3D1"
    assert {row["unit"] for row in sheet(manager, hostile)} <= {"", "north", "shop-1"}
    assert "shop-2" not in page(manager, "metric=nps&days=90&on=unit&way=is&value=")


def test_filters_narrow_and_offer_the_values_that_there_are(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    waiting = page(client, "metric=nps&days=90&on=channel&way=is&value=")
    assert '<option value="phone"></option>' in waiting
    narrowed = sheet(client, "metric=nps&days=90&on=channel&way=is&value=phone,web")
    whole = sheet(client, "metric=nps&days=90&by=channel")
    assert int(narrowed[0]["n"]) == sum(int(row["n"]) for row in whole if row["channel"] in ("phone", "web"))


def test_a_group_can_be_the_other_side_of_the_comparison(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    rows = sheet(client, "metric=nps&days=all&by=channel&compare=group&against=phone")
    assert {row["channel"] for row in rows if row["difference"]} == {"app", "email", "store", "web"}
    assert "higher, real" in page(client, "metric=nps&days=all&by=channel&compare=group&against=phone")
    assert "No channel is" in page(client, "metric=nps&days=all&by=channel&compare=group&against=pigeon")


@pytest.mark.parametrize(
    "query",
    [
        "metric=../../etc/passwd",
        "metric=nps&by=attributes.%27%3B+drop+table+x",
        "metric=nps&where=((((((",
        "metric=nps&where=" + "(" * 480,
        "metric=nps&where=cast(channel+as+int)+%3E+3",
        "metric=nps&where=regexp_matches(text,'[')",
        "metric=nps&where=(select+1)",
        "metric=nps&where=score+%2F+0+%3E+1%00",
        "metric=nps&on=score&way=at-least&value=1e400",
        "metric=nps&every=hour&days=all",
        "metric=nps&days=own&since=1970-01-01&until=2199-12-31&every=hour",
        "metric=nps&days=own&since=2199-01-01",
        "metric=retention_rate&set.basis=nothing&set.inactivity_days=-1",
        "metric=retention_rate&set.basis=purchase&set.inactivity_days=nan&every=month",
        "metric=lifetime_value&set.formula=contractual",
        "metric=conversion_rate&set.within_days=1e308&every=month",
        "by=%ff%fe&metric=%F0%9F%98%80&view=999999999999999999999999",
        "view=abc&value=1&value=2&way=&on=channel&on=channel&on=channel&on=channel&on=channel&on=channel&on=channel",
    ],
)
def test_a_hostile_or_mistaken_address_is_answered_in_place(query: str, sign_in: SignIn) -> None:
    client = sign_in("analyst")
    assert client.get(f"/explore/?{query}").status_code == 200
    for file in ("csv", "svg"):
        assert client.get(f"/explore/answer.{file}?{query}").status_code in (200, 400)


def test_a_mistake_is_told_beside_the_form_and_what_can_be_read_is_still_answered(sign_in: SignIn) -> None:
    shown = page(sign_in("analyst"), "metric=npss&by=channel&days=90")
    assert 'role="alert"' in shown
    assert "There is no metric called “npss”" in shown
    assert 'class="dot-interval"' in shown


def test_what_is_withheld_says_why(sign_in: SignIn) -> None:
    shown = page(sign_in("analyst"), "metric=nps&days=own&since=2100-01-01&until=2100-01-02")
    assert "there is no figure" in shown
    few = page(sign_in("manager"), "metric=nps&days=all&by=agent&every=day&on=language&way=is&value=hy")
    assert "Fewer than 5 answers" in few


@pytest.mark.parametrize("query", ["metric=nps&every=month", "metric=nps&by=channel", "metric=nps&by=channel&every=month", "metric=nps"])  # fmt: skip
def test_every_chart_is_drawn_as_a_picture_that_stands_by_itself(query: str, sign_in: SignIn) -> None:
    answer = sign_in("analyst").get(f"/explore/answer.svg?{query}&on=text&way=is-not&value=%3Cscript%3E")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    drawing = ElementTree.fromstring(answer.content)
    words = " ".join(drawing.itertext())
    assert "Recommend (NPS)" in words
    assert "<script>" in words
    assert b"<script" not in answer.content


def test_the_same_question_stands_there_for_programs_and_the_command_line(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    shown = page(client, "metric=nps&by=channel&days=90&on=channel&way=is&value=web")
    assert "regard metric nps --by channel" in shown
    assert "--where" in shown
    address = shown.partition('"http://testserver')[2].partition('"')[0].replace("&amp;", "&")
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    rows = sheet(client, "metric=nps&by=channel&days=90&on=channel&way=is&value=web")
    assert answer.json()["readings"][0]["n"] == int(rows[0]["n"])


def test_a_setting_that_was_changed_goes_along_to_programs_and_the_command_line(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    shown = page(client, "metric=ces&days=90&set.easy_from=7")
    assert "--set easy_from=7" in shown
    address = shown.partition('"http://testserver')[2].partition('"')[0].replace("&amp;", "&")
    rows = sheet(client, "metric=ces&days=90&set.easy_from=7")
    assert client.get(address).json()["readings"][0]["value"] == float(rows[0]["value"])


def test_a_part_of_the_page_puts_the_clean_question_into_the_address(sign_in: SignIn) -> None:
    answer = sign_in("analyst").get(
        "/explore/?metric=nps&by=&by=channel&every=&on=&way=is&value=", headers={"hx-request": "true"}
    )
    assert answer.headers["HX-Push-Url"] == "/explore/?metric=nps&by=channel&days=90"


def test_the_catalogue_tells_how_each_metric_is_counted_and_can_be_searched(sign_in: SignIn) -> None:
    client = sign_in("analyst")
    shown = client.get("/metrics/").content.decode()
    assert "share of answers 9–10 less share of answers 0–6" in shown
    assert "Reichheld (2003)" in shown
    narrowed = client.get("/metrics/?q=kaplan").content.decode()
    assert "Time to resolution" in narrowed
    assert "Reichheld" not in narrowed
    assert "No metric fits" in client.get("/metrics/?q=%00zzz").content.decode()
