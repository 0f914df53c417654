"""What is asked on the cases' pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regard.apps.cases import policy
from regard.apps.cases.policy import Rules
from regard.apps.cases.web.words import OUTCOMES
from regard.apps.organisation.queries import MemberCard

NEEDED = {"required": _("Please fill this in.")}


def _text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=policy.LONGEST_TEXT,
        error_messages=NEEDED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def owner_choices(owners: Sequence[MemberCard]) -> list[tuple[str, Any]]:
    """Whom a case may be given to."""
    return [(str(card.id), card.name or card.email) for card in owners]


class NewForm(forms.Form):
    """A case that somebody opens."""

    title = forms.CharField(
        label=_("What is it about?"), max_length=policy.LONGEST_TITLE, error_messages=NEEDED
    )
    owner = forms.ChoiceField(label=_("Who sees to it"), required=False)
    note = _text(_("Note for colleagues"), required=False)

    def __init__(self, owners: Sequence[MemberCard], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("whose turn it is")), *owner_choices(owners)]


class AssignForm(forms.Form):
    """Who sees to a case from now on."""

    owner = forms.ChoiceField(label=_("Who sees to it"), required=False)

    def __init__(self, owners: Sequence[MemberCard], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("nobody yet")), *owner_choices(owners)]


class NoteForm(forms.Form):
    """A note for colleagues."""

    text = _text(_("Note for colleagues"))


class ReopenForm(forms.Form):
    """Why a case is taken up again."""

    text = _text(_("Why it is opened again"))


class ResolveForm(forms.Form):
    """How a case ended."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=list(OUTCOMES.items()), error_messages=NEEDED)
    said = _text(
        _("What was said to the customer"),
        required=False,
        help_text=_("Needed, unless the customer was not reached or there was nothing to do."),
    )
    text = _text(_("Note for colleagues"), required=False)

    def clean(self) -> dict[str, Any]:
        """Something was said, unless the outcome says why not."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("outcome") not in policy.SILENT and not (found.get("said") or "").strip():
            self.add_error("said", _("Please say what the customer was told."))
        return found


class RulesForm(forms.Form):
    """When cases open by themselves."""

    opens_by_itself = forms.BooleanField(label=_("An unhappy answer opens a case"), required=False)
    thanks_promoters = forms.BooleanField(
        label=_("A promoter's answer (NPS 9 or 10) with words opens one too, to be thanked"), required=False
    )
    csat_at_most = forms.IntegerField(
        label=_("Satisfaction (1–5): unhappy up to"), min_value=1, max_value=4, error_messages=NEEDED
    )
    ces_at_most = forms.IntegerField(
        label=_("Ease (1–7): unhappy up to"), min_value=1, max_value=6, error_messages=NEEDED
    )
    max_age_days = forms.IntegerField(
        label=_("Oldest answer that opens a case, in days"),
        help_text=_("Older answers, such as those of an import, open none."),
        min_value=1,
        max_value=90,
        error_messages=NEEDED,
    )
    deadline_hours = forms.IntegerField(
        label=_("Hours until a case is to be resolved"),
        help_text=_("Only working hours count, as they are set for the organisation."),
        min_value=1,
        max_value=2160,
        error_messages=NEEDED,
    )

    @classmethod
    def of(cls, rules: Rules, data: Any = None) -> RulesForm:
        """The form as the rules stand."""
        return cls(data, initial={name: getattr(rules, name) for name in cls.base_fields})
