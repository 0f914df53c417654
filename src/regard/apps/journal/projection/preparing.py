"""From segments to a batch: decoded, checked, and without what was known before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import duckdb
import numpy as np
from django.db import connection as store

from regard.apps.journal.codecs import CODECS, EXTRA, staged_path
from regard.apps.journal.objections import find_refused
from regard.apps.journal.projection.entries import pack_entries, places_left_out
from regard.apps.journal.projection.ratings import add_further, make_further, object_to_further
from regard.apps.journal.queries import SegmentRow
from regard.apps.journal.recent import KEEP, RecentIds, run_folder
from regard.apps.journal.services import Rejected
from regard.apps.journal.sorted_ids import WIDTH
from regard.warehouse.log import Log
from regard.warehouse.schema.checks import REASONS, reasons_sql
from regard.warehouse.schema.incoming import INCOMING

# A row that was already this old when it came may repeat one that the ids in memory have forgotten.
LATE = KEEP - timedelta(days=1)
SENTENCES: Mapping[str, str] = {
    **REASONS,
    "amount_unreadable": "The amount is not a number that fits; write it as 86.40, without a currency sign or thousands marks.",
    "score_unreadable": "The score is not a number; write it as 9.",
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


@dataclass(slots=True)
class Prepared:
    """A batch ready for its consumers, in the table TABLE.

    Args:
        counts, entered: of the segments that were decided now, by their number.
        ids: of all interactions of the batch, by the time they were taken in.
        erased: positions of items, by segment, that were erased before and came again.
    """

    counts: dict[int, Counts] = field(default_factory=dict)
    entered: Mapping[int, bytes] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    ids: list[tuple[datetime, bytes]] = field(default_factory=list)
    erased: Mapping[int, list[int]] = field(default_factory=dict)


def prepare(
    connection: duckdb.DuckDBPyConnection,
    segments: Sequence[SegmentRow],
    *,
    recent: Callable[[], RecentIds],
    log: Log,
    restored_until: int,
    left_out: Collection[tuple[int, int]] = (),
) -> Prepared:
    """Create the table `incoming` of what is new and sound in `segments`, in the order of the journal.

    Args:
        segments: either all decided before, which is not decided again, or none of them.
        recent: gives the ids of the last days before these segments.
        restored_until: segments up to this one are looked for in the log itself, since a restore brought the
            journal back beside a log that may hold them already.
        left_out: (seq, position) of items that are parked.
    """
    _decode(connection, segments)
    prepared = Prepared(ids=_ids_of(connection, segments))
    has_further = make_further(connection, TABLE)
    if is_decided(segments):
        _repeat_verdicts(connection, segments)
    else:
        _make_verdicts(connection, segments)
        if has_further:
            object_to_further(connection)
    prepared.erased = _mark_erased(connection)
    if not is_decided(segments):
        prepared.rejected = _rejected(connection, segments)
        _mark_known(connection, prepared, segments, recent(), log, restored_until)
        prepared.entered = _entered(connection, segments)
    if left_out:
        places = ", ".join(f"({seq}, {position})" for seq, position in left_out)
        connection.execute(f"UPDATE verdicts SET reason = 'parked' WHERE (seq, position) IN ({places})")
    prepared.counts = _counts(connection, segments)
    gone = "SELECT count(*) FROM verdicts WHERE reason IS NOT NULL OR is_known"
    if connection.execute(gone).fetchall() != [(0,)]:
        connection.execute(
            f"DELETE FROM {TABLE} WHERE rowid IN (SELECT id FROM verdicts WHERE reason IS NOT NULL OR is_known)"
        )
    connection.execute("DROP TABLE verdicts")
    if has_further:
        add_further(connection, TABLE)
    return prepared


def is_decided(segments: Sequence[SegmentRow]) -> bool:
    """Whether it was decided before what of these segments enters."""
    return all(segment.entered is not None for segment in segments)


def _make_verdicts(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> None:
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


def _repeat_verdicts(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> None:
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


def _mark_erased(connection: duckdb.DuckDBPyConnection) -> dict[int, list[int]]:
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


def _decode(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> None:
    by_codec: dict[str, list[SegmentRow]] = {}
    for segment in segments:
        by_codec.setdefault(segment.codec, []).append(segment)
    if len(by_codec) == 1:
        [(key, rows)] = by_codec.items()
        CODECS.get(key).to_incoming(connection, rows, TABLE)
        return
    parts = []
    for number, (key, rows) in enumerate(by_codec.items()):
        CODECS.get(key).to_incoming(connection, rows, f"{TABLE}_{number}")
        parts.append(f"SELECT {INCOMING.select_list}, is_browser, refusal, further FROM {TABLE}_{number}")
    if not parts:
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} ({INCOMING.definition}, {EXTRA})")
        return
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {TABLE} AS {' UNION ALL '.join(parts)} ORDER BY seq, position"
    )
    for number in range(len(parts)):
        connection.execute(f"DROP TABLE {TABLE}_{number}")


def _ids_of(
    connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]
) -> list[tuple[datetime, bytes]]:
    """The ids of the rows, after seeing that each segment's are those that were acknowledged, in their order.

    Raises: ValueError where they are not.
    """
    columns = connection.execute(f"SELECT seq, interaction_id FROM {TABLE}").fetchnumpy()
    seqs, ids = np.asarray(columns["seq"]), columns["interaction_id"]
    # A row without a message id has no id; such rows are rejected and need none.
    ids = [one if isinstance(one, bytes | bytearray) else bytes(16) for one in ids]
    found = []
    for segment in segments:
        first, last = np.searchsorted(seqs, [segment.seq, segment.seq + 1])
        for position in segment.unreadable:
            ids[first + position] = segment.ids[WIDTH * position : WIDTH * (position + 1)]
        joined = b"".join(ids[first:last])
        if segment.ids and joined != segment.ids:
            raise ValueError(f"Segment {segment.seq} does not hold the interactions that its ids name.")
        found.append((segment.received_at, joined))
    return found


def _rejected(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> list[Rejected]:
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


def _entered(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> Mapping[int, bytes]:
    """What entered of a batch that is decided now."""
    out = connection.execute(
        "SELECT seq, position FROM verdicts WHERE reason IS NOT NULL OR is_known ORDER BY id"
    ).fetchnumpy()
    seqs, positions = np.asarray(out["seq"], dtype=np.int64), np.asarray(out["position"], dtype=np.int64)
    return pack_entries(segments, seqs, positions)


def _mark_known(
    connection: duckdb.DuckDBPyConnection,
    prepared: Prepared,
    segments: Sequence[SegmentRow],
    recent: RecentIds,
    log: Log,
    restored_until: int,
) -> None:
    """Mark what repeats an earlier row: of this batch, of the last days, or (late and file rows) of the log."""
    mask = recent.known(b"".join(ids for _, ids in prepared.ids))
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


def _counts(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> dict[int, Counts]:
    rows = connection.execute(
        """SELECT seq, count(*) FILTER (reason IS NULL AND NOT is_known), count(*) FILTER (reason IS NULL AND is_known),
            count(*) FILTER (reason IS NOT NULL) FROM verdicts GROUP BY seq"""
    ).fetchall()
    counts = {segment.seq: Counts(0, 0, 0) for segment in segments}
    counts.update((seq, Counts(new, known, rejected)) for seq, new, known, rejected in rows)
    return counts


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
