"""Cases by the API: the same sight as on pages, and every verb."""

from __future__ import annotations

import pytest
from django.test import Client

from regard.apps.cases.models import Case
from regard.apps.cases.tests.conftest import Answer, SignIn, member
from regard.apps.customers.models import Identifier
from regard.apps.organisation.policy import ROLES, Part

pytestmark = pytest.mark.django_db(transaction=True)
JSON = "application/json"
API = "/api/v1/cases"


def ada() -> int:
    return Identifier.objects.get(kind="user", value="ada").customer_id


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_only_roles_that_work_on_cases_reach_them(role: str, sign_in: SignIn, answer: Answer) -> None:
    answer(1)
    client = sign_in(role)
    expected = 200 if Part.CASES in ROLES.get(role).parts else 403
    case = Case.objects.get().pk
    assert client.get(API).status_code == expected
    assert client.get(f"{API}/{case}").status_code == expected
    assert client.post(f"{API}/{case}/note", {"text": "A note"}, content_type=JSON).status_code == expected
    assert Client().get(API).status_code == 401


def test_another_unit_finds_nothing(sign_in: SignIn, answer: Answer) -> None:
    answer(1)
    case = Case.objects.get().pk
    client = sign_in("manager", "south")
    assert client.get(API).json() == []
    assert client.get(f"{API}/{case}").status_code == 404
    for verb, given in (("note", {"text": "x"}), ("assign", {"owner_id": None}), ("reopen", {"text": "x"})):
        assert client.post(f"{API}/{case}/{verb}", given, content_type=JSON).status_code == 404
    made = client.post(API, {"customer_id": ada(), "title": "Mine"}, content_type=JSON)
    assert made.status_code == 404


def test_a_case_is_opened_given_noted_resolved_and_opened_again(sign_in: SignIn, answer: Answer) -> None:
    answer(9, text="Where is it?")
    client, other = sign_in("manager"), member("frontline", "shop-1")
    made = client.post(
        API, {"customer_id": ada(), "title": "Parcel", "note": "Asked twice"}, content_type=JSON
    )
    assert made.status_code == 200
    case = made.json()
    assert (case["title"], case["customer_id"], case["urgency"]) == ("Parcel", ada(), "later")
    address = f"{API}/{case['id']}"
    assert (
        client.post(f"{address}/assign", {"owner_id": other}, content_type=JSON).json()["owner"]["id"]
        == other
    )
    assert client.post(f"{address}/resolve", {"outcome": "solved"}, content_type=JSON).status_code == 400
    done = client.post(f"{address}/resolve", {"outcome": "solved", "said": "Sent"}, content_type=JSON).json()
    assert (done["state"], done["outcome"], done["said"]) == ("resolved", "solved", "Sent")
    assert client.get(API).json() == []
    assert [one["id"] for one in client.get(f"{API}?state=resolved").json()] == [case["id"]]
    assert (
        client.post(f"{address}/reopen", {"text": "Not there"}, content_type=JSON).json()["state"] == "open"
    )
    kinds = [step["kind"] for step in client.get(address).json()["steps"]]
    assert kinds == ["opened", "assigned", "resolved", "reopened"]


def test_an_interaction_opens_one_case(sign_in: SignIn, answer: Answer) -> None:
    answer(9)
    client = sign_in("frontline", "north")
    page = client.get(f"/customers/{ada()}/").content.decode()
    about = page.split("about=")[1][:32]
    given = {"customer_id": ada(), "about": about}
    first = client.post(API, given, content_type=JSON).json()
    assert client.post(API, given, content_type=JSON).json()["id"] == first["id"]
    assert client.post(API, {**given, "about": "ff" * 16}, content_type=JSON).status_code == 404


def test_lists_are_walked_without_gaps(sign_in: SignIn, answer: Answer) -> None:
    for number in range(5):
        answer(1, user=f"u{number}")
    client = sign_in("manager")
    seen: list[int] = []
    while page := client.get(f"{API}?limit=2&after={seen[-1] if seen else 0}").json():
        seen += [one["id"] for one in page]
    assert len(seen) == len(set(seen)) == 5
    assert client.get(f"{API}?customer_id={2**70}").status_code in (200, 422)
    assert client.get(f"{API}?state=none").status_code == 422
    assert client.get(f"{API}/{2**63}").status_code == 404
