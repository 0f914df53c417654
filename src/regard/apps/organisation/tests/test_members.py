"""Members and units on their pages: who may change what, invitations, and the last administrator."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from regard.apps.organisation import invitations, queries, services
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import ROLES, Part
from regard.apps.organisation.queries import UnitCard
from regard.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"
UNITS = [
    UnitCard("north", "North", None),
    UnitCard("shop-1", "Shop", "north"),
    UnitCard("south", "South", None),
]


def signed_in(role: str = "administrator", unit: str | None = None, name: str = "") -> Client:
    services.set_units(UNITS)
    card = services.create_member(
        email=f"{name or role}@example.com", role=role, unit=unit, password=PASSWORD
    )
    client = Client()
    client.force_login(Member.objects.get(pk=card.id))
    return client


def member_id(name: str) -> int:
    card = queries.find_member(f"{name}@example.com")
    assert card is not None
    return card.id


def invite(client: Client, name: str = "bo", **given: str) -> str:
    """Invite somebody. Returns: the address by which they choose their password."""
    values = {
        "email": f"{name}@example.com",
        "role": "manager",
        "unit": "north",
        "name": name.title(),
        **given,
    }
    page = client.post("/members/", values, follow=True).content.decode()
    found = re.search(r'<pre id="invitation">http://testserver(.*?)</pre>', page)
    assert found, page
    return found[1]


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_only_those_who_may_let_members_in_open_these_pages(role: str) -> None:
    client = signed_in(role)
    is_open = Part.MEMBERS in ROLES.get(role).parts
    for address in ("/members/", f"/members/{member_id(role)}/", "/units/"):
        assert client.get(address).status_code == (200 if is_open else 403), address
    answer = client.post("/members/", {"email": "eve@example.com", "role": "administrator", "unit": ""})
    assert answer.status_code == (302 if is_open else 403)
    assert client.post(f"/members/{member_id(role)}/enable/").status_code == (302 if is_open else 403)


def test_somebody_invited_chooses_a_password_once_and_is_in() -> None:
    address = invite(signed_in())
    assert queries.find_member("bo@example.com").unit == "north"  # type: ignore[union-attr]
    bo = Client()
    assert "bo@example.com" in bo.get(address).content.decode()
    assert bo.post(address, {"new": "short"}).status_code == 400
    assert bo.post(address, {"new": PASSWORD}).headers["Location"] == "/"
    assert "Bo" in bo.get("/account/").content.decode()
    assert bo.post(address, {"new": "another long one"}).status_code == 404
    assert Client().get(address).status_code == 404


def test_the_link_is_shown_once() -> None:
    client = signed_in()
    invite(client)
    assert "invitation" not in client.get(f"/members/{member_id('bo')}/").content.decode()


@pytest.mark.parametrize(
    "token", ["x", "MQ.x", "....", "MTIz.c1-2", "9" * 400, "MTAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw.a-b", "%00"]
)
def test_a_forged_link_opens_nothing(token: str) -> None:
    signed_in()
    assert Client().get(f"/welcome/{token}/").status_code == 404
    assert invitations.find_invited(token) is None


def test_who_is_kept_out_cannot_use_a_link() -> None:
    client = signed_in()
    address = invite(client)
    client.post(f"/members/{member_id('bo')}/disable/")
    assert Client().get(address).status_code == 404


def test_a_new_link_leaves_the_password_until_another_is_chosen() -> None:
    client = signed_in()
    signed_in("analyst", name="cleo")
    page = client.post(f"/members/{member_id('cleo')}/link/", follow=True).content.decode()
    assert "/welcome/" in page
    assert Member.objects.get(email="cleo@example.com").check_password(PASSWORD)


def test_an_invitation_never_changes_who_is_a_member_already() -> None:
    client = signed_in()
    answer = client.post(
        "/members/", {"email": "Administrator@example.com ", "role": "frontline", "unit": ""}
    )
    assert answer.status_code == 400
    assert queries.find_member("administrator@example.com").role == "administrator"  # type: ignore[union-attr]


def test_role_unit_and_name_are_changed_on_the_page() -> None:
    client = signed_in()
    invite(client)
    client.post(f"/members/{member_id('bo')}/", {"name": "Bohdan", "role": "frontline", "unit": "shop-1"})
    card = queries.find_member("bo@example.com")
    assert card is not None
    assert (card.name, card.role, card.unit) == ("Bohdan", "frontline", "shop-1")


@pytest.mark.parametrize("given", [{"role": "king", "unit": ""}, {"role": "manager", "unit": "moon"}, {}])
def test_what_does_not_exist_cannot_be_given(given: dict[str, str]) -> None:
    client = signed_in()
    assert client.post("/members/", {"email": "eve@example.com", **given}).status_code == 400
    assert queries.find_member("eve@example.com") is None


def test_the_last_administrator_cannot_be_lost() -> None:
    client = signed_in()
    me = member_id("administrator")
    client.post(f"/members/{me}/", {"role": "analyst", "unit": "", "name": ""})
    client.post(f"/members/{me}/", {"role": "administrator", "unit": "north", "name": ""})
    for verb in ("disable", "remove"):
        assert "last administrator" in client.post(f"/members/{me}/{verb}/", follow=True).content.decode()
    card = queries.find_member("administrator@example.com")
    assert card is not None
    assert (card.role, card.unit, card.is_active) == ("administrator", None, True)
    with pytest.raises(InvalidInput):
        services.remove_member(email="administrator@example.com")
    signed_in("administrator", name="second")
    client.post(f"/members/{member_id('second')}/remove/")
    assert queries.find_member("second@example.com") is None


def test_an_administrator_of_a_unit_looks_after_that_unit_only() -> None:
    signed_in(name="whole")
    signed_in("manager", "south", name="cleo")
    north = signed_in("administrator", "north", name="north-admin")
    page = north.get("/members/").content.decode()
    assert "north-admin@example.com" in page
    assert "cleo@example.com" not in page
    for address in (f"/members/{member_id('cleo')}/", f"/members/{member_id('whole')}/"):
        assert north.get(address).status_code == 403
    assert north.post(f"/members/{member_id('whole')}/link/").status_code == 403
    assert (
        north.post("/members/", {"email": "a@example.com", "role": "administrator", "unit": ""}).status_code
        == 400
    )
    assert (
        north.post("/members/", {"email": "b@example.com", "role": "frontline", "unit": "south"}).status_code
        == 400
    )
    assert (
        north.post("/members/", {"email": "c@example.com", "role": "frontline", "unit": "shop-1"}).status_code
        == 302
    )
    assert north.post("/units/", {"key": "x", "title": "X", "parent": ""}).status_code == 403
    assert "South" not in north.get("/units/").content.decode()


def test_the_tree_is_added_to_renamed_and_moved() -> None:
    client = signed_in()
    client.post("/units/", {"key": "shop-2", "title": "Shop Two", "parent": "north"})
    client.post("/units/", {"key": "north", "title": "The North", "parent": "south"})
    units = {card.key: card for card in queries.list_units()}
    assert units["shop-2"] == UnitCard("shop-2", "Shop Two", "north")
    assert units["north"] == UnitCard("north", "The North", "south")
    page = client.get("/units/?edit=north").content.decode()
    assert page.index("South") < page.index("The North") < page.index("Shop Two")


def test_a_unit_never_lies_below_itself() -> None:
    client = signed_in()
    answer = client.post("/units/", {"key": "north", "title": "North", "parent": "shop-1"})
    assert answer.status_code == 400
    assert {card.key: card.parent for card in queries.list_units()}["north"] is None


def test_a_unit_that_is_in_use_stays() -> None:
    client = signed_in()
    signed_in("manager", "shop-1")
    for key in ("north", "shop-1"):
        assert "move them first" in client.post("/units/", {"remove": key}, follow=True).content.decode()
    client.post("/units/", {"remove": "south"})
    assert {card.key for card in queries.list_units()} == {"north", "shop-1"}
    assert client.post("/units/", {"remove": "no such unit"}).status_code == 302


@pytest.mark.parametrize("key", ["", "   ", "x" * 300, "a\x00b"])
def test_a_key_that_cannot_be_is_refused(key: str) -> None:
    assert signed_in().post("/units/", {"key": key, "title": "x", "parent": ""}).status_code == 400


@pytest.mark.parametrize(
    ("address", "given", "says"),
    [
        ("/members/", {"email": "administrator@example.com", "role": "analyst"}, "είναι ήδη μέλος"),
        ("/members/{me}/", {"role": "analyst", "unit": "", "name": ""}, "ορίστε πρώτα κάποιον άλλον"),
        ("/units/", {"remove": "north"}, "Κάτω από αυτή τη μονάδα υπάρχουν άλλες"),
        ("/units/", {"key": "north", "title": "North", "parent": "shop-1"}, "«north» θα βρισκόταν πάνω από"),
    ],
)
def test_why_it_cannot_be_is_told_in_the_readers_language(
    address: str, given: dict[str, str], says: str
) -> None:
    client = signed_in()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "el"
    answer = client.post(address.format(me=member_id("administrator")), given, follow=True)
    assert says in answer.content.decode()
