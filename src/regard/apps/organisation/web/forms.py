"""What is asked on the organisation's pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regard.apps.organisation import services
from regard.apps.organisation.models import Member
from regard.kernel.errors import InvalidInput

REQUIRED = {"required": _("Please fill this in.")}


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
        new: str = self.cleaned_data["new"]
        try:
            services.check_password(new)
        except InvalidInput as error:
            raise forms.ValidationError(
                _("Please choose a longer password: at least %(n)d characters, not all alike.")
                % {"n": services.MIN_PASSWORD_LENGTH}
            ) from error
        return new
