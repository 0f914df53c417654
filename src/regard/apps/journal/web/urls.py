"""Addresses of the operations page, below `operations/`."""

from __future__ import annotations

from django.urls import path

from regard.apps.journal.web import quarantine, views

urlpatterns = [
    path("", views.operations, name="operations"),
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/discard/", quarantine.discard, name="quarantine-discard"),
    path("quarantine/replay/", quarantine.replay, name="quarantine-replay"),
    path("quarantine/<int:quarantine_id>/", quarantine.item, name="quarantine-item"),
]
