"""Addresses of the cases' pages."""

from __future__ import annotations

from django.urls import path

from regard.apps.cases.web import opening, views

urlpatterns = [
    path("cases/", views.cases, name="cases"),
    path("cases/rules/", views.rules, name="case-rules"),
    path("cases/new/", opening.new, name="case-new"),
    path("cases/<int:case_id>/", views.case, name="case"),
    path("cases/<int:case_id>/<slug:verb>/", views.change, name="case-change"),
]
