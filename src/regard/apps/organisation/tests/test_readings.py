"""Who read what, as those see it who look after the members."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from regard.apps.organisation import services
from regard.apps.organisation.models import Member
from regard.apps.organisation.queries import MemberCard, UnitCard

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def member(name: str, role: str = "analyst", unit: str | None = None) -> MemberCard:
    return services.create_member(email=f"{name.lower()}@example.com", role=role, unit=unit, name=name)


def page(card: MemberCard, query: str = "") -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(Member.objects.get(pk=card.id))
    return " ".join(client.get(f"/readings/{query}").content.decode().split())


def test_an_administrator_sees_who_read_what_the_latest_first() -> None:
    boss, ada, bo = member("Boss", "administrator"), member("Ada"), member("Bo")
    services.note_reading(ada, "customer", [17], now=NOW)
    services.note_reading(bo, "answers", list(range(8)), now=NOW + timedelta(hours=1))
    services.remove_member(email=bo.email)
    told = page(boss)
    assert told.index("bo@example.com") < told.index("A customer: 17")
    assert "Single answers: 0, 1, 2, 3, 4 and 3 more" in told
    assert "has left" in told
    only = page(boss, f"?member={ada.id}")
    assert "A customer: 17" in only
    assert "Single answers:" not in only


def test_of_a_long_id_its_first_digits_are_told() -> None:
    boss, ada = member("Boss", "administrator"), member("Ada")
    services.note_reading(ada, "answers", ["9c4a7bb1dbcc09d5d13caf5cfeb11906", "d7bdda37"], now=NOW)
    assert "Single answers: 9c4a7bb1…, d7bdda37" in page(boss)


def test_an_administrator_of_a_unit_sees_the_readings_of_its_members_only() -> None:
    services.set_units([UnitCard("north", "North", None), UnitCard("south", "South", None)])
    boss = member("Boss", "administrator", "north")
    ada, bo = member("Ada", unit="north"), member("Bo", unit="south")
    services.note_reading(ada, "customer", [17], now=NOW)
    services.note_reading(bo, "customer", [18], now=NOW)
    told = page(boss)
    assert "A customer: 17" in told
    assert "A customer: 18" not in told
    assert "A customer: 18" not in page(boss, f"?member={bo.id}")


def test_long_lists_come_in_pages() -> None:
    boss, ada = member("Boss", "administrator"), member("Ada")
    for number in range(60):
        services.note_reading(ada, "customer", [number], now=NOW)
    assert "A customer: 59" in page(boss)
    assert "A customer: 0<" in page(boss, "?page=2")
