"""What is asked on the organisation's pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regard.apps.organisation import queries, services
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import ROLES, Sight
from regard.apps.organisation.queries import UnitCard
from regard.apps.organisation.web.words import ROLE_TITLES
from regard.kernel.errors import InvalidInput
from regard.webkit.refusals import refusal_of

REQUIRED = {"required": _("Please fill this in.")}
CHOOSE = {**REQUIRED, "invalid_choice": _("Please choose one of these.")}


class SignInForm(forms.Form):
    """Who comes, and their password. Whether they fit is checked by the view, never told apart."""

    email = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        error_messages=REQUIRED,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=500,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(forms.Form):
    """A password for who has none yet."""

    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=500,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )

    def clean_new(self) -> str:
        """It must not be guessed at once."""
        return checked_password(self.cleaned_data["new"])


class MemberForm(forms.Form):
    """Who a member is, what they do, and where. Units are those that the one who asks may look after."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"), error_messages=CHOOSE)
    unit = forms.ChoiceField(label=_("Unit"), required=False, error_messages=CHOOSE)

    def __init__(self, sight: Sight, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [(role.key, ROLE_TITLES.get(role.key, role.title)) for role in ROLES]
        units = [(card.key, card.title) for card in queries.list_units() if sight.sees_unit(card.key)]
        whole = [("", _("Whole company"))] if sight.units is None else []
        role_field, unit_field = self.fields["role"], self.fields["unit"]
        assert isinstance(role_field, forms.ChoiceField)
        assert isinstance(unit_field, forms.ChoiceField)
        role_field.choices, unit_field.choices = roles, [*whole, *units]
        unit_field.required = not whole


class InviteForm(MemberForm):
    """Somebody new."""

    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        error_messages={**REQUIRED, "invalid": _("This is no e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("email", "name", "role", "unit")


class UnitForm(forms.Form):
    """A unit: its key as interactions name it, what people call it, and where it lies."""

    key = forms.CharField(
        label=_("Key"),
        max_length=200,
        help_text=_("as interactions name it; it cannot be changed"),
        error_messages=REQUIRED,
    )
    title = forms.CharField(label=_("What people call it"), max_length=200, required=False)
    parent = forms.ChoiceField(label=_("Lies below"), required=False, error_messages=CHOOSE)

    def __init__(self, cards: Sequence[UnitCard], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.ChoiceField)
        parent.choices = [
            ("", _("nothing: it stands at the top")),
            *((card.key, card.title) for card in cards),
        ]


class PasswordForm(forms.Form):
    """A new password, proved by the old one."""

    old = forms.CharField(
        label=_("Password now"),
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=500,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, member: Member, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_old(self) -> str:
        """The old password must be theirs."""
        old: str = self.cleaned_data["old"]
        if not self.member.check_password(old):
            raise forms.ValidationError(_("This is not your password."))
        return old

    def clean_new(self) -> str:
        """The new one must not be guessed at once."""
        return checked_password(self.cleaned_data["new"])


def checked_password(new: str) -> str:
    """The password, where it is not guessed at once. Raises: ValidationError."""
    try:
        services.check_password(new)
    except InvalidInput as error:
        raise forms.ValidationError(refusal_of(error).text) from error
    return new
