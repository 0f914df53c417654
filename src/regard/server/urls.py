"""Addresses: each slice mounts its own below its name."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from regard.server.api.root import api

MOUNTS = (
    ("", "regard.apps.organisation.web.urls"),
    ("operations/", "regard.apps.journal.web.urls"),
    ("", "regard.apps.intake.web.urls"),
    ("", "regard.apps.dashboards.explorer.web.urls"),
    ("", "regard.apps.customers.web.urls"),
    ("", "regard.apps.cases.web.urls"),
    ("", "regard.apps.dashboards.web.urls"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    *(path(prefix, include(module)) for prefix, module in MOUNTS),
]
