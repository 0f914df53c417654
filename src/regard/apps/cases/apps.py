"""Makes the cases slice known to Django and its consumer to the projector."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The cases slice."""

    name = "regard.apps.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let unhappy answers open cases, and put cases onto the customers' pages."""
        import_module("regard.apps.cases.holding")
        import_module("regard.apps.cases.reactions")
        import_module("regard.apps.cases.web.panels")
