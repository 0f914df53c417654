"""The names of roles and of the journey's stages, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from regard.apps.organisation.stages import OTHER, Stage
from regard.webkit.words import name_of

ROLE_TITLES: dict[str, str | Promise] = {
    "executive": _("Executive"),
    "manager": _("Manager"),
    "frontline": _("Frontline"),
    "analyst": _("Analyst"),
    "administrator": _("Administrator"),
}

STAGE_TITLES: dict[str, str | Promise] = {
    "discover": _("Discover"),
    "buy": _("Buy"),
    "receive": _("Receive"),
    "use": _("Use"),
    "help": _("Get help"),
    "renew": _("Renew"),
}


def stage_title(key: str | None, stages: Sequence[Stage]) -> str:
    """What a stage is called: as the organisation wrote it, or by its usual name in the reader's language."""
    title = next((stage.title for stage in stages if stage.key == key), "")
    if title:
        return title
    return _now("Other") if key == OTHER else str(STAGE_TITLES.get(key or "", name_of(key)))
