"""The pages of cases and customers: who may, what shows, and what a form does."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from regard.apps.cases import queries, services
from regard.apps.cases.models import Case
from regard.apps.cases.tests.conftest import NOW, Answer, SignIn, member
from regard.apps.customers.models import Identifier
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import ROLES, Part
from regard.apps.organisation.queries import MemberCard
from regard.apps.organisation.services import set_active

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = "<script>alert(1)</script>' \" {{ 7|add:7 }} \u202e"


def text_of(page: bytes) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode())))


def ada() -> int:
    return Identifier.objects.get(kind="user", value="ada").customer_id


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_each_role_opens_what_its_parts_say(role: str, sign_in: SignIn, answer: Answer) -> None:
    answer(1)
    [case] = Case.objects.all()
    parts = ROLES.get(role).parts
    client = sign_in(role)
    pages = [
        ("/cases/", Part.CASES),
        (f"/cases/{case.pk}/", Part.CASES),
        (f"/cases/new/?customer={ada()}", Part.CASES),
        ("/customers/", Part.CUSTOMERS),
        ("/customers/?q=ada-none", Part.CUSTOMERS),
        (f"/customers/{ada()}/", Part.CUSTOMERS),
        ("/cases/rules/", Part.OPERATIONS),
    ]
    for address, part in pages:
        assert client.get(address).status_code == (200 if part in parts else 403), address
    answered = client.post(f"/cases/{case.pk}/note/", {"note-text": "A note."}).status_code
    assert answered == (302 if Part.CASES in parts else 403)


@pytest.mark.parametrize("address", ["/cases/", "/cases/1/", "/customers/", "/customers/1/", "/cases/rules/"])
def test_a_stranger_is_asked_to_sign_in(address: str, client: object, db: None) -> None:
    from django.test import Client

    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/")


def test_another_unit_sees_neither_the_customer_nor_the_case(sign_in: SignIn, answer: Answer) -> None:
    answer(1, text="Late again")
    [case] = Case.objects.all()
    outside = sign_in("frontline", "south")
    for address in (f"/customers/{ada()}/", f"/cases/{case.pk}/", f"/cases/new/?customer={ada()}"):
        assert outside.get(address).status_code == 404, address
    assert outside.post(f"/cases/{case.pk}/resolve/", {"resolve-outcome": "nothing_to_do"}).status_code == 404
    assert "Late again" not in text_of(outside.get("/cases/?view=all").content)
    assert "Nobody found" in text_of(outside.get("/customers/?q=ada").content)
    inside = sign_in("manager", "north")
    assert inside.get("/customers/?q=ada").headers["Location"] == f"/customers/{ada()}/"
    assert "Late again" in text_of(inside.get("/cases/?view=all").content)


def test_a_unit_sees_of_a_customer_only_what_happened_there(sign_in: SignIn, answer: Answer) -> None:
    answer(9, unit="shop-1", text="Lovely shop")
    answer(9, unit="south", text="Lovely south")
    words = text_of(sign_in("frontline", "north").get(f"/customers/{ada()}/").content)
    assert "Lovely shop" in words
    assert "Lovely south" not in words
    assert "1 interaction" in words


def test_the_timeline_is_filtered_paged_and_newest_first(sign_in: SignIn, answer: Answer) -> None:
    for hour in range(45):
        answer(
            9 if hour % 2 else 8,
            occurred_at=NOW - timedelta(hours=hour),
            channel="web" if hour % 3 else "phone",
            touchpoint=f"t{hour}",
        )
    client = sign_in("frontline")
    page = client.get(f"/customers/{ada()}/").content.decode()
    assert page.index("t0") < page.index("t1") < page.index("t39")
    assert "t44" not in page
    more = re.search(r'hx-get="([^"]*before=[^"]*)"', page)
    assert more is not None
    older = client.get(more.group(1).replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert "t44" in older
    assert "<html" not in older
    assert "t39" not in older
    phone = text_of(client.get(f"/customers/{ada()}/?channel=phone").content)
    assert "t3 " in phone
    assert "t4 " not in phone
    assert "NPS 8 of 10" in phone


def test_a_case_is_worked_on_from_page_to_page(sign_in: SignIn, answer: Answer) -> None:
    answer(9, text="Where is my parcel?")
    client = sign_in("frontline")
    page = client.get(f"/customers/{ada()}/").content.decode()
    href = re.search(r'href="(/cases/new/\?customer=\d+&amp;about=[0-9a-f]{32})"', page)
    assert href is not None
    address = href.group(1).replace("&amp;", "&")
    assert "Where is my parcel?" in text_of(client.get(address).content)
    made = client.post(address, {"title": "Parcel", "owner": "", "note": "Called once."})
    [case] = Case.objects.all()
    assert made.headers["Location"] == f"/cases/{case.pk}/"
    assert client.get(address).headers["Location"] == f"/cases/{case.pk}/"
    words = text_of(client.get(f"/cases/{case.pk}/").content)
    assert "Parcel" in words
    assert "Called once." in words
    other = member("manager", None, "Eleni")
    client.post(f"/cases/{case.pk}/assign/", {"assign-owner": str(other)})
    missing = client.post(f"/cases/{case.pk}/resolve/", {"resolve-outcome": "solved", "resolve-said": " "})
    assert missing.status_code == 422
    assert "Please say what the customer was told" in text_of(missing.content)
    client.post(
        f"/cases/{case.pk}/resolve/", {"resolve-outcome": "solved", "resolve-said": "It comes today."}
    )
    words = text_of(client.get(f"/cases/{case.pk}/").content)
    assert "It comes today." in words
    assert "Eleni" in words
    assert "Resolved" in words
    assert client.post(f"/cases/{case.pk}/resolve/", {"resolve-outcome": "solved"}).status_code == 409
    client.post(f"/cases/{case.pk}/reopen/", {"reopen-text": "It did not."})
    assert Case.objects.get().state == "open"


def test_an_owner_who_may_not_own_is_refused(sign_in: SignIn, answer: Answer) -> None:
    answer(1)
    [case] = Case.objects.all()
    client, executive = sign_in("manager"), member("executive")
    for given in (str(executive), "999", "x"):
        assert client.post(f"/cases/{case.pk}/assign/", {"assign-owner": given}).status_code == 422
    assert client.post(f"/cases/{case.pk}/delete/", {}).status_code == 404
    assert client.get(f"/cases/{case.pk}/note/").status_code == 405


def test_hostile_words_are_words(sign_in: SignIn, answer: Answer) -> None:
    answer(1, text=HOSTILE, user="ada", attributes={"x": HOSTILE})
    [case] = Case.objects.all()
    me = member("manager")
    services.note(case.pk, text=HOSTILE, by=me)
    client = sign_in("manager")
    for address in (
        "/cases/?view=all",
        f"/cases/{case.pk}/",
        f"/customers/{ada()}/",
        f"/customers/?q={HOSTILE}",
    ):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page, address
        assert "14" not in re.findall(r"\{\{|7\|add", page)
    for strange in (
        "?before=x",
        "?before=99999999999999999999-zz",
        "?channel=%00",
        "?kind=' OR 1=1 --",
        "?page=-1",
    ):
        assert client.get(f"/customers/{ada()}/{strange}").status_code == 200, strange
    for strange in ("?customer=x", f"?customer={2**70}", f"?customer={ada()}&about=zz", "?customer="):
        assert client.get(f"/cases/new/{strange}").status_code == 404, strange
    assert client.get(f"/customers/{2**62 + 1}/").status_code == 404


def test_whoever_looks_at_a_customer_is_written_down(sign_in: SignIn, answer: Answer) -> None:
    from regard.apps.organisation.models import Reading

    answer(1)
    client = sign_in("frontline")
    client.get(f"/customers/{ada()}/")
    client.get(f"/cases/{Case.objects.get().pk}/")
    assert list(Reading.objects.order_by("id").values_list("what", flat=True)) == ["customer", "case"]


def test_only_an_administrator_sets_the_rules(sign_in: SignIn) -> None:
    client = sign_in("administrator")
    given = {
        "opens_by_itself": "on",
        "csat_at_most": "1",
        "ces_at_most": "2",
        "max_age_days": "3",
        "deadline_hours": "24",
    }
    assert client.post("/cases/rules/", given).status_code == 302
    assert queries.get_rules().deadline_hours == 24
    assert client.post("/cases/rules/", {**given, "deadline_hours": "0"}).status_code == 200
    assert queries.get_rules().deadline_hours == 24
    assert sign_in("manager").post("/cases/rules/", given).status_code == 403


def test_lists_say_which_case_is_overdue_and_whose(sign_in: SignIn, answer: Answer) -> None:
    answer(1, user="u1")
    answer(1, user="u2")
    first, second = Case.objects.order_by("id")
    Case.objects.filter(pk=first.pk).update(due_at=NOW - timedelta(hours=30))
    client = sign_in("manager")
    services.assign(second.pk, owner_id=Member.objects.get(role="manager").pk, by=member("manager"))
    words = text_of(client.get("/cases/?view=overdue").content)
    assert "escalated" in words
    assert "nobody's yet" in words
    assert "u2" not in words
    assert "u2" in text_of(client.get("/cases/?view=mine").content)
    assert "Resolved" in text_of(client.get("/cases/?view=resolved").content)


def test_a_list_asks_the_store_no_more_often_the_longer_it_is(
    sign_in: SignIn, answer: Answer, django_assert_max_num_queries: object
) -> None:
    for number in range(6):
        answer(1, user=f"u{number}")
    client = sign_in("manager")
    with django_assert_max_num_queries(22):  # type: ignore[operator]
        client.get("/cases/?view=all")


def test_whoever_is_second_to_resolve_a_case_is_told_and_loses_no_word(
    sign_in: SignIn, answer: Answer
) -> None:
    answer(1)
    [case] = Case.objects.all()
    services.resolve(case.pk, outcome="solved", said="Sorry.", by=member("frontline", name="first"))
    given = {
        "resolve-outcome": "solved",
        "resolve-said": "A new one is on its way.",
        "resolve-text": "Ring on.",
    }
    late = sign_in("manager").post(f"/cases/{case.pk}/resolve/", given)
    assert late.status_code == 409
    words = text_of(late.content)
    assert "Somebody else changed this case meanwhile." in words
    assert "A new one is on its way." in words
    assert "Ring on." in words
    assert Case.objects.get().said == "Sorry."
    assert sign_in("manager").post(f"/cases/{case.pk}/burn/", {}).status_code == 404


def test_the_case_of_whoever_may_no_longer_sign_in_is_nobodys(sign_in: SignIn, answer: Answer) -> None:
    gone = member("frontline", "shop-1", name="gone")
    answer(1, text="Late again")
    assert Case.objects.get().owner_id == gone
    set_active(email=Member.objects.get(pk=gone).email, is_active=False)
    manager = sign_in("manager", "north")
    assert "Late again" in text_of(manager.get("/cases/?view=unowned").content)
    assert "Nobody's (1)" in text_of(manager.get("/cases/").content)


def test_a_search_costs_the_same_for_one_customer_and_for_many(sign_in: SignIn, answer: Answer) -> None:
    for name in ("bea-1", "bea-2", "cleo-1", "cleo-2", "cleo-3", "cleo-4", "cleo-5"):
        answer(9, user=name)
    client = sign_in("frontline")
    asked = []
    for given, n in (("bea", 2), ("cleo", 5)):
        with CaptureQueriesContext(connection) as made:
            page = client.get(f"/customers/?q={given}").content
        assert text_of(page).count("1 interaction, the latest") == n
        asked.append(len(made))
    assert asked[0] == asked[1]


def test_a_greek_reader_is_told_in_greek_why_a_case_cannot_change(
    sign_in: SignIn, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(1)
    [case] = Case.objects.all()
    client = sign_in("manager", language="el")
    colleague = member("frontline", name="Bo")
    listed = services.list_owners()

    def leaves_meanwhile() -> list[MemberCard]:
        # The form was checked against those who were there; the service looks again.
        asked.append(True)
        return listed if len(asked) == 1 else [card for card in listed if card.id != colleague]

    asked: list[bool] = []
    monkeypatch.setattr(services, "list_owners", leaves_meanwhile)
    page = client.post(f"/cases/{case.pk}/assign/", {"assign-owner": str(colleague)})
    assert page.status_code == 422
    assert f"Δεν υπάρχει μέλος {colleague} που να μπορεί να αναλάβει υπόθεση." in text_of(page.content)
