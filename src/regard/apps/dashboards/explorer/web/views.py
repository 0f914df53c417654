"""The explorer's page: the question as a form, its answer, and what can be done with it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regard.apps.dashboards.explorer import elsewhere
from regard.apps.dashboards.explorer.answering import list_values
from regard.apps.dashboards.explorer.asked import GROUP
from regard.apps.dashboards.explorer.form import QuestionForm, make_form
from regard.apps.dashboards.explorer.found import Found, find_names
from regard.apps.dashboards.explorer.keeping import AUDIENCES, UNIT, find_view, list_views
from regard.apps.dashboards.explorer.web.asking import Asked, ask
from regard.apps.dashboards.explorer.words import metric_title
from regard.apps.organisation.policy import Part
from regard.webkit.access import may, needs
from regard.webkit.navigation import find_address

MOST_GROUPS = 100


@never_cache
@needs(Part.EXPLORER)
@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    """Any metric by anything; what the address cannot mean is said in place."""
    asked = ask(request)
    shown = asked.show()
    given = request.GET.get("view", "")
    kept = find_view(asked.member, int(given)) if given.isdecimal() and len(given) < 18 else None
    context = {
        "title": kept.title if kept else metric_title(asked.question.metric),
        "form": _form(asked),
        "shown": shown,
        "is_empty": asked.extent.last is None,
        "imports": find_address("imports") if may(request, Part.IMPORTS) else "",
        "query": asked.question.query,
        "kept": kept,
        "views": list_views(asked.member),
        "audiences": audiences_for(asked),
        "suggested": suggest_title(asked),
        **_elsewhere(request, asked),
    }
    page = render(request, "explorer/explorer.html", context)
    if request.headers.get("HX-Request"):
        page.headers["HX-Push-Url"] = f"{request.path}?{asked.question.query}"
    return page


def audiences_for(asked: Asked) -> list[tuple[str, str]]:
    """With whom this member may share."""
    known = [(key, str(title)) for key, title in AUDIENCES.items()]
    return [one for one in known if one[0] != UNIT or asked.member.unit_id is not None]


def suggest_title(asked: Asked) -> str:
    """A name for the present question."""
    from regard.apps.dashboards.explorer.words import dimension_title

    title = metric_title(asked.question.metric)
    if not asked.question.by:
        return title
    names = ", ".join(dimension_title(name) for name in asked.question.by)
    return _("%(metric)s by %(names)s") % {"metric": title, "names": names}


def _form(asked: Asked) -> QuestionForm:
    answer = asked.answer

    def values_of(dimension: str) -> list[str]:
        return list_values(asked.question, dimension, answer.period, asked.readings) if answer else []

    return make_form(
        asked.question,
        _names(asked),
        asked.problems,
        groups=_groups(asked),
        drafts=asked.drafts,
        values_of=values_of,
    )


def _names(asked: Asked) -> Found:
    from regard.metrics.catalogue import METRICS

    if asked.extent.last is None:
        return Found()
    reads = METRICS.get(asked.question.metric).reads
    kinds = None if not reads or any(" " in kind or "$" in kind for kind in reads) else tuple(sorted(reads))
    return find_names(asked.hub, asked.sight, kinds)


def _groups(asked: Asked) -> list[str]:
    """The groups that there are in the first dimension, to compare with."""
    by = asked.question.by
    if asked.answer is None or asked.answer.whole is None or not by or asked.question.compare != GROUP:
        return []
    found = {reading.group.get(by[0]) for reading in asked.answer.whole.readings}
    return sorted(name for name in found if name)[:MOST_GROUPS]


def _elsewhere(request: HttpRequest, asked: Asked) -> dict[str, str]:
    if asked.answer is None or asked.answer.whole is None:
        return {"api": "", "command": ""}
    base = request.build_absolute_uri("/").rstrip("/")
    return {"api": elsewhere.api_call(asked.answer, base), "command": elsewhere.command(asked.answer)}
