"""Makes the intake slice known to Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The intake slice."""

    name = "regard.apps.intake"
    label = "intake"

    def ready(self) -> None:
        # The projector finds the codec of tracking segments in its registry.
        import_module("regard.apps.intake.tracking.decode")
        import_module("regard.apps.intake.importing.mentions")
        import_module("regard.apps.intake.importing.holding")
        import_module("regard.apps.intake.importing.tasks")
