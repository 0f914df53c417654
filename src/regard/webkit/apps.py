"""How Django finds the shared web parts: templates, static files, template tags, catalogues of words."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings


class WebkitConfig(AppConfig):
    """Layout, figures and charts that every page uses."""

    name = "regard.webkit"
    label = "webkit"

    def ready(self) -> None:
        """Make the translations ready before the first page is written."""
        from regard.webkit import catalogues

        folder = settings.REGARD.data_dir / "tmp"
        target = folder / "words" if folder.is_dir() else catalogues.temporary_folder()
        settings.LOCALE_PATHS = [catalogues.compile_catalogues(target), *settings.LOCALE_PATHS]
