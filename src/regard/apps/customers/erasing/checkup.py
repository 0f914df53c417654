"""What `regard doctor` says of erasures and of the copies that still hold what was erased."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from regard.apps.customers.erasing.steps import CLEAN_AFTER
from regard.apps.customers.queries import list_erasures
from regard.apps.journal.doctor import CHECKS, Check, Finding
from regard.apps.journal.queries import count_refused, list_copies

LATE = timedelta(hours=1)


def look_at_erasures() -> Iterator[Finding]:
    """Erasures that are not complete, copies kept for too long, and what was refused."""
    now = datetime.now(UTC)
    everything = list_erasures()
    late = [one for one in everything if one.done_at is None and now - one.asked_at > LATE + CLEAN_AFTER]
    if late:
        said = f"{len(late)} erasures are not complete after an hour, the first asked for {late[-1].asked_at:%F %R} UTC"
        why = f" ({late[-1].last_error})" if late[-1].last_error else ""
        advice = "Is `regard serve` running? Else: regard forget --proof N says how far it is."
        yield Finding("erasures", "bad", said + why, advice)
    elif everything:
        yield Finding(
            "erasures", "good", f"{len(everything)} asked for; {count_refused():,} items refused since"
        )
    yield from _look_at_copies(now)


def _look_at_copies(now: datetime) -> Iterator[Finding]:
    keep = timedelta(days=settings.REGARD.keep_backups_days)
    old = [copy.path for copy in list_copies() if copy.kind == "backup" and now - copy.made_at > keep]
    there = [path for path in old if Path(path).exists()]
    if there:
        said = f"{len(there)} are older than {keep.days} days, such as {there[0]}"
        yield Finding("backups", "poor", said, "Delete them: they hold what was erased since.")
    aside = sorted(settings.REGARD.data_dir.glob("before-restore-*"))
    if aside:
        said = f"{len(aside)} folders hold what was there before a restore, such as {aside[0]}"
        yield Finding("backups", "poor", said, "Delete them once the restore proved right.")


CHECKS.register(Check("erasures", look_at_erasures))
