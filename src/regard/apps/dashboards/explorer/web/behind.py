"""Behind a figure of the explorer: the interactions that it counts, each leading to its customer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regard.apps.dashboards.behind import PAGE, Beneath, read_lines
from regard.apps.dashboards.explorer.shown import span_of
from regard.apps.dashboards.explorer.spots import read_spot
from regard.apps.dashboards.explorer.web.asking import ask
from regard.apps.dashboards.explorer.words import metric_title, value_title
from regard.apps.organisation.policy import Part
from regard.webkit.access import needs
from regard.webkit.paging import make_paging, page_number


@never_cache
@needs(Part.EXPLORER)
@require_safe
def behind(request: HttpRequest) -> HttpResponse:
    """The interactions of one group and piece of time of a question; where it has no answer, back to the question."""
    asked = ask(request)
    question, answer = asked.question, asked.answer
    back = f"{reverse('explorer')}?{question.query}"
    if asked.problems or answer is None or answer.whole is None:
        return redirect(f"{reverse('explorer')}?{request.GET.urlencode()}")
    spot = read_spot(dict(request.GET.lists()), question, answer.period)
    beneath = Beneath(
        member=asked.member,
        sight=asked.sight,
        period=spot.period,
        unit_titles=asked.unit_titles,
        zone=asked.zone,
        hub=asked.hub,
        where=question.condition,
        group=spot.group,
        values=question.values,
    )
    found = read_lines(question.metric, beneath, page_number(request))
    context = {
        "title": metric_title(question.metric),
        "group": " · ".join(value_title(name, value, asked.unit_titles) for name, value in spot.group),
        "span": span_of(spot.period, asked.zone),
        "condition": question.condition,
        "behind": found,
        "pages": make_paging(request, found.n, size=PAGE) if found else None,
        "back": back,
        "is_made_up": asked.is_made_up,
    }
    return render(request, "explorer/behind.html", context)
