"""How Django finds this slice."""

from __future__ import annotations

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    """The homes of the roles."""

    name = "regard.apps.dashboards"
    label = "dashboards"
    default_auto_field = "django.db.models.BigAutoField"
