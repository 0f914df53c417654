"""How Django finds the shared web parts: templates, static files, template tags, catalogues of words."""

from __future__ import annotations

from django.apps import AppConfig


class WebkitConfig(AppConfig):
    """Layout, figures and charts that every page uses."""

    name = "regard.webkit"
    label = "webkit"
