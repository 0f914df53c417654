"""Rows of files come back from quarantine cell by cell, read as their file was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from regard.apps.journal.queries import QuarantineRow
from regard.apps.journal.ways_back import WAYS_BACK, WayBack


def _is_row(row: QuarantineRow) -> bool:
    from regard.apps.intake.importing.refusals import import_of

    return bool(row.file) and not row.raw.endswith("…") and import_of(row) is not None


def _cells(row: QuarantineRow) -> Mapping[str, str] | None:
    from regard.apps.intake.importing.refusals import import_of
    from regard.apps.intake.importing.replaying import cells_of

    known = import_of(row)
    if known is None:
        return None
    found = cells_of(row.raw, known)
    return {name: "" if found.get(name) is None else str(found[name]) for name in known.columns}


def _bring_back(row: QuarantineRow, changes: Mapping[str, str], now: datetime) -> None:
    from regard.apps.intake.importing.replaying import replay

    replay(row.id, changes, now=now)


rows = WAYS_BACK.register(WayBack("row", _is_row, _cells, _bring_back))
