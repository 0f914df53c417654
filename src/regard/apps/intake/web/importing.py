"""Bringing a file: drop it, see what its columns were taken for, correct that, and watch it being taken in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regard.apps.intake import queries
from regard.apps.intake.importing import history, uploads
from regard.apps.intake.importing.choices import RATINGS
from regard.apps.intake.importing.history import ImportRow
from regard.apps.intake.importing.uploads import Draft
from regard.apps.intake.web import importing_form
from regard.apps.intake.web.importing_figures import address_of_figures
from regard.apps.intake.web.importing_preview import tell_preview
from regard.apps.intake.web.importing_words import STATES, form_title, problem_sentence, refusal_sentence
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part
from regard.apps.organisation.queries import get_settings
from regard.kernel.errors import InvalidInput
from regard.webkit import formats
from regard.webkit.access import may, needs, sees_everything

PIECE = 8 * 1024 * 1024  # Bytes of a file that travel in one request.
BLOCK = 256 * 1024


@never_cache
@needs(Part.IMPORTS)
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """A place to drop a file, and what was brought before."""
    problem = ""
    if request.method == "POST":
        try:
            row = _keep_whole(request)
        except InvalidInput as error:
            problem = refusal_sentence(error)
        else:
            return redirect("import", row.id)
    now = datetime.now(UTC)
    context = {
        "problem": problem,
        "piece": PIECE,
        "room": _size(uploads.room()),
        "rows": [_told(row, now) for row in history.list_imports()],
    }
    return render(request, "intake/imports.html", context, status=400 if problem else 200)


@needs(Part.IMPORTS)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make place for a file that comes in pieces."""
    size = request.POST.get("size", "")
    try:
        row = uploads.begin_upload(
            request.POST.get("name", ""), int(size) if size.isdecimal() else 0, brought_by=_member(request)
        )
    except InvalidInput as error:
        return JsonResponse({"problem": refusal_sentence(error)}, status=400)
    return JsonResponse({"piece": reverse("import-piece", args=[row.id])})


@needs(Part.IMPORTS)
@require_POST
def piece(request: HttpRequest, import_id: int) -> HttpResponse:
    """Some bytes of a file; after the last, the address of its page."""
    at = request.GET.get("at", "")
    try:
        row = _get(request, import_id)
        n = uploads.add_piece(import_id, int(at) if at.isdecimal() else 0, _blocks(request))
        if n < row.n_bytes:
            return JsonResponse({"at": n})
        uploads.finish_upload(import_id)
    except InvalidInput as error:
        return JsonResponse({"problem": refusal_sentence(error)}, status=400)
    return JsonResponse({"at": n, "page": reverse("import", args=[import_id])})


@never_cache
@needs(Part.IMPORTS)
@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """One file: what its columns are while it waits for a word; how far it is; what came of it."""
    row = _get(request, import_id)
    if row.state == "draft":
        return _draft(request, row)
    context = {
        "one": _told(row, datetime.now(UTC)),
        "row": row,
        "figures": _figures(request, row) if row.state == "done" else "",
        "may_correct": _may_correct(request),
    }
    return render(request, "intake/import.html", context)


@never_cache
@needs(Part.IMPORTS)
@require_safe
def progress(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far an import is, as a part of its page; once it is done, the reader is led to the figures."""
    row = _get(request, import_id)
    now = datetime.now(UTC)
    if row.state == "failed" or (row.state == "done" and not row.n_new + row.n_known):
        return HttpResponse(headers={"HX-Refresh": "true"})
    if row.state == "done":
        messages.success(request, _done_sentence(row, may_correct=_may_correct(request)))
        return HttpResponse(headers={"HX-Redirect": _figures(request, row)})
    return render(request, "intake/import_progress.html", {"one": _told(row, now), "row": row})


@needs(Part.IMPORTS)
@require_POST
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Forget a file that was not taken in."""
    uploads.discard_upload(_get(request, import_id).id)
    return redirect("imports")


def _draft(request: HttpRequest, row: ImportRow) -> HttpResponse:
    draft = uploads.read_draft(row.id)
    problem, source = "", row.source
    if request.method == "POST":
        source = request.POST.get("source", row.source).strip().lower()[:80]
        choices = importing_form.read_choices(request.POST, draft)
        try:
            uploads.save_draft(row.id, choices=choices, source=source)
            if request.POST.get("do") == "import":
                uploads.start_import(row.id)
                return redirect("import", row.id)
            draft = uploads.read_draft(row.id)
        except InvalidInput as error:
            problem = refusal_sentence(error)
            draft = uploads.read_draft(row.id, choices=choices, source=source)
    part = request.headers.get("HX-Request") == "true"
    template = "intake/import_form.html" if part else "intake/import_draft.html"
    return render(request, template, _draft_context(draft, source, problem))


def _draft_context(draft: Draft, source: str, problem: str) -> dict[str, object]:
    lines = importing_form.lines_of(draft)
    beside = [line for line in lines if line.choice.role in ("attribute", "apart") and not line.is_unsure]
    return {
        "row": draft.row,
        "source": source,
        "sources": [one.key for one in queries.list_sources() if not one.is_made_up],
        "problem": problem,
        "counts": [line for line in lines if line not in beside],
        "beside": beside,
        "columns": [line.column for line in lines],
        "roles": importing_form.role_groups(),
        "formats": {form: form_title(form) for line in lines for _whole, form in line.formats},
        "channels": importing_form.channels(),
        "choices": draft.choices,
        "blank": ", ".join(draft.choices.blank),
        "has_ratings": sum(line.choice.role in RATINGS for line in lines) > 1,
        "has_time": any(line.choice.role == "occurred_at" for line in lines),
        "has_money": any(line.choice.role in ("amount", "amount_minor") for line in lines),
        "has_phones": any(line.choice.role == "customer_phone" for line in lines),
        "zone": get_settings().zone,
        "currency": get_settings().currency,
        "preview": tell_preview(draft.preview) | ({"problem": problem} if problem else {}),
        "size": _size(draft.row.n_bytes),
    }


def _told(row: ImportRow, now: datetime) -> dict[str, object]:
    """One import as the pages show it."""
    state = "stopped" if row.is_silent(now) else row.state
    return {
        "row": row,
        "state": state,
        "title": STATES.get(state, state),
        "when": formats.ago(row.made_at, now),
        "n_read": formats.number(row.n_read),
        "n_new": formats.number(row.n_new),
        "n_known": formats.number(row.n_known),
        "n_rejected": formats.number(row.n_rejected),
        "percent": round(100 * row.share_read),
        "share": formats.percent(row.share_read, 0),
        "size": _size(row.n_bytes),
        "is_read": row.share_read >= 1,
        "message": problem_sentence(row.message),
    }


def _done_sentence(row: ImportRow, *, may_correct: bool) -> str:
    told = _("%(file)s is taken in: %(new)s new, %(known)s known already.") % {
        "file": row.file,
        "new": formats.number(row.n_new),
        "known": formats.number(row.n_known),
    }
    if not row.n_rejected:
        return str(told)
    refused = ngettext("%(n)s row was refused", "%(n)s rows were refused", row.n_rejected) % {
        "n": formats.number(row.n_rejected)
    }
    if not may_correct:
        return f"{told} {refused}."
    aside = f"{reverse('quarantine')}?{urlencode({'source': row.source})}"
    return format_html('{} <a href="{}">{}</a>', told, aside, refused)


def _may_correct(request: HttpRequest) -> bool:
    """Whether refused rows are theirs to read and to bring back."""
    return may(request, Part.OPERATIONS) and sees_everything(request)


def _figures(request: HttpRequest, row: ImportRow) -> str:
    return address_of_figures(row, may_explore=may(request, Part.EXPLORER))


def _keep_whole(request: HttpRequest) -> ImportRow:
    """A file that came in one piece, from a browser that runs no scripts."""
    given = request.FILES.get("file")
    if given is None or not given.name:
        raise InvalidInput("The file is empty.")
    row = uploads.begin_upload(given.name, given.size or 0, brought_by=_member(request))
    uploads.add_piece(row.id, 0, given.chunks())
    return uploads.finish_upload(row.id)


def _blocks(request: HttpRequest) -> Iterator[bytes]:
    while block := request.read(BLOCK):
        yield block


def _get(request: HttpRequest, import_id: int) -> ImportRow:
    """An import; a file that waits for a word is seen by nobody but the member who brought it."""
    row = history.find_import(import_id)
    if row is None or (row.state == "draft" and row.brought_by != _member(request)):
        raise Http404
    return row


def _member(request: HttpRequest) -> int:
    return int(cast(Member, request.user).pk)


def _size(n_bytes: int) -> str:
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if n_bytes >= size:
            return f"{formats.number(n_bytes / size, 0 if n_bytes >= 100 * size else 1)}\u00a0{unit}"
    return f"{formats.number(n_bytes)}\u00a0B"
