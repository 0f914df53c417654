"""The administrator sets what holds for the whole company; an administrator of a unit only looks."""

from __future__ import annotations

import pytest
from django.test import Client

from regard.apps.organisation import queries, services
from regard.apps.organisation.models import Member, Unit
from regard.apps.organisation.queries import Settings
from regard.apps.organisation.working import ALWAYS, WorkingHours

pytestmark = pytest.mark.django_db
GIVEN: dict[str, object] = {
    "zone": "Europe/Athens",
    "currency": "pln",
    "phone_region": "gr",
    "ces_threshold": "6",
    "days": ["1", "2", "3", "4", "5"],
    "opens": "09:00",
    "closes": "17:30",
    "holidays": "gr",
}


def enter(unit: str | None = None) -> Client:
    card = services.create_member(email="ada@example.com", role="administrator", unit=unit)
    client = Client()
    client.force_login(Member.objects.get(pk=card.id))
    return client


def test_an_administrator_sets_zone_currency_country_and_hours() -> None:
    client = enter()
    assert 'value="EUR"' in client.get("/settings/").content.decode()
    assert client.post("/settings/", GIVEN).status_code == 302
    chosen = queries.get_settings()
    assert (chosen.zone, chosen.currency, chosen.phone_region) == ("Europe/Athens", "PLN", "GR")
    assert chosen.ces_threshold == 6
    assert chosen.working_hours == WorkingHours((1, 2, 3, 4, 5), "09:00", "17:30", "GR")
    page = client.get("/settings/").content.decode()
    assert 'value="17:30"' in page
    empty = {"opens": "", "closes": "", "phone_region": "", "holidays": ""}
    client.post("/settings/", {**GIVEN, **empty, "days": list("1234567")})
    assert queries.get_settings().working_hours == ALWAYS
    assert queries.get_settings().phone_region == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"currency": "euro"},
        {"phone_region": "XX"},
        {"holidays": "XX"},
        {"ces_threshold": "8"},
        {"days": []},
        {"days": ["9"]},
        {"opens": "18:00"},
        {"opens": "nine"},
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing(wrong: dict[str, object]) -> None:
    answer = enter().post("/settings/", {**GIVEN, **wrong})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert queries.get_settings() == Settings()


def test_an_administrator_of_a_unit_changes_nothing() -> None:
    Unit.objects.create(key="north", title="North")
    client = enter("north")
    assert (
        "btn" not in client.get("/settings/").content.decode().partition("<main")[2].partition("</main>")[0]
    )
    assert client.post("/settings/", GIVEN).status_code == 403
