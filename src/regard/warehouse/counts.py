"""Counts that are kept: what a question over stated months came to, as small files beside the warehouse.

A count is never added to. Its name says which files of the log it was made from, so that whatever changes one of them
(a late row, an erasure, a month sorted anew, a restored backup) makes it unfindable by itself: it is made anew from the
log, and the old one is removed. Losing the folder costs nothing but time.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from regard.warehouse.counted import read_counted

MOST_BYTES = 512 * 2**20
# Of a log of fewer bytes, counting takes no longer than writing down what it came to.
LEAST_BYTES = 16 * 2**20
# Of a log of so many bytes what the homes need is not counted while somebody waits: some five million interactions.
LONG_BYTES = 200 * 2**20
UNUSED_SECONDS = 3 * 86_400.0
NOTED_EVERY_SECONDS = 3_600.0
PART_SECONDS = 3_600.0
FORMAT = 1
EARLIEST, LATEST = "0000-00", "9999-99"
MONTH = re.compile(r"month=(\d{4}-\d{2})/[^/]+$")
NAME = re.compile(r"(\d{4}-\d{2})_(\d{4}-\d{2})_([a-z+]*)_([0-9a-f]{32})_[0-9a-f]{32}\.parquet")


@dataclass(frozen=True, slots=True)
class Reads:
    """What of the warehouse a question reads, so that it is known when its answer no longer holds.

    Args:
        first_month, last_month: no interaction before the one or after the other is read.
        tables: the names of the tables that it reads beside the interactions.
    """

    first_month: str = EARLIEST
    last_month: str = LATEST
    tables: tuple[str, ...] = ()

    def includes(self, file: str) -> bool:
        """Whether rows of this file of the log may be read."""
        found = MONTH.search(file)
        return found is None or self.first_month <= found[1] <= self.last_month


Files = Mapping[str, Sequence[str]]


class Counts:
    """The kept counts of one warehouse. Any number of processes make and read them; only whole files ever appear.

    Args:
        folder: where they stand.
        most_bytes: of more than that, those go that were wanted longest ago.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self._most_bytes = most_bytes

    def is_worth_keeping(self, reads: Reads, files: Files) -> bool:
        """Whether so much is read that finding the answer is quicker than counting again. Raises: OSError."""
        left = LEAST_BYTES
        for file in files["interactions"]:
            if left <= 0:
                break
            if reads.includes(file):
                left -= _size(file)
        return left <= 0

    def is_long(self, files: Files) -> bool:
        """Whether counting the homes over these files would be waited for. Not told of files elsewhere."""
        try:
            return sum(map(_size, files["interactions"])) >= LONG_BYTES
        except OSError:
            return False

    def place(self, query: str, reads: Reads, files: Files) -> Path:
        """Where the answer to `query` over these files stands, or will stand."""
        key = hashlib.sha256(f"{FORMAT}\n{query}".encode()).hexdigest()[:32]
        months = f"{reads.first_month}_{reads.last_month}"
        return self.folder / f"{months}_{'+'.join(reads.tables)}_{_state(reads, files)}_{key}.parquet"

    def has(self, place: Path) -> bool:
        """Whether the count is there; notes now and then that it was wanted."""
        try:
            age = time.time() - place.stat().st_mtime
        except OSError:
            return False
        if age > NOTED_EVERY_SECONDS:
            with suppress(OSError):
                os.utime(place)
        return True

    def tidy(self, files: Files) -> int:
        """Remove what no longer holds, what nobody wanted lately and what is too much. Returns how many.

        What holds over `files`, or over the state of the log that the homes were last counted over, stays.
        """
        now, n, size = time.time(), 0, 0
        counted = read_counted(self.folder)
        held = [files] if counted is None else [files, counted.snapshot.files]
        states: dict[Reads, set[str]] = {}
        for path, modified_at, n_bytes in sorted(self._listed(), key=lambda entry: -entry[1]):
            reads, state = _read_name(path.name)
            if reads is None:
                is_gone = now - modified_at > PART_SECONDS
            else:
                if reads not in states:
                    states[reads] = {_state(reads, one) for one in held}
                is_gone = state not in states[reads] or now - modified_at > UNUSED_SECONDS
            size += 0 if is_gone else n_bytes
            if is_gone or size > self._most_bytes:
                path.unlink(missing_ok=True)
                n += 1
        return n

    def _listed(self) -> Iterator[tuple[Path, float, int]]:
        """The files of the folder, when each was wanted last, and its size."""
        with suppress(FileNotFoundError):
            for path in self.folder.iterdir():
                with suppress(FileNotFoundError):
                    about = path.stat()
                    yield path, about.st_mtime, about.st_size


@lru_cache(maxsize=10_000)
def _size(file: str) -> int:
    """How many bytes a file of the log has: it never changes."""
    return Path(file).stat().st_size


def months_of(files: Files) -> list[str]:
    """The months whose interactions stand in these files, in order."""
    found = (MONTH.search(file) for file in files["interactions"])
    return sorted({month[1] for month in found if month})


def _state(reads: Reads, files: Files) -> str:
    """Stands for the files that are read: another set of files is another state."""
    chosen = [*_of_months(files["interactions"], reads)]
    for table in reads.tables:
        chosen += [f"{table}/{Path(file).name}" for file in files[table]]
    return hashlib.sha256("\n".join(sorted(chosen)).encode()).hexdigest()[:32]


def _of_months(files: Iterable[str], reads: Reads) -> Iterator[str]:
    for file in files:
        if reads.includes(file):
            found = MONTH.search(file)
            yield found[0] if found else file


def _read_name(name: str) -> tuple[Reads | None, str]:
    """What a count reads and the state that it was made from; None for what is no count."""
    found = NAME.fullmatch(name)
    if found is None:
        return None, ""
    tables = tuple(table for table in found[3].split("+") if table)
    return Reads(found[1], found[2], tables), found[4]
