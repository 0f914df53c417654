"""Signing in and out, and one's own account."""

from __future__ import annotations

import pytest
from django.test import Client

from regard.apps.organisation import services
from regard.apps.organisation.models import Member

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


@pytest.fixture
def member() -> Member:
    services.create_member(email="ada@example.com", role="analyst", password=PASSWORD, name="Ada")
    return Member.objects.get()


def sign_in(client: Client, password: str = PASSWORD, goal: str = "/account/") -> int:
    answer = client.post("/sign-in/", {"email": "Ada@example.com", "password": password, "next": goal})
    return answer.status_code


def test_a_stranger_is_asked_to_sign_in_and_comes_back_to_where_they_went(
    client: Client, member: Member
) -> None:
    answer = client.get("/account/?a=1")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=/account/%3Fa%3D1"
    answer = client.post(
        "/sign-in/", {"email": "ada@example.com", "password": PASSWORD, "next": "/account/?a=1"}
    )
    assert answer.headers["Location"] == "/account/?a=1"


@pytest.mark.parametrize("goal", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(client: Client, member: Member, goal: str) -> None:
    answer = client.post("/sign-in/", {"email": "ada@example.com", "password": PASSWORD, "next": goal})
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client: Client, member: Member) -> None:
    wrong = client.post("/sign-in/", {"email": "ada@example.com", "password": "x"}).content.decode()
    unknown = client.post("/sign-in/", {"email": "bo@example.com", "password": "x"}).content.decode()
    assert "do not fit together" in wrong
    assert "do not fit together" in unknown


def test_after_five_failures_even_the_right_password_waits(client: Client, member: Member) -> None:
    for _ in range(5):
        assert sign_in(client, "wrong") == 200
    answer = client.post("/sign-in/", {"email": "ada@example.com", "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"


def test_a_success_forgives_earlier_failures(client: Client, member: Member) -> None:
    for _ in range(4):
        sign_in(client, "wrong")
    assert sign_in(client) == 302
    client.post("/sign-out/")
    for _ in range(4):
        assert sign_in(client, "wrong") == 200


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, member: Member) -> None:
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/account/").status_code == 302


def test_forms_need_their_token(member: Member) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/sign-in/", {"email": "ada@example.com", "password": PASSWORD})
    assert answer.status_code == 403
    assert b"The form was too old" in answer.content


def test_a_password_is_changed_by_who_knows_the_old_one(client: Client, member: Member) -> None:
    sign_in(client)
    assert b"not your password" in client.post("/account/", {"old": "x", "new": "another long one"}).content
    assert b"at least 10" in client.post("/account/", {"old": PASSWORD, "new": "short"}).content
    answer = client.post("/account/", {"old": PASSWORD, "new": "another long one"}, follow=True)
    assert b"Your password is changed" in answer.content
    client.post("/sign-out/")
    assert sign_in(client) == 200
    assert sign_in(client, "another long one") == 302


def test_a_language_is_kept_for_the_member_and_the_browser(client: Client, member: Member) -> None:
    sign_in(client)
    answer = client.post("/language/", {"language": "pl", "next": "/account/"}, follow=True)
    assert "Twoje konto" in answer.content.decode()
    member.refresh_from_db()
    assert member.language == "pl"
    fresh = Client()
    fresh.post("/sign-in/", {"email": "ada@example.com", "password": PASSWORD})
    assert "Twoje konto" in fresh.get("/account/").content.decode()


def test_a_disabled_member_is_out_at_once(client: Client, member: Member) -> None:
    sign_in(client)
    services.set_active(email="ada@example.com", is_active=False)
    assert client.get("/account/").status_code == 302
