"""The catalogue of metrics as a page: each with its question, definition, method and source."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regard.apps.dashboards.explorer.words import metric_title
from regard.apps.organisation.policy import Part
from regard.metrics.reference import as_dictionary
from regard.webkit.access import needs


@needs(Part.EXPLORER)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every metric that there is, exactly defined. `q` narrows them."""
    from regard.metrics.catalogue import METRICS

    wanted = request.GET.get("q", "")[:100].strip().lower()
    found = [{"name": metric_title(metric.key), **as_dictionary(metric)} for metric in METRICS]
    if wanted:
        found = [one for one in found if wanted in " ".join(str(value) for value in one.values()).lower()]
    found.sort(key=lambda one: str(one["name"]))
    return render(request, "explorer/metrics.html", {"metrics": found, "q": request.GET.get("q", "")[:100]})
