"""Keeping, opening, renaming and deleting views."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from regard.apps.dashboards.explorer import keeping
from regard.apps.dashboards.explorer.keeping import ViewCard
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part
from regard.kernel.errors import InvalidInput
from regard.webkit.access import needs


@never_cache
@needs(Part.EXPLORER)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the question that stands in the form's address."""
    query = request.POST.get("query", "")
    try:
        kept = keeping.save_view(
            _member(request),
            title=request.POST.get("title", ""),
            query=query,
            audience=request.POST.get("audience", keeping.ME),
            now=datetime.now(UTC),
        )
    except InvalidInput as error:
        messages.error(request, _("The view was not kept: %(why)s") % {"why": error})
        return redirect(
            f"{reverse('explorer')}?{query}" if len(query) <= keeping.LONGEST_QUERY else "explorer"
        )
    messages.success(request, _("The view is kept."))
    return redirect(address_of(kept))


@never_cache
@needs(Part.EXPLORER)
@require_http_methods(["GET", "POST"])
def view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Open a view; its owner may rename, share or delete it."""
    member = _member(request)
    kept = keeping.find_view(member, view_id)
    if kept is None:
        raise Http404
    if request.method == "POST":
        try:
            if request.POST.get("delete"):
                keeping.delete_view(member, view_id)
                messages.success(request, _("The view is deleted."))
                return redirect("explorer")
            kept = keeping.change_view(
                member,
                view_id,
                title=request.POST.get("title", ""),
                audience=request.POST.get("audience", ""),
                now=datetime.now(UTC),
            )
            messages.success(request, _("The view is changed."))
        except InvalidInput as error:
            messages.error(request, _("The view was not changed: %(why)s") % {"why": error})
    return redirect(address_of(kept))


def address_of(kept: ViewCard) -> str:
    """Where a view is seen."""
    return f"{reverse('explorer')}?{kept.query}&view={kept.id}"


def _member(request: HttpRequest) -> Member:
    return cast(Member, request.user)
