"""Event logs in the forms of process mining, as tables like any other file."""

from __future__ import annotations

import csv
import gzip
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from regard.kernel.errors import InvalidInput
from regard.warehouse.files import ocel, xes
from regard.warehouse.files.chosen import Table, open_table

HEAD = 1 << 16
# Which columns hold case, activity and time.
COLUMNS = {"xes": (xes.CASE, xes.ACTIVITY, xes.TIME), "ocel": (ocel.CASE, ocel.ACTIVITY, ocel.TIME)}


def form_of(path: Path) -> str | None:
    """Whether the file at `path` is a log in "xes" or "ocel"; None for neither."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as file:
                head = file.read(HEAD)
    except (OSError, EOFError):
        return None
    if head.startswith(b"SQLite format 3"):
        return "ocel"
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"<"):
        return (
            "ocel"
            if b"object-type" in head or path.suffix == ".xmlocel"
            else "xes"
            if b"<log" in head
            else None
        )
    is_ocel = any(word in head for word in (b'"objectTypes"', b'"eventTypes"')) or path.suffix == ".jsonocel"
    return "ocel" if head.startswith(b"{") and is_ocel else None


@contextmanager
def open_log(path: Path, kind: str | None = None) -> Iterator[Table]:
    """The log at `path` as a table, a row for each event.

    Args:
        kind: of an object-centric log, the type of the objects that are the cases.

    Raises: InvalidInput where it cannot be read, or holds no event.
    """
    rows = xes.read_xes(path) if form_of(path) == "xes" else ocel.flattened(ocel.read_ocel(path), kind)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.csv"
        if not _spool(file, rows):
            raise InvalidInput("The log '%(given)s' holds no event.", given=path.name)
        with open_table(file) as table:
            yield Table(table.connection, table.columns, path.name)


def _spool(file: Path, rows: Iterable[Mapping[str, str]]) -> int:
    """Write the rows below a header of all their names, as they come. Returns how many there are."""
    places: dict[str, int] = {}
    n = 0
    body = file.with_suffix(".body")
    with body.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        for row in rows:
            for name in row:
                places.setdefault(name, len(places))
            writer.writerow([row.get(name, "") for name in places])
            n += 1
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, quoting=csv.QUOTE_ALL).writerow(places)
        with body.open(encoding="utf-8", newline="") as written:
            shutil.copyfileobj(written, out)
    return n
