"""Looks over an installation: settings, stores, free disk, clock. Each finding says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from regard.apps.journal import queries
from regard.kernel.registry import Registry

FREE_BYTES = 2_000_000_000
CLOCK_SECONDS = 5
LAG_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `state` is good, poor (works, but look at it) or bad; `advice` says what to do."""

    subject: str
    state: str
    says: str
    advice: str = ""

    def as_json(self) -> dict[str, str]:
        """For machines."""
        return {"subject": self.subject, "state": self.state, "says": self.says, "advice": self.advice}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at."""

    key: str
    look: Callable[[], Iterator[Finding]]


CHECKS: Registry[Check] = Registry("check")


def check_all() -> list[Finding]:
    """Every finding; a check that itself fails is a finding too."""
    findings: list[Finding] = []
    for check in CHECKS:
        try:
            findings += check.look()
        except Exception as error:  # The doctor must survive what it looks for.
            says = f"{type(error).__name__}: {error}"
            findings.append(
                Finding(check.key, "bad", says, "See docs/operate.md, or restore the last backup.")
            )
    return findings


def look_at_folder() -> Iterator[Finding]:
    """The data folder, its secret and its disk."""
    folder: Path = settings.REGARD.data_dir
    probe = folder / "tmp" / "probe"
    probe.write_bytes(b"x")
    probe.unlink()
    yield Finding("data folder", "good", str(folder))
    mode = (folder / "secret").stat().st_mode & 0o077
    if mode:
        yield Finding("secret", "poor", "others can read it", f"chmod 600 {folder / 'secret'}")
    free = shutil.disk_usage(folder).free
    says = f"{free / 1e9:.1f} GB free"
    if free < FREE_BYTES:
        yield Finding("disk", "poor", says, "Make room: below 200 MB the server stops being ready.")
    else:
        yield Finding("disk", "good", says)


def look_at_store() -> Iterator[Finding]:
    """The operational store: reachable, whole, durable, of this release."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(5)")
            found = [str(row[0]) for row in cursor.fetchall()]
            cursor.execute("PRAGMA journal_mode")
            mode = cursor.fetchone()[0]
            if found != ["ok"]:
                yield Finding("operational store", "bad", "; ".join(found), "Restore the last backup.")
            else:
                yield Finding("operational store", "good", f"SQLite, whole, journal mode {mode}")
        else:
            cursor.execute("select current_setting('server_version'), current_setting('synchronous_commit')")
            number, commit = cursor.fetchone()
            state = "good" if commit in ("on", "remote_apply", "remote_write") else "poor"
            advice = (
                "" if state == "good" else "Set synchronous_commit = on, or the last moments may be lost."
            )
            yield Finding(
                "operational store", state, f"PostgreSQL {number}, synchronous_commit {commit}", advice
            )
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        advice = "Start the server once, or run any other command."
        yield Finding("operational store", "poor", f"{len(plan)} migrations are pending", advice)


def look_at_clock() -> Iterator[Finding]:
    """Our clock beside the store's and beside what was received last."""
    now = datetime.now(UTC)
    newest = queries.last_received_at()
    if newest is not None and newest > now + timedelta(seconds=CLOCK_SECONDS):
        yield Finding(
            "clock", "bad", f"the newest segment was received at {newest:%F %T} UTC", "Set the clock."
        )
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select clock_timestamp()")
            apart = abs((timezone.now() - cursor.fetchone()[0]).total_seconds())
        if apart > CLOCK_SECONDS:
            yield Finding(
                "clock", "bad", f"{apart:.0f} s apart from PostgreSQL's", "Synchronise both clocks (NTP)."
            )
            return
    yield Finding("clock", "good", f"{now:%F %T} UTC")


def look_at_warehouse() -> Iterator[Finding]:
    """The warehouse: can be opened and read."""
    from regard.warehouse.log import Log

    log = Log.open(settings.REGARD.warehouse_url)
    snapshot = log.snapshot()
    n = sum(len(files) for files in snapshot.files.values())
    missing = [
        path
        for files in snapshot.files.values()
        for path in files
        if "://" not in path and Path(path).is_absolute() and not Path(path).exists()
    ]
    if missing:
        says = f"{len(missing)} of {n} files are missing, such as {missing[0]}"
        yield Finding("warehouse", "bad", says, "Restore the last backup.")
    else:
        yield Finding("warehouse", "good", f"{n} files at {settings.REGARD.warehouse_url}")


def look_at_work() -> Iterator[Finding]:
    """What waits, what was parked, what was set aside, which jobs failed."""
    lag = queries.lag(queries.slowest_position())
    age = (datetime.now(UTC) - lag.oldest_at).total_seconds() if lag.oldest_at else 0.0
    says = f"{lag.n_interactions} interactions wait, the oldest for {age:.0f} s"
    late = age > LAG_SECONDS
    yield Finding("projector", "poor" if late else "good", says, "Is `regard serve` running?" if late else "")
    parked = queries.list_parked()
    if parked:
        says = f"{len(parked)} batches are parked; the first: {parked[0].reason[:200]}"
        yield Finding("parked", "poor", says, "See the operations page.")
    aside = queries.count_quarantine()
    if aside:
        says = ", ".join(f"{n} {reason}" for reason, n in aside.items())
        yield Finding("quarantine", "poor", says, "regard quarantine")
    failed = queries.count_jobs(state="failed")
    if failed:
        yield Finding("jobs", "poor", f"{failed} jobs failed for good", "See the operations page.")


for _check in (
    Check("data folder", look_at_folder),
    Check("operational store", look_at_store),
    Check("clock", look_at_clock),
    Check("warehouse", look_at_warehouse),
    Check("work", look_at_work),
):
    CHECKS.register(_check)
