"""How Django finds this slice."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationConfig(AppConfig):
    """Members, units and settings."""

    name = "regard.apps.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the account, the members, the units and the settings into the navigation."""
        from regard.webkit.navigation import ENTRIES, Entry

        ENTRIES.register(Entry("account", _("Your account"), part="", icon="person", order=90))
        ENTRIES.register(Entry("settings", _("Organisation"), part="members", icon="gear", order=67))
        ENTRIES.register(Entry("stages", _("Stages"), part="members", icon="pulse", order=70))
        ENTRIES.register(Entry("members", _("Members"), part="members", icon="people", order=60))
        ENTRIES.register(Entry("readings", _("Who read what"), part="members", icon="search", order=75))
        ENTRIES.register(Entry("units", _("Units"), part="members", icon="tree", order=65))
