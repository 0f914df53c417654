"""Addresses of the pages of intake."""

from __future__ import annotations

from django.urls import path

from regard.apps.intake.web import sources
from regard.apps.intake.web import ways_back as _ways_back  # noqa: F401  Makes the way of rows known.

urlpatterns = [
    path("sources/", sources.sources, name="sources"),
    path("sources/arrivals/", sources.arrivals, name="source-arrivals"),
    path("sources/<slug:key>/", sources.source, name="source"),
    path("sources/<slug:key>/key/", sources.renew, name="source-key"),
]
