"""The names of the roles, in the reader's language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROLE_TITLES: dict[str, str | Promise] = {
    "executive": _("Executive"),
    "manager": _("Manager"),
    "frontline": _("Frontline"),
    "analyst": _("Analyst"),
    "administrator": _("Administrator"),
}
