"""Loads in the background what the first page needs, so that nobody waits for imports; the tracking API answers meanwhile."""

from __future__ import annotations

import gc
import logging
import threading

from django.db import connections

logger = logging.getLogger(__name__)


def begin() -> None:
    """Begin to load, in a thread of its own."""
    gc.freeze()
    threading.Thread(target=_load, name="warming", daemon=True).start()


def _load() -> None:
    try:
        _load_pages()
    except Exception:
        logger.exception("server.not_warm")  # The page that needs it will say what is wrong.
    connections.close_all()
    # A full collection walks through all that was ever loaded, a tenth of a second in which no request is answered.
    # What is loaded by now stays for good.
    gc.freeze()


def _load_pages() -> None:
    from django.urls import get_resolver
    from scipy import special  # noqa: F401

    from regard.metrics import compute  # noqa: F401
    from regard.webkit.hub import hub

    _ = get_resolver().url_patterns
    warehouse = hub()
    warehouse.refresh()
    with warehouse.cursor() as cursor:
        cursor.execute("SELECT * FROM interactions LIMIT 1").fetchall()
