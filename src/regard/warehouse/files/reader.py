"""One file, read from its first byte to rows on their way in, batch by batch."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from duckdb import DuckDBPyConnection

from regard.kernel.errors import InvalidInput
from regard.warehouse.files import encodings, heads, tables
from regard.warehouse.files.cells import Circumstances
from regard.warehouse.files.formats import FileForm, Format, NotATable, blocks, recognise
from regard.warehouse.files.guessing import complete, guess_mapping
from regard.warehouse.files.ids import Ordinals
from regard.warehouse.files.mapping import Mapping, check_columns
from regard.warehouse.files.reasons import Reason
from regard.warehouse.files.records import FIRST_CHUNK, LARGEST_CHUNK, Chunk, Rejected, cut
from regard.warehouse.files.rows import INCOMING, REJECTED, RowMaker
from regard.warehouse.files.sample import Sample
from regard.warehouse.schema.incoming import STAGED

ROWS_PER_BATCH = 250_000
_HEAD_RECORDS = 2000
PREVIEWED, PREVIEWED_BYTES = 5_000, 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of the file, in the temp tables `incoming` and `rejected` of the connection it was read with.

    Args:
        number: of the batch within the file, from 0; the same file is always cut the same way.
        incoming: table with the columns of STAGED.
        rejected: table (line, reason, raw); reason is a code or a sentence, see `rows.sentence`.
        n_read: rows of the file behind it.
        share_read: how much of the file is read by now, 0 to 1.
    """

    number: int
    incoming: str
    rejected: str
    n_read: int
    share_read: float


class IncompleteMapping(InvalidInput):
    """No column was found that says when. The draft in `mapping` can be written down and completed."""

    def __init__(self, mapping: Mapping) -> None:
        super().__init__(
            "No column says when it happened. Name it in a mapping (--map): occurred_at under [columns], "
            "or one date for all rows under [constants]."
        )
        self.mapping = mapping


class FileReader:
    """A file of interactions. Its `mapping` is the one given, or guessed from the first rows."""

    def __init__(self, path: Path, mapping: Mapping | None, around: Circumstances) -> None:
        self.path = path
        self._around = around
        self._problem: str | None = None
        self.columns: tuple[str, ...] = ()
        self.sample = Sample((), ())
        self._bytes_read = 0
        self.delimiter = ""
        self._repeated: dict[str, list[int]] = {}
        try:
            self.form = recognise(path)
            self._prepare(mapping)
        except NotATable as error:
            self._problem = str(error)
            self.form = FileForm(path, Format.CSV, gzipped=False, empty=True)
            self.mapping = mapping or Mapping({})

    @property
    def empty(self) -> bool:
        """Whether there is nothing to read: no bytes, or a header alone, or no table at all."""
        return self.form.empty or not self.columns

    @property
    def problem(self) -> str | None:
        """Why the file as a whole cannot be read, if so."""
        return self._problem

    def batches(self, connection: DuckDBPyConnection) -> Iterator[Batch]:
        """The rows in batches; each replaces the temp tables of the one before. Memory stays bounded.

        Raises: WrongScale, before the first batch, where a metric was most likely asked on another scale.
        """
        if self.empty:
            if self._problem:
                yield self._whole_file_rejected(connection, self._problem)
            return
        with (
            tempfile.TemporaryDirectory(prefix="regard-") as folder,
            _ordinals(connection, Path(folder)) as ordinals,
        ):
            maker = RowMaker(self.mapping, self._around, ordinals)
            most = max(20_000, ROWS_PER_BATCH // max(1, len(self.mapping.blocks)))
            for number, raw in enumerate(self._raw_tables(connection, Path(folder), most)):
                maker.make(connection, raw, first=number == 0)
                n_read = raw.n_rows + len(raw.rejected)
                yield Batch(number, INCOMING, REJECTED, n_read, self._share())

    def preview(self, connection: DuckDBPyConnection, *, most: int = PREVIEWED) -> Batch | None:
        """The first rows, `most` or a little less where they are long, as `batches` would give them; None without rows."""
        if self.empty:
            return None
        with (
            tempfile.TemporaryDirectory(prefix="regard-") as folder,
            _ordinals(connection, Path(folder)) as ordinals,
        ):
            raw = next(self._raw_tables(connection, Path(folder), most, PREVIEWED_BYTES), None)
            if raw is None:
                return None
            RowMaker(self.mapping, self._around, ordinals).make(connection, raw, first=True)
            return Batch(0, INCOMING, REJECTED, raw.n_rows + len(raw.rejected), self._share())

    def fingerprint(self) -> str:
        """The same for files of the same bytes, whatever they are called."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "blake2b").hexdigest()[:32]

    def _share(self) -> float:
        size = self.path.stat().st_size * (4 if self.form.gzipped else 1)
        return min(1.0, self._bytes_read / max(1, size))

    def _prepare(self, mapping: Mapping | None) -> None:
        """Find the columns and, where none is given, the mapping."""
        if self.form.empty:
            self.mapping = mapping or Mapping({})
            return
        if self.form.format is Format.PARQUET:
            sample = _parquet_sample(self.path)
        else:
            self.encoding = self._find_encoding(mapping)
            sample = self._csv_sample(mapping) if self.form.format is Format.CSV else self._ndjson_sample()
        self.columns, self.sample = sample.columns, sample
        if mapping is not None:
            if self.form.format is not Format.NDJSON:
                check_columns(mapping, self.columns)
            self.mapping = complete(mapping, sample, self._whole_column)
        else:
            self.mapping = guess_mapping(sample, self._whole_column)
        self._look_at_repeated()

    def _look_at_repeated(self) -> None:
        """Refuse a header in which a column that counts is named twice; say it of others."""
        used, notes = self.mapping.used_columns(), []
        for name, places in self._repeated.items():
            listed = " and ".join(map(str, places))
            if name in used:
                raise InvalidInput(
                    "%(file)s: the columns %(listed)s are all called '%(name)s'. Give them different names, so that it is "
                    "clear which one counts.",
                    file=self.path.name,
                    listed=listed,
                    name=name,
                )
            notes.append(Reason("named_twice", name, listed=listed))
        if notes:
            self.mapping = replace(self.mapping, reasons=(*self.mapping.reasons, *notes))

    def _find_encoding(self, mapping: Mapping | None) -> str:
        if mapping is not None and mapping.encoding:
            return encodings.check_declared(mapping.encoding)
        return encodings.guess(blocks(self.form)).name

    def _utf8(self) -> Iterator[bytes]:
        return encodings.as_utf8(self._counted(blocks(self.form)), self.encoding)

    def _counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        self._bytes_read = 0
        for piece in pieces:
            self._bytes_read += len(piece)
            yield piece

    def _head(self, *, quoted: bool) -> Chunk:
        pieces = encodings.as_utf8(blocks(self.form, 1 << 20), self.encoding)
        found = next(cut(pieces, quoted=quoted, most_records=_HEAD_RECORDS, largest=1 << 20), None)
        if found is None:
            raise NotATable("The file has no line that could be read.")
        return found

    def _csv_sample(self, mapping: Mapping | None) -> Sample:
        head = self._head(quoted=True)
        text = head.data[: int(head.ends[min(60, len(head)) - 1])].decode() if len(head) else ""
        declared = mapping.delimiter if mapping else None
        self.delimiter = declared or heads.sniff_delimiter(text)
        rows = heads.head_rows(head, self.delimiter, _HEAD_RECORDS)
        if not rows:
            return Sample((), ())
        columns = heads.tidy_names(rows[0])
        self._repeated = heads.repeated_names(rows[0])
        kept = [row for row in rows[1:] if len(row) == len(columns)]
        return Sample(columns, tuple(zip(*kept, strict=True)) if kept else ((),) * len(columns))

    def _ndjson_sample(self) -> Sample:
        self.delimiter = ""
        objects = heads.head_objects(self._head(quoted=False), _HEAD_RECORDS)
        columns = tuple(dict.fromkeys(key for item in objects for key in item))
        if not columns:
            raise NotATable("The file has no line that is a JSON object with something in it.")
        return Sample(columns, tuple(tuple(item.get(name) or "" for item in objects) for name in columns))

    def _whole_column(self, column: str) -> list[str]:
        """The different values of one column over the whole text file, for what a sample cannot decide."""
        found: set[str] = set()
        if self.form.format is Format.PARQUET:
            return tables.parquet_values(self.path, column)
        if self.form.format is Format.NDJSON:
            return []
        place = self.columns.index(column)
        for chunk in cut(self._utf8(), quoted=True, most_records=100_000):
            rows = heads.head_rows(chunk, self.delimiter, len(chunk))
            found.update(row[place] for row in rows if len(row) == len(self.columns))
            if len(found) > 200_000:
                break
        found.discard(column)
        return sorted(found)

    def _raw_tables(
        self, connection: DuckDBPyConnection, folder: Path, most: int, largest: int = LARGEST_CHUNK
    ) -> Iterator[tables.RawTable]:
        if self.form.format is Format.PARQUET:
            for raw in tables.load_parquet(connection, self.path, most):
                self._bytes_read += int(self.path.stat().st_size * raw.n_rows / max(1, raw.n_total))
                yield raw
            return
        quoted = self.form.format is Format.CSV
        header = quoted
        for chunk in self._chunks(quoted, most, largest):
            if header and len(chunk):
                header = False
                wanted = tables.all_but_first(len(chunk))
                chunk = chunk.keep(wanted, [])
            if quoted:
                yield tables.load_csv(connection, chunk, self.columns, self.delimiter, folder)
            else:
                yield tables.load_ndjson(connection, chunk, self.mapping.used_columns(), folder)

    def _chunks(self, quoted: bool, most: int, largest: int) -> Iterator[Chunk]:
        """The records in chunks; where the compressed file breaks off, the end is set aside and the rest stays."""
        pieces = cut(self._utf8(), quoted=quoted, most_records=most, largest=largest, first=FIRST_CHUNK)
        last = 0
        while True:
            try:
                chunk = next(pieces)
            except StopIteration:
                return
            except NotATable as error:
                none = tables.no_records()
                yield Chunk(b"", none, none, none, [Rejected(last + 1, str(error), "")])
                return
            last = int(chunk.lines[-1]) if len(chunk) else last
            yield chunk

    def _whole_file_rejected(self, connection: DuckDBPyConnection, reason: str) -> Batch:
        connection.execute(STAGED.empty_sql("no_rows"))
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {INCOMING} AS SELECT * FROM no_rows")
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {REJECTED} (line BIGINT, reason VARCHAR, raw VARCHAR)"
        )
        connection.execute(f"INSERT INTO {REJECTED} VALUES (0, ?, '')", [reason])
        return Batch(0, INCOMING, REJECTED, 0, 1.0)


def open_file(
    path: Path | str,
    mapping: Mapping | None = None,
    *,
    source: str,
    default_zone: str = "UTC",
    default_currency: str | None = None,
    default_region: str | None = None,
    now: datetime,
) -> FileReader:
    """Open a file of interactions, whatever its form.

    Args:
        path: CSV, Parquet or NDJSON, also compressed with gzip.
        mapping: which column is what; None to guess, with a reason for each guess.
        source: the key of the source that the rows count under; part of their ids.
        default_zone: IANA name of the zone of times that name none.
        default_currency: ISO 4217 code of amounts that name none.
        default_region: the country (ISO 3166) of phone numbers without country code.
        now: the moment of taking in; times after it by more than a day are set aside.

    Raises: IncompleteMapping where nothing says when; InvalidInput where there is no such file, or the mapping names columns that it has not.
    """
    if now.tzinfo is None:
        raise InvalidInput("The moment of taking in needs a zone.")
    around = Circumstances(source, default_zone, default_currency, now, default_region)
    reader = FileReader(Path(path), mapping, around)
    timed = [reader.mapping.fields, *(block.fields for block in reader.mapping.blocks)]
    if not reader.empty and not any("occurred_at" in fields for fields in timed):
        raise IncompleteMapping(reader.mapping)
    return reader


@contextmanager
def _ordinals(connection: DuckDBPyConnection, folder: Path) -> Iterator[Ordinals]:
    ordinals = Ordinals(connection, folder)
    try:
        yield ordinals
    finally:
        ordinals.close()


def _parquet_sample(path: Path) -> Sample:
    import duckdb

    with duckdb.connect() as connection:
        try:
            columns, types, _ = tables.parquet_columns(connection, path)
            shown = ", ".join(f"{tables.identifier(name)}::VARCHAR" for name in columns)
            rows = connection.execute(
                f"SELECT {shown} FROM read_parquet({tables.quote(str(path))}) LIMIT {_HEAD_RECORDS}"
            ).fetchall()
        except duckdb.Error as error:
            raise NotATable(
                "The Parquet file is damaged (%(why)s).", why=str(error).splitlines()[0]
            ) from error
    cells = tuple(tuple(cell or "" for cell in column) for column in zip(*rows, strict=True))
    return Sample(columns, cells or ((),) * len(columns), types)
