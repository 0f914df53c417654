"""The stages of the journey as one text: a stage a line, in order, with its touchpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regard.apps.organisation import queries, services
from regard.apps.organisation.policy import Part
from regard.apps.organisation.stages import DEFAULT_STAGES, Stage, key_of, read_stages
from regard.apps.organisation.web.words import STAGE_TITLES, stage_title
from regard.kernel.errors import InvalidInput
from regard.webkit.access import needs
from regard.webkit.hub import hub
from regard.webkit.refusals import refusal_of

MOST_SHOWN = 60


class StagesForm(forms.Form):
    """All stages in one field; nothing is easier to put into order."""

    stages = forms.CharField(
        label=_("A stage a line, in order: its name, a colon, its touchpoints"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 9, "spellcheck": "false"}),
    )

    def clean_stages(self) -> tuple[Stage, ...]:
        """The stages that the lines say."""
        try:
            return read_stages(stages_of(self.cleaned_data["stages"]))
        except InvalidInput as error:
            told = _(
                "These stages cannot be: every line needs a name of its own, and no touchpoint may stand twice."
            )
            raise forms.ValidationError(f"{told} {refusal_of(error).text}") from error


def stages_of(text: str) -> list[Stage]:
    """The stages that a text of lines says. A usual stage under its usual name keeps following the reader's language."""
    usual = {str(title).casefold(): key for key, title in STAGE_TITLES.items()}
    found = []
    for line in text.splitlines():
        title, _colon, rest = (part.strip() for part in line.partition(":"))
        touchpoints = tuple(dict.fromkeys(part.strip() for part in rest.split(",") if part.strip()))
        if title or touchpoints:
            key = usual.get(title.casefold())
            found.append(Stage(key or key_of(title), "" if key else title, touchpoints))
    return found


def text_of(stages: Sequence[Stage]) -> str:
    """The stages as lines."""
    return "\n".join(f"{stage_title(one.key, stages)}: {', '.join(one.touchpoints)}" for one in stages)


@never_cache
@needs(Part.MEMBERS)
@require_http_methods(["GET", "POST"])
def stages(request: HttpRequest) -> HttpResponse:
    """Which touchpoints make which stage of the journey."""
    known = queries.get_settings().stages
    if "usual" in request.POST:
        services.change_settings(stages=DEFAULT_STAGES)
        return _saved(request)
    form = StagesForm(request.POST or None, initial={"stages": text_of(known)})
    if request.method == "POST" and form.is_valid():
        services.change_settings(stages=form.cleaned_data["stages"])
        return _saved(request)
    given: dict[str, Any] = {"form": form, "left": _left_over(known), "is_usual": known == DEFAULT_STAGES}
    return render(request, "organisation/stages.html", given)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _now("The stages are saved; every figure by stage follows them from now on."))
    return redirect("stages")


def _left_over(stages: Sequence[Stage]) -> list[tuple[str, int]]:
    """Touchpoints of the log that stand in no stage, with how often they occur."""
    staged = {touchpoint for stage in stages for touchpoint in stage.touchpoints}
    log = hub()
    log.refresh()

    def ask() -> list[tuple[str, int]]:
        with log.cursor() as cursor:
            return cursor.execute(
                "SELECT touchpoint, count(*) FROM log WHERE touchpoint IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"
            ).fetchall()

    found: list[tuple[str, int]] = log.remember("touchpoints", ask)
    return [(touchpoint, n) for touchpoint, n in found if touchpoint not in staged][:MOST_SHOWN]
