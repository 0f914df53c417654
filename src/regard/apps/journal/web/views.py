"""Operations, for administrators: is everything on its way, what needs somebody, what came in?"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from regard.apps.journal import queries, services
from regard.apps.journal.web.arrivals import list_arrivals
from regard.apps.journal.words import reason_title
from regard.webkit import formats
from regard.webkit.access import needs

PART = "operations"


@never_cache
@needs(PART)
def operations(request: HttpRequest) -> HttpResponse:
    """Is everything that was sent on its way, and what was not taken?"""
    now = datetime.now(UTC)
    disk = shutil.disk_usage(settings.REGARD.data_dir)
    context = {
        "consumers": _consumers(now),
        "last_seq": queries.last_seq(),
        "parked": [
            {
                "consumer": row.consumer,
                "seq": row.seq,
                "reason": row.reason,
                "when": formats.ago(row.parked_at, now),
            }
            for row in queries.list_parked()
        ],
        "jobs": [
            {
                "kind": job.kind,
                "attempts": formats.number(job.attempts),
                "error": job.error,
                "is_over": job.state == "failed",
                "when": formats.ago(job.run_at, now),
            }
            for job in queries.list_failed_jobs()
        ],
        "free": formats.number(disk.free / 1e9, 1),
        "reasons": _reasons(),
        "arrivals": [
            {"row": row, "when": formats.ago(row.received_at, now), "is_waiting": row.n_new is None}
            for row in list_arrivals()
        ],
    }
    return render(request, "journal/operations.html", context)


def _consumers(now: datetime) -> list[dict[str, object]]:
    positions = queries.list_positions(epoch=services.current_epoch())
    found = []
    for consumer, seq in sorted(positions.items()):
        lag = queries.lag(seq)
        found.append(
            {
                "key": consumer,
                "seq": seq,
                "n": formats.number(lag.n_interactions),
                "segments": formats.number(lag.n_segments),
                "since": formats.ago(lag.oldest_at, now) if lag.oldest_at else "",
            }
        )
    return found


def _reasons() -> list[dict[str, object]]:
    counts = queries.count_quarantine()
    ordered = sorted(counts.items(), key=lambda one: -one[1])
    return [{"code": code, "title": reason_title(code), "n": formats.number(n)} for code, n in ordered]
