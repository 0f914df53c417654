"""Addresses of the pages of intake."""

from __future__ import annotations

from django.urls import path

from regard.apps.intake.web import importing, sources
from regard.apps.intake.web import ways_back as _ways_back  # noqa: F401  Makes the way of rows known.

urlpatterns = [
    path("import/", importing.imports, name="imports"),
    path("import/begin/", importing.begin, name="import-begin"),
    path("import/<int:import_id>/", importing.one_import, name="import"),
    path("import/<int:import_id>/piece/", importing.piece, name="import-piece"),
    path("import/<int:import_id>/progress/", importing.progress, name="import-progress"),
    path("import/<int:import_id>/discard/", importing.discard, name="import-discard"),
    path("sources/", sources.sources, name="sources"),
    path("sources/arrivals/", sources.arrivals, name="source-arrivals"),
    path("sources/<slug:key>/", sources.source, name="source"),
    path("sources/<slug:key>/key/", sources.renew, name="source-key"),
]
