"""What can be done with members, units and settings."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth import authenticate

from regard.apps.organisation import commands, policy, queries, services, tries
from regard.apps.organisation.queries import UnitCard
from regard.kernel.errors import InvalidInput
from regard.warehouse.engines.duckdb import connect
from regard.warehouse.log import Log
from regard.webkit import boot

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_member_signs_in_with_any_case_of_their_address() -> None:
    services.create_member(email="Ada@Example.com", role="executive", password="a long password")
    assert authenticate(username="ADA@example.com", password="a long password") is not None
    assert authenticate(username="ada@example.com", password="another one") is None


def test_adding_a_member_again_changes_role_and_password() -> None:
    services.create_member(email="ada@example.com", role="executive", password="a long password", name="Ada")
    card = services.create_member(email="ada@example.com", role="analyst")
    assert (card.role, card.name) == ("analyst", "Ada")
    assert len(queries.list_members()) == 1
    assert authenticate(username="ada@example.com", password="a long password") is not None


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"email": "ada"}, "not an e-mail address"),
        ({"role": "manger"}, "Did you mean 'manager'"),
        ({"password": "short"}, "at least 10"),
        ({"password": "aaaaaaaaaaaa"}, "different characters"),
        ({"unit": "moon"}, "no unit 'moon'"),
        ({"language": "xx"}, "no language 'xx'"),
    ],
)
def test_a_mistake_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        services.create_member(**{"email": "ada@example.com", "role": "manager", **given})


def test_a_disabled_member_cannot_sign_in_until_enabled() -> None:
    services.create_member(email="ada@example.com", role="manager", password="a long password")
    services.set_active(email="ada@example.com", is_active=False)
    assert authenticate(username="ada@example.com", password="a long password") is None
    services.set_active(email="ada@example.com", is_active=True)
    assert authenticate(username="ada@example.com", password="a long password") is not None


def test_every_role_gets_a_login_for_the_demo_with_a_password_of_its_own() -> None:
    made = services.ensure_demo_members()
    assert {card.role for card, _ in made} == {role.key for role in policy.ROLES}
    assert len({password for _, password in made}) == len(made)
    again = {card.email: password for card, password in services.ensure_demo_members()}
    assert len(queries.list_members()) == len(made)
    for email, password in again.items():
        assert authenticate(username=email, password=password) is not None


def test_units_become_exactly_the_given_tree() -> None:
    services.set_units([UnitCard("a", "A", None), UnitCard("b", "B", "a"), UnitCard("c", "C", None)])
    services.set_units([UnitCard("b", "Bee", None), UnitCard("a", "A", "b")])
    assert queries.list_units() == [UnitCard("a", "A", "b"), UnitCard("b", "Bee", None)]


def test_units_stand_in_the_warehouse_too_and_are_written_only_when_they_changed() -> None:
    tree = [UnitCard("a", "A", None), UnitCard("b", "B", "a")]
    services.set_units([UnitCard("c", "C", None)])
    services.set_units(tree)
    log = Log.open(settings.REGARD.warehouse_url)
    with connect(log) as connection:
        found = connection.execute("SELECT unit, title, parent FROM units ORDER BY unit").fetchall()
    assert found == [("a", "A", None), ("b", "B", "a")]
    before = log.versions()
    services.set_units(tree)
    assert log.versions() == before


def test_a_unit_cannot_stand_above_itself_nor_below_nothing() -> None:
    with pytest.raises(InvalidInput, match="above itself"):
        services.set_units([UnitCard("a", "A", "b"), UnitCard("b", "B", "a")])
    with pytest.raises(InvalidInput, match="no unit 'x'"):
        services.set_units([UnitCard("a", "A", "x")])


def test_a_member_sees_what_lies_below_their_unit() -> None:
    services.set_units([UnitCard("a", "A", None), UnitCard("b", "B", "a"), UnitCard("c", "C", None)])
    card = services.create_member(email="ada@example.com", role="manager", unit="a")
    assert queries.get_sight(card).units == {"a", "b"}


def test_settings_hold_until_changed_and_refuse_nonsense() -> None:
    assert queries.get_settings().zone == "UTC"
    services.change_settings(zone="Europe/Athens", currency="CHF", ces_threshold=6)
    assert queries.get_settings().zone == "Europe/Athens"
    for wrong in ({"zone": "Mars/Olympus"}, {"currency": "francs"}, {"ces_threshold": 8}):
        with pytest.raises(InvalidInput):
            services.change_settings(**wrong)


def test_guesses_are_counted_by_address_and_forgotten_after_a_while() -> None:
    for _ in range(5):
        assert tries.may_try_to_sign_in(email="ada@example.com", network="1.2.3.4", now=NOW)
        tries.note_failed_sign_in(email="ADA@example.com", network="1.2.3.4", now=NOW)
    assert not tries.may_try_to_sign_in(email="ada@example.com", network="9.9.9.9", now=NOW)
    assert tries.may_try_to_sign_in(email="bo@example.com", network="1.2.3.4", now=NOW)
    assert tries.may_try_to_sign_in(
        email="ada@example.com", network="1.2.3.4", now=NOW + timedelta(minutes=16)
    )


def test_the_command_adds_lists_and_removes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import argparse

    monkeypatch.setattr(boot, "setup", lambda: None)
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())

    def run(*words: str) -> str:
        args = parser.parse_args(["user", *words])
        assert args.run(args) == 0
        return capsys.readouterr().out

    password = json.loads(run("add", "ada@example.com", "--role", "analyst", "--json"))["password"]
    assert authenticate(username="ada@example.com", password=password) is not None
    assert json.loads(run("list", "--json"))[0]["role"] == "analyst"
    assert "can no longer" in run("disable", "ada@example.com")
    assert "was removed" in run("remove", "ada@example.com")
    assert json.loads(run("list", "--json")) == []


def test_who_read_what_is_kept_latest_first_and_outlives_the_member() -> None:
    member = services.create_member(email="ada@example.com", role="analyst")
    services.note_reading(member, "customer", [17], now=NOW)
    services.note_reading(member, "answers", ["a1", "a2"], now=NOW)
    services.remove_member(email="ada@example.com")
    found = queries.list_readings(members=[member.id])
    assert [(row.email, row.what, row.about) for row in found] == [
        ("ada@example.com", "answers", ("a1", "a2")),
        ("ada@example.com", "customer", (17,)),
    ]
    assert (queries.list_readings(offset=2), queries.count_readings(members=[])) == ([], 0)


def test_a_page_that_fetches_itself_anew_is_one_reading_for_ten_minutes() -> None:
    member = services.create_member(email="ada@example.com", role="frontline")
    for minutes, shown in ((0, [17]), (5, [17]), (5, [18]), (9, [17]), (11, [17])):
        services.note_reading(member, "customer", shown, now=NOW + timedelta(minutes=minutes))
    assert [card.about for card in queries.list_readings()] == [(17,), (18,), (17,)]
