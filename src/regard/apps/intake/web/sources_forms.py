"""What is asked about a source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regard.apps.intake.services import KEY, MOST_PER_SECOND

REQUIRED = {"required": _("Please fill this in.")}
KINDS = (
    ("server", _("a server: its key stays secret, it may send everything")),
    ("browser", _("a browser or an app: everybody can read its key, so it may do less")),
)
TOO_LONG = _("Please write less.")
NOT_A_NUMBER = _("Please write a whole number.")


class NewSourceForm(forms.Form):
    """A source that does not exist yet."""

    key = forms.CharField(
        label=_("Short name"),
        max_length=80,
        help_text=_("a-z, 0-9, - and _; it stands beside every interaction and cannot be changed"),
        error_messages={**REQUIRED, "max_length": TOO_LONG},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    title = forms.CharField(
        label=_("What people call it"),
        max_length=200,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    kind = forms.ChoiceField(label=_("Who sends"), choices=KINDS, widget=forms.RadioSelect, initial="server")

    def clean_key(self) -> str:
        """Only what stands well in addresses and files."""
        key: str = self.cleaned_data["key"].lower()
        if not KEY.fullmatch(key):
            raise forms.ValidationError(_("Only a-z, 0-9, - and _, beginning with a letter or a figure."))
        return key


class SourceForm(forms.Form):
    """What may be changed of a source."""

    title = forms.CharField(
        label=_("What people call it"),
        max_length=200,
        required=False,
        error_messages={"max_length": TOO_LONG},
    )
    rate = forms.IntegerField(
        label=_("Most interactions a second"),
        min_value=0,
        max_value=MOST_PER_SECOND,
        required=False,
        help_text=_("0: as many as the machine takes; more is answered with “later”, and nothing is lost"),
        error_messages={"invalid": NOT_A_NUMBER, "min_value": NOT_A_NUMBER, "max_value": NOT_A_NUMBER},
    )
    allow = forms.CharField(
        label=_("Attributes that enter"),
        required=False,
        max_length=20_000,
        help_text=_(
            "one a line; empty: all of them, except those whose names or values tell who somebody is (always left behind)"
        ),
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def names(self) -> list[str] | None:
        """The allow-list; None where everything harmless may enter."""
        text: Any = self.cleaned_data["allow"]
        return [line.strip() for line in text.splitlines() if line.strip()] or None
