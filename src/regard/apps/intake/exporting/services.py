"""Write the log and all that belongs to it to files that need no Regard to be read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from duckdb import DuckDBPyConnection

from regard.apps.customers import transfer
from regard.apps.intake import queries as intake
from regard.apps.intake.exporting.layout import (
    FORMATS,
    LOG,
    MANIFEST,
    PEOPLE,
    UNITS,
    VERSION,
    Part,
    copy_options,
)
from regard.apps.journal.services import note_copy
from regard.apps.organisation import queries as organisation
from regard.kernel.errors import InvalidInput, unknown_name
from regard.metrics.moments import read_time
from regard.warehouse.engines.duckdb import connect
from regard.warehouse.literals import text_sql
from regard.warehouse.log import LOG_COLUMNS, Log

_AT_ONCE = 20_000
NOTE = (
    "One file holds the interactions and the numbers of their identities, not who they are. Figures by customer (repeat "
    "contacts, retention, lifetime value, active customers, intervals clustered by customer) count joined identities "
    "apart, and figures by trait, account or the tree of units are missing: they need the folder (regard export)."
)


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where."""

    path: str
    n_interactions: int
    n_bytes: int
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """For machines."""
        return {**asdict(self), "notes": list(self.notes)}


def export(
    *,
    folder: Path | None = None,
    out: Path | None = None,
    form: str | None = None,
    since: str | None = None,
    until: str | None = None,
    now: datetime | None = None,
) -> Exported:
    """Write everything, or a period, to a new folder, or the interactions alone to the file `out`.

    Args:
        form: parquet, csv or ndjson; by default that of the file's ending, else Parquet.
        since, until: days or instants; days are of the organisation's zone, `until` is not included.

    Raises: InvalidInput where the target is there already, a format or day cannot be understood, or the period ends
        before it starts.
    """
    if out is not None and folder is not None:
        raise InvalidInput("Name a folder or --out FILE, not both.")
    where = _period_sql(since, until)
    connection = connect(
        Log.open(settings.REGARD.warehouse_url),
        memory_limit=settings.REGARD.memory_limit,
        threads=settings.REGARD.threads,
        temp_directory=settings.REGARD.temporary_dir,
    )
    moment = now or datetime.now(UTC)
    target = out or folder or Path(f"regard-export-{moment:%Y%m%d-%H%M%S}")
    with connection:
        if out is not None:
            done = _export_file(connection, out, form or _form_of(out), where)
        else:
            done = _export_folder(connection, target, form or "parquet", where, moment, (since, until))
    note_copy("export", target, now=moment)
    return done


def _export_file(connection: DuckDBPyConnection, out: Path, form: str, where: str) -> Exported:
    n = _write_interactions(connection, out, form, where)
    return Exported(str(out), n, out.stat().st_size, (NOTE,))


def _export_folder(
    connection: DuckDBPyConnection,
    target: Path,
    form: str,
    where: str,
    now: datetime,
    period: tuple[str | None, str | None],
) -> Exported:
    if form not in FORMATS:
        raise unknown_name("format", form, FORMATS)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise InvalidInput(f"'{target}' is there already; name a new folder.")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    counts = {LOG.name: _write_interactions(connection, target / LOG.file(form), form, where)}
    for part in PEOPLE:
        counts[part.name] = _write_rows(connection, target, part, form, transfer.rows_of(part.name))
    units = [(unit.key, unit.title, unit.parent) for unit in organisation.list_units()]
    counts[UNITS.name] = _write_rows(connection, target, UNITS, form, units)
    _write_json(target / "settings.json", asdict(organisation.get_settings()))
    _write_json(target / "sources.json", _sources())
    files = {path.name: checksum(path) for path in sorted(target.iterdir()) if path.name != MANIFEST}
    manifest = {
        "version": VERSION,
        "made_at": now.isoformat(),
        "format": form,
        "since": period[0],
        "until": period[1],
        "counts": counts,
        "sha256": files,
    }
    _write_json(target / MANIFEST, manifest)
    size = sum(path.stat().st_size for path in target.iterdir())
    return Exported(str(target), counts[LOG.name], size)


def _sources() -> list[dict[str, Any]]:
    """The sources, without the write keys that let a sender in."""
    return [
        {
            "key": s.key,
            "title": s.title,
            "kind": s.kind,
            "allow": s.allow,
            "rate_per_second": s.rate_per_second,
            "mapping": dict(s.mapping),
            "region": s.region,
            "is_made_up": s.is_made_up,
        }
        for s in intake.list_sources()
    ]


def _write_interactions(connection: DuckDBPyConnection, path: Path, form: str, where: str) -> int:
    if form not in FORMATS:
        raise unknown_name("format", form, FORMATS)
    if path.exists():
        raise InvalidInput(f"'{path}' is there already; name a new file.")
    columns = ", ".join(_shown(name, form) for name in LOG_COLUMNS)
    # In the order of time, so that two exports of the same log are alike.
    order = "" if where == "true" and form == "parquet" else "ORDER BY log.occurred_at, log.interaction_id"
    count = connection.execute(
        f"COPY (SELECT {columns} FROM log WHERE {where} {order}) TO {text_sql(path)} ({copy_options(form)})"
    ).fetchone()
    return int(count[0]) if count else 0


def _shown(name: str, form: str) -> str:
    if name == "interaction_id":
        return "lower(hex(interaction_id)) AS interaction_id"
    if name in ("occurred_at", "received_at") and form != "parquet":
        return f"strftime({name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS {name}"
    return name


def _write_rows(
    connection: DuckDBPyConnection, target: Path, part: Part, form: str, rows: Iterable[tuple[Any, ...]]
) -> int:
    """Write rows of the operational store, some thousand at a time."""
    definition = ", ".join(f"{name} {type_}" for name, type_ in part.columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE part_rows ({definition})")
    n = 0
    waiting = iter(rows)
    picks = ", ".join(f"unnest(${i + 1}::{type_}[])" for i, (_, type_) in enumerate(part.columns))
    while some := list(islice(waiting, _AT_ONCE)):
        values = [[row[i] for row in some] for i in range(len(part.columns))]
        connection.execute(f"INSERT INTO part_rows SELECT {picks}", values)
        n += len(some)
    connection.execute(f"COPY part_rows TO {text_sql(target / part.file(form))} ({copy_options(form)})")
    connection.execute("DROP TABLE part_rows")
    return n


def _form_of(out: Path) -> str:
    ending = out.suffix.lower().lstrip(".")
    form = {"csv": "csv", "ndjson": "ndjson", "jsonl": "ndjson", "parquet": "parquet"}.get(ending)
    if form is None:
        raise InvalidInput(
            f"'{out.name}' does not say which format: end it in .parquet, .csv or .ndjson, or add --format."
        )
    return form


def _period_sql(since: str | None, until: str | None) -> str:
    zone = ZoneInfo(organisation.get_settings().zone)
    start, end = (read_time(text, zone) if text else None for text in (since, until))
    if start and end and end < start:
        raise InvalidInput(
            f"The period ends ({end.isoformat()}) before it starts ({start.isoformat()}). Give a later --until."
        )
    parts = []
    if start:
        parts.append(f"occurred_at >= TIMESTAMPTZ '{start.isoformat()}'")
    if end:
        parts.append(f"occurred_at < TIMESTAMPTZ '{end.isoformat()}'")
    return " AND ".join(parts) or "true"


def checksum(path: Path) -> str:
    """The SHA-256 of a file, as in the manifest."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False, default=list), encoding="utf-8")
