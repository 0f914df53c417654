"""How items that were set aside come back: each kind of item has its way, registered by the slice that took it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from regard.apps.journal.queries import QuarantineRow
from regard.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class WayBack:
    """One way back.

    Args:
        takes: whether this item can come back this way.
        cells: the item as names and values to be corrected one by one; None where it is corrected as one text.
        bring_back: take it in as it stands, or corrected: the cells that were changed, or the whole text under "".
            Raises InvalidInput where it still may not enter.
    """

    key: str
    takes: Callable[[QuarantineRow], bool]
    cells: Callable[[QuarantineRow], Mapping[str, str] | None]
    bring_back: Callable[[QuarantineRow, Mapping[str, str], datetime], None]


WAYS_BACK: Registry[WayBack] = Registry("way back from quarantine")


def find_way_back(row: QuarantineRow) -> WayBack | None:
    """The way that an item can come back; None where it is dealt with, or must be sent again by its sender."""
    if row.state != "open":
        return None
    return next((way for way in WAYS_BACK if way.takes(row)), None)
