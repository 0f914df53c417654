"""The list of cases, one case with its story, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regard.apps.cases import queries, services
from regard.apps.cases.policy import LONGEST_TEXT, OPEN, RESOLVED
from regard.apps.cases.queries import CaseCard
from regard.apps.cases.web import words
from regard.apps.cases.web.forms import AssignForm, NoteForm, ReopenForm, ResolveForm, RulesForm
from regard.apps.cases.web.lines import make_lines
from regard.apps.customers.names import list_names
from regard.apps.customers.web.words import customer_called, question_of, score_of, when
from regard.apps.organisation import queries as organisation
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part, Sight
from regard.apps.organisation.services import note_reading
from regard.kernel.errors import InvalidInput
from regard.webkit import formats
from regard.webkit.access import may, needs
from regard.webkit.refusals import refusal_of
from regard.webkit.words import channel_of, touchpoint_of

MOST = 100
VIEWS = ("mine", "all", "overdue", "unowned", "resolved")


@never_cache
@needs(Part.CASES)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Cases in the order in which they are due: mine, everybody's in my units, overdue ones, nobody's, resolved ones."""
    member, now = cast(Member, request.user), datetime.now(UTC)
    sight = organisation.get_sight(member)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "mine" if queries.count_owned(member.pk) else "all"
    found = _list(view, sight, member, now)
    note_reading(member, "cases", [case.id for case in found])
    counts = queries.count_cases(sight, member_id=member.pk, now=now)
    context = {
        "lines": make_lines(
            found,
            now=now,
            zone=_zone(),
            units=_titles(),
            reader_id=member.pk if view == "mine" else None,
        ),
        "tabs": _tabs(view, counts, queries.count_owned(member.pk)),
        "view": view,
        "is_cut": len(found) == MOST,
        "rules": queries.get_rules(),
    }
    return render(request, "cases/list.html", context)


@never_cache
@needs(Part.CASES)
@require_safe
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: what the customer said, what was done, and what may be done now."""
    member = cast(Member, request.user)
    card = _find(request, case_id)
    note_reading(member, "case", [case_id])
    return render(request, "cases/case.html", _case_context(request, card))


@never_cache
@needs(Part.CASES)
@require_POST
def change(request: HttpRequest, case_id: int, verb: str) -> HttpResponse:
    """Assign, note, resolve or reopen; a form that is not filled in comes back with what is missing."""
    card = _find(request, case_id)
    form = _forms(card, {verb: request.POST}).get(verb)
    if form is None:
        return _too_late(request, card, verb)
    member = cast(Member, request.user)
    if form.is_valid():
        try:
            _do(verb, card, form.cleaned_data, by=member.pk)
        except InvalidInput as error:
            card = _find(request, case_id)
            if verb not in _forms(card, {}):
                return _too_late(request, card, verb)
            form.add_error(None, refusal_of(error).text)
        else:
            messages.success(request, _said(verb))
            return redirect("case", case_id)
    return render(request, "cases/case.html", _case_context(request, card, {verb: form}), status=422)


@never_cache
@needs(Part.OPERATIONS)
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """When cases open by themselves, and how long there is for them."""
    form = RulesForm.of(queries.get_rules(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_rules(**form.cleaned_data)
        except InvalidInput as error:
            form.add_error(None, refusal_of(error).text)
        else:
            messages.success(request, _("The rules are changed; they hold for what arrives from now on."))
            return redirect("case-rules")
    return render(request, "cases/rules.html", {"form": form})


def _list(view: str, sight: Sight, member: Member, now: datetime) -> list[CaseCard]:
    choices: dict[str, dict[str, Any]] = {
        "mine": {"owner_id": member.pk},
        "all": {},
        "overdue": {"overdue_at": now},
        "unowned": {"unowned": True},
        "resolved": {"state": RESOLVED},
    }
    return queries.list_cases(sight, member_id=member.pk, limit=MOST, **choices[view])


def _tabs(view: str, counts: queries.Counts, n_mine: int) -> list[dict[str, object]]:
    titles = {
        "mine": _("Mine (%(n)s)") % {"n": formats.number(n_mine)},
        "all": _("All open (%(n)s)") % {"n": formats.number(counts.open)},
        "overdue": _("Overdue (%(n)s)") % {"n": formats.number(counts.overdue)},
        "unowned": _("Nobody's (%(n)s)") % {"n": formats.number(counts.unowned)},
        "resolved": _("Resolved"),
    }
    return [{"href": f"?view={key}", "title": titles[key], "is_here": key == view} for key in VIEWS]


def _find(request: HttpRequest, case_id: int) -> CaseCard:
    member = cast(Member, request.user)
    found = queries.find_case(organisation.get_sight(member), case_id, member_id=member.pk)
    if found is None:
        raise Http404
    return found


def _case_context(
    request: HttpRequest, card: CaseCard, given: dict[str, forms.Form] | None = None
) -> dict[str, Any]:
    now, zone = datetime.now(UTC), _zone()
    name = list_names([card.identity_id]).get(card.identity_id)
    place = [
        channel_of(card.channel) if card.channel else "",
        touchpoint_of(card.touchpoint) if card.touchpoint else "",
    ]
    return {
        "case": card,
        "title": words.title_of(card),
        "called": customer_called(name.kind, name.value, name.customer_id) if name else _("erased customer"),
        "customer_id": name.customer_id if name and may(request, Part.CUSTOMERS) else None,
        "answer": f"{question_of(card.metric)} {score_of(card.metric, card.score)}" if card.metric else "",
        "place": " · ".join(part for part in place if part),
        "unit": _titles().get(card.unit or "", card.unit or ""),
        "tag": words.deadline_of(card, now),
        "tone": words.TONES[card.urgency(now)],
        "due": when(card.due_at, zone),
        "opened": when(card.opened_at, zone),
        "outcome": words.outcome_of(card.outcome) if card.outcome else "",
        "steps": [
            {
                "title": words.step_of(entry.kind),
                "when": when(entry.made_at, zone),
                "at": entry.made_at,
                "who": entry.member.name if entry.member else _("by itself"),
                "owner": entry.owner.name if entry.owner else "",
                "text": entry.text,
            }
            for entry in reversed(queries.list_entries(card.id))
        ],
        "forms": {**_forms(card, {}), **(given or {})},
        "is_open": card.state == OPEN,
    }


def _forms(card: CaseCard, data: dict[str, Any]) -> dict[str, forms.Form]:
    """What may be done with a case as it stands, by the verb."""
    found: dict[str, forms.Form] = {"note": NoteForm(data.get("note"), prefix="note")}
    if card.state == OPEN:
        owner = {"owner": str(card.owner.id) if card.owner else ""}
        found["assign"] = AssignForm(
            services.list_owners(), data.get("assign"), prefix="assign", initial=owner
        )
        found["resolve"] = ResolveForm(data.get("resolve"), prefix="resolve")
    else:
        found["reopen"] = ReopenForm(data.get("reopen"), prefix="reopen")
    return found


def _too_late(request: HttpRequest, card: CaseCard, verb: str) -> HttpResponse:
    """A colleague was first: the case as it stands now, and what was written as a note, so that it is not lost."""
    if verb not in ("assign", "resolve", "reopen"):
        raise Http404
    written = [request.POST.get(f"{verb}-{name}", "").strip() for name in ("said", "text")]
    text = "\n\n".join(one for one in written if one)[:LONGEST_TEXT]
    messages.error(request, _("Somebody else changed this case meanwhile."))
    if text:
        messages.error(request, _("What you wrote stands below as a note: keep it if it is still of use."))
    note = NoteForm(initial={"text": text}, prefix="note")
    return render(request, "cases/case.html", _case_context(request, card, {"note": note}), status=409)


def _do(verb: str, card: CaseCard, given: dict[str, Any], *, by: int) -> None:
    verbs: dict[str, Callable[..., None]] = {
        "assign": services.assign,
        "note": services.note,
        "resolve": services.resolve,
        "reopen": services.reopen,
    }
    if verb == "assign":
        given = {"owner_id": int(given["owner"]) if given["owner"] else None}
    verbs[verb](card.id, by=by, **given)


def _said(verb: str) -> str:
    return {
        "assign": _("The case has another owner."),
        "note": _("The note is kept."),
        "resolve": _("The case is resolved."),
        "reopen": _("The case is open again."),
    }[verb]


def _titles() -> dict[str, str]:
    return {unit.key: unit.title for unit in organisation.list_units()}


def _zone() -> ZoneInfo:
    return ZoneInfo(organisation.get_settings().zone)
