"""Who read what: for those who look after the members, the latest first; nothing here can be changed."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regard.apps.organisation import queries
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part
from regard.apps.organisation.queries import MemberCard, ReadingCard
from regard.webkit import formats
from regard.webkit.access import needs
from regard.webkit.paging import make_paging

WHAT: dict[str, str | Promise] = {
    "answers": gettext_lazy("Single answers"),
    "case": gettext_lazy("A case"),
    "cases": gettext_lazy("A list of cases"),
    "customer": gettext_lazy("A customer"),
    "comments": gettext_lazy("Comments"),
    "customers": gettext_lazy("A list of customers"),
    "erasing": gettext_lazy("Whom to erase"),
    "quarantine": gettext_lazy("What was set aside, as it came"),
}
MOST_NAMED = 5
LONGEST_NAME = 12  # of an interaction's id the first digits tell it from others


@never_cache
@needs(Part.MEMBERS)
@require_safe
def readings(request: HttpRequest) -> HttpResponse:
    """Which member was shown which customers, cases or single answers, and when."""
    sight = queries.get_sight(cast(Member, request.user))
    cards = {card.id: card for card in queries.list_members() if sight.sees_unit(card.unit)}
    chosen = _number(request.GET.get("member", ""))
    # Of members who have left only those see the readings who look after the whole company.
    of = None if sight.units is None else sorted(cards)
    if chosen is not None:
        of = [chosen] if of is None or chosen in of else []
    pages = make_paging(request, queries.count_readings(members=of))
    found = queries.list_readings(members=of, offset=pages.offset, limit=pages.limit)
    zone = ZoneInfo(queries.get_settings().zone)
    context = {
        "rows": [_line(row, cards, zone) for row in found],
        "pages": pages,
        "cards": sorted(cards.values(), key=lambda card: card.name or card.email),
        "chosen": chosen,
    }
    return render(request, "organisation/readings.html", context)


def _line(row: ReadingCard, cards: dict[int, MemberCard], zone: ZoneInfo) -> dict[str, object]:
    card = cards.get(row.member)
    named = ", ".join(_short(one) for one in row.about[:MOST_NAMED])
    more = len(row.about) - MOST_NAMED
    if more > 0:
        named += " " + ngettext("and %(n)s more", "and %(n)s more", more) % {"n": formats.number(more)}
    return {
        "called": (card.name or card.email) if card else row.email,
        "has_left": card is None,
        "what": WHAT.get(row.what, row.what),
        "named": named or _("nothing was found"),
        "when": formats.moment(row.read_at, zone),
    }


def _short(one: int | str) -> str:
    text = str(one)
    return text if len(text) <= LONGEST_NAME else f"{text[:8]}…"


def _number(given: str) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
