"""Jobs that look after the journal itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from regard.apps.journal import services
from regard.apps.journal.consumers import in_order
from regard.apps.journal.jobs import JOBS, JobKind
from regard.warehouse.log import Log


def trim_journal(payload: Mapping[str, Any], now: datetime) -> None:
    """Delete segments older than 30 days that every consumer has passed."""
    consumers = in_order()
    if not consumers:
        return
    log, epoch = Log.open(settings.REGARD.warehouse_url), services.current_epoch()
    services.trim(passed=min(consumer.position(epoch, log) for consumer in consumers), now=now)


JOBS.register(
    JobKind(
        "journal.trim", "Trim the journal to what is younger than 30 days", trim_journal, cron="23 * * * *"
    )
)
