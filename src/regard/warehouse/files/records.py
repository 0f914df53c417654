"""Text cut into records in bounded memory, each with its line; records that cannot be read are set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

LONGEST_RECORD = 1024 * 1024  # bytes
LARGEST_CHUNK = 24 * 1024 * 1024
FIRST_CHUNK = 4 * 1024 * 1024  # Who follows the reading need not wait long for the first.
RAW_KEPT = 2000  # characters of a bad record that are kept
NEWLINE, QUOTE = 10, 34


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is not taken in: its line, a reason code or sentence, and how it began."""

    line: int
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some whole records that follow each other.

    Args:
        data: UTF-8, the records one after the other, each ending in a newline.
        starts, ends: the byte where each record starts and the byte after its newline.
        lines: the line of the file where each record starts, from 1.
        rejected: records found broken while cutting; they are not in `data`.
    """

    data: bytes
    starts: Ints
    ends: Ints
    lines: Ints
    rejected: list[Rejected] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.starts)

    def raw(self, index: int) -> str:
        """The record at `index` as it stands in the file, cut where it is long."""
        return shorten(self.data[self.starts[index] : self.ends[index]])

    def keep(self, wanted: npt.NDArray[np.bool_], rejected: list[Rejected]) -> Chunk:
        """This chunk with only the `wanted` records, and `rejected` added to those set aside."""
        pieces = _runs(wanted)
        data = b"".join(self.data[self.starts[a] : self.ends[b - 1]] for a, b in pieces)
        lengths = (self.ends - self.starts)[wanted]
        ends = np.cumsum(lengths)
        return Chunk(data, ends - lengths, ends, self.lines[wanted], [*self.rejected, *rejected])


def shorten(record: bytes) -> str:
    """A record as text, at most RAW_KEPT characters, broken bytes marked."""
    text = record[: RAW_KEPT * 4].decode("utf-8", "backslashreplace").rstrip("\r\n")
    return text if len(text) <= RAW_KEPT else text[:RAW_KEPT] + "…"


def cut(
    blocks: Iterable[bytes],
    *,
    quoted: bool,
    most_records: int,
    largest: int = LARGEST_CHUNK,
    first: int | None = None,
) -> Iterator[Chunk]:
    """The records of a text in chunks of at most `most_records`, always cut the same way.

    Args:
        blocks: UTF-8 text; lines end in LF, CR LF or (old) CR.
        quoted: whether a newline inside double quotes belongs to the record.
        largest: bytes of a chunk, about.
        first: of the first chunk; each is twice as large as the one before, up to `largest`.
    """
    cutter = _Cutter(quoted, most_records, largest, first or largest)
    for block in _plain_newlines(blocks):
        yield from cutter.feed(block)
    yield from cutter.finish()


class _Cutter:
    def __init__(self, quoted: bool, most_records: int, largest: int, first: int) -> None:
        self.quoted = quoted
        self.most_records = most_records
        self.largest = largest
        self.enough = min(first, largest)
        self.waiting: list[bytes] = []
        self.size = 0
        self.line = 1
        self.skipping = False
        self.set_aside: list[Rejected] = []

    def feed(self, block: bytes) -> Iterator[Chunk]:
        if self.skipping:
            end = block.find(b"\n")
            if end < 0:
                return
            block = block[end + 1 :]
            self.skipping = False
            self.line += 1
        self.waiting.append(block)
        self.size += len(block)
        if self.size >= self.enough:
            self.enough = min(2 * self.enough, self.largest)
            yield from self._release(final=False)

    def finish(self) -> Iterator[Chunk]:
        yield from self._release(final=True)
        if self.set_aside:
            none = np.empty(0, np.int64)
            yield Chunk(b"", none, none, none, self._take_aside())

    def _release(self, *, final: bool) -> Iterator[Chunk]:
        data = b"".join(self.waiting)
        if final and data and not data.endswith(b"\n"):
            data += b"\n"
        starts, ends, lines = self._bounds(data, final)
        rest = data[int(ends[-1]) :] if len(ends) else data
        if not final and len(rest) > max(self.largest // 2, 2 * LONGEST_RECORD):
            rest = self._skip_long(rest)
        self.waiting, self.size = [rest], len(rest)
        n_parts = max(1, -(-len(starts) // self.most_records))
        size = max(1, -(-len(starts) // n_parts))
        for first in range(0, len(starts), size):
            part = slice(first, first + size)
            yield self._chunk(data, starts[part], ends[part], lines[part])

    def _skip_long(self, rest: bytes) -> bytes:
        """Sets aside the physical line at the start of `rest`, which does not end, or whose quote never closes."""
        reason = "line_too_long" if b"\n" not in rest else "quote_never_closed"
        self.set_aside.append(Rejected(self.line, reason, shorten(rest)))
        end = rest.find(b"\n")
        if end < 0:
            self.skipping = True
            return b""
        self.line += 1
        return rest[end + 1 :]

    def _bounds(self, data: bytes, final: bool) -> tuple[Ints, Ints, Ints]:
        buffer = np.frombuffer(data, np.uint8)
        newlines = np.flatnonzero(buffer == NEWLINE)
        ends = newlines
        if self.quoted and b'"' in data:
            quotes = np.flatnonzero(buffer == QUOTE)
            ends = newlines[(np.searchsorted(quotes, newlines) & 1) == 0]
            if final and len(newlines) and (not len(ends) or ends[-1] != newlines[-1]):
                after = newlines[newlines > ends[-1]] if len(ends) else newlines
                ends = np.concatenate([ends, after])
            ends = self._resynchronise(ends, newlines)
        ends = ends.astype(np.int64) + 1
        starts = np.concatenate([np.zeros(min(1, len(ends)), np.int64), ends[:-1]])
        lines = self.line + np.searchsorted(newlines, starts)
        if len(ends):
            self.line += int(np.searchsorted(newlines, ends[-1]))
        return starts, ends, lines.astype(np.int64)

    def _resynchronise(
        self, ends: npt.NDArray[np.intp], newlines: npt.NDArray[np.intp]
    ) -> npt.NDArray[np.intp]:
        """Where a record would be longer than any may be, a quote was left open: each line stands for itself."""
        lengths = np.diff(ends, prepend=-1)
        long = np.flatnonzero(lengths > LONGEST_RECORD)
        if not len(long):
            return ends
        extra = [newlines[(newlines > ends[i] - lengths[i]) & (newlines < ends[i])] for i in long]
        return np.unique(np.concatenate([ends, *extra]))

    def _chunk(self, data: bytes, starts: Ints, ends: Ints, lines: Ints) -> Chunk:
        if not len(starts):
            return Chunk(b"", starts, ends, lines, self._take_aside())
        first = int(starts[0])
        chunk = Chunk(data[first : int(ends[-1])], starts - first, ends - first, lines, self._take_aside())
        return _without_broken(chunk)

    def _take_aside(self) -> list[Rejected]:
        aside, self.set_aside = self.set_aside, []
        return aside


def _without_broken(chunk: Chunk) -> Chunk:
    """The chunk without blank lines, over-long records and those that are not valid UTF-8."""
    lengths = chunk.ends - chunk.starts
    bad: dict[int, str] = {int(i): "line_too_long" for i in np.flatnonzero(lengths > LONGEST_RECORD)}
    blank = lengths <= 1
    short = np.flatnonzero(~blank & (lengths <= 3))
    for i in short:
        blank[i] = not chunk.data[chunk.starts[i] : chunk.ends[i]].strip()
    bad.update(dict.fromkeys(_not_utf8(chunk), "not_utf8"))
    bad.update(dict.fromkeys(_with_zero_bytes(chunk), "not_text"))
    if not bad and not blank.any():
        return chunk
    wanted = ~blank
    wanted[list(bad)] = False
    rejected = [Rejected(int(chunk.lines[i]), bad[i], chunk.raw(i)) for i in sorted(bad)]
    return chunk.keep(wanted, rejected)


def _not_utf8(chunk: Chunk) -> list[int]:
    """The records that are not valid UTF-8."""
    if _is_utf8(chunk.data):
        return []
    found: list[int] = []
    for first in range(0, len(chunk), 1000):
        last = min(first + 1000, len(chunk)) - 1
        if not _is_utf8(chunk.data[chunk.starts[first] : chunk.ends[last]]):
            each = range(first, last + 1)
            found += [i for i in each if not _is_utf8(chunk.data[chunk.starts[i] : chunk.ends[i]])]
    return found


def _with_zero_bytes(chunk: Chunk) -> list[int]:
    if b"\0" not in chunk.data:
        return []
    zeros = np.flatnonzero(np.frombuffer(chunk.data, np.uint8) == 0)
    return [int(i) for i in np.unique(np.searchsorted(chunk.ends, zeros, side="right"))]


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _runs(wanted: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wanted, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _plain_newlines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Old CR line ends become LF; everything else passes as it is."""
    old: bool | None = None
    for block in blocks:
        if old is None:
            old = b"\n" not in block and b"\r" in block
        yield block.replace(b"\r", b"\n") if old else block
