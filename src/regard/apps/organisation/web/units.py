"""The tree of units, for administrators: add, call otherwise, move, take out; and the units that only the data know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regard.apps.organisation import queries, services
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part
from regard.apps.organisation.queries import UnitCard
from regard.apps.organisation.web.forms import UnitForm
from regard.kernel.errors import InvalidInput
from regard.webkit import formats
from regard.webkit.access import needs
from regard.webkit.hub import hub
from regard.webkit.refusals import refusal_of

MOST_FOUND = 50
SEEN = """
SELECT unit, count(*) AS n FROM log WHERE unit IS NOT NULL AND unit <> '' GROUP BY unit ORDER BY n DESC, unit
"""


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in its place of the tree: how deep it stands, and how many interactions name it."""

    card: UnitCard
    depth: int
    n: str
    n_members: int


@never_cache
@needs(Part.MEMBERS)
@require_http_methods(["GET", "POST"])
def units(request: HttpRequest) -> HttpResponse:
    """The tree; changed only by who looks after the whole company."""
    sight = queries.get_sight(cast(Member, request.user))
    may_change = sight.units is None
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    cards = queries.list_units()
    form = UnitForm(cards, request.POST or None, initial={"key": request.GET.get("key", "")[:200]})
    if request.method == "POST":
        answer = _remove(request) if "remove" in request.POST else _save(request, form)
        if answer is not None:
            return answer
    seen = count_in_data()
    known = {card.key for card in cards}
    context = {
        "branches": list(branches([card for card in cards if sight.sees_unit(card.key)], seen)),
        "found": [
            (key, formats.number(n)) for key, n in seen.items() if key not in known and sight.sees_unit(key)
        ][:MOST_FOUND],
        "form": form,
        "may_change": may_change,
        "editing": next((card for card in cards if card.key == request.GET.get("edit")), None),
        "cards": cards,
    }
    return render(request, "organisation/units.html", context, status=400 if form.errors else 200)


def _save(request: HttpRequest, form: UnitForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        services.save_unit(key=given["key"], title=given["title"], parent=given["parent"] or None)
    except InvalidInput as error:
        form.add_error("parent", refusal_of(error).text)
        return None
    messages.success(request, _("The tree is changed."))
    return redirect("units")


def _remove(request: HttpRequest) -> HttpResponse:
    try:
        services.remove_unit(key=request.POST["remove"])
    except InvalidInput as error:
        messages.error(request, refusal_of(error).text)
    else:
        messages.success(request, _("The unit is taken out of the tree; its interactions stay."))
    return redirect("units")


def count_in_data() -> dict[str, int]:
    """How many interactions name each unit."""
    log = hub()
    log.refresh()

    def ask() -> dict[str, int]:
        with log.cursor() as cursor:
            return dict(cursor.execute(SEEN).fetchall())

    return log.remember("units in the data", ask)


def branches(cards: Sequence[UnitCard], seen: dict[str, int]) -> Iterator[Branch]:
    """The units from the top down, each before those below it."""
    counts: dict[str | None, int] = {}
    for member in queries.list_members():
        counts[member.unit] = counts.get(member.unit, 0) + 1
    known = {card.key for card in cards}
    below: dict[str | None, list[UnitCard]] = {}
    for card in cards:
        below.setdefault(card.parent if card.parent in known else None, []).append(card)
    edge = [(card, 0) for card in reversed(below.get(None, []))]
    while edge:
        card, depth = edge.pop()
        yield Branch(card, min(depth, 8), formats.number(seen.get(card.key, 0)), counts.get(card.key, 0))
        edge += [(child, depth + 1) for child in reversed(below.get(card.key, []))]
