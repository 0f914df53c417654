"""Keeps the homes' counts ready: counts in the worker what pages will ask for, so that a fresh web process finds it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Hashable
from datetime import UTC, datetime

from django.db import close_old_connections

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0
# Of the time that passes, at most a fifth goes into counting, however much arrives.
REST = 4


def run_forever(stop: threading.Event) -> None:
    """Count for the homes whenever the log has moved or an hour has begun, until `stop` is set."""
    seen: Hashable = None
    wait = LOOK_EVERY
    while not stop.wait(wait):
        began = time.monotonic()
        try:
            close_old_connections()
            seen = _count(seen, stop)
        except Exception:
            logger.exception("homes.not_counted")  # Whoever opens a page counts for themselves.
        wait = max(LOOK_EVERY, REST * (time.monotonic() - began))


def _count(seen: Hashable, stop: threading.Event) -> Hashable:
    """Count unless nothing has changed since `seen`; returns what was seen now."""
    from regard.apps.dashboards.services import count_homes
    from regard.webkit.hub import hub

    warehouse, now = hub(), datetime.now(UTC)
    version = warehouse.refresh()
    state = (version, now.replace(minute=0, second=0, microsecond=0))
    if state != seen:
        count_homes(warehouse, now=now, stop=stop.is_set)
        if not stop.is_set():
            warehouse.note_counted(since=version, at=now)
    return state
