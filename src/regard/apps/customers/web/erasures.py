"""Erasing a person, for administrators: find them, see what will go, confirm, and get the proof."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from regard.apps.customers import names, queries, services
from regard.apps.customers.erasing.people import members_of
from regard.apps.customers.erasing.proof import Proof, make_proof
from regard.apps.customers.holders import HOLDERS, Scope
from regard.apps.customers.queries import Customer, ErasureRow
from regard.apps.customers.resolution.digests import normal_phone
from regard.apps.customers.web import words
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part
from regard.apps.organisation.services import note_reading
from regard.kernel.errors import InvalidInput
from regard.kernel.ids import LARGEST
from regard.webkit import formats
from regard.webkit.access import needs
from regard.webkit.hub import hub

MOST_FOUND = 20
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A customer who has the identifier that was looked for. Personal: `called`."""

    customer_id: int
    called: str


@never_cache
@needs(Part.OPERATIONS)
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """Whom to erase, by an identifier that fits exactly; and every erasure so far."""
    member, now = _of_the_whole_company(request), datetime.now(UTC)
    given = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    found = _find(given)
    if found:
        note_reading(member, "erasing", [one.customer_id for one in found])
    context = {
        "given": given,
        "matches": found,
        "rows": [
            {
                "row": row,
                "what": words.erasure_of(row.kind),
                "state": _state(row),
                "when": formats.ago(row.asked_at, now),
            }
            for row in queries.list_erasures()
        ],
    }
    return render(request, "customers/erasures.html", context)


@never_cache
@needs(Part.OPERATIONS)
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What of one customer will go; it goes once what they are called was typed."""
    member = _of_the_whole_company(request)
    known = queries.get_customer(customer_id) if customer_id < LARGEST else None
    if known is None:
        raise Http404
    called = _called(known)
    typed = request.POST.get("typed", "").strip()
    if request.method == "POST" and typed.casefold() == called.casefold():
        try:
            number = services.forget(known.customer_id, by=member.email)
        except InvalidInput as error:
            # Another erasure was quicker: there is nobody any more.
            raise Http404 from error
        messages.success(request, _("The erasure has begun; it goes on by itself."))
        return redirect("erasure", number)
    note_reading(member, "erasing", [known.customer_id])
    context = {
        "called": called,
        "identifiers": [
            (words.identifier_of(card.kind), card.value, card.is_shared) for card in known.identifiers
        ],
        "counts": _counts(known),
        "typed": typed,
        "is_wrong": request.method == "POST",
    }
    return render(request, "customers/erase.html", context, status=400 if context["is_wrong"] else 200)


@never_cache
@needs(Part.OPERATIONS)
@require_safe
def erasure(request: HttpRequest, number: int) -> HttpResponse:
    """The proof of one erasure as it stands now; followed until it is done."""
    _of_the_whole_company(request)
    proof = _proof(number)
    zone = ZoneInfo(organisation.get_settings().zone)

    def told(moment: datetime | None) -> str:
        return words.when(moment, zone) if moment else ""

    context = {
        "proof": proof,
        "what": words.erasure_of(proof.kind),
        "asked": told(proof.asked_at),
        "erased": told(proof.erased_at),
        "clean": told(proof.clean_by),
        "done": told(proof.done_at),
        "lifted": told(proof.lifted_at),
        "places": _places(proof.erased),
        "held": [(one.path, told(one.until)) for one in proof.held],
        "n_hashes": len(proof.digests),
    }
    return render(request, "customers/erasure.html", context)


@never_cache
@needs(Part.OPERATIONS)
@require_safe
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """The proof as a file; `regard restore --proof` reads it."""
    _of_the_whole_company(request)
    text = json.dumps(_proof(number).as_json(), indent=1)
    name = f'attachment; filename="proof-{number}.json"'
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": name})


def _of_the_whole_company(request: HttpRequest) -> Member:
    """Who asks. A person is erased everywhere, so nobody may who looks after one unit only."""
    member = cast(Member, request.user)
    if organisation.get_sight(member).units is not None:
        raise PermissionDenied
    return member


def _find(given: str) -> list[Found]:
    """Those who have this very identifier: there is nothing here to leaf through."""
    wanted = {given, given.lower(), normal_phone(given) or given}
    found = []
    for customer_id in queries.find_customers(given, limit=MOST_FOUND):
        known = queries.get_customer(customer_id)
        if known is not None and any(card.value in wanted for card in known.identifiers):
            found.append(Found(known.customer_id, _called(known)))
    return found


def _called(known: Customer) -> str:
    name = names.list_names([known.customer_id]).get(known.customer_id)
    return words.customer_called(name.kind, name.value, known.customer_id) if name else str(known.customer_id)


def _counts(known: Customer) -> list[tuple[str, str]]:
    """How much will go, by place, as far as it can be said beforehand."""
    identities = members_of(known.customer_id)
    log = hub()
    log.refresh()
    with log.cursor() as cursor:
        asked = "SELECT count(*) FROM log WHERE list_contains(?, identity_id)"
        [(n,)] = cursor.execute(asked, [identities]).fetchall()
    found = {
        "log": int(n),
        "identifiers": len(identities),
        "traits": len(known.traits),
        "accounts": len(known.accounts),
    }
    found |= {holder.key: holder.count(Scope(tuple(identities))) for holder in HOLDERS}
    return _places(found)


def _places(found: dict[str, int]) -> list[tuple[str, str]]:
    return [(words.place_of(place), formats.number(n)) for place, n in found.items() if n]


def _proof(number: int) -> Proof:
    found = make_proof(number, datetime.now(UTC)) if number < LARGEST else None
    if found is None:
        raise Http404
    return found


def _state(row: ErasureRow) -> dict[str, Any]:
    if row.lifted_at:
        return {"title": _("lifted"), "tone": "flat"}
    if row.last_error:
        return {"title": _("failed, tried again"), "tone": "bad"}
    if row.erased_at:
        return {"title": _("erased"), "tone": "good"}
    return {"title": _("under way"), "tone": "due"}
