"""The ids that were projected during the last days, from the journal and, after a restore, from the log."""

from __future__ import annotations

from datetime import datetime

import duckdb
from django.db import connection as store

from regard.apps.journal.codecs import staged_path
from regard.apps.journal.recent import KEEP, RecentIds, run_folder
from regard.apps.journal.segments import SegmentRow
from regard.warehouse.log import Log


def load_recent_until(seq: int, *, now: datetime) -> RecentIds:
    """The ids of the last days up to segment `seq`: those that were projected."""
    since = now - KEEP
    recent = RecentIds(folder=run_folder())
    with store.cursor() as cursor:
        moment = store.ops.adapt_datetimefield_value(since)
        cursor.execute(
            "select received_at, ids, codec, path from journal_segment where seq <= %s and received_at >= %s",
            [seq, moment],
        )
        while rows := cursor.fetchmany(2000):
            recent.load((_aware(row[0]), bytes(row[1]) or _file_ids(row)) for row in rows)
    return recent


def load_logged(recent: RecentIds, log: Log, *, now: datetime) -> None:
    """Remember the ids of the last days that stand in the log: after a restore the journal has not all of them."""
    files = list(log.snapshot().files["interactions"])
    if not files:
        return
    found = duckdb.connect().execute(
        "SELECT received_at, interaction_id FROM read_parquet($1) WHERE received_at >= $2",
        [files, now - KEEP],
    )
    while rows := found.fetchmany(100_000):
        recent.load((received_at, bytes(one)) for received_at, one in rows)


def _file_ids(row: tuple[object, ...]) -> bytes:
    path = staged_path(SegmentRow(0, "", str(row[2]), datetime.min, 0, b"", b"", str(row[3])))  # noqa: DTZ901
    if not row[3] or not path.exists():
        return b""
    found = duckdb.connect().execute("SELECT interaction_id FROM read_parquet($1)", [str(path)]).fetchall()
    return b"".join(one for (one,) in found if one)


def _aware(moment: object) -> datetime:
    from datetime import UTC

    value = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    assert isinstance(value, datetime)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
