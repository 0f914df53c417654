"""Sources on their pages: who may see and change them, keys that show once, and what arrives."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from regard.apps.intake import queries, services
from regard.apps.intake.web.arrivals import list_arrivals
from regard.apps.journal import services as journal
from regard.apps.journal.services import Rejected
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import BLIND, ROLES, Part, Sight
from regard.apps.organisation.services import create_member
from regard.warehouse.engines import duckdb
from regard.warehouse.log import Log

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _own_warehouse(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.REGARD = dataclasses.replace(
        settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse")
    )
    with translation.override("en"):
        yield


def signed_in(role: str = "administrator") -> Client:
    card = create_member(email=f"{role}@example.com", role=role)
    client = Client()
    client.force_login(Member.objects.get(pk=card.id))
    return client


def key_on(page: str) -> str:
    found = re.search(r'<pre id="write-key">(.*?)</pre>', page)
    return found[1] if found else ""


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_only_those_who_look_after_operations_see_sources_and_their_keys(role: str) -> None:
    services.add_source("shop")
    client = signed_in(role)
    is_open = Part.OPERATIONS in ROLES.get(role).parts
    for address in ("/sources/", "/sources/shop/", "/sources/arrivals/"):
        assert client.get(address).status_code == (200 if is_open else 403), address
    before = queries.find_source("shop")
    assert client.post("/sources/shop/key/").status_code == (302 if is_open else 403)
    assert (queries.find_source("shop") == before) is not is_open


def test_a_new_source_shows_its_key_once_in_lines_that_can_be_copied() -> None:
    client = signed_in()
    page = client.post("/sources/", {"key": "Shop", "title": "The shop", "kind": "server"}, follow=True)
    shown = page.content.decode()
    row = queries.find_source("shop")
    assert row is not None
    assert key_on(shown) == row.write_key
    assert f"curl -u {row.write_key}: http://testserver/v1/track" in shown
    again = client.get("/sources/shop/").content.decode()
    assert row.write_key not in again
    assert "curl -u WRITE_KEY:" in again


def test_another_key_shows_once_and_the_old_one_is_gone() -> None:
    client = signed_in()
    old = services.add_source("shop").write_key
    shown = client.post("/sources/shop/key/", follow=True).content.decode()
    row = queries.find_source("shop")
    assert row is not None
    assert key_on(shown) == row.write_key != old


def test_a_key_shows_only_on_the_page_of_its_own_source() -> None:
    client = signed_in()
    services.add_source("web", kind="browser")
    services.add_source("shop")
    client.post("/sources/shop/key/")
    assert key_on(client.get("/sources/web/").content.decode()) == ""


@pytest.mark.parametrize(
    "given",
    [
        {"key": "", "kind": "server"},
        {"key": "a b", "kind": "server"},
        {"key": "../x", "kind": "server"},
        {"key": "x" * 90, "kind": "server"},
        {"key": "fine", "kind": "file"},
        {"key": "taken", "kind": "server"},
        {"key": "fine", "kind": "server", "title": "x" * 300},
    ],
)
def test_a_source_that_cannot_be_is_refused_in_place(given: dict[str, str]) -> None:
    services.add_source("taken")
    answer = signed_in().post("/sources/", given)
    assert answer.status_code == 400
    assert 'class="errors"' in answer.content.decode()
    assert [row.key for row in queries.list_sources()] == ["taken"]


def test_name_rate_and_allow_list_are_changed() -> None:
    services.add_source("shop")
    signed_in().post("/sources/shop/", {"title": "Till", "rate": "50", "allow": "plan\r\n\r\n city \r\nplan"})
    row = queries.find_source("shop")
    assert row is not None
    assert (row.title, row.rate_per_second, row.allow) == ("Till", 50, ("plan", "city"))
    signed_in().post("/sources/shop/", {"title": "Till", "rate": "", "allow": ""})
    row = queries.find_source("shop")
    assert row is not None
    assert (row.rate_per_second, row.allow) == (0, None)


@pytest.mark.parametrize(
    "given", [{"rate": "-1"}, {"rate": "many"}, {"rate": "9" * 40}, {"allow": "x" * 200}]
)
def test_limits_that_cannot_be_are_refused_in_place(given: dict[str, str]) -> None:
    services.add_source("shop")
    assert signed_in().post("/sources/shop/", {"title": "Shop", **given}).status_code == 400


def test_a_source_that_is_not_there_is_not_found() -> None:
    client = signed_in()
    assert client.get("/sources/nothing/").status_code == 404
    assert client.post("/sources/nothing/key/").status_code == 404
    assert client.get("/sources/arrivals/?source=%00'; drop").status_code == 200


def test_what_was_refused_stands_there_with_its_reason_in_words() -> None:
    services.add_source("shop")
    services.add_source("web")
    item = Rejected(source="shop", received_at=NOW, reason="no_event", message="A track call", raw="{}")
    journal.quarantine([item])
    client = signed_in()
    assert "The event has no name" in client.get("/sources/shop/").content.decode()
    assert "The event has no name" not in client.get("/sources/web/").content.decode()
    assert "1 set aside" in client.get("/sources/").content.decode()


def test_arrivals_say_what_came_and_never_whose_it_is(tmp_path: Path) -> None:
    log = Log.open(str(tmp_path / "other"))
    with duckdb.connect(log) as connection:
        columns = ", ".join(
            row[0] for row in connection.execute("DESCRIBE log").fetchall() if row[0] != "month"
        )
        known = {
            "interaction_id": "unhex(md5(i::VARCHAR))",
            "identity_id": "i",
            "source": "CASE WHEN i < 30 THEN 'shop' ELSE 'web' END",
            "occurred_at": f"TIMESTAMPTZ '{(NOW - timedelta(minutes=5)).isoformat()}' - to_minutes(i::INT)",
            "received_at": f"TIMESTAMPTZ '{(NOW - timedelta(minutes=5)).isoformat()}' - to_minutes(i::INT)",
            "kind": "CASE WHEN i % 2 = 0 THEN 'page.viewed' ELSE 'order.placed' END",
            "channel": "'web'",
            "unit": "CASE WHEN i % 2 = 0 THEN 'north' ELSE 'south' END",
        }
        picked = ", ".join(f"{known.get(name, 'NULL')} AS {name}" for name in columns.split(", "))
        log.append(connection, f"SELECT {picked} FROM range(40) AS t(i)", consumer="c", epoch="e", position=1)
        duckdb.refresh(connection, log)
        everything = Sight(None, frozenset(), False)
        latest, lately = list_arrivals(connection, everything, now=NOW)
        assert latest[0].received_at > latest[-1].received_at
        assert sum(n for _source, _kind, n in lately) == 40
        assert {one.source for one in list_arrivals(connection, everything, now=NOW, source="web")[0]} == {
            "web"
        }
        north = Sight(frozenset({"north"}), frozenset(), False)
        assert {one.kind for one in list_arrivals(connection, north, now=NOW)[0]} == {"page.viewed"}
        assert list_arrivals(connection, BLIND, now=NOW) == ((), ())


def test_a_greek_reader_is_told_in_greek_which_attributes_cannot_be_allowed() -> None:
    services.add_source("shop")
    client = signed_in()
    given = {"title": "Shop", "rate": "0", "allow": "x" * (services.LONGEST_NAME + 1)}
    page = client.post("/sources/shop/", given, headers={"accept-language": "el"}).content.decode()
    assert "Πάρα πολλά γνωρίσματα ή πολύ μεγάλο όνομα" in page
    assert "can be allowed" not in page
