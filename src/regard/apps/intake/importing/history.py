"""The list of imports: which file came when, how it is read, how far it is and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from regard.apps.intake.importing.reports import Report
from regard.apps.intake.models import FileImport
from regard.warehouse.files.reader import FileReader
from regard.warehouse.files.toml import as_toml

SILENT = timedelta(minutes=2)  # After this long without a sign, a running import was stopped.


@dataclass(frozen=True, slots=True)
class Note:
    """Why something was guessed: a code of `warehouse.files.reasons`, the column and the values of the sentence."""

    code: str
    column: str
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One taking-in of a file."""

    id: int
    key: str
    source: str
    file: str
    path: str
    brought_by: int | None
    state: str
    format: str
    delimiter: str
    columns: tuple[str, ...]
    mapping: str
    notes: tuple[Note, ...]
    n_bytes: int
    n_read: int
    n_new: int
    n_known: int
    n_rejected: int
    share_read: float
    message: str
    made_at: datetime
    moved_at: datetime
    finished_at: datetime | None

    def is_silent(self, now: datetime) -> bool:
        """Whether it should be running but has long given no sign."""
        return self.state == "running" and now - self.moved_at > SILENT


def begin_import(
    key: str, reader: FileReader, source: str, *, now: datetime | None = None, import_id: int | None = None
) -> ImportRow:
    """Note that a file is being taken in; one that was stopped on the way goes on in its own row.

    Args:
        import_id: the row that waits for it, where it was brought by a browser.
    """
    moment = now or datetime.now(UTC)
    values: dict[str, Any] = {
        "key": key,
        "source": source,
        "state": "running",
        "message": "",
        "format": reader.form.format.value,
        "delimiter": reader.delimiter,
        "columns": list(reader.columns),
        "mapping": as_toml(replace(reader.mapping, reasons=())),
        "n_bytes": reader.path.stat().st_size,
        "moved_at": moment,
    }
    if import_id is None:
        stopped = (
            FileImport.objects.filter(key=key, state="running", finished_at=None).order_by("-id").first()
        )
        import_id = stopped.id if stopped else None
    if import_id is not None:
        FileImport.objects.filter(id=import_id).update(**values)
        return _row(FileImport.objects.get(id=import_id))
    return _row(FileImport.objects.create(file=reader.path.name[:300], made_at=moment, **values))


def note_progress(import_id: int, *, n_read: int, share_read: float) -> None:
    """Note how far an import is."""
    FileImport.objects.filter(id=import_id).update(
        n_read=n_read, share_read=share_read, moved_at=datetime.now(UTC)
    )


def end_import(import_id: int, report: Report) -> None:
    """Note what came of an import."""
    now = datetime.now(UTC)
    FileImport.objects.filter(id=import_id).update(
        state="failed" if report.problem else "done",
        message=report.problem or "",
        n_read=report.n_read,
        n_new=report.n_new,
        n_known=report.n_known,
        n_rejected=report.n_rejected,
        share_read=1.0,
        moved_at=now,
        finished_at=now,
    )


def fail_import(import_id: int, message: str) -> None:
    """Note that an import cannot be done, and why."""
    now = datetime.now(UTC)
    FileImport.objects.filter(id=import_id).update(
        state="failed", message=message, moved_at=now, finished_at=now
    )


def list_imports(*, limit: int = 50) -> list[ImportRow]:
    """The latest imports, newest first, without those that are being prepared."""
    rows = FileImport.objects.exclude(state="draft").order_by("-id")[:limit]
    return [_row(row) for row in rows]


def find_import(import_id: int) -> ImportRow | None:
    """One import."""
    row = FileImport.objects.filter(id=import_id).first()
    return _row(row) if row else None


def _row(row: FileImport) -> ImportRow:
    return ImportRow(
        row.id,
        row.key,
        row.source,
        row.file,
        row.path,
        row.brought_by,
        row.state,
        row.format,
        row.delimiter,
        tuple(row.columns),
        row.mapping,
        tuple(Note(*note) for note in row.notes),
        row.n_bytes,
        row.n_read,
        row.n_new,
        row.n_known,
        row.n_rejected,
        row.share_read,
        row.message,
        row.made_at,
        row.moved_at,
        row.finished_at,
    )
