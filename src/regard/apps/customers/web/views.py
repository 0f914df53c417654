"""Finding a customer, and what they have been through on every channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regard.apps.customers import names, queries
from regard.apps.customers.names import Name
from regard.apps.customers.queries import Customer
from regard.apps.customers.timeline import Place, Timeline, list_seen, read_timeline
from regard.apps.customers.web import words
from regard.apps.customers.web.panels import ACTIONS, PANELS, Action
from regard.apps.customers.web.rows import make_days
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.services import note_reading
from regard.kernel.ids import LARGEST
from regard.webkit import formats
from regard.webkit.access import may, needs
from regard.webkit.hub import hub
from regard.webkit.words import channel_of

MOST_FOUND = 20
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a timeline the reader chose to see; empty for all."""

    channel: str
    kind: str

    def address(self, **other: str) -> str:
        """The same choice in an address, but for what is given."""
        chosen = {"channel": self.channel, "kind": self.kind, **other}
        return "?" + urlencode({name: value for name, value in chosen.items() if value})


@dataclass(frozen=True, slots=True)
class Found:
    """A customer who fits a search."""

    customer_id: int
    called: str
    detail: str


@never_cache
@needs(Part.CUSTOMERS)
@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """Search by user id, e-mail, telephone number or account."""
    given = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    account = request.GET.get("account", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    member = cast(Member, request.user)
    sight = organisation.get_sight(member)
    found: list[Found] = []
    accounts: list[str] = []
    if account:
        found = _visible(names.list_account_customers(account), sight)
    elif given:
        found = _visible(queries.find_customers(given, limit=5 * MOST_FOUND), sight)
        accounts = [
            key for key in names.find_accounts(given, limit=MOST_FOUND) if sight.units is None or key == given
        ]
    if found:
        note_reading(member, "customers", [one.customer_id for one in found])
    if given and len(found) == 1 and not accounts and not account:
        return redirect("customer", found[0].customer_id)
    context = {"given": given, "account": account, "matches": found, "accounts": accounts}
    return render(request, "customers/search.html", context)


@never_cache
@needs(Part.CUSTOMERS)
@require_safe
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    """One customer: the timeline, the last scores and words, who they are, and what other slices put beside it."""
    known = queries.get_customer(customer_id) if customer_id < LARGEST else None
    if known is None:
        raise Http404
    if known.customer_id != customer_id:
        return redirect("customer", known.customer_id)
    member = cast(Member, request.user)
    sight = organisation.get_sight(member)
    choice = _choice(request)
    timeline = _timeline(known, sight, choice, _place(request.GET.get("before", "")))
    if not timeline.n and sight.units is not None:
        raise Http404
    note_reading(member, "customer", [customer_id])
    context = _timeline_context(request, customer_id, timeline, choice)
    if request.headers.get("HX-Request") and "before" in request.GET:
        return render(request, "customers/days.html", context)
    context |= _who(known, timeline) | _filters(timeline, choice)
    context["panels"] = _panels(request, customer_id)
    return render(request, "customers/customer.html", context)


def _visible(found: Sequence[int], sight: Sight) -> list[Found]:
    """Those of whom the reader may see anything, with how much that is; the latest first."""
    called = names.list_names(found)
    members = queries.list_timeline_ids(found)
    log = hub()
    log.refresh()
    with log.cursor() as cursor:
        seen = list_seen(cursor, [one for ids in members.values() for one in ids], sight)
    shown = []
    for customer_id, ids in members.items():
        parts = [seen[one] for one in ids if one in seen]
        if customer_id not in called or (not parts and sight.units is not None):
            continue
        last_at = max((part.last_at for part in parts), default=datetime.min.replace(tzinfo=UTC))
        shown.append((last_at, _found(called[customer_id], sum(part.n for part in parts), last_at)))
    shown.sort(key=lambda pair: pair[0], reverse=True)
    return [one for _, one in shown[:MOST_FOUND]]


def _found(name: Name, n: int, last_at: datetime) -> Found:
    detail = _("nothing in the log yet")
    if n:
        told = ngettext("%(n)s interaction, the latest %(ago)s", "%(n)s interactions, the latest %(ago)s", n)
        detail = told % {"n": formats.number(n), "ago": formats.ago(last_at, datetime.now(UTC))}
    return Found(name.customer_id, words.customer_called(name.kind, name.value, name.customer_id), detail)


def _timeline(known: Customer, sight: Sight, choice: Choice, before: Place | None) -> Timeline:
    ids = [card.identity_id for card in known.identifiers]
    log = hub()
    log.refresh()
    with log.cursor() as cursor:
        return read_timeline(cursor, ids, sight, channel=choice.channel, kind=choice.kind, before=before)


def _timeline_context(
    request: HttpRequest, customer_id: int, timeline: Timeline, choice: Choice
) -> dict[str, Any]:
    zone = ZoneInfo(organisation.get_settings().zone)
    titles = {unit.key: unit.title for unit in organisation.list_units()}
    address = reverse("customer", args=[customer_id])
    last = timeline.moments[-1] if timeline.moments else None
    more = ""
    if last and len(timeline.moments) < timeline.n_chosen:
        micros = int(last.occurred_at.timestamp() * 1_000_000)
        more = address + choice.address(before=f"{micros}-{last.interaction_id}")
    allowed = [action for action in ACTIONS if may(request, action.part)]
    days = make_days(timeline.moments, zone=zone, units=titles)
    return {
        "days": [
            (
                day.title,
                [
                    (row, _actions(allowed if row.is_telling else [], customer_id, row.interaction_id))
                    for row in day.rows
                ],
            )
            for day in days
        ],
        "more": more,
        "is_older": "before" in request.GET,
        "customer_id": customer_id,
        "address": address,
    }


def _actions(allowed: Sequence[Action], customer_id: int, interaction_id: str) -> list[tuple[str, str]]:
    return [(str(action.title), action.href(customer_id, interaction_id)) for action in allowed]


def _who(known: Customer, timeline: Timeline) -> dict[str, Any]:
    zone = ZoneInfo(organisation.get_settings().zone)
    name = names.list_names([known.customer_id]).get(known.customer_id)
    return {
        "customer": known,
        "called": words.customer_called(name.kind, name.value, known.customer_id) if name else "",
        "timeline": timeline,
        "n": formats.number(timeline.n),
        "since": formats.day(timeline.first_at, zone) if timeline.first_at else "",
        "identifiers": [
            (words.identifier_of(card.kind), card.value, card.is_shared)
            for card in known.identifiers
            if card.kind != "anonymous"
        ],
        "n_visits": formats.number(sum(card.kind == "anonymous" for card in known.identifiers)),
        "answers": [
            {
                "question": words.question_of(one.metric or ""),
                "score": words.score_of(one.metric, one.score),
                "tone": words.tone_of(one.metric, one.score),
                "when": formats.day(one.occurred_at, zone),
            }
            for one in timeline.answers
        ],
        "said": [
            (one.text, one.language or "", formats.day(one.occurred_at, zone)) for one in timeline.words
        ],
    }


def _panels(request: HttpRequest, customer_id: int) -> list[SafeString]:
    panels = sorted((panel for panel in PANELS if may(request, panel.part)), key=lambda panel: panel.order)
    return [drawn for panel in panels if (drawn := panel.draw(request, customer_id))]


def _choice(request: HttpRequest) -> Choice:
    channel, kind = (request.GET.get(name, "").replace("\x00", "")[:200] for name in ("channel", "kind"))
    return Choice(channel, kind)


def _filters(timeline: Timeline, choice: Choice) -> dict[str, Any]:
    """What may be chosen, with how many there are of each."""
    return {
        "channels": [
            (key, f"{channel_of(key)} ({formats.number(n)})", key == choice.channel)
            for key, n in timeline.channels
        ],
        "kinds": [
            (key, f"{words.kind_of(key)} ({formats.number(n)})", key == choice.kind)
            for key, n in timeline.kinds
        ],
        "is_filtered": bool(choice.channel or choice.kind),
    }


def _place(text: str) -> Place | None:
    """Where the page before ended; what cannot be read counts as not given."""
    micros, _sep, number = text.partition("-")
    try:
        moment = datetime.fromtimestamp(int(micros) / 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Place(moment, number[:32])
