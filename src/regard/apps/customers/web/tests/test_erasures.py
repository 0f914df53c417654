"""An administrator erases a person in the browser: finds them, sees what goes, confirms, and gets the proof."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from regard.apps.customers import queries
from regard.apps.customers import services as services_of_customers
from regard.apps.customers.models import Identifier
from regard.apps.intake.models import Source
from regard.apps.journal import services as journal
from regard.apps.journal.facts import Fact
from regard.apps.journal.projector import Projector
from regard.apps.organisation import queries as organisation
from regard.apps.organisation import services
from regard.apps.organisation.models import Member
from regard.apps.organisation.queries import UnitCard

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime.now(UTC).replace(microsecond=0)


def work() -> None:
    """Projects and does all errands."""
    projector = Projector(now=lambda: NOW)
    projector.drain()
    projector.finish_errands()
    projector.stop()


@pytest.fixture(autouse=True)
def customers(settings: Settings, tmp_path: Path) -> None:
    """Ada, who ordered twice, and Bo."""
    settings.REGARD = replace(settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse"))
    Source.objects.create(key="shop", title="Shop", write_key="k1")
    told = {"kind": "order.placed", "occurred_at": NOW}
    facts = [
        Fact(message_id="1", user_id="ada", email="ada@example.com", **told),  # type: ignore[arg-type]
        Fact(message_id="2", user_id="ada", **told),  # type: ignore[arg-type]
        Fact(message_id="3", user_id="adam", email="adam@example.com", **told),  # type: ignore[arg-type]
    ]
    journal.record(facts, source="shop", now=NOW)
    work()


def enter(role: str = "administrator", unit: str | None = None) -> Client:
    card = services.create_member(email=f"{role}@example.com", role=role, unit=unit)
    client = Client()
    client.force_login(Member.objects.get(pk=card.id))
    return client


def ada() -> int:
    found = queries.find_customers("ada@example.com")
    return found[0]


def test_a_person_is_found_by_a_whole_identifier_only() -> None:
    client = enter()
    found = client.get("/erasures/?q=Ada@example.com").content.decode()
    assert f"/erasures/customers/{ada()}/" in found
    assert "adam@" not in found
    assert "/erasures/customers/" not in client.get("/erasures/?q=ada@").content.decode()
    assert "Nobody has exactly this identifier" in client.get("/erasures/?q=ada@").content.decode()


def test_what_will_go_is_shown_and_goes_only_when_it_was_confirmed() -> None:
    client, number = enter(), ada()
    page = client.get(f"/erasures/customers/{number}/").content.decode()
    assert "To erase, type: ada@example.com" in page
    assert '<th scope="row">Interactions in the log</th><td class="n">2</td>' in page
    wrong = client.post(f"/erasures/customers/{number}/", {"typed": "yes"})
    assert wrong.status_code == 400
    assert "nothing was erased" in wrong.content.decode()
    assert queries.list_erasures() == []

    assert client.post(f"/erasures/customers/{number}/", {"typed": "ADA@example.com "}).status_code == 302
    [row] = queries.list_erasures()
    assert row.asked_by == "administrator@example.com"
    address = f"/erasures/{row.id}/"
    assert "every 2s" in client.get(address).content.decode(), "it is followed while it goes on"
    work()
    assert not Identifier.objects.filter(value="ada@example.com").exists()
    assert Identifier.objects.filter(value="adam@example.com").exists()
    proof = client.get(address).content.decode()
    assert "every 2s" not in proof
    assert "nothing of it can be asked for any more" in proof
    assert "ada@example.com" not in proof
    file = client.get(f"{address}proof.json")
    assert file.json()["erased"]["log"] == 2
    assert file.headers["content-disposition"].endswith(f'"proof-{row.id}.json"')
    assert client.get(f"/erasures/customers/{number}/").status_code == 404


def test_who_looked_whom_to_erase_is_written_down() -> None:
    client, number = enter(), ada()
    client.get(f"/erasures/customers/{number}/")
    [reading] = organisation.list_readings()
    assert (reading.what, reading.about) == ("erasing", (number,))


@pytest.mark.parametrize("role", ["executive", "manager", "frontline", "analyst"])
def test_nobody_else_erases(role: str) -> None:
    client = enter(role)
    for address in ("/erasures/", f"/erasures/customers/{ada()}/"):
        assert client.get(address).status_code == 403
    assert client.post(f"/erasures/customers/{ada()}/", {"typed": "ada@example.com"}).status_code == 403
    assert queries.list_erasures() == []


def test_an_administrator_of_a_unit_erases_nobody() -> None:
    services.set_units([UnitCard("north", "North", None)])
    client = enter(unit="north")
    assert client.get("/erasures/").status_code == 403
    assert client.post(f"/erasures/customers/{ada()}/", {"typed": "ada@example.com"}).status_code == 403
    assert client.get("/erasures/1/").status_code == 403
    assert queries.list_erasures() == []


def test_a_number_that_nobody_has_is_not_found() -> None:
    client = enter()
    for address in (f"/erasures/{2**70}/", "/erasures/7/proof.json", f"/erasures/customers/{2**70}/"):
        assert client.get(address).status_code == 404


def test_a_customer_who_vanishes_while_they_are_erased_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    client, number = enter(), ada()

    def too_late(customer_id: int, **given: Any) -> int:
        Identifier.objects.filter(identity_id=customer_id).delete()
        return forget(customer_id, **given)

    forget = services_of_customers.forget
    monkeypatch.setattr(services_of_customers, "forget", too_late)
    answer = client.post(f"/erasures/customers/{number}/", {"typed": "ada@example.com"})
    assert answer.status_code == 404
