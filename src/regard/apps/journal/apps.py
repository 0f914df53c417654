"""Makes the journal slice known to Django."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal slice."""

    name = "regard.apps.journal"
    label = "journal"
