"""Addresses of the explorer and of the catalogue of metrics."""

from __future__ import annotations

from django.urls import path

from regard.apps.dashboards.explorer.web import behind, catalogue, files, kept, views

urlpatterns = [
    path("explore/", views.explore, name="explorer"),
    path("explore/behind/", behind.behind, name="explorer-behind"),
    path("explore/answer.csv", files.download_sheet, name="explorer-csv"),
    path("explore/answer.svg", files.download_drawing, name="explorer-svg"),
    path("explore/views/", kept.save, name="explorer-save"),
    path("explore/views/<int:view_id>/", kept.view, name="explorer-view"),
    path("metrics/", catalogue.metrics, name="metrics"),
]
