"""The page that opens a case for a customer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regard.apps.cases import queries, services
from regard.apps.cases.about import About, find_about, open_about
from regard.apps.cases.web.forms import NewForm
from regard.apps.customers.names import list_names
from regard.apps.customers.timeline import Moment
from regard.apps.customers.web.words import customer_called, kind_of, question_of, score_of, when
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.kernel.errors import InvalidInput
from regard.webkit.access import needs
from regard.webkit.refusals import refusal_of


@never_cache
@needs(Part.CASES)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a case for a customer, about one interaction or about none."""
    member = cast(Member, request.user)
    about = _about(request, organisation.get_sight(member))
    customer_id, moment = about.customer_id, about.moment
    known = queries.find_case_of(moment.interaction_id) if moment else None
    if known is not None:
        return redirect("case", known)
    form = NewForm(services.list_owners(), request.POST or None, initial={"title": _suggested(moment)})
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            owner_id = int(given["owner"]) if given["owner"] else None
            case_id = open_about(
                about, by=member, title=given["title"], owner_id=owner_id, note=given["note"]
            )
        except InvalidInput as error:
            form.add_error(None, refusal_of(error).text)
        else:
            messages.success(request, _("The case is open."))
            return redirect("case", case_id)
    zone = ZoneInfo(organisation.get_settings().zone)
    name = list_names([customer_id]).get(customer_id)
    context = {
        "form": form,
        "customer_id": customer_id,
        "called": customer_called(name.kind, name.value, customer_id) if name else "",
        "moment": moment,
        "what": kind_of(moment.kind) if moment else "",
        "when": when(moment.occurred_at, zone) if moment else "",
        "due": when(queries.due_at(datetime.now(UTC)), zone),
    }
    return render(request, "cases/new.html", context)


def _about(request: HttpRequest, sight: Sight) -> About:
    """The customer and the interaction that the address names, where the reader may see them."""
    given = request.GET.get("customer", "")
    number = int(given) if given.isascii() and given.isdecimal() else -1
    found = find_about(number, request.GET.get("about", ""), sight=sight)
    if found is None:
        raise Http404
    return found


def _suggested(moment: Moment | None) -> str:
    if moment is None:
        return ""
    if moment.metric and moment.score is not None:
        return f"{question_of(moment.metric)} {score_of(moment.metric, moment.score)}"
    return kind_of(moment.kind)
