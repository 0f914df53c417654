"""Take files in: read, stage, journal, and see them projected."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from django.conf import settings

from regard.apps.intake import services as intake
from regard.apps.intake.importing.results import Outcome, outcome
from regard.apps.intake.importing.staging import Staged, Stager
from regard.apps.intake.queries import SourceRow
from regard.apps.journal.projection.fence import Deposed, NotElected
from regard.apps.journal.projector import Projector
from regard.apps.organisation import queries as organisation
from regard.kernel.errors import InvalidInput, Temporary
from regard.warehouse.files.mapping import Mapping, read_mapping
from regard.warehouse.files.reader import FileReader, IncompleteMapping, open_file
from regard.warehouse.files.toml import write_mapping

POLL_SECONDS = 0.1
GIVE_UP_SECONDS = 600.0
DEFAULT_SOURCE = "files"


@dataclass(frozen=True, slots=True)
class Report:
    """What an import told: rows read, and interactions new, already known and set aside.

    Args:
        mapping_file: where a guessed mapping was written for the next time.
        notes: the reasons of the guesses, and what else should be looked at.
    """

    file: str
    source: str
    n_read: int
    n_new: int
    n_known: int
    n_rejected: int
    n_waiting: int
    seconds: float
    mapping_file: str | None
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {**asdict(self), "notes": list(self.notes)}


class Watcher:
    """Is told how an import goes; this one keeps silent."""

    def reading(self, file: str, n_rows: int, share: float) -> None:
        """`n_rows` of `file` are journaled; `share` of it is read."""

    def projecting(self, n_done: int, n_all: int) -> None:
        """`n_done` of `n_all` staged files can be asked about."""


def import_files(
    files: Sequence[Path],
    *,
    source: str = DEFAULT_SOURCE,
    mapping: Path | None = None,
    now: datetime | None = None,
    watcher: Watcher | None = None,
    is_made_up: bool = False,
) -> list[Report]:
    """Take in every row of `files` once, however often and in whatever order they are given.

    Args:
        source: its key; added as a server source where it is new.
        mapping: which column is what; without it, names are guessed and the guess is written beside each file.

    Returns: one report for each file, after its rows can be asked about.
    Raises: InvalidInput where a file or the mapping cannot be used; the files before it are taken in.
    """
    moment = now or datetime.now(UTC)
    watcher = watcher or Watcher()
    declared = read_mapping(mapping) if mapping is not None else None
    row = intake.ensure_source(source, kind="server", is_made_up=is_made_up)
    readers = [_open(path, declared, source, moment) for path in files]
    reports = []
    for path, reader in zip(files, readers, strict=True):
        reports.append(_import(path, reader, row, moment, watcher, guessed=declared is None))
    return reports


def _open(path: Path, mapping: Mapping | None, source: str, now: datetime) -> FileReader:
    chosen = organisation.get_settings()
    try:
        return open_file(
            path,
            mapping,
            source=source,
            default_zone=chosen.zone,
            default_currency=chosen.currency,
            now=now,
        )
    except IncompleteMapping as error:
        draft = _write_guess(path, error.mapping)
        where = f" A draft to complete is in {draft}." if draft else ""
        raise InvalidInput(f"{path.name}: {error}{where}") from error


def _import(
    path: Path, reader: FileReader, source: SourceRow, now: datetime, watcher: Watcher, *, guessed: bool
) -> Report:
    began = time.monotonic()
    mapping_file = _write_guess(path, reader.mapping) if guessed and reader.mapping.reasons else None
    with _connection() as connection:
        stager = Stager(connection, source=source, now=now)
        staged = stager.stage(reader, lambda n, share: watcher.reading(path.name, n, share))
    result = project(staged.names, watcher)
    notes = [*reader.mapping.reasons, *([reader.problem] if reader.problem else [])]
    return _report(path, source.key, staged, result, time.monotonic() - began, mapping_file, notes)


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


def project(paths: Sequence[str], watcher: Watcher | None = None) -> Outcome:
    """See the staged files into the log: by projecting here, or, where a server does it, by waiting for it.

    Returns: what became of their rows; some may still wait where the server is slow or stopped.
    """
    watcher = watcher or Watcher()
    projector = Projector()
    deadline = time.monotonic() + GIVE_UP_SECONDS
    before = -1
    try:
        while True:
            found = outcome(paths)
            watcher.projecting(found.n_segments - found.n_waiting, found.n_segments)
            if not found.n_waiting or time.monotonic() > deadline:
                return found
            if found.n_waiting != before:
                before, deadline = found.n_waiting, time.monotonic() + GIVE_UP_SECONDS
            _step(projector)
    finally:
        projector.stop()


def _step(projector: Projector) -> None:
    try:
        if projector.run_once() == 0:
            time.sleep(POLL_SECONDS)
    except (NotElected, Deposed):
        time.sleep(POLL_SECONDS)
    except Temporary:
        time.sleep(5 * POLL_SECONDS)


def _connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    folder = str(settings.REGARD.temporary_dir).replace("'", "''")
    connection.execute(f"SET temp_directory = '{folder}'; SET TimeZone = 'UTC'")
    connection.execute(f"SET memory_limit = '{settings.REGARD.memory_limit}'")
    connection.execute(f"SET threads = {settings.REGARD.threads}")
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
