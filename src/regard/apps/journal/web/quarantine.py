"""Quarantine: what was set aside, searched, corrected and brought back, or given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regard.apps.journal import corrections as _corrections  # noqa: F401  Makes the way of items known.
from regard.apps.journal import queries, services
from regard.apps.journal.queries import Aside, QuarantineRow
from regard.apps.journal.ways_back import find_way_back
from regard.apps.journal.words import place_of, reason_title, sentence_of
from regard.kernel.errors import InvalidInput
from regard.webkit import formats
from regard.webkit.access import needs, note_reading, sees_everything
from regard.webkit.paging import make_paging
from regard.webkit.refusals import Refusal, refusal_of

PART = "operations"
STATES = ("open", "replayed", "discarded")
SHORT = 120
LONGEST = 100_000
MOST_AT_ONCE = 500
CELL = "cell:"


@never_cache
@needs(PART)
@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """What was set aside, the newest first, by state, source, reason and words.

    It says in whose unit it belongs only once it can be read; until then its content is the whole company's, and who
    looks after one unit sees where it came from and why it was not taken.
    """
    wanted, is_whole = read_wanted(request.GET.dict()), sees_everything(request)
    if not is_whole:
        # Whoever may not read an item may not ask either whether a word stands in it.
        wanted = replace(wanted, text="")
    n = queries.count_aside(wanted)
    paging = make_paging(request, n)
    now = datetime.now(UTC)
    titles = {"open": _("Open"), "replayed": _("Brought back"), "discarded": _("Discarded")}
    groups = queries.list_aside_groups(wanted.state)
    rows = queries.search_quarantine(wanted, offset=paging.offset, limit=paging.limit)
    if is_whole:
        note_reading(request, "quarantine", [row.id for row in rows])
    context = {
        "is_whole": is_whole,
        "items": [
            {
                "row": row,
                "reason": reason_title(row.reason),
                "when": formats.ago(row.received_at, now),
                "place": place_of(row),
                "short": row.raw[:SHORT] if is_whole else "",
            }
            for row in rows
        ],
        "n": n,
        "paging": paging,
        "states": [{"key": key, "title": titles[key], "is_here": key == wanted.state} for key in STATES],
        "wanted": wanted,
        "sources": sorted({source for source, _reason, _n in groups} | ({wanted.source} - {""})),
        "reasons": _reasons({reason for _source, reason, _n in groups} | ({wanted.reason} - {""})),
        "most": MOST_AT_ONCE,
    }
    return render(request, "journal/quarantine.html", context)


@never_cache
@needs(PART)
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, quarantine_id: int) -> HttpResponse:
    """One item as it came, why it was not taken, and what can be done."""
    row = queries.find_quarantined(quarantine_id)
    if row is None:
        raise Http404
    if not sees_everything(request):
        return render(request, "journal/item_closed.html", _place(row))
    note_reading(request, "quarantine", [row.id])
    now, problem = datetime.now(UTC), Refusal("")
    way = find_way_back(row)
    cells = _cells(row)
    given = {name: request.POST.get(CELL + name, value) for name, value in (cells or {}).items()}
    raw = request.POST.get("raw", row.raw)[:LONGEST]
    if request.method == "POST" and way is not None:
        changes = {"": raw} if cells is None else {k: v for k, v in given.items() if v != cells[k]}
        try:
            way.bring_back(row, changes, now)
        except InvalidInput as error:
            problem = refusal_of(error)
        else:
            messages.success(request, _("It came back and will be counted in a moment."))
            return redirect("quarantine")
    context = {
        "row": row,
        "raw": raw,
        "cells": given if cells is not None else None,
        "problem": problem,
        "can_come_back": way is not None,
        "message": sentence_of(row.message),
        **_place(row),
    }
    return render(request, "journal/item.html", context, status=400 if problem.text else 200)


@needs(PART)
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Give up on what was ticked, or on all that was searched for; it stays to be seen."""
    _must_see_everything(request)
    n = services.discard(_chosen(request))
    told = ngettext("%(n)s item discarded.", "%(n)s items discarded.", n) % {"n": formats.number(n)}
    messages.success(request, told)
    return redirect(_back(request))


@needs(PART)
@require_POST
def replay(request: HttpRequest) -> HttpResponse:
    """Try what was ticked, or all that was searched for, again as it stands: what kept it out may be mended."""
    _must_see_everything(request)
    now, n_back, n_left = datetime.now(UTC), 0, 0
    for quarantine_id in _chosen(request):
        row = queries.find_quarantined(quarantine_id)
        way = find_way_back(row) if row else None
        try:
            if row is None or way is None:
                raise InvalidInput("It cannot come back by itself.")
            way.bring_back(row, {}, now)
            n_back += 1
        except InvalidInput:
            n_left += 1
    if n_back:
        told = ngettext("%(n)s item is tried again.", "%(n)s items are tried again.", n_back)
        messages.success(request, told % {"n": formats.number(n_back)})
    if n_left:
        told = ngettext(
            "%(n)s item has to be corrected first.", "%(n)s items have to be corrected first.", n_left
        )
        messages.error(request, told % {"n": formats.number(n_left)})
    return redirect(_back(request))


def _must_see_everything(request: HttpRequest) -> None:
    if not sees_everything(request):
        raise PermissionDenied


def _place(row: QuarantineRow) -> dict[str, object]:
    """Why an item was not taken and where it came from, with nothing of what stands in it."""
    return {
        "reason": reason_title(row.reason),
        "place": place_of(row),
        "when": formats.ago(row.received_at, datetime.now(UTC)),
    }


def read_wanted(given: dict[str, str]) -> Aside:
    """Which items an address or a form asks for."""
    state = given.get("state", "open")
    source, reason, text = (
        given.get(name, "").replace("\x00", "")[:200] for name in ("source", "reason", "q")
    )
    return Aside(state if state in STATES else "open", source, reason, text.strip())


def _chosen(request: HttpRequest) -> list[int]:
    """The items that were ticked, or all that fit the search."""
    if request.POST.get("all"):
        return queries.list_aside_ids(read_wanted(request.POST.dict()), limit=MOST_AT_ONCE)
    ids = [one for one in request.POST.getlist("id") if one.isascii() and one.isdecimal() and len(one) < 18]
    return [int(one) for one in ids[:MOST_AT_ONCE]]


def _back(request: HttpRequest) -> str:
    wanted = read_wanted(request.POST.dict())
    query = f"?source={wanted.source}" if wanted.source and "&" not in wanted.source else ""
    return reverse("quarantine") + query


def _cells(row: QuarantineRow) -> dict[str, str] | None:
    """The item as names and values, where it is corrected so."""
    way = find_way_back(row)
    if way is None:
        return None
    try:
        cells = way.cells(row)
    except InvalidInput:
        return None
    return dict(cells) if cells is not None else None


def _reasons(codes: set[str]) -> list[tuple[str, str]]:
    return sorted(((code, reason_title(code)) for code in codes), key=lambda one: one[1])
