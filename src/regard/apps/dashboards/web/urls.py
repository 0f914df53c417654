"""Addresses of the homes."""

from __future__ import annotations

from django.urls import path

from regard.apps.dashboards.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("figures/<slug:metric>/", views.figure, name="figure"),
]
