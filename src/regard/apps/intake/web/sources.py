"""Sources: who may send, with which key, how much; example code; and what arrives, live."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regard.apps.intake import queries, services
from regard.apps.intake.queries import SourceRow
from regard.apps.intake.web.arrivals import Arrivals, list_arrivals, list_refused
from regard.apps.intake.web.sources_forms import NewSourceForm, SourceForm
from regard.apps.journal import queries as journal
from regard.apps.journal.words import place_of, reason_title
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.queries import get_sight
from regard.kernel.errors import InvalidInput
from regard.webkit import formats
from regard.webkit.access import needs
from regard.webkit.hub import hub
from regard.webkit.refusals import refusal_of

SHOWN_KEY = "shown_write_key"


@never_cache
@needs(Part.OPERATIONS)
@require_http_methods(["GET", "POST"])
def sources(request: HttpRequest) -> HttpResponse:
    """All sources, what arrives from them, and a form for another one."""
    form = NewSourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.add_source(given["key"], title=given["title"], kind=given["kind"])
        except InvalidInput:
            form.add_error("key", _("There is a source of this name already."))
        else:
            _remember_key(request, made)
            messages.success(request, _("The source is added. Its key is shown now, and only now."))
            return redirect("source", made.key)
    aside = _count_aside()
    rows = [
        {"row": row, "kind": kind_title(row.kind), "n_aside": aside.get(row.key, 0)}
        for row in queries.list_sources()
    ]
    context = {"rows": rows, "form": form, "live": _live(request, "")}
    return render(request, "intake/sources.html", context, status=400 if form.errors else 200)


@never_cache
@needs(Part.OPERATIONS)
@require_http_methods(["GET", "POST"])
@sensitive_variables("key")
def source(request: HttpRequest, key: str) -> HttpResponse:
    """One source: its key where it was just made, how to send with it, what arrives, and its limits."""
    row = _find(key)
    names = "\n".join(row.allow or ())
    known = {"title": row.title, "rate": row.rate_per_second, "allow": names}
    form = SourceForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.change_source(
                key, title=given["title"], rate_per_second=given["rate"] or 0, allow=form.names()
            )
        except InvalidInput as error:
            form.add_error("allow", refusal_of(error).text)
        else:
            messages.success(request, _("The source is changed; it counts within two seconds."))
            return redirect("source", key)
    shown = request.session.pop(SHOWN_KEY, None)
    write_key = row.write_key if isinstance(shown, str) and shown == key else ""
    context = {
        "row": row,
        "kind": kind_title(row.kind),
        "write_key": write_key,
        "example_key": write_key or "WRITE_KEY",
        "base": settings.REGARD.public_url or request.build_absolute_uri("/").rstrip("/"),
        "can_send": row.kind != "file",
        "form": form,
        "live": _live(request, key),
    }
    return render(request, "intake/source.html", context, status=400 if form.errors else 200)


@needs(Part.OPERATIONS)
@require_POST
def renew(request: HttpRequest, key: str) -> HttpResponse:
    """Give a source another key; the old one no longer counts."""
    _find(key)
    _remember_key(request, services.renew_write_key(key))
    messages.success(request, _("The source has a new key; the old one no longer counts."))
    return redirect("source", key)


@never_cache
@needs(Part.OPERATIONS)
@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """What arrives, as a part of a page that is asked for again and again."""
    key = request.GET.get("source", "").replace("\x00", "")
    return render(request, "intake/arrivals.html", {"live": _live(request, key)})


def kind_title(kind: str) -> str:
    """What a kind of source is called."""
    return {"server": _("server"), "browser": _("browser or app"), "file": _("file")}.get(kind, kind)


def _find(key: str) -> SourceRow:
    row = queries.find_source(key)
    if row is None:
        raise Http404
    return row


def _remember_key(request: HttpRequest, row: SourceRow) -> None:
    """Show this source's key once, on the page that comes next."""
    request.session[SHOWN_KEY] = row.key


def _count_aside() -> dict[str, int]:
    found: dict[str, int] = {}
    for key, _reason, n in journal.list_aside_groups():
        found[key] = found.get(key, 0) + n
    return found


def _live(request: HttpRequest, key: str) -> dict[str, object]:
    """What arrives now, ready to be shown."""
    now = datetime.now(UTC)
    seen = read_arrivals(get_sight(cast(Member, request.user)), now=now, source=key)
    return {
        "source": key,
        "latest": [
            {
                "when": formats.ago(one.received_at, now),
                "row": one,
            }
            for one in seen.latest
        ],
        "lately": [{"source": s, "kind": kind, "n": formats.number(n)} for s, kind, n in seen.lately],
        "refused": [
            {
                "when": formats.ago(one.received_at, now),
                "reason": reason_title(one.reason),
                "place": place_of(one),
                "id": one.id,
            }
            for one in seen.refused
        ],
        "n_refused": formats.number(seen.n_refused),
        "n_waiting": formats.number(seen.n_waiting) if seen.n_waiting else "",
        "last": formats.ago(seen.last_at, now) if seen.last_at else "",
    }


def read_arrivals(sight: Sight, *, now: datetime, source: str = "") -> Arrivals:
    """What arrives now, of one source or all, within what the reader may see."""
    log = hub()
    log.refresh()
    with log.cursor() as cursor:
        latest, lately = list_arrivals(cursor, sight, now=now, source=source)
    refused, n_refused = list_refused(source)
    waiting = journal.lag(journal.slowest_position())
    return Arrivals(latest, lately, refused, n_refused, waiting.n_interactions, journal.last_received_at())
