"""What the organisation chose: its time zone, currency, country, working hours and holidays."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from regard.apps.organisation import queries, services
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Part
from regard.apps.organisation.queries import Settings
from regard.apps.organisation.web.forms import CHOOSE, REQUIRED
from regard.apps.organisation.working import DAYS_END, MIDNIGHT, WEEK, WorkingHours, read_working_hours
from regard.kernel.errors import InvalidInput
from regard.kernel.public_holidays import check_place
from regard.warehouse.files.identifiers import check_region
from regard.webkit import formats
from regard.webkit.access import needs
from regard.webkit.refusals import refusal_of


def _clock(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )


class SettingsForm(forms.Form):
    """The organisation's settings; a time that is left empty is midnight."""

    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Days and weeks are cut in it."), error_messages=CHOOSE
    )
    currency = forms.RegexField(
        label=_("Currency"),
        regex="^[A-Za-z]{3}$",
        help_text=_("Of amounts that come without one; three letters, such as EUR."),
        error_messages={**REQUIRED, "invalid": _("A currency has three letters, such as EUR.")},
    )
    phone_region = forms.CharField(
        label=_("Country of phone numbers without a country code"),
        help_text=_("Two letters, such as GR; empty: such numbers of a file join nobody."),
        required=False,
        max_length=2,
    )
    ces_threshold = forms.IntegerField(
        label=_("Ease (1–7): easy from"), min_value=1, max_value=7, error_messages=REQUIRED
    )
    days = forms.TypedMultipleChoiceField(
        label=_("Working days"), coerce=int, widget=forms.CheckboxSelectMultiple, error_messages=REQUIRED
    )
    opens = _clock(_("Working hours begin"), "")
    closes = _clock(_("Working hours end"), _("Deadlines of cases count working time only."))
    holidays = forms.CharField(
        label=_("Country whose public holidays are free"),
        help_text=_(
            "Two letters, with a region where it has its own, such as GR or US-CA; empty: no day is free."
        ),
        required=False,
        max_length=7,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = cast(forms.ChoiceField, self.fields["zone"])
        zones.choices = [(name, name) for name in sorted(available_timezones())]
        days = cast(forms.ChoiceField, self.fields["days"])
        days.choices = [(day, formats.weekday(day - 1, is_long=True)) for day in WEEK]

    @classmethod
    def of(cls, chosen: Settings, data: Any = None) -> SettingsForm:
        """The form as the settings stand."""
        hours = chosen.working_hours
        initial = {name: getattr(chosen, name) for name in NAMES} | {
            "days": list(hours.days),
            "opens": "" if hours.opens == MIDNIGHT else hours.opens,
            "closes": "" if hours.closes == DAYS_END else hours.closes,
            "holidays": hours.holidays,
        }
        return cls(data, initial=initial)

    def clean_phone_region(self) -> str:
        """A country that has telephone numbers, or none."""
        given: str = self.cleaned_data["phone_region"].strip()
        try:
            return check_region(given) if given else ""
        except InvalidInput as error:
            raise forms.ValidationError(
                _("There is no such country; it is written with two letters.")
            ) from error

    def clean_holidays(self) -> str:
        """A country whose holidays are known, or none."""
        given: str = self.cleaned_data["holidays"].strip()
        try:
            return check_place(given) if given else ""
        except InvalidInput as error:
            raise forms.ValidationError(
                _("The public holidays of this country are not known; write it such as GR or US-CA.")
            ) from error

    def clean(self) -> dict[str, Any]:
        """Hours that can be worked."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = (found.get(name, "")[:5] for name in ("opens", "closes"))
        if found.get("days"):
            free = found.get("holidays", "")
            hours = WorkingHours(tuple(found["days"]), opens or MIDNIGHT, closes or DAYS_END, free)
            try:
                found["working_hours"] = read_working_hours(hours)
            except InvalidInput as error:
                self.add_error("closes", refusal_of(error).text)
        return found

    def changes(self) -> dict[str, Any]:
        """What to change, as the service takes it."""
        found = self.cleaned_data
        return {**{name: found[name] for name in NAMES}, "working_hours": found["working_hours"]} | {
            "currency": found["currency"].upper()
        }


NAMES = ("zone", "currency", "phone_region", "ces_threshold")


@never_cache
@needs(Part.MEMBERS)
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """The organisation's settings; changed only by who looks after the whole company."""
    may_change = queries.get_sight(cast(Member, request.user)).units is None
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    form = SettingsForm.of(queries.get_settings(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_settings(**form.changes())
        messages.success(request, _now("The settings are saved; every page follows them from now on."))
        return redirect("settings")
    given = {"form": form, "may_change": may_change}
    return render(request, "organisation/settings.html", given, status=400 if form.errors else 200)
