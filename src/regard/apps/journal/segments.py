"""The segments of the journal, in the order of their commits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection

from regard.apps.journal.models import Segment

# A segment counts its own row beside its bodies, so that a limit in bytes also limits the number of segments.
ROW_BYTES = 200
LARGEST_SEQ = 2**63 - 1

AFTER = """
select seq, source, codec, received_at, n, ids, body, path, entered from (
    select *, sum(length(body) + length(ids) + {row}) over (order by seq) as running
    from (
        select * from journal_segment where seq > %s and seq <= %s order by seq limit %s
    ) as next_ones
) as counted
where running - length(body) - length(ids) - {row} < %s
order by seq
"""
# Advisory locks of transactions that append: this and a number below all that they draw.
LOCK_BASE = 0x5247 << 48
OPEN_BELOW = """
select min(((classid::bigint & 65535) << 32) | objid::bigint) from pg_locks
where locktype = 'advisory' and objsubid = 1 and classid::bigint >> 16 = %s and granted
and database = (select oid from pg_database where datname = current_database())
"""


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """One segment as a reader gets it; `body` is an lz4 frame, `path` a staged file relative to the data folder.

    Args:
        entered: which items were new and sound, where that was decided before (see `projection.entries`).
        unreadable: positions of items that cannot be decoded; a codec reads `{}` in their place.
    """

    seq: int
    source: str
    codec: str
    received_at: datetime
    n: int
    ids: bytes
    body: bytes
    path: str
    entered: bytes | None = None
    unreadable: frozenset[int] = frozenset()


def list_segments_after(position: int, *, limit_bytes: int = 8_000_000, limit: int = 500) -> list[SegmentRow]:
    """The segments after `position` in commit order: as many as fit in `limit_bytes`, always at least one if any.

    A segment appears only when no earlier one can still come.
    """
    settled = settled_seq()
    with connection.cursor() as cursor:
        cursor.execute(AFTER.format(row=ROW_BYTES), [position, settled, limit, limit_bytes])
        return [_segment(row) for row in cursor.fetchall()]


def settled_seq() -> int:
    """The number at or below which no segment can appear any more.

    SQLite has one writer at a time. On PostgreSQL the order of these two looks matters: whoever drew a number at or
    below the first took its lock before that, and gives it back only when its rows can be seen.
    """
    if connection.vendor != "postgresql":
        return LARGEST_SEQ
    with connection.cursor() as cursor:
        cursor.execute("select last_value from journal_segment_seq_seq")
        drawn = int(cursor.fetchone()[0])
        cursor.execute(OPEN_BELOW, [LOCK_BASE >> 48])
        below = cursor.fetchone()[0]
    return drawn if below is None else min(drawn, int(below))


def iterate_ids(*, since: datetime, after: int = 0) -> Iterator[tuple[datetime, bytes]]:
    """When each segment since `since` (and after number `after`) was received, and its interactions' ids."""
    rows = Segment.objects.filter(received_at__gte=since, seq__gt=after).exclude(ids=b"").order_by("seq")
    for received_at, ids in rows.values_list("received_at", "ids").iterator(chunk_size=500):
        yield received_at, bytes(ids)


def _segment(row: tuple[object, ...]) -> SegmentRow:
    seq, source, codec, received_at, n, ids, body, path, entered = row
    if isinstance(received_at, str):
        received_at = datetime.fromisoformat(received_at)
    assert isinstance(received_at, datetime)
    if received_at.tzinfo is None:
        received_at = received_at.replace(tzinfo=UTC)
    return SegmentRow(
        int(str(seq)),
        str(source),
        str(codec),
        received_at,
        int(str(n)),
        _bytes(ids),
        _bytes(body),
        str(path),
        None if entered is None else _bytes(entered),
    )


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else bytes(value)  # type: ignore[call-overload]
