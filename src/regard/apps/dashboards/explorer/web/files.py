"""The answer as a file: values for a spreadsheet, a drawing for a document."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from regard.apps.dashboards.explorer.picture import draw_picture
from regard.apps.dashboards.explorer.sheet import sheet
from regard.apps.dashboards.explorer.web.asking import Asked, ask
from regard.apps.organisation.policy import Part
from regard.webkit.access import needs


@never_cache
@needs(Part.EXPLORER)
@require_safe
def download_sheet(request: HttpRequest) -> HttpResponse:
    """Every reading of the answer, nothing rounded."""
    asked = ask(request)
    if asked.problems or asked.answer is None or asked.answer.whole is None:
        return _refused(asked)
    return _file(sheet(asked.answer), "text/csv; charset=utf-8", asked, "csv")


@never_cache
@needs(Part.EXPLORER)
@require_safe
def download_drawing(request: HttpRequest) -> HttpResponse:
    """The chart as one drawing that stands by itself. A browser makes a picture of it."""
    asked = ask(request)
    shown = asked.show()
    if asked.problems or shown is None:
        return _refused(asked)
    drawing = draw_picture(shown, language=get_language() or "en")
    answer = _file(drawing, "image/svg+xml; charset=utf-8", asked, "svg")
    if request.GET.get("inline"):
        answer.headers["Content-Disposition"] = "inline"
    return answer


def _file(content: str, kind: str, asked: Asked, ending: str) -> HttpResponse:
    name = f"{asked.question.metric}-{asked.now:%Y-%m-%d}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _refused(asked: Asked) -> HttpResponse:
    """Where the address asks for something else than it would get, no file is made."""
    told = [f"{problem.text} {problem.detail}".strip() for problem in asked.problems]
    return HttpResponse(
        "\n".join(told) or _("There is nothing to explore yet."),
        status=400,
        content_type="text/plain; charset=utf-8",
    )
