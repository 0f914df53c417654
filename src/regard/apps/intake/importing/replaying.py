"""A row of a file that was set aside comes back, as it is or corrected, as a new interaction."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import uuid
from collections.abc import Mapping as Map
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_noop as _kept

from regard.apps.intake import services as intake
from regard.apps.intake.importing.history import ImportRow
from regard.apps.intake.importing.projecting import project, project_waiting
from regard.apps.intake.importing.refusals import import_of
from regard.apps.intake.importing.staging import CODEC, Stager
from regard.apps.intake.importing.state import list_staged
from regard.apps.journal import queries, services
from regard.apps.journal.queries import QuarantineRow
from regard.apps.journal.words import REASONS, reason_title
from regard.apps.organisation import queries as organisation
from regard.kernel.errors import InvalidInput, Word, unknown_name
from regard.warehouse.files.declared import parse_mapping, read_mapping
from regard.warehouse.files.mapping import Mapping
from regard.warehouse.files.reader import open_file
from regard.warehouse.files.rows import sentence

KEPT = "kept_rows"
# The id that a row without one is given, and which of its interactions it is.
MADE = "^(row-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(/.*)?$"


def replay(
    item: int, corrections: Map[str, str], *, mapping: Path | None = None, now: datetime | None = None
) -> str:
    """Take in an item that was set aside; returns what became of it, as a sentence.

    Of a row that gives several interactions, only those come in that were set aside.

    Args:
        corrections: per column of the file (or key of an event, with dots) the right value.
        mapping: read the row by this one instead of the one it was imported with.

    Raises: InvalidInput where there is no such open item, or it still may not enter.
    """
    row = queries.find_quarantined(item)
    if row is None or row.state != "open":
        raise InvalidInput(_kept("Item %(given)s is not open in quarantine."), given=item)
    moment = now or datetime.now(UTC)
    if not row.file:
        return _replay_event(row, corrections, moment)
    if row.raw.endswith("…"):
        raise InvalidInput(
            _kept(
                "Item %(given)s is too long to be kept whole: correct it in %(file)s and import that again."
            ),
            given=item,
            file=row.file,
        )
    known = import_of(row)
    if known is None:
        raise InvalidInput(
            _kept("How %(file)s was read is no longer known: correct it there and import it again."),
            file=row.file,
        )
    chosen = read_mapping(mapping) if mapping else parse_mapping(known.mapping)
    return _replay_row(row, corrections, chosen, known, moment)


def _replay_event(row: QuarantineRow, corrections: Map[str, str], now: datetime) -> str:
    from regard.apps.journal.corrections import bring_back

    try:
        content = json.loads(row.raw)
    except ValueError:
        raise InvalidInput(
            _kept("Item %(given)s is no JSON: it has to be sent again by its source."), given=row.id
        ) from None
    for path, value in corrections.items():
        _set(content.get("e", content), path.split("."), value)
    bring_back(row, json.dumps(content, ensure_ascii=False), now=now)
    project_waiting()
    return f"Item {row.id} is back in the journal."


def _set(content: dict[str, Any], path: list[str], value: str) -> None:
    for key in path[:-1]:
        content = content.setdefault(key, {})
    try:
        content[path[-1]] = json.loads(value)
    except ValueError:
        content[path[-1]] = value


def _replay_row(
    row: QuarantineRow, corrections: Map[str, str], mapping: Mapping, known: ImportRow, now: datetime
) -> str:
    for name in corrections:
        if name not in known.columns:
            raise unknown_name(_kept("column"), name, known.columns)
    original = cells_of(row.raw, known)
    with (
        tempfile.TemporaryDirectory(dir=settings.REGARD.temporary_dir) as folder,
        duckdb.connect() as connection,
    ):
        connection.execute("SET TimeZone = 'UTC'")
        before = Path(folder) / "before.ndjson"
        after = Path(folder) / "after.ndjson"
        before.write_text(json.dumps(original, ensure_ascii=False) + "\n", encoding="utf-8")
        after.write_text(json.dumps({**original, **corrections}, ensure_ascii=False) + "\n", encoding="utf-8")
        n = _keep_new(connection, before, after, mapping, row.source, now)
        _number(connection, row, known)
        return _journal(connection, row, n, now)


def cells_of(raw: str, known: ImportRow) -> dict[str, Any]:
    """A refused row as names and values, whatever form its file had. Raises: InvalidInput where it is in pieces."""
    if known.format != "csv":
        try:
            content = json.loads(raw)
        except ValueError:
            raise InvalidInput(
                _kept("The line is no JSON object; correct the file and import it again.")
            ) from None
        assert isinstance(content, dict)
        return content
    cells = next(csv.reader(io.StringIO(raw), delimiter=known.delimiter), [])
    if len(cells) != len(known.columns):
        raise InvalidInput(
            _kept(
                "The line has another number of columns than the header; correct the file and import it again."
            )
        )
    return {name: cell for name, cell in zip(known.columns, cells, strict=True) if cell.strip()}


def _keep_new(
    connection: duckdb.DuckDBPyConnection,
    before: Path,
    after: Path,
    mapping: Mapping,
    source: str,
    now: datetime,
) -> int:
    """Make the table of the interactions of the corrected row that the row as it was did not give."""
    _read(connection, before, mapping, source, now)
    rows = connection.execute("SELECT message_id FROM incoming").fetchall()
    given = [_part(message) for (message,) in rows]
    _read(connection, after, mapping, source, now)
    problems = connection.execute("SELECT reason FROM rejected").fetchall()
    if problems:
        raise InvalidInput(_kept("It may still not enter: %(why)s"), why=_reason(problems[0][0]))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {KEPT} AS SELECT * FROM incoming")
    rows = connection.execute(f"SELECT message_id FROM {KEPT}").fetchall()
    for (message,) in rows:
        if mapping.blocks and _part(message) in given:
            connection.execute(f"DELETE FROM {KEPT} WHERE message_id = ?", [message])
    count = connection.execute(f"SELECT count(*) FROM {KEPT}").fetchone()
    return int(count[0]) if count else 0


def _number(connection: duckdb.DuckDBPyConnection, row: QuarantineRow, known: ImportRow) -> None:
    """Give the corrected row the id it has as one more of the equal rows of its file: all of them count.

    An import numbers equal rows by their order. Taken are the numbers of those that the import brought in, and of other
    lines of the file that came back, also where it had grown or was called otherwise; an equal row of an unrelated file
    is the same row, come again. The same line set aside twice, by two imports of its file, keeps its number.
    """
    made = f"regexp_matches(message_id, '{MADE}')"
    if connection.execute(f"SELECT count(*) FROM {KEPT} WHERE {made}").fetchone() == (0,):
        return
    staged = [str(path) for path in list_staged(settings.REGARD.staged_dir, known.key)]
    ordinal = 0
    while True:
        number = f"'\\1-{ordinal}\\2'" if ordinal else "'\\1\\2'"
        message = f"regexp_replace(message_id, '{MADE}', {number})"
        ids = f"SELECT unhex(md5(source || chr(31) || {message})) AS id FROM {KEPT} WHERE {made}"
        found = {bytes(id_) for (id_,) in connection.execute(ids).fetchall()}
        if not _came_back(connection, found, row, known) and not _stands_in(connection, staged, ids):
            break
        ordinal += 1
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {KEPT} AS SELECT * REPLACE (
            CASE WHEN {made} THEN {message} ELSE message_id END AS message_id,
            regexp_replace(thread, '{MADE}', {number}) AS thread,
            CASE WHEN {made} THEN unhex(md5(source || chr(31) || {message})) ELSE interaction_id END
                AS interaction_id) FROM {KEPT}"""
    )


def _came_back(
    connection: duckdb.DuckDBPyConnection, ids: set[bytes], row: QuarantineRow, known: ImportRow
) -> bool:
    """Whether another line of the same file came back as one of these."""
    others = queries.list_replayed_as((one.hex() for one in ids), source=row.source)
    return any(
        _are_of_one_file(connection, import_of(other), known)
        for other in others
        if (other.file, other.line) != (row.file, row.line)
    )


def _are_of_one_file(connection: duckdb.DuckDBPyConnection, one: ImportRow | None, other: ImportRow) -> bool:
    """Whether two imports brought rows in common, as a file and what it grew to do; yes where that is not known any more."""
    if one is None or one.key == other.key:
        return True
    both = [
        [str(path) for path in list_staged(settings.REGARD.staged_dir, each.key)] for each in (one, other)
    ]
    if not all(both):
        return True
    shared = "SELECT 1 FROM read_parquet($1) SEMI JOIN read_parquet($2) USING (interaction_id) LIMIT 1"
    return bool(connection.execute(shared, both).fetchall())


def _stands_in(connection: duckdb.DuckDBPyConnection, staged: list[str], ids: str) -> bool:
    if not staged:
        return False
    found = connection.execute(
        f"SELECT count(*) FROM read_parquet($1) WHERE interaction_id IN ({ids})", [staged]
    ).fetchone()
    return bool(found and found[0])


def _part(message_id: str) -> str:
    """Which of a row's interactions it is."""
    return message_id.rpartition("/")[2]


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, mapping: Mapping, source: str, now: datetime
) -> None:
    chosen = organisation.get_settings()
    reader = open_file(
        path,
        mapping,
        source=source,
        default_zone=chosen.zone,
        default_currency=chosen.currency,
        default_region=chosen.phone_region or None,
        now=now,
    )
    for _ in reader.batches(connection):
        pass


def _reason(code: str) -> Word:
    """Why a row may not enter: whole, and as pages call it. What is no code tells of a value that could not be read."""
    with translation.override("en"):
        return Word(sentence(code), reason_title(code if code in REASONS else "value_unreadable"))


def _journal(connection: duckdb.DuckDBPyConnection, row: QuarantineRow, n: int, now: datetime) -> str:
    if n == 0:
        raise InvalidInput(_kept("The row gives no interaction any more."))
    source = intake.ensure_source(row.source)
    name = f"corrected-{row.id}-{uuid.uuid4().hex[:8]}.parquet"
    Stager(connection, source=source, now=now).write(KEPT, name)
    ids = connection.execute(f"SELECT lower(hex(interaction_id)) FROM {KEPT}").fetchall()
    path = f"{settings.REGARD.staged_dir.name}/{name}"
    with transaction.atomic():
        if not services.mark_replayed(row.id, replayed_as=ids[0][0]):
            raise InvalidInput(_kept("Item %(given)s is no longer open."), given=row.id)
        services.append_segment(
            source=row.source, codec=CODEC, body=b"", ids=b"", n=n, received_at=now, path=path
        )
    result = project([path])
    return f"Item {row.id}: {result.n_new} taken in, {result.n_known} already known."
