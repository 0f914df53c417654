"""Work by lease: a job is a row, whoever holds its lease does it, and a lease that ran out is taken by another.

A job is done at least once: a process that is killed in it leaves the lease behind, and after a minute it is repeated.
Each kind registers itself in `JOBS`; a kind with a cron expression needs no one to ask for it.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from croniter import croniter
from django.db import connection, transaction
from django.db.models import Q

from regard.apps.journal.models import Job
from regard.kernel.errors import Permanent
from regard.kernel.registry import Registry

logger = logging.getLogger(__name__)

PACKAGE = Path(__file__).parents[2]
LEASE = timedelta(seconds=60)
KEEP_DONE = timedelta(days=7)
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work.

    Args:
        run: does it, given the payload and now. May be called twice for one job; raises Permanent where trying again
            will not help.
        cron: when it is due by itself, in UTC (`17 3 * * *`); empty: only when asked for.
        attempts: how often it is tried before someone must look.
    """

    key: str
    title: str
    run: Callable[[Mapping[str, Any], datetime], None]
    cron: str = ""
    attempts: int = 10


JOBS: Registry[JobKind] = Registry("job")


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that is ours until its lease runs out; `attempt` tells it from the same job claimed again."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    attempt: int


def add_job(
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    key: str | None = None,
) -> bool:
    """Ask for a job in the caller's transaction. With a `key`, only where no job of that key waits or runs.

    Returns: False where there was one already. Raises: InvalidInput for an unknown kind.
    """
    JOBS.get(kind)
    values = {"kind": kind, "payload": dict(payload or {}), "run_at": run_at or datetime.now(UTC)}
    if key is None:
        Job.objects.create(**values)
        return True
    return Job.objects.get_or_create(key=key, defaults=values)[1]


def schedule(now: datetime) -> None:
    """See that every kind with a cron expression has its next job waiting; a changed expression moves it."""
    for kind in JOBS:
        if kind.cron:
            due = next_time(kind.cron, now)
            add_job(kind.key, run_at=due, key=f"cron:{kind.key}")
            waiting = Job.objects.filter(key=f"cron:{kind.key}", state="waiting", attempts=0)
            waiting.filter(run_at__gt=due).update(run_at=due)


def next_time(cron: str, now: datetime) -> datetime:
    """When a cron expression is due next, in UTC.

    >>> next_time("17 3 * * *", datetime(2026, 3, 1, 4, tzinfo=UTC))
    datetime.datetime(2026, 3, 2, 3, 17, tzinfo=datetime.timezone.utc)
    """
    due: datetime = croniter(cron, now).get_next(datetime)
    return due


def claim(now: datetime) -> Claim | None:
    """Take the job that is due longest, if any: those that wait, and those whose lease ran out."""
    due = Q(state="waiting", run_at__lte=now) | Q(state="running", lease_until__lt=now)
    with transaction.atomic():
        jobs = Job.objects.filter(due).order_by("run_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            jobs = jobs.select_for_update(skip_locked=True)
        job = jobs.first()
        if job is None:
            return None
        job.state, job.lease_until = "running", now + LEASE
        job.attempts += 1
        job.save(update_fields=["state", "lease_until", "attempts"])
    return Claim(job.id, job.kind, job.payload, job.attempts)


def renew(held: Claim, now: datetime) -> bool:
    """Keep a job for another minute. False where it is no longer ours."""
    return bool(_ours(held).update(lease_until=now + LEASE))


def finish(held: Claim, now: datetime) -> bool:
    """Note that a job is done; one of a cron expression waits for its next time. False where it was not ours."""
    kind = JOBS.get(held.kind)
    if kind.cron and _ours(held).filter(key=f"cron:{kind.key}").exists():
        again = next_time(kind.cron, now)
        return bool(
            _ours(held).update(state="waiting", run_at=again, attempts=0, lease_until=None, last_error="")
        )
    return bool(_ours(held).update(state="done", key=None, lease_until=None, last_error="", run_at=now))


def fail(held: Claim, error: Exception, now: datetime) -> bool:
    """Note that a job failed: it is tried again later and later, until someone must look. False where not ours."""
    kind = JOBS.get(held.kind) if held.kind in JOBS else None
    text = named(error)
    is_over = kind is None or isinstance(error, Permanent) or held.attempt >= kind.attempts
    if is_over and kind is not None and kind.cron:
        return bool(
            _ours(held).update(
                state="waiting",
                run_at=next_time(kind.cron, now),
                attempts=0,
                lease_until=None,
                last_error=text,
            )
        )
    if is_over:
        return bool(_ours(held).update(state="failed", key=None, lease_until=None, last_error=text))
    again = now + wait_before(held.attempt + 1)
    return bool(_ours(held).update(state="waiting", run_at=again, lease_until=None, last_error=text))


def named(error: Exception) -> str:
    """An error by its type and the last place in Regard that it passed; its text may hold what a customer wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(PACKAGE)]
    if not ours:
        return type(error).__name__
    where = Path(ours[-1].filename).relative_to(PACKAGE).as_posix()
    return f"{type(error).__name__} at {where}:{ours[-1].lineno}"


def wait_before(attempt: int) -> timedelta:
    """How long to wait before the given attempt: ten seconds, doubled each time.

    >>> wait_before(2), wait_before(4)
    (datetime.timedelta(seconds=10), datetime.timedelta(seconds=40))
    """
    doublings = min(max(attempt - 2, 0), 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def forget_done(now: datetime) -> int:
    """Delete jobs done more than a week ago. Returns how many."""
    return Job.objects.filter(state="done", run_at__lt=now - KEEP_DONE).delete()[0]


def run_next(now: datetime | None = None) -> bool:
    """Do one due job, if any, renewing its lease meanwhile. Returns whether there was one."""
    held = claim(now or datetime.now(UTC))
    if held is None:
        return False
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_lease, args=(held, stop), name="lease", daemon=True)
    keeper.start()
    try:
        JOBS.get(held.kind).run(held.payload, datetime.now(UTC))
    except Exception as error:  # A job that fails must not end the others.
        logger.warning(
            "job.failed kind=%s id=%s attempt=%s", held.kind, held.id, held.attempt, exc_info=error
        )
        fail(held, error, datetime.now(UTC))
    else:
        finish(held, datetime.now(UTC))
    finally:
        stop.set()
        keeper.join()
    return True


def run_forever(stop: threading.Event, *, pause_seconds: float = 1.0) -> None:
    """Do due jobs until `stop` is set. A store that does not answer is asked again, ever more seldom."""
    scheduled = datetime.min.replace(tzinfo=UTC)
    n_failed = 0
    while not stop.is_set():
        now = datetime.now(UTC)
        try:
            if now - scheduled > timedelta(minutes=1):
                schedule(now)
                forget_done(now)
                scheduled = now
            is_done = run_next(now)
            n_failed = 0
            if is_done:
                continue
        except Exception as error:
            # The whole story once; a store that is away for an hour fills no disk.
            logger.error("jobs.store_failed", exc_info=None if n_failed else error)
            n_failed += 1
            connection.close()
        stop.wait(min(pause_seconds * 2**n_failed, LONGEST_PAUSE_SECONDS))
    connection.close()


def _ours(held: Claim) -> Any:
    return Job.objects.filter(id=held.id, state="running", attempts=held.attempt)


def _keep_lease(held: Claim, stop: threading.Event) -> None:
    while not stop.wait(LEASE.total_seconds() / 3):
        try:
            renew(held, datetime.now(UTC))
        except Exception:
            logger.exception("job.lease_not_renewed id=%s", held.id)
            connection.close()
    connection.close()
