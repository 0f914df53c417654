"""How Django finds this slice."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Members, units and settings."""

    name = "regard.apps.organisation"
    label = "organisation"
    default_auto_field = "django.db.models.BigAutoField"
