"""From segments to rows, for the present batch or, in a thread of its own, for the one after it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import duckdb

from regard.apps.journal.codecs import CODECS, EXTRA
from regard.apps.journal.projection.verdicts import TABLE
from regard.apps.journal.segments import SegmentRow
from regard.warehouse.schema.incoming import INCOMING


def look_up(segments: Sequence[SegmentRow]) -> None:
    """Have the codecs of these segments read from the store what they need to know; before `decode`."""
    for key in {segment.codec for segment in segments}:
        CODECS.get(key).look_up()


def decode(connection: duckdb.DuckDBPyConnection, segments: Sequence[SegmentRow]) -> None:
    """Create the table TABLE on this connection: all rows of the segments, in the order of the journal."""
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


class Ahead:
    """The batch after the present one, decoded while that is applied: most of its time a projector waits for disks.

    Args:
        connection: where it is decoded.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self.segments: list[SegmentRow] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="decoding")
        self._decoded: Future[None] | None = None

    def begin(self, segments: Sequence[SegmentRow]) -> None:
        """Start to decode these segments."""
        self.drop()
        if segments:
            look_up(segments)
            self.segments = list(segments)
            self._decoded = self._thread.submit(decode, self.connection, self.segments)

    def take(self, segments: Sequence[SegmentRow]) -> bool:
        """Whether just these segments stand decoded on the connection. What failed is met again where it is decoded anew."""
        is_same, decoded = self.segments == list(segments), self._decoded
        self.segments, self._decoded = [], None
        return decoded is not None and decoded.exception() is None and is_same

    def drop(self) -> None:
        """Forget what was decoded: the journal, or what is known of it, may be another now."""
        self.take(())

    def close(self) -> None:
        """End the thread, then the connection."""
        self._thread.shutdown()
        self.connection.close()
