"""Who asks: a member, signed in or by a token of theirs. Everything else follows from what that member may see."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.queries import get_sight

SALT = "regard.api"
DAYS = 90


class NotAllowed(Exception):
    """The member may not open this part."""


def make_token(member: Member) -> str:
    """A token that stands for `member` for 90 days, at most until their password changes or they are disabled."""
    return signing.dumps({"member": member.pk, "proof": member.get_session_auth_hash()}, salt=SALT)


def find_member(token: str) -> Member | None:
    """Whose token this is; nobody's where it is old, forged, or void."""
    try:
        held = signing.loads(token, salt=SALT, max_age=DAYS * 86_400)
    except signing.BadSignature:
        return None
    member = Member.objects.filter(pk=held["member"], is_active=True).first()
    if member is None or held["proof"] != member.get_session_auth_hash():
        return None
    return member


class Token(HttpBearer):
    """`Authorization: Bearer TOKEN`."""

    def authenticate(self, request: HttpRequest, token: str) -> Member | None:
        """Whose token it is."""
        return find_member(token)


class Session(APIKeyCookie):
    """A browser that is signed in; changes need its CSRF token as well."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The member who is signed in."""
        return request.user if request.user.is_authenticated else None


def sight_of(request: HttpRequest, part: Part) -> Sight:
    """What who asks may see. Raises: NotAllowed where `part` is not open to them."""
    member = request.auth  # type: ignore[attr-defined]
    sight = get_sight(member)
    if not sight.may(part):
        raise NotAllowed
    return sight
