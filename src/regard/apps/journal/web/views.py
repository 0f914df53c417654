"""Operations, for administrators: lag, parked batches, quarantine, arrivals."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regard.apps.journal import queries, services
from regard.apps.journal.web.arrivals import list_arrivals
from regard.apps.journal.web.corrections import bring_back, can_come_back
from regard.apps.journal.web.words import reason_title
from regard.kernel.errors import InvalidInput
from regard.webkit import formats
from regard.webkit.access import needs

PART = "operations"
STATES = ("open", "replayed", "discarded")
PAGE = 50
SHORT = 120
LONGEST = 100_000


@never_cache
@needs(PART)
def operations(request: HttpRequest) -> HttpResponse:
    """Is everything that was sent on its way, and what was not taken?"""
    now = datetime.now(UTC)
    context = {
        "consumers": _consumers(now),
        "last_seq": queries.last_seq(),
        "parked": [
            {
                "consumer": row.consumer,
                "seq": row.seq,
                "reason": row.reason,
                "when": formats.ago(row.parked_at, now),
            }
            for row in queries.list_parked()
        ],
        "reasons": _reasons(),
        "arrivals": [
            {"row": row, "when": formats.ago(row.received_at, now), "is_waiting": row.n_new is None}
            for row in list_arrivals()
        ],
    }
    return render(request, "journal/operations.html", context)


@never_cache
@needs(PART)
def quarantine(request: HttpRequest) -> HttpResponse:
    """What was set aside, by state and source."""
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    source = request.GET.get("source") or None
    after = request.GET.get("after", "0")
    rows = queries.list_quarantine(
        state=state,
        source=source,
        after=int(after) if after.isdecimal() and len(after) < 18 else 0,
        limit=PAGE + 1,
    )
    now = datetime.now(UTC)
    titles = {"open": _("Open"), "replayed": _("Brought back"), "discarded": _("Discarded")}
    context = {
        "items": [
            {
                "row": row,
                "reason": reason_title(row.reason),
                "when": formats.ago(row.received_at, now),
                "place": _place(row),
                "short": row.raw[:SHORT],
            }
            for row in rows[:PAGE]
        ],
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "states": [{"key": key, "title": titles[key], "is_here": key == state} for key in STATES],
        "state": state,
        "source": source or "",
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
    now, raw, problem = datetime.now(UTC), row.raw, ""
    if request.method == "POST" and can_come_back(row):
        raw = request.POST.get("raw", "")[:LONGEST]
        try:
            bring_back(row, raw, now=now)
        except InvalidInput as error:
            problem = str(error)
        else:
            messages.success(request, _("It came back and will be counted in a moment."))
            return redirect("quarantine")
    context = {
        "row": row,
        "raw": raw,
        "problem": problem,
        "can_come_back": can_come_back(row),
        "reason": reason_title(row.reason),
        "place": _place(row),
        "when": formats.ago(row.received_at, now),
    }
    return render(request, "journal/item.html", context, status=400 if problem else 200)


@needs(PART)
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Give up on what was ticked; it stays to be seen."""
    ids = [int(one) for one in request.POST.getlist("id") if one.isdecimal() and len(one) < 18]
    n = services.discard(ids)
    messages.success(
        request, ngettext("%(n)s item discarded.", "%(n)s items discarded.", n) % {"n": formats.number(n)}
    )
    return redirect("quarantine")


def _consumers(now: datetime) -> list[dict[str, object]]:
    positions = queries.list_positions(epoch=services.current_epoch())
    found = []
    for consumer, seq in sorted(positions.items()):
        lag = queries.lag(seq)
        found.append(
            {
                "key": consumer,
                "seq": seq,
                "n": formats.number(lag.n_interactions),
                "segments": formats.number(lag.n_segments),
                "since": formats.ago(lag.oldest_at, now) if lag.oldest_at else "",
            }
        )
    return found


def _reasons() -> list[dict[str, object]]:
    counts = queries.count_quarantine()
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    return [{"title": reason_title(code), "n": formats.number(n)} for code, n in ordered]


def _place(row: queries.QuarantineRow) -> str:
    if not row.file:
        return row.source
    return f"{row.file}:{row.line}" if row.line is not None else row.file
