"""An exported folder back into an empty Regard: the same interactions, ids, customers and so the same figures."""

from __future__ import annotations

import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import transaction

from regard.apps.customers import services as customers
from regard.apps.customers import transfer
from regard.apps.intake import services as intake
from regard.apps.intake.exporting.layout import (
    LOG,
    MANIFEST,
    PARTS,
    PEOPLE,
    READABLE,
    UNITS,
    VERSION,
    Part,
    reader_sql,
)
from regard.apps.intake.exporting.services import checksum
from regard.apps.intake.importing.projecting import project
from regard.apps.intake.importing.reports import Report, Watcher
from regard.apps.intake.queries import find_source
from regard.apps.journal import queries as journal_queries
from regard.apps.journal import services as journal
from regard.apps.organisation import services as organisation
from regard.apps.organisation.queries import UnitCard
from regard.kernel.errors import InvalidInput
from regard.warehouse.literals import text_sql
from regard.warehouse.schema.incoming import STAGED

_ROWS = 250_000
_PEOPLE_AT_ONCE = 20_000
_WHO = {"user": "user_id", "email": "email", "phone": "phone", "anonymous": "anonymous_id"}


def import_folder(folder: Path, *, watcher: Watcher | None = None, now: datetime | None = None) -> Report:
    """Make an empty Regard the one that `folder` was exported from.

    Raises: InvalidInput where the folder is not whole, is of another version, or this Regard is not empty.
    """
    began = time.monotonic()
    watcher = watcher or Watcher()
    manifest = _check(folder)
    form = str(manifest["format"])
    with (
        tempfile.TemporaryDirectory(dir=settings.REGARD.temporary_dir) as work,
        duckdb.connect(str(Path(work) / "folder.duckdb")) as connection,
    ):
        connection.execute(f"SET TimeZone = 'UTC'; SET memory_limit = '{settings.REGARD.memory_limit}'")
        parts = [part for part in PARTS if part.name in manifest["counts"]]
        for part in parts:
            source = reader_sql(str(folder / part.file(form)), part, form)
            connection.execute(f"CREATE TABLE {part.name} AS SELECT * FROM {source}")
        _bring_organisation(connection, folder)
        for part in (part for part in PEOPLE if part in parts):
            _bring_people(connection, part)
        customers.repeat_erasures(now=now)  # Whom the folder knows and this Regard erased.
        names = _stage(connection, manifest, watcher, now or datetime.now(UTC))
    result = project(names, watcher)
    return Report(
        file=str(folder),
        source="",
        n_read=int(manifest["counts"][LOG.name]),
        n_new=result.n_new,
        n_known=result.n_known,
        n_rejected=result.n_rejected,
        n_waiting=result.n_waiting,
        seconds=time.monotonic() - began,
        mapping_file=None,
        notes=(),
    )


def _check(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _no_export(folder) from error
    if not isinstance(manifest, dict):
        raise _no_export(folder)
    if manifest.get("version") not in READABLE:
        raise InvalidInput(
            f"The folder is of version {manifest.get('version')}; this Regard reads versions up to {VERSION}."
        )
    sums, counts = manifest.get("sha256"), manifest.get("counts")
    if not isinstance(sums, dict) or not isinstance(counts, dict) or LOG.name not in counts:
        raise _no_export(folder)
    for name, expected in sums.items():
        if not (folder / name).is_file() or checksum(folder / name) != expected:
            raise InvalidInput(
                f"'{name}' in the folder is missing or was changed since it was exported. Bring the folder as it was "
                "written, or export again."
            )
    if journal_queries.last_seq() or not transfer.is_empty():
        raise InvalidInput(
            "An exported folder can only be brought back into an empty Regard. Set REGARD_DATA_DIR to a new folder."
        )
    return manifest


def _no_export(folder: Path) -> InvalidInput:
    return InvalidInput(f"'{folder}' is no folder made by `regard export`: {MANIFEST} is missing or broken.")


def _bring_organisation(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    organisation.change_settings(**json.loads((folder / "settings.json").read_text(encoding="utf-8")))
    rows = connection.execute(f"SELECT unit, title, parent FROM {UNITS.name}").fetchall()
    if rows:
        organisation.set_units([UnitCard(key, title or key, parent) for key, title, parent in rows])
    for source in json.loads((folder / "sources.json").read_text(encoding="utf-8")):
        if find_source(source["key"]) is None:
            intake.add_source(
                source["key"],
                kind=source["kind"],
                title=source["title"],
                allow=source.get("allow"),
                rate_per_second=source.get("rate_per_second", 0),
                mapping=source.get("mapping"),
                is_made_up=source["is_made_up"],
                region=source.get("region", ""),
            )


def _bring_people(connection: duckdb.DuckDBPyConnection, part: Part) -> None:
    names = ", ".join(name for name, _ in part.columns)
    cursor = connection.execute(f"SELECT {names} FROM {part.name} ORDER BY rowid")
    while rows := cursor.fetchmany(_PEOPLE_AT_ONCE):
        transfer.bring_back(part.name, rows)


def _stage(
    connection: duckdb.DuckDBPyConnection, manifest: dict[str, Any], watcher: Watcher, now: datetime
) -> list[str]:
    """The interactions as staged segments, each row with the identifier that its identity stands for."""
    n = int(manifest["counts"][LOG.name])
    stamp = f"{now:%Y%m%d%H%M%S}"
    names = []
    for number, first in enumerate(range(0, n, _ROWS)):
        name = f"{settings.REGARD.staged_dir.name}/folder-{stamp}-{number:06d}.parquet"
        path = text_sql(settings.REGARD.data_dir / name)
        rows = connection.execute(
            f"COPY ({_rows_sql(first, first + _ROWS)}) TO {path} (FORMAT parquet)"
        ).fetchone()
        with transaction.atomic():
            journal.append_segment(
                source="",
                codec="parquet",
                body=b"",
                ids=b"",
                n=int(rows[0]) if rows else 0,
                received_at=now,
                path=name,
            )
        names.append(name)
        watcher.reading("interactions", min(first + _ROWS, n), min(1.0, (first + _ROWS) / n))
    return names


def _rows_sql(first: int, after: int) -> str:
    own = {name for name, _ in LOG.columns}
    given = {
        "interaction_id": "unhex(r.interaction_id)",
        "message_id": "r.interaction_id",
        **{column: f"CASE WHEN i.kind = '{kind}' THEN i.value END" for kind, column in _WHO.items()},
        "source": "coalesce(nullif(CASE WHEN i.kind IN ('user', 'anonymous') THEN i.source END, ''), r.source)",
    }
    columns = ", ".join(
        f"({given.get(c.name, f'r.{c.name}' if c.name in own else 'NULL')})::{c.type} AS {c.name}"
        for c in STAGED.columns
    )
    return (
        f"SELECT {columns} FROM {LOG.name} r LEFT JOIN identities i ON i.identity_id = r.identity_id "
        f"WHERE r.rowid >= {first} AND r.rowid < {after}"
    )
