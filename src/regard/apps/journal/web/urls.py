"""Addresses of the operations page, below `operations/`."""

from __future__ import annotations

from django.urls import path

from regard.apps.journal.web import views

urlpatterns = [
    path("", views.operations, name="operations"),
    path("quarantine/", views.quarantine, name="quarantine"),
    path("quarantine/discard/", views.discard, name="quarantine-discard"),
    path("quarantine/<int:quarantine_id>/", views.item, name="quarantine-item"),
]
