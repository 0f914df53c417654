"""How Django finds this slice."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    """The homes of the roles."""

    name = "regard.apps.dashboards"
    label = "dashboards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the home into the navigation."""
        from regard.webkit.navigation import ENTRIES, Entry

        ENTRIES.register(Entry("home", _("Home"), part="scores", icon="home", order=10))
