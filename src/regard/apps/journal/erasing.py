"""Emptying items of the journal for good: in their segments, in staged files, in quarantine and among the jobs.

An emptied item keeps its place, since places are evidence elsewhere: it reads as a row without source and message id,
and never enters again.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
from django.conf import settings
from django.db import connection, transaction

from regard.apps.journal.codecs import CODECS, staged_path
from regard.apps.journal.models import Job, Quarantine, Segment
from regard.apps.journal.objections import Rows
from regard.apps.journal.projection.fence import Fence
from regard.apps.journal.projection.verdicts import IS_EMPTIED
from regard.apps.journal.segments import SegmentRow, list_segments_after
from regard.apps.journal.sorted_ids import WIDTH
from regard.warehouse.literals import text_sql

PIECE_BYTES = 8_000_000
PIECE_SEGMENTS = 500
TABLE = "to_erase"
REMAINS = ("tmp*", "restore-*", "*.tmp", "*.block")  # Copies for backups and restores; what DuckDB spilled.
REMAINS_AFTER = timedelta(days=1)
SCRUB_BYTES = 2_000_000_000  # A larger store is not written anew: that would hold others up for too long.

Find = Callable[[duckdb.DuckDBPyConnection, str], Rows]
Names = Callable[[str, str, str], bool]  # Given source, raw text and file of an item: whether it is to go.
Places = Mapping[int, Collection[int]]  # The positions in each segment, by its number.


@dataclass(slots=True)
class Walked:
    """How far the journal was walked through, and what was emptied on the way.

    Args:
        last_seq: the last segment looked at; None where there was none left.
        n_unreadable: segments that cannot be read at all, so that nobody knows whom they speak of.
    """

    last_seq: int | None = None
    n_erased: int = 0
    n_set_aside: int = 0
    n_unreadable: int = 0
    places: dict[int, list[int]] = field(default_factory=dict)


def empty_next(
    reader: duckdb.DuckDBPyConnection, find: Find, names: Names, *, after: int, until: int, fence: Fence
) -> Walked:
    """Empty some items of the next segments after `after`, up to segment `until`, and what is set aside of them.

    Args:
        find: the row ids that are to go of items that can be read; names: the same of text that cannot.
    """
    found = list_segments_after(after, limit_bytes=PIECE_BYTES, limit=PIECE_SEGMENTS)
    segments = [segment for segment in found if segment.seq <= until]
    if not segments:
        return Walked()
    walked = Walked(last_seq=segments[-1].seq)
    for part in _of_one_codec(segments):
        walked.n_unreadable += _find_in(reader, part, find, names, walked.places)
    walked.n_erased = sum(len(positions) for positions in walked.places.values())
    walked.n_set_aside = empty_items(reader, segments, walked.places, fence=fence)
    return walked


def empty_items(
    reader: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow], places: Places, *, fence: Fence
) -> int:
    """Empty the items at `places`; returns how many of them also stood in quarantine. Doing it again does no harm."""
    n_set_aside = 0
    for segment in segments:
        positions = sorted(places.get(segment.seq, ()))
        if not positions:
            continue
        if segment.path:
            empty_staged(reader, segment, positions)
        with transaction.atomic():
            fence.check()
            body = segment.body if segment.path else CODECS.get(segment.codec).emptied(segment, positions)
            ids = bytearray(segment.ids)
            for position in positions if ids else ():
                ids[WIDTH * position : WIDTH * (position + 1)] = bytes(WIDTH)
            Segment.objects.filter(seq=segment.seq).update(body=body, ids=bytes(ids))
            rows = Quarantine.objects.filter(seq=segment.seq, line__in=positions)
            n_set_aside += rows.delete()[0]
    return n_set_aside


def empty_staged(reader: duckdb.DuckDBPyConnection, segment: SegmentRow, positions: Sequence[int]) -> None:
    """Write a staged file anew with empty rows at `positions`, whole or not at all."""
    path = staged_path(segment)
    if not path.exists():
        return
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    given = f"read_parquet({text_sql(path)}, file_row_number = true)"
    described = reader.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {given}").fetchall()
    listed = ", ".join(f'CASE WHEN place IS NULL THEN "{row[0]}" END AS "{row[0]}"' for row in described)
    reader.register("emptied_places", {"place": np.asarray(positions, dtype=np.int64)})
    try:
        reader.execute(
            f"""COPY (SELECT {listed} FROM {given} LEFT JOIN emptied_places ON place = file_row_number
                ORDER BY file_row_number) TO {text_sql(fresh)} (FORMAT parquet)"""
        )
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        reader.unregister("emptied_places")
        fresh.unlink(missing_ok=True)


def erase_quarantined(names: Names) -> int:
    """Delete what stands in quarantine, in whatever state, and is to go. Returns how many items."""
    rows = Quarantine.objects.order_by("id").values_list("id", "source", "raw", "file")
    chosen = [id_ for id_, source, raw, file in rows.iterator(chunk_size=500) if names(source, raw, file)]
    return sum(Quarantine.objects.filter(id__in=part).delete()[0] for part in _parts(chosen))


def erase_quarantined_between(start: datetime, end: datetime) -> int:
    """Delete what was set aside of what came in a period. Returns how many items."""
    return Quarantine.objects.filter(received_at__gte=start, received_at__lt=end).delete()[0]


def erase_jobs(names: Names) -> int:
    """Delete jobs that name the person, and their last error where it does. Returns how many jobs."""
    n = 0
    for job in Job.objects.order_by("id"):
        if names("", json.dumps(job.payload), ""):
            n += Job.objects.filter(id=job.id).delete()[0]
        elif job.last_error and names("", job.last_error, ""):
            n += Job.objects.filter(id=job.id).update(last_error="")
    return n


def sweep_temporary(now: datetime) -> int:
    """Remove what lies in the folder for temporary files for more than a day: remains of work that was killed."""
    n = 0
    folder = settings.REGARD.temporary_dir
    for path in {path for pattern in REMAINS for path in folder.glob(pattern)}:
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) > now - REMAINS_AFTER:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        n += 1
    return n


def scrub_store() -> bool:
    """Overwrite what deleted rows left behind in the operational store's files. False: others read, try again.

    SQLite zeroes what it deletes (see the settings); what stands in its write-ahead log, and on pages that were freed
    before, goes by writing both anew. PostgreSQL frees dead rows by VACUUM; its own logs are its administrator's.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in (Segment, Quarantine, Job):
                cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
            return True
        cursor.execute("SELECT file FROM pragma_database_list WHERE name = 'main'")
        file = cursor.fetchone()[0]
        if not file:
            return True
        if Path(file).stat().st_size <= SCRUB_BYTES:
            cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(cursor.fetchone()[0] == 0)


def _find_in(
    reader: duckdb.DuckDBPyConnection,
    segments: Sequence[SegmentRow],
    find: Find,
    names: Names,
    places: dict[int, list[int]],
) -> int:
    """Add to `places` what is to go of these segments of one codec; returns how many cannot be read at all."""
    present = [segment for segment in segments if not segment.path or staged_path(segment).exists()]
    if not present:
        return 0
    try:
        codec = CODECS.get(present[0].codec)
        codec.look_up()
        codec.to_incoming(reader, present, TABLE)
        rows = find(reader, TABLE)
    except (duckdb.Error, ValueError, RuntimeError):
        if len(present) > 1:
            return sum(_find_in(reader, [segment], find, names, places) for segment in present)
        return _find_in_text(present[0], names, places)
    reader.register("rows_to_erase", {"id": rows})
    found = reader.execute(
        f"SELECT seq, position FROM {TABLE} WHERE rowid IN (SELECT id FROM rows_to_erase) AND NOT ({IS_EMPTIED})"
    ).fetchall()
    reader.unregister("rows_to_erase")
    reader.execute(f"DROP TABLE {TABLE}")
    for seq, position in found:
        places.setdefault(seq, []).append(position)
    return 0


def _find_in_text(segment: SegmentRow, names: Names, places: dict[int, list[int]]) -> int:
    """The same for a segment that cannot be decoded as a whole: item by item, as it came."""
    try:
        items = [CODECS.get(segment.codec).raw(segment, position) for position in range(segment.n)]
    except (duckdb.Error, ValueError, RuntimeError):
        return 1
    chosen = [position for position, raw in enumerate(items) if names(segment.source, raw, "")]
    if chosen:
        places[segment.seq] = chosen
    return 0


def _of_one_codec(segments: Sequence[SegmentRow]) -> Iterator[list[SegmentRow]]:
    by_codec: dict[str, list[SegmentRow]] = {}
    for segment in segments:
        by_codec.setdefault(segment.codec, []).append(segment)
    yield from by_codec.values()


def _parts(ids: Sequence[int], size: int = 500) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), size):
        yield ids[first : first + size]
