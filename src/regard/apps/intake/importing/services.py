"""Take files in: read, stage, journal, and see them projected."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from django.conf import settings

from regard.apps.intake import services as intake
from regard.apps.intake.importing.history import begin_import, end_import, fail_import, note_progress
from regard.apps.intake.importing.projecting import Beside
from regard.apps.intake.importing.reports import Report, Watcher
from regard.apps.intake.importing.staging import Staged, Stager
from regard.apps.intake.importing.state import key_of
from regard.apps.intake.queries import SourceRow
from regard.apps.journal.staged import Outcome
from regard.apps.organisation import queries as organisation
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.declared import read_mapping
from regard.warehouse.files.identifiers import check_region
from regard.warehouse.files.mapping import Mapping
from regard.warehouse.files.reader import FileReader, IncompleteMapping, open_file
from regard.warehouse.files.scales import WrongScale
from regard.warehouse.files.toml import write_mapping
from regard.warehouse.literals import text_sql

DEFAULT_SOURCE = "files"


def import_files(
    files: Sequence[Path],
    *,
    source: str = DEFAULT_SOURCE,
    mapping: Path | None = None,
    now: datetime | None = None,
    watcher: Watcher | None = None,
    is_made_up: bool = False,
    region: str = "",
) -> list[Report]:
    """Take in every row of `files` once, however often and in whatever order they are given.

    Args:
        source: its key; added as a source of files where it is new.
        mapping: which column is what; without it, names are guessed and the guess is written beside each file.
        region: the country (ISO 3166) of phone numbers without country code; the source's where none is given.

    Returns: one report for each file, after its rows can be asked about; one that is no table, or empty, says so in it.
    Raises: InvalidInput where there is no such file or the mapping does not fit one; then nothing is taken in.
    """
    moment = now or datetime.now(UTC)
    watcher = watcher or Watcher()
    declared = read_mapping(mapping) if mapping is not None else None
    row = intake.ensure_source(source, is_made_up=is_made_up)
    around = region or row.region
    readers = [open_for(path, declared, row.key, moment, region=around) for path in files]
    reports = []
    for path, reader in zip(files, readers, strict=True):
        reports.append(take_in(path, reader, row, moment, watcher, guessed=declared is None))
    return reports


def open_for(
    path: Path, mapping: Mapping | None, source: str, now: datetime, *, region: str = ""
) -> FileReader:
    """Open a file with the organisation's zone, currency and country for what it does not say itself."""
    chosen = organisation.get_settings()
    try:
        return open_file(
            path,
            mapping,
            source=source,
            default_zone=chosen.zone,
            default_currency=chosen.currency,
            now=now,
            default_region=check_region(region) if region else chosen.phone_region or None,
        )
    except IncompleteMapping as error:
        draft = _write_guess(path, error.mapping)
        where = f" A draft to complete is in {draft}." if draft else ""
        raise InvalidInput(f"{path.name}: {error}{where}") from error


def take_in(
    path: Path,
    reader: FileReader,
    source: SourceRow,
    now: datetime,
    watcher: Watcher,
    *,
    guessed: bool = False,
    import_id: int | None = None,
    projecting: Callable[[], Beside] = Beside,
) -> Report:
    """Take in one opened file.

    Args:
        guessed: the mapping was guessed, and is written beside the file.
        import_id: the row of the list of imports that waits for it.
        projecting: who sees the staged rows into the log.
    """
    began = time.monotonic()
    if reader.problem:
        return _unusable(path, source.key, reader.problem)
    if reader.form.empty:
        return _unusable(path, source.key, "The file is empty.")
    mapping_file = _write_guess(path, reader.mapping) if guessed and reader.mapping.reasons else None
    row = begin_import(key_of(reader, source.key), reader, source.key, now=now, import_id=import_id)
    with _connection() as connection, projecting() as beside:

        def progress(n_read: int, share: float) -> None:
            watcher.reading(path.name, n_read, share)
            note_progress(row.id, n_read=n_read, share_read=share)
            if share < 1:
                beside.start()

        try:
            staged = Stager(connection, source=source, now=now).stage(reader, row, progress)
        except WrongScale as error:
            fail_import(row.id, str(error))
            return _unusable(path, source.key, str(error))
        result = beside.finish(staged.names, watcher)
    notes = [*reader.mapping.reasons, *([] if staged.n_read else ["The file has a header but no rows."])]
    report = _report(path, source.key, staged, result, time.monotonic() - began, mapping_file, notes)
    end_import(row.id, report)
    return report


def _unusable(path: Path, source: str, problem: str) -> Report:
    return Report(str(path), source, 0, 0, 0, 0, 0, 0.0, None, (), problem)


def _report(
    path: Path,
    source: str,
    staged: Staged,
    result: Outcome,
    seconds: float,
    mapping_file: Path | None,
    notes: Sequence[str],
) -> Report:
    return Report(
        file=str(path),
        source=source,
        n_read=staged.n_read,
        n_new=result.n_new,
        n_known=result.n_known,
        n_rejected=staged.n_rejected + result.n_rejected,
        n_waiting=result.n_waiting,
        seconds=seconds,
        mapping_file=str(mapping_file) if mapping_file else None,
        notes=tuple(notes),
    )


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        f"SET temp_directory = {text_sql(settings.REGARD.temporary_dir)}; SET TimeZone = 'UTC'"
    )
    connection.execute(f"SET memory_limit = '{settings.REGARD.memory_limit}'")
    # One is left to the projector; with more, both wait for each other.
    connection.execute(f"SET threads = {max(1, settings.REGARD.threads - 1)}")
    return connection


def _write_guess(path: Path, mapping: Mapping) -> Path | None:
    """Write a guessed mapping beside its file, never over one that is there; None where that is not possible."""
    name = path.name.removesuffix(".gz").rsplit(".", 1)[0]
    target = path.with_name(f"{name}.map.toml")
    if target.exists():
        return None
    try:
        write_mapping(mapping, target, title=f"How {path.name} is read. Correct it and give it with --map.")
    except OSError:
        return None
    return target
