"""What becomes of each row of a batch: rejected, erased before, known before, or it enters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import duckdb
import numpy as np

from regard.apps.journal.codecs import CODECS
from regard.apps.journal.objections import find_refused
from regard.apps.journal.projection.entries import pack_entries, places_left_out
from regard.apps.journal.recent import KEEP, RecentIds
from regard.apps.journal.segments import SegmentRow
from regard.apps.journal.services import Rejected
from regard.warehouse.log import Log
from regard.warehouse.schema.checks import REASONS, reasons_sql

# A row that was already this old when it came may repeat one that the ids in memory have forgotten.
LATE = KEEP - timedelta(days=1)
SENTENCES: Mapping[str, str] = {
    **REASONS,
    "amount_unreadable": "The amount is not a number that fits; write it as 86.40, without a currency sign or thousands marks.",
    "score_unreadable": "The score is not a number; write it as 9.",
    "time_unreadable": "The time is not one that can be read; write it as 2026-03-01T10:15:30Z.",
    "unreadable": "The item cannot be read. It stands here as it came.",
    "browser_may_not": "A browser's key is public, so it may not send orders, money, ratings or cases: send it from a server.",
}
TABLE = "incoming"
ERASED = "erased"
# How an item reads that was emptied (see `journal.erasing`); one that cannot be decoded reads the same.
IS_EMPTIED = "source IS NULL AND message_id IS NULL"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a segment's interactions."""

    n_new: int
    n_known: int
    n_rejected: int


def make_verdicts(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> None:
    """Create `verdicts`: for each row why it may not enter; nothing is known yet."""
    # Rows of files were checked where their scale was known: a converted rating may be a fraction.
    files = ", ".join(str(segment.seq) for segment in segments if segment.codec == "parquet") or "-1"
    reason = f"coalesce(refusal, {reasons_sql(None, fractions=f'seq IN ({files})')})"
    unreadable = [(segment.seq, position) for segment in segments for position in segment.unreadable]
    if unreadable:
        places = ", ".join(map(str, unreadable))
        reason = f"CASE WHEN (seq, position) IN ({places}) THEN 'unreadable' ELSE {reason} END"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE verdicts AS
        SELECT rowid AS id, seq, position, interaction_id, {reason} AS reason, false AS is_known FROM {TABLE}"""
    )


def repeat_verdicts(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> None:
    """Create `verdicts` as they were given before; what was emptied since does not enter again."""
    seqs, positions = places_left_out(segments)
    connection.register("left_out_places", {"seq": seqs, "position": positions})
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE verdicts AS
        SELECT rowid AS id, seq, position, interaction_id, NULL::VARCHAR AS reason,
            message_id IS NULL OR (seq, position::BIGINT) IN (SELECT (seq, position) FROM left_out_places) AS is_known
        FROM {TABLE}"""
    )
    connection.unregister("left_out_places")


def mark_erased(connection: duckdb.DuckDBPyConnection) -> dict[int, list[int]]:
    """Leave out what was emptied, and what is refused because it was erased before; returns the places of the latter."""
    connection.execute(
        f"UPDATE verdicts SET reason = '{ERASED}' WHERE reason IS DISTINCT FROM 'unreadable' "
        f"AND id IN (SELECT rowid FROM {TABLE} WHERE {IS_EMPTIED})"
    )
    refused = find_refused(connection, TABLE)
    if not len(refused):
        return {}
    connection.register("refused_rows", {"id": refused})
    found = connection.execute(
        f"SELECT seq, position FROM verdicts WHERE reason IS DISTINCT FROM '{ERASED}' AND id IN (SELECT id FROM refused_rows)"
    ).fetchall()
    connection.execute(f"UPDATE verdicts SET reason = '{ERASED}' WHERE id IN (SELECT id FROM refused_rows)")
    connection.unregister("refused_rows")
    places: dict[int, list[int]] = {}
    for seq, position in found:
        places.setdefault(seq, []).append(position)
    return places


def list_rejected(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> list[Rejected]:
    """The rows that may not enter, each with its reason, for quarantine."""
    by_seq = {segment.seq: segment for segment in segments}
    rows = connection.execute(
        f"SELECT seq, position, reason FROM verdicts WHERE reason IS NOT NULL AND reason <> '{ERASED}' ORDER BY id"
    ).fetchall()
    return [
        Rejected(
            source=by_seq[seq].source,
            received_at=by_seq[seq].received_at,
            reason=reason,
            message=SENTENCES.get(reason, reason),
            raw=CODECS.get(by_seq[seq].codec).raw(by_seq[seq], position),
            seq=seq,
            line=position,
        )
        for seq, position, reason in rows
    ]


def list_entered(
    connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]
) -> Mapping[int, bytes]:
    """What entered of a batch that is decided now."""
    out = connection.execute(
        "SELECT seq, position FROM verdicts WHERE reason IS NOT NULL OR is_known ORDER BY id"
    ).fetchnumpy()
    seqs, positions = np.asarray(out["seq"], dtype=np.int64), np.asarray(out["position"], dtype=np.int64)
    return pack_entries(segments, seqs, positions)


def mark_known(
    connection: duckdb.DuckDBPyConnection,
    ids: bytes,
    segments: Sequence[SegmentRow],
    recent: RecentIds,
    log: Log,
    restored_until: int,
) -> None:
    """Mark what repeats an earlier row: of this batch, of the last days, or (late and file rows) of the log."""
    mask = recent.known(ids)
    if mask.any():
        connection.register("known_rows", {"id": np.flatnonzero(mask)})
        connection.execute("UPDATE verdicts SET is_known = true WHERE id IN (SELECT id FROM known_rows)")
        connection.unregister("known_rows")
    twice = (
        "SELECT count(*) - count(DISTINCT interaction_id) FROM verdicts WHERE reason IS NULL AND NOT is_known"
    )
    if connection.execute(twice).fetchall() != [(0,)]:
        connection.execute(
            """UPDATE verdicts SET is_known = true WHERE reason IS NULL AND NOT is_known AND id NOT IN (
            SELECT min(id) FROM verdicts WHERE reason IS NULL AND NOT is_known GROUP BY interaction_id)"""
        )
    files = [segment.seq for segment in segments if segment.codec == "parquet"]
    is_old = f"""(i.seq IN ({", ".join(map(str, files or [-1]))})
        OR i.occurred_at < i.received_at - INTERVAL {int(LATE.total_seconds())} SECONDS
        OR i.seq <= {restored_until})"""
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE late AS SELECT i.interaction_id, i.occurred_at FROM {TABLE} i
        JOIN verdicts v ON v.id = i.rowid WHERE v.reason IS NULL AND NOT v.is_known AND {is_old}"""
    )
    if connection.execute("SELECT count(*) FROM late").fetchall() != [(0,)]:
        log.known_ids(connection, "late")
        connection.execute(
            "UPDATE verdicts SET is_known = true WHERE reason IS NULL AND interaction_id IN (SELECT interaction_id FROM known)"
        )
        connection.execute("DROP TABLE known")
    connection.execute("DROP TABLE late")


def count_verdicts(
    connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]
) -> dict[int, Counts]:
    """How many of each segment are new, known and rejected, by its number."""
    rows = connection.execute(
        """SELECT seq, count(*) FILTER (reason IS NULL AND NOT is_known), count(*) FILTER (reason IS NULL AND is_known),
            count(*) FILTER (reason IS NOT NULL) FROM verdicts GROUP BY seq"""
    ).fetchall()
    counts = {segment.seq: Counts(0, 0, 0) for segment in segments}
    counts.update((seq, Counts(new, known, rejected)) for seq, new, known, rejected in rows)
    return counts
