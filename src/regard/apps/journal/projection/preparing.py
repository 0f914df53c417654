"""From decoded segments to a batch: less what may not enter or is known already."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import numpy as np

from regard.apps.journal.projection.ratings import add_further, make_further, object_to_further
from regard.apps.journal.projection.verdicts import (
    TABLE,
    Counts,
    count_verdicts,
    list_entered,
    list_rejected,
    make_verdicts,
    mark_erased,
    mark_known,
    repeat_verdicts,
)
from regard.apps.journal.recent import RecentIds
from regard.apps.journal.segments import SegmentRow
from regard.apps.journal.services import Rejected
from regard.apps.journal.sorted_ids import WIDTH
from regard.warehouse.log import Log

_NO_ID = f"unhex('{bytes(WIDTH).hex()}')"


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
    """Reduce the table TABLE, to which `segments` were decoded, to what is new and sound in them.

    Args:
        segments: either all decided before, which is not decided again, or none of them.
        recent: gives the ids of the last days before these segments.
        restored_until: segments up to this one are looked for in the log itself, since a restore brought the
            journal back beside a log that may hold them already.
        left_out: (seq, position) of items that are parked.
    """
    prepared = Prepared(ids=_ids_of(connection, segments))
    has_further = make_further(connection, TABLE)
    if is_decided(segments):
        repeat_verdicts(connection, segments)
    else:
        make_verdicts(connection, segments)
        if has_further:
            object_to_further(connection)
    prepared.erased = mark_erased(connection)
    if not is_decided(segments):
        prepared.rejected = list_rejected(connection, segments)
        ids = b"".join(ids for _, ids in prepared.ids)
        mark_known(connection, ids, segments, recent(), log, restored_until)
        prepared.entered = list_entered(connection, segments)
    if left_out:
        places = ", ".join(f"({seq}, {position})" for seq, position in left_out)
        connection.execute(f"UPDATE verdicts SET reason = 'parked' WHERE (seq, position) IN ({places})")
    prepared.counts = count_verdicts(connection, segments)
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


def _ids_of(
    connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]
) -> list[tuple[datetime, bytes]]:
    """The ids of the rows, after seeing that each segment's are those that were acknowledged, in their order.

    Raises: ValueError where they are not.
    """
    # A row without a message id has no id; such rows are rejected and need none.
    listed = f"SELECT seq, coalesce(interaction_id, {_NO_ID}) AS id FROM {TABLE}"
    columns = connection.execute(listed).fetchnumpy()
    seqs, ids = np.asarray(columns["seq"]), columns["id"]
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
