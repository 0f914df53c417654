"""The catalogue of metrics as a page: each with its question, definition, method and source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from regard.apps.dashboards.defining import GRAINS, told
from regard.apps.dashboards.explorer.words import metric_title
from regard.apps.organisation.policy import Part
from regard.metrics.reference import as_dictionary
from regard.webkit.access import needs

if TYPE_CHECKING:
    from regard.metrics.metric import Metric


@needs(Part.EXPLORER)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every metric that there is, exactly defined. `q` narrows them, in the reader's language or in English."""
    from regard.metrics.catalogue import METRICS

    wanted = request.GET.get("q", "")[:100].strip().lower()
    found = [_described(metric) for metric in METRICS if not wanted or _tells(metric, wanted)]
    found.sort(key=lambda one: str(one["name"]))
    return render(request, "explorer/metrics.html", {"metrics": found, "q": request.GET.get("q", "")[:100]})


def _described(metric: Metric) -> dict[str, Any]:
    """One metric in the reader's language."""
    return {
        "key": metric.key,
        "name": metric_title(metric.key),
        "question": told(metric.question),
        "definition": told(metric.definition),
        "grain": str(GRAINS[metric.grain]),
        "reads": [told(kind) if " " in kind else kind for kind in metric.reads],
        "settings": [{"name": one.name, "meaning": told(one.meaning)} for one in metric.settings],
        "source": metric.source,
    }


def _tells(metric: Metric, wanted: str) -> bool:
    """Whether anything that is told of a metric holds these words."""
    values = (*_described(metric).values(), *as_dictionary(metric).values())
    return wanted in " ".join(str(value) for value in values).lower()
