"""Who may listen to a live stream: the session and the sight of whoever opened the page, as every page has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import cast
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from regard.apps.customers.queries import timeline_ids
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.queries import get_sight
from regard.kernel.ids import LARGEST


@dataclass(frozen=True, slots=True)
class Admitted:
    """A listener.

    Args:
        cookie, query: what they came with, to be looked at again later.
        identities: those of the one customer whose page is open; None for everything that they see.
    """

    session: str
    cookie: str
    query: str
    sight: Sight
    identities: frozenset[int] | None

    def wants(self, concerned: Iterable[int] | None) -> bool:
        """Whether a change that concerns these identities (None: too many to name) matters to the open page."""
        return self.identities is None or concerned is None or not self.identities.isdisjoint(concerned)


def admit(cookie: str, query: str) -> Admitted | int:
    """The listener behind a request's cookies, or the status that refuses: 401 signed out, 403 may not, 404 unknown.

    Args:
        query: `customer=NUMBER` to hear of one customer only.
    """
    member, session = _member(cookie)
    if member is None:
        return 401
    sight = get_sight(member)
    if not sight.parts:
        return 403
    wanted = parse_qs(query).get("customer", [""])[0]
    if not wanted:
        return Admitted(session, cookie, query, sight, None)
    if not sight.may(Part.CUSTOMERS):
        return 403
    identities = frozenset(timeline_ids(int(wanted))) if _is_number(wanted) else frozenset()
    return Admitted(session, cookie, query, sight, identities) if identities else 404


def _member(cookie: str) -> tuple[Member | None, str]:
    try:
        found = SimpleCookie(cookie).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        found = None
    if found is None:
        return None, ""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(found.value)
    user = get_user(request)
    known = user.is_authenticated and user.is_active
    return (cast(Member, user), found.value) if known else (None, "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < LARGEST
