"""How Django finds the explorer."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExplorerConfig(AppConfig):
    """Any metric by anything, and the views that members keep."""

    name = "regard.apps.dashboards.explorer"
    label = "explorer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the explorer into the navigation."""
        from regard.webkit.navigation import ENTRIES, Entry

        ENTRIES.register(Entry("explorer", _("Explorer"), part="explorer", icon="chart", order=30))
        ENTRIES.register(Entry("metrics", _("Metrics"), part="explorer", icon="book", order=35))
