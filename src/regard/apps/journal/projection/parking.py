"""What keeps failing is found and set aside, so that the rest goes on.

An item that cannot be decoded goes to quarantine as it came. One whose effect fails for a consumer is parked. A segment
that cannot be read at all is parked whole.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

import duckdb
from django.db import InterfaceError, OperationalError

from regard.apps.journal import services
from regard.apps.journal.consumers import in_order
from regard.apps.journal.models import OPEN, UNREADABLE
from regard.apps.journal.projection.fence import Deposed
from regard.apps.journal.projection.run import Run, without
from regard.apps.journal.projection.verdicts import TABLE
from regard.apps.journal.segments import SegmentRow
from regard.kernel.errors import Permanent, Temporary

logger = logging.getLogger(__name__)

DECODE = "decode"  # Under this name stands what cannot even be read.
ATTEMPTS = 3
WILL_PASS = (
    Temporary,
    OSError,
    OperationalError,
    InterfaceError,
    MemoryError,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
)


class Reader(Protocol):
    """The projector, as far as it is needed here."""

    now: Callable[[], datetime]

    def begin(self) -> Run: ...

    def forget(self) -> None: ...

    def apply(self, segments: Sequence[SegmentRow]) -> None: ...


class Parking:
    """Takes over a batch that failed several times."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def split(self, segments: Sequence[SegmentRow], *, error: Exception) -> None:
        """Go on with what is sound: halves of the batch, down to the one segment, in it down to the bad items."""
        if len(segments) == 1:
            self._set_aside(segments[0], error)
            return
        middle = len(segments) // 2
        for part in (segments[:middle], segments[middle:]):
            try:
                self.reader.apply(part)
            except (*WILL_PASS, Deposed):
                raise
            except Exception as found:
                self.reader.forget()
                self.split(part, error=found)

    def _set_aside(self, segment: SegmentRow, error: Exception) -> None:
        """Set the items of one segment aside that cannot be read or whose effect fails, and apply the rest."""
        if self._is_unreadable(segment, range(segment.n)):
            self._park(DECODE, segment, self._find_unreadable(segment), error)
        else:
            consumer, bad = self._find_failing(segment)
            self._park(consumer, segment, bad, error)
        try:
            self.reader.apply([segment])
        except (*WILL_PASS, Deposed):
            raise
        except Exception as found:  # What could not be read hid what fails.
            self.reader.forget()
            raise Temporary(f"Segment {segment.seq} fails for another reason, too.") from found

    def _find_unreadable(self, segment: SegmentRow) -> list[int] | None:
        """The items that cannot be decoded; None where the segment itself is broken, or all that it holds."""
        if self._is_unreadable(segment, ()):
            return None
        bad = _bisect(range(segment.n), lambda kept: self._is_unreadable(segment, kept))
        return None if len(bad) == segment.n > 1 else bad

    def _find_failing(self, segment: SegmentRow) -> tuple[str, list[int]]:
        """For which consumer, and on which items, the segment fails.

        Raises: Temporary where a consumer fails with nothing to do as well: then the fault is not in the items.
        """
        for number, consumer in enumerate(in_order()):
            if self._fails(segment, range(segment.n), number):
                if self._fails(segment, (), number):
                    raise Temporary(f"'{consumer.key}' fails with any interaction; nothing is parked.")
                fails = partial(self._fails, segment, number=number)
                return consumer.key, _bisect(range(segment.n), fails)
        raise Temporary("What failed before succeeds now; it is tried again.")

    def _is_unreadable(self, segment: SegmentRow, kept: Sequence[int]) -> bool:
        """Whether the segment cannot be decoded with only these of its items."""
        left_out = {(segment.seq, place) for place in set(range(segment.n)).difference(kept)}
        try:
            self.reader.begin().prepare([without(segment, left_out)], now=self.reader.now())
        except (*WILL_PASS, Deposed):
            raise
        except Exception:
            self.reader.forget()
            return True
        return False

    def _fails(self, segment: SegmentRow, kept: Sequence[int], number: int) -> bool:
        """Whether the consumers up to `number` fail on these items of a segment; leaves no trace."""
        run, now = self.reader.begin(), self.reader.now()
        run.prepare([segment], now=now)
        listed = ", ".join(map(str, [-1, *kept]))
        run.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {TABLE} AS SELECT * FROM {TABLE} WHERE position IN ({listed}) ORDER BY seq, position"
        )
        batch = run.batch([segment], now=now, is_trial=True)
        try:
            for consumer in in_order()[: number + 1]:
                consumer.apply(batch)
        except (*WILL_PASS, Deposed):
            raise
        except Exception:
            return True
        finally:
            self.reader.forget()
        return False

    def _park(
        self, consumer: str, segment: SegmentRow, positions: Sequence[int] | None, error: Exception
    ) -> None:
        """Park these items, or the whole segment; what cannot be read goes to quarantine when the rest is applied."""
        is_unreadable = consumer == DECODE and positions is not None
        for position in [None] if positions is None else positions:
            logger.error("parked consumer=%s seq=%d position=%s", consumer, segment.seq, position)
            services.park(
                consumer,
                seq=segment.seq,
                position=position,
                reason=_reason(error),
                attempts=ATTEMPTS,
                now=self.reader.now(),
                state=UNREADABLE if is_unreadable else OPEN,
            )


def _reason(error: Exception) -> str:
    """Why it failed: what we say ourselves, but only the type of others' errors, whose text may hold customers' words."""
    if isinstance(error, Permanent):
        return str(error)
    return f"{type(error).__name__}: its effect failed {ATTEMPTS} times."


def _bisect(positions: Sequence[int], fails: Callable[[Sequence[int]], bool]) -> list[int]:
    """The positions that fail by themselves, or, where they fail only together, all of them."""
    if len(positions) == 1:
        return list(positions)
    middle = len(positions) // 2
    failing = [half for half in (positions[:middle], positions[middle:]) if fails(half)]
    if not failing:
        return list(positions)
    return [place for half in failing for place in _bisect(half, fails)]
