"""Makes the intake slice known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The intake slice."""

    name = "regard.apps.intake"
    label = "intake"
