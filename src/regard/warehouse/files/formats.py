"""Which kind of file it is, by its first bytes rather than by its name."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, cast

from regard.kernel.errors import InvalidInput

GZIP_MAGIC = b"\x1f\x8b"
PARQUET_MAGIC = b"PAR1"
BLOCK = 4 * 1024 * 1024
# What people try first and what to do instead.
OTHERS = (
    (b"%PDF", "It is a PDF, which holds a picture of a table and not the table: export the data as CSV."),
    (b"\xd0\xcf\x11\xe0", "It is a workbook of an old Excel: save the sheet as CSV UTF-8."),
    (b"PK\x03\x04", "It is a ZIP archive: unpack it and give the file inside."),
    (b"7z\xbc\xaf", "It is a 7z archive: unpack it and give the file inside."),
    (b"SQLite format 3", "It is a SQLite database: export its table as CSV."),
)
WORKBOOKS = (".xlsx", ".xlsm", ".ods", ".numbers")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Format(StrEnum):
    """The forms of a file that can be read."""

    CSV = "csv"
    NDJSON = "ndjson"
    PARQUET = "parquet"


class NotATable(InvalidInput):
    """The file as a whole cannot be read: it is no table of text, or damaged."""


@dataclass(frozen=True, slots=True)
class FileForm:
    """What a file is: its format, whether it is compressed, and whether there is anything in it."""

    path: Path
    format: Format
    gzipped: bool
    empty: bool = False


def recognise(path: Path) -> FileForm:
    """The form of the file at `path`.

    Raises: InvalidInput where there is no such file; NotATable where its bytes are no table.
    """
    if not path.is_file():
        raise InvalidInput(f"There is no file '{path}'. Check its name and its folder.")
    with path.open("rb") as file:
        first = file.read(16)
    for mark, what in OTHERS:
        if first.startswith(mark):
            is_workbook = path.suffix.lower() in WORKBOOKS
            raise NotATable("It is a workbook: save the sheet as CSV UTF-8." if is_workbook else what)
    if first.startswith(PARQUET_MAGIC):
        return FileForm(path, Format.PARQUET, gzipped=False)
    gzipped = first.startswith(GZIP_MAGIC)
    form = FileForm(path, Format.CSV, gzipped)
    head = next(blocks(form, 65_536), b"")
    if not head.strip():
        return FileForm(path, Format.CSV, gzipped, empty=True)
    if path.name.lower().endswith(".gz") and not gzipped and _is_binary(head):
        raise NotATable("The file is called .gz but is not compressed with gzip.")
    if _is_binary(head):
        raise NotATable("The file is not a table of text: it holds bytes that no text has.")
    names = [suffix.lower() for suffix in path.suffixes]
    looks_json = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    is_json = looks_json or any(name in (".ndjson", ".jsonl", ".json") for name in names)
    return FileForm(path, Format.NDJSON if is_json else Format.CSV, gzipped)


def blocks(form: FileForm, size: int = BLOCK) -> Iterator[bytes]:
    """The file's bytes, uncompressed, in blocks. Raises: NotATable where the compression is damaged."""
    try:
        with _open(form) as file:
            while block := file.read(size):
                yield block
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise NotATable("The compressed file is damaged or ends too early (%(why)s).", why=error) from error


def _open(form: FileForm) -> IO[bytes]:
    if form.gzipped:
        return cast(IO[bytes], io.BufferedReader(gzip.open(form.path, "rb"), BLOCK))
    return form.path.open("rb", buffering=0)


def _is_binary(head: bytes) -> bool:
    """Whether these bytes are no text: control characters that no text has, unless it is UTF-16."""
    if head.startswith(UTF16_MARKS) or _looks_utf16(head):
        return False
    control = sum(head.count(code) for code in (*range(9), 14, 15, *range(16, 27), 28, 29, 30, 31))
    return control > max(2, len(head) // 200)


def _looks_utf16(head: bytes) -> bool:
    return utf16_order(head) is not None


def utf16_order(head: bytes) -> str | None:
    """The encoding of UTF-16 without a mark: blanks and line ends have a zero byte, always on the same side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if max(even, odd) < half * 0.08 or min(even, odd) > half * 0.005:
        return None
    order = "utf-16-le" if odd > even else "utf-16-be"
    text = head[:2000].decode(order, "replace")
    readable = sum(letter.isprintable() or letter.isspace() for letter in text)
    return order if readable > 0.95 * len(text) else None
