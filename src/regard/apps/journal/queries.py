"""What may be asked of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import Length

from regard.apps.journal.models import Copy, Epoch, Job, Parked, Position, Quarantine, Segment

REFUSED = "refused"  # Its position row counts items that were dropped because they had been erased before.


@dataclass(frozen=True, slots=True)
class Lag:
    """What waits for a consumer: segments, interactions, bytes and since when (None: nothing waits)."""

    n_segments: int
    n_interactions: int
    n_bytes: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuarantineRow:
    """One item set aside."""

    id: int
    source: str
    received_at: datetime
    seq: int | None
    reason: str
    message: str
    raw: str
    file: str
    line: int | None
    state: str
    replayed_as: str


@dataclass(frozen=True, slots=True)
class ParkedRow:
    """One segment, or item of it, that a consumer could not take."""

    id: int
    consumer: str
    seq: int
    position: int | None
    reason: str
    attempts: int
    parked_at: datetime


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A backup or an export that was written: `kind` says which."""

    kind: str
    path: str
    made_at: datetime


def list_copies() -> list[CopyRow]:
    """The backups and exports that were written here, the latest first."""
    return [CopyRow(row.kind, row.path, row.made_at) for row in Copy.objects.order_by("-made_at", "-id")]


def count_refused() -> int:
    """How many items were dropped because they had been erased before."""
    return Position.objects.filter(consumer=REFUSED).values_list("seq", flat=True).first() or 0


def last_seq() -> int:
    """The number of the newest segment; 0 where there is none."""
    return Segment.objects.aggregate(last=Max("seq"))["last"] or 0


def find_position(consumer: str, *, epoch: str) -> int:
    """How far `consumer` has come in this epoch; 0 where it has not begun."""
    row = Position.objects.filter(consumer=consumer, epoch=epoch).first()
    return row.seq if row else 0


def list_positions(*, epoch: str) -> dict[str, int]:
    """How far each consumer has come that keeps its position here."""
    return dict(Position.objects.filter(epoch=epoch).values_list("consumer", "seq"))


def lag(position: int) -> Lag:
    """What stands in the journal after `position`."""
    waiting = Segment.objects.filter(seq__gt=position)
    row = waiting.aggregate(segments=Count("seq"), interactions=Sum("n"), size=Sum(Length("body")))
    oldest = waiting.order_by("seq").values_list("received_at", flat=True).first()
    return Lag(row["segments"], row["interactions"] or 0, row["size"] or 0, oldest)


def list_quarantine(
    *, state: str = "open", source: str | None = None, after: int = 0, limit: int = 200
) -> list[QuarantineRow]:
    """Items set aside with an id above `after`, oldest first."""
    rows = Quarantine.objects.filter(state=state, id__gt=after)
    if source is not None:
        rows = rows.filter(source=source)
    return [_quarantined(row) for row in rows.order_by("id")[:limit]]


def find_quarantined(quarantine_id: int) -> QuarantineRow | None:
    """One item set aside, in whatever state."""
    row = Quarantine.objects.filter(id=quarantine_id).first()
    return _quarantined(row) if row else None


def list_replayed_as(ids: Iterable[str], *, source: str) -> list[QuarantineRow]:
    """The lines of files that came back from quarantine as one of these interactions (hexadecimal)."""
    rows = Quarantine.objects.filter(state="replayed", source=source, replayed_as__in=list(ids))
    return [_quarantined(row) for row in rows.exclude(file="")]


def _quarantined(row: Quarantine) -> QuarantineRow:
    return QuarantineRow(
        row.id,
        row.source,
        row.received_at,
        row.seq,
        row.reason,
        row.message,
        row.raw,
        row.file,
        row.line,
        row.state,
        row.replayed_as,
    )


def count_quarantine(*, state: str = "open") -> dict[str, int]:
    """Items set aside by reason."""
    rows = (
        Quarantine.objects.filter(state=state)
        .values_list("reason")
        .annotate(n=Count("id"))
        .order_by("reason")
    )
    return dict(rows)


def list_parked() -> list[ParkedRow]:
    """What consumers could not take and that still waits for someone, oldest first."""
    rows = Parked.objects.filter(state="open").order_by("id")
    return [
        ParkedRow(row.id, row.consumer, row.seq, row.position, row.reason, row.attempts, row.parked_at)
        for row in rows
    ]


def list_staged_paths() -> list[str]:
    """The staged files that segments refer to, relative to the data folder."""
    return list(Segment.objects.exclude(path="").order_by("seq").values_list("path", flat=True).distinct())


def last_received_at() -> datetime | None:
    """When the newest segment was received."""
    return Segment.objects.order_by("-seq").values_list("received_at", flat=True).first()


def count_jobs(*, state: str) -> int:
    """How many jobs are waiting, running, done or failed."""
    return Job.objects.filter(state=state).count()


def slowest_position() -> int:
    """How far the slowest consumer has come in this epoch, of those that keep their position here."""
    epoch = Epoch.objects.filter(id=1).values_list("value", flat=True).first()
    return min(list_positions(epoch=epoch).values(), default=0) if epoch else 0


@dataclass(frozen=True, slots=True)
class Aside:
    """Which items set aside are looked at; empty texts narrow nothing.

    Args:
        text: stands in the item as it came, in the name of its file, or in the reason's sentence.
    """

    state: str = "open"
    source: str = ""
    reason: str = ""
    text: str = ""


def search_quarantine(wanted: Aside, *, offset: int = 0, limit: int = 50) -> list[QuarantineRow]:
    """Items set aside that fit, the newest first."""
    return [_quarantined(row) for row in _aside(wanted).order_by("-id")[offset : offset + limit]]


def count_aside(wanted: Aside) -> int:
    """How many items set aside fit."""
    return _aside(wanted).count()


def list_aside_ids(wanted: Aside, *, limit: int) -> list[int]:
    """The ids of items set aside that fit, the oldest first."""
    return list(_aside(wanted).order_by("id").values_list("id", flat=True)[:limit])


def list_aside_groups(state: str = "open") -> list[tuple[str, str, int]]:
    """Source, reason and number of the items in this state, the most frequent first."""
    rows = Quarantine.objects.filter(state=state).values_list("source", "reason").annotate(n=Count("id"))
    return sorted(rows, key=lambda one: (-one[2], one[0], one[1]))


def _aside(wanted: Aside) -> QuerySet[Quarantine]:
    rows = Quarantine.objects.filter(state=wanted.state)
    if wanted.source:
        rows = rows.filter(source=wanted.source)
    if wanted.reason:
        rows = rows.filter(reason=wanted.reason)
    if wanted.text:
        text = wanted.text
        rows = rows.filter(Q(raw__icontains=text) | Q(file__icontains=text) | Q(message__icontains=text))
    return rows


@dataclass(frozen=True, slots=True)
class FailedJob:
    """Work that was given up, or of which the last try went wrong."""

    id: int
    kind: str
    attempts: int
    error: str
    run_at: datetime
    state: str


def list_failed_jobs(*, limit: int = 20) -> list[FailedJob]:
    """Jobs that someone must look at: given up, or failing again and again; the latest first."""
    rows = Job.objects.filter(Q(state="failed") | Q(attempts__gte=3) | ~Q(last_error=""))
    rows = rows.exclude(state="done").order_by("-run_at", "-id")[:limit]
    return [FailedJob(row.id, row.kind, row.attempts, row.last_error, row.run_at, row.state) for row in rows]
