"""Addresses: each slice mounts its own below its name."""

from __future__ import annotations

from importlib.util import find_spec

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


def _there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    *(path(prefix, include(module)) for prefix, module in MOUNTS if _there(module)),
]
