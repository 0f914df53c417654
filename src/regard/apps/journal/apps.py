"""Makes the journal slice known to Django."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal slice."""

    name = "regard.apps.journal"
    label = "journal"

    def ready(self) -> None:
        """Make the journal's own jobs and readers known."""
        import_module("regard.apps.journal.tasks")
        import_module("regard.apps.journal.announcements")
