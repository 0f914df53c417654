"""What may be done to the journal: record, append, set aside, replay, begin a new epoch, trim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from regard.apps.journal import facts
from regard.apps.journal.facts import Fact
from regard.apps.journal.models import (
    OPEN,
    RELEASED,
    Copy,
    Epoch,
    Parked,
    Position,
    Quarantine,
    Segment,
    new_epoch,
)
from regard.apps.journal.objections import find_refusers
from regard.apps.journal.queries import REFUSED
from regard.apps.journal.segments import LOCK_BASE

KEEP = timedelta(days=30)
INTAKE = "intake"  # The position up to which it is decided what enters, and rejected items are set aside.

INSERT = """
insert into journal_segment (source, codec, received_at, n, ids, body, path)
values (%s, %s, %s, %s, %s, %s, %s) returning seq
"""
# On PostgreSQL numbers are drawn in one order and committed in another. Before a transaction draws its first number it
# takes a shared lock, named after a number below all that it will draw, and holds it to its end: readers stay below
# the lowest such lock (see `segments.settled_seq`), and writers never wait for each other.
ANNOUNCE = f"""
select set_config('regard.appending', 'yes', true), pg_advisory_xact_lock_shared({LOCK_BASE} + last_value - 1)
from journal_segment_seq_seq where coalesce(current_setting('regard.appending', true), '') = ''
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An item that could not be taken: `raw` as it came, `reason` a code, `message` a sentence for people."""

    source: str
    received_at: datetime
    reason: str
    message: str
    raw: str
    seq: int | None = None
    file: str = ""
    line: int | None = None


def record(interactions: Sequence[Fact], *, source: str = "regard", now: datetime | None = None) -> None:
    """Write `interactions` to the journal in the caller's transaction: they happen if, and only if, it commits."""
    if not interactions:
        return
    received_at = now or datetime.now(UTC)
    body, ids = facts.encode(interactions, source=source, received_at=received_at)
    with transaction.atomic():
        append_segment(
            source=source, codec="facts", body=body, ids=ids, n=len(interactions), received_at=received_at
        )


def append_segment(
    *, source: str, codec: str, body: bytes, ids: bytes, n: int, received_at: datetime, path: str = ""
) -> int:
    """Add one segment in the caller's transaction and return its number.

    Args:
        ids: 16 bytes for each of the `n` interactions in the body's order; empty for a staged file.
        path: a staged file relative to the data folder, for codecs whose body is a file.
    """
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(received_at)
        values = [source, codec, moment, n, ids, body, path]
        if connection.vendor == "postgresql":
            cursor.execute(ANNOUNCE)
        cursor.execute(INSERT, values)
        return int(cursor.fetchone()[0])


def quarantine(items: Sequence[Rejected]) -> None:
    """Set `items` aside in the caller's transaction, each with its reason; what was erased before is dropped."""
    for refuses in find_refusers() if items else ():
        kept = [item for item in items if not refuses(item.source, item.raw, item.file)]
        count_refused(len(items) - len(kept))
        items = kept
    Quarantine.objects.bulk_create(
        [
            Quarantine(
                source=item.source,
                received_at=item.received_at,
                seq=item.seq,
                reason=item.reason,
                message=item.message,
                raw=item.raw.replace("\x00", "\ufffd"),
                file=item.file,
                line=item.line,
            )
            for item in items
        ],
        batch_size=500,
    )


def mark_replayed(quarantine_id: int, *, replayed_as: str) -> bool:
    """Note that an item set aside came back, corrected, as `replayed_as`. False where it was no longer open."""
    found = Quarantine.objects.filter(id=quarantine_id, state="open")
    return bool(found.update(state="replayed", replayed_as=replayed_as))


def discard(quarantine_ids: Sequence[int]) -> int:
    """Give up on items set aside; they stay visible as discarded. Returns how many were open."""
    return Quarantine.objects.filter(id__in=quarantine_ids, state="open").update(state="discarded")


def move_position(consumer: str, *, seq: int, epoch: str) -> None:
    """Note in the caller's transaction that `consumer` has passed segment `seq`."""
    Position.objects.update_or_create(consumer=consumer, defaults={"seq": seq, "epoch": epoch})


def current_epoch() -> str:
    """The name of this life of the journal; the first call begins the first."""
    return str(Epoch.objects.get_or_create(id=1)[0].value)


def renew_epoch(*, now: datetime | None = None) -> str:
    """Begin a new life of the journal, as after a restore: positions of the old one no longer count.

    Only what was set aside stays so, since it stands in this very store.
    """
    value = new_epoch()
    with transaction.atomic():
        old = current_epoch()
        Epoch.objects.filter(id=1).update(value=value, begun_at=now or datetime.now(UTC))
        Position.objects.filter(consumer=INTAKE, epoch=old).update(epoch=value)
    return value


def park(
    consumer: str,
    *,
    seq: int,
    position: int | None,
    reason: str,
    attempts: int,
    now: datetime,
    state: str = OPEN,
) -> None:
    """Set aside a segment (or one item of it) whose effect kept failing for `consumer`, so that the rest goes on."""
    Parked.objects.update_or_create(
        consumer=consumer,
        seq=seq,
        position=position,
        defaults={"reason": reason[:2000], "attempts": attempts, "parked_at": now, "state": state},
    )


def release_parked(*, reactions: Sequence[str] = ()) -> int:
    """Let what is parked be tried again, in a new life of the journal. Returns how many were parked.

    The caller holds the right to project. What fails again is parked again; what stands in the log already is
    recognised there. Items of a segment that was parked whole were never looked at: intake goes back before the
    first such segment, so that those it rejects are set aside, once.

    Args:
        reactions: the keys of the consumers behind the log, in their order. They keep their place, so for each that
            has not seen what is released (it stands behind the one that failed) it is noted that it has to.
    """
    with transaction.atomic():
        renew_epoch()
        parked = Parked.objects.filter(state=OPEN)
        first = parked.filter(position=None).order_by("seq").values_list("seq", flat=True).first()
        if first is not None:
            Position.objects.filter(consumer=INTAKE, seq__gte=first).update(seq=first - 1)
        rows = list(parked)
        parked.update(state=RELEASED)
        for row in rows:
            since = reactions.index(row.consumer) if row.consumer in reactions else 0
            for key in reactions[since:]:
                Parked.objects.update_or_create(
                    consumer=key,
                    seq=row.seq,
                    position=row.position,
                    defaults={"state": RELEASED, "reason": row.reason, "parked_at": row.parked_at},
                )
        return len(rows)


def note_copy(kind: str, path: Path, *, now: datetime) -> None:
    """Remember that a backup or an export was written to `path`, so that the proof of an erasure can name it."""
    Copy.objects.create(kind=kind, path=str(path.absolute()), made_at=now)


def count_refused(n: int) -> None:
    """Count items that were dropped because they had been erased before, in the caller's transaction."""
    if n:
        Position.objects.get_or_create(consumer=REFUSED, defaults={"seq": 0, "epoch": ""})
        Position.objects.filter(consumer=REFUSED).update(seq=F("seq") + n)


def trim(*, passed: int, now: datetime, keep: timedelta = KEEP) -> int:
    """Delete segments that every consumer has passed and that are older than `keep`. Returns how many.

    Args:
        passed: the lowest position of all consumers.
    """
    old = Segment.objects.filter(seq__lte=passed, received_at__lt=now - keep)
    parked = Parked.objects.filter(state=OPEN).values("seq")
    paths = list(old.exclude(path="").exclude(seq__in=parked).values_list("path", flat=True))
    n, _ = old.exclude(seq__in=parked).delete()
    for path in paths:
        if not Segment.objects.filter(path=path).exists():
            (settings.REGARD.data_dir / path).unlink(missing_ok=True)
    return n
