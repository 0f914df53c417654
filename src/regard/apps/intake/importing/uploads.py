"""Files brought by a browser: kept piece by piece below the data folder, looked at, corrected and then taken in."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from regard.apps.intake import services as intake
from regard.apps.intake.importing.choices import Choices, choices_of, mapping_of
from regard.apps.intake.importing.history import ImportRow, fail_import, find_import
from regard.apps.intake.importing.previews import Preview, look_at
from regard.apps.intake.models import FileImport
from regard.apps.journal.jobs import add_job
from regard.apps.organisation import queries as organisation
from regard.kernel.errors import InvalidInput
from regard.warehouse.files.declared import parse_mapping
from regard.warehouse.files.identifiers import check_region
from regard.warehouse.files.mapping import Field, Mapping, check_columns
from regard.warehouse.files.reader import FileReader, IncompleteMapping, open_file
from regard.warehouse.files.reasons import Reason
from regard.warehouse.files.sample import Sample
from regard.warehouse.files.toml import as_toml

JOB = "intake.import"
FOLDER = "imports"
# What a file needs beside itself on its way: its staged form, the log, and the space to sort it.
NEEDED = 3
RESERVE = 512 * 1024 * 1024
KEPT_DRAFTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Draft:
    """A file that was brought and waits for a person's word."""

    row: ImportRow
    sample: Sample
    choices: Choices
    preview: Preview


def room() -> int:
    """The largest file, in bytes, that may be brought now: by what is free on the disk."""
    free = shutil.disk_usage(settings.REGARD.data_dir).free
    return max(0, (free - RESERVE) // NEEDED)


def begin_upload(name: str, n_bytes: int, *, brought_by: int | None = None) -> ImportRow:
    """Make place for a file of this name and size that a member brings. Raises: InvalidInput where it is empty or does not fit."""
    if n_bytes < 1:
        raise InvalidInput("The file is empty.")
    if n_bytes > room():
        raise InvalidInput("The file is too large for what is free on the disk.")
    now = datetime.now(UTC)
    row = FileImport.objects.create(
        file=_safe(name),
        source="",
        state="draft",
        n_bytes=n_bytes,
        brought_by=brought_by,
        made_at=now,
        moved_at=now,
    )
    path = Path(settings.REGARD.temporary_dir.name) / FOLDER / str(row.pk) / row.file
    FileImport.objects.filter(pk=row.pk).update(path=str(path))
    target = settings.REGARD.data_dir / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.touch(mode=0o600)
    return get_import(int(row.pk))


def add_piece(import_id: int, at: int, pieces: Iterable[bytes]) -> int:
    """Write bytes of a draft's file from the place `at` on; returns how many bytes it has now.

    A piece may come again. Raises: InvalidInput where one before it is missing, or the file grows beyond its size.
    """
    row = get_import(import_id)
    path = _path(row)
    if row.state != "draft" or not path.exists() or at > path.stat().st_size:
        raise InvalidInput("A part of the file is missing: bring it again.")
    with path.open("r+b") as file:
        file.seek(at)
        for piece in pieces:
            if file.tell() + len(piece) > row.n_bytes:
                raise InvalidInput("The file is larger than was said: bring it again.")
            file.write(piece)
        file.truncate()
        return file.tell()


def finish_upload(import_id: int) -> ImportRow:
    """Look at the file that was brought: what its columns are, and why. Raises: InvalidInput where it is no table."""
    row = get_import(import_id)
    path = _path(row)
    if row.state != "draft" or not path.exists() or path.stat().st_size != row.n_bytes:
        raise InvalidInput("A part of the file is missing: bring it again.")
    try:
        reader = _open(path, None, "file")
    except IncompleteMapping as error:
        mapping = error.mapping
        reader = _open(path, _with_any_time(mapping), "file")
        reader.mapping = mapping
    problem = reader.problem or ("The file is empty." if reader.form.empty else "")
    if problem:
        discard_upload(import_id)
        raise InvalidInput(problem)
    kept = reader.mapping
    if hasattr(reader, "encoding"):
        kept = replace(kept, encoding=reader.encoding)
    FileImport.objects.filter(pk=import_id).update(
        source=suggest_source(row.file),
        columns=list(reader.columns),
        mapping=as_toml(replace(kept, reasons=())),
        notes=[_note(reason) for reason in kept.reasons if isinstance(reason, Reason)],
        moved_at=datetime.now(UTC),
    )
    return get_import(import_id)


def read_draft(import_id: int, *, choices: Choices | None = None, source: str | None = None) -> Draft:
    """The draft as it stands, or as these choices would make it, with its first rows."""
    row = get_import(import_id)
    before = _mapping(row)
    problem, mapping = "", before
    if choices is not None:
        try:
            mapping = _chosen(choices, row)
        except InvalidInput as error:
            problem = str(error)
    sample = _open(_path(row), _with_any_time(before), "file").sample
    if not problem:
        preview = look_at(partial(_open, _path(row), mapping, source or row.source or "file"))
    else:
        preview = Preview(problem=problem)
    return Draft(row, sample, choices or choices_of(before, tuple(row.columns)), preview)


def save_draft(import_id: int, *, choices: Choices, source: str) -> ImportRow:
    """Keep what was chosen. Raises: InvalidInput where it cannot be so."""
    row = get_import(import_id)
    if row.state != "draft":
        raise InvalidInput("The file is being taken in already.")
    if not intake.KEY.fullmatch(source):
        raise InvalidInput(
            "A source is named with a-z, 0-9, - and _ (at most 80), not '%(given)s'.", given=source
        )
    if choices.region:
        check_region(choices.region)
    mapping = _chosen(choices, row)
    FileImport.objects.filter(pk=import_id).update(
        source=source, mapping=as_toml(mapping), moved_at=datetime.now(UTC)
    )
    return get_import(import_id)


def start_import(import_id: int) -> None:
    """Take the draft in, by the server's next free hand. Raises: InvalidInput where its mapping is not fit for it."""
    row = get_import(import_id)
    reader = _open(_path(row), _mapping(row), row.source)
    if problem := look_at(lambda: reader).problem:
        raise InvalidInput(problem)
    with transaction.atomic():
        started = FileImport.objects.filter(pk=import_id, state="draft")
        if started.update(state="waiting", moved_at=datetime.now(UTC)):
            add_job(JOB, {"import": import_id}, key=f"{JOB}:{import_id}")


def discard_upload(import_id: int) -> None:
    """Forget a draft and its file."""
    row = find_import(import_id)
    if row is not None and row.state == "draft":
        FileImport.objects.filter(pk=import_id, state="draft").delete()
        remove_file(row)


def discard_old_drafts(now: datetime) -> int:
    """Forget drafts that nobody came back to for a week. Returns how many."""
    old = FileImport.objects.filter(state="draft", moved_at__lt=now - KEPT_DRAFTS)
    ids = list(old.values_list("pk", flat=True))
    for import_id in ids:
        discard_upload(import_id)
    return len(ids)


def remove_file(row: ImportRow) -> None:
    """Remove the copy that was brought."""
    if row.path:
        shutil.rmtree(_path(row).parent, ignore_errors=True)


def read_uploaded(row: ImportRow, now: datetime) -> FileReader:
    """Open the file of an import that was brought by a browser, by the mapping that was chosen."""
    return _open(_path(row), _mapping(row), row.source, now)


def get_import(import_id: int) -> ImportRow:
    """One import. Raises: InvalidInput where there is none."""
    row = find_import(import_id)
    if row is None:
        raise InvalidInput("There is no such import.")
    return row


def suggest_source(name: str) -> str:
    """A source's name made from a file's.

    >>> suggest_source("SFO Customer Survey 2017.csv.gz")
    'sfo-customer-survey-2017'
    """
    stem = name.removesuffix(".gz").rsplit(".", 1)[0]
    return re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:60] or "file"


def fail(row: ImportRow, message: str) -> None:
    """Note that an import failed for good, and remove its file."""
    fail_import(row.id, message)
    remove_file(row)


def _open(path: Path, mapping: Mapping | None, source: str, now: datetime | None = None) -> FileReader:
    chosen = organisation.get_settings()
    return open_file(
        path,
        mapping,
        source=source,
        default_zone=chosen.zone,
        default_currency=chosen.currency,
        default_region=chosen.phone_region or None,
        now=now or datetime.now(UTC),
    )


def _chosen(choices: Choices, row: ImportRow) -> Mapping:
    """The mapping of these choices, fit to be opened with. Raises: InvalidInput where it cannot be so."""
    mapping = mapping_of(choices, _mapping(row))
    check_columns(mapping, tuple(row.columns))
    return parse_mapping(as_toml(mapping))


def _mapping(row: ImportRow) -> Mapping:
    return parse_mapping(row.mapping)


def _with_any_time(mapping: Mapping) -> Mapping:
    """The mapping with some time for all rows, for a look at the columns only."""
    if "occurred_at" in mapping.fields:
        return mapping
    return replace(mapping, fields={**mapping.fields, "occurred_at": Field(value="2000-01-01")})


def _note(reason: Reason) -> list[object]:
    given = {name: value if isinstance(value, int) else str(value) for name, value in reason.given.items()}
    return [reason.code, reason.column, given]


def _path(row: ImportRow) -> Path:
    folder: Path = settings.REGARD.data_dir
    return folder / row.path


def _safe(name: str) -> str:
    """A file's name without folders and signs that no name should have; what it ends in says what it is."""
    bare = re.sub(r"[\x00-\x1f\x7f/\\:]+", "_", name.strip()).lstrip(".") or "file"
    return bare[-100:]
