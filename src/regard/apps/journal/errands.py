"""Work that only the elected projector may do, between two batches: what changes the log or the journal itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from regard.apps.journal.projection.fence import Fence
from regard.kernel.registry import Registry
from regard.warehouse.log import Log


@dataclass(slots=True)
class Turn:
    """What an errand works with: the log, and the right to write, which its transactions check.

    Args:
        is_memory_stale: set by an errand that changed what consumers keep in memory.
    """

    log: Log
    fence: Fence
    now: datetime
    is_memory_stale: bool = False


class Errand(Protocol):
    """Something that is due now and then. It is done in short pieces, so that the journal is read in between."""

    @property
    def key(self) -> str:
        """Its name."""
        ...

    def is_due(self, now: datetime) -> bool:
        """Whether there is something to do; asked between all batches, so it has to be quick."""
        ...

    def run(self, turn: Turn) -> None:
        """Do one piece of about a second.

        A crash at any point must leave what the next call completes.
        """
        ...


ERRANDS: Registry[Errand] = Registry("errand")
