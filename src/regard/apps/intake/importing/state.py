"""What is remembered of the import of one file, so that the same command goes on where it was stopped."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from regard.warehouse.files.reader import FileReader
from regard.warehouse.files.toml import as_toml

# Raised when the way of cutting files into batches or of making ids changes.
VERSION = 2


@dataclass(slots=True)
class ImportState:
    """One file under one source and one mapping.

    Args:
        run: counts complete imports of it; each stages its rows anew, so that what is known is recognised by its id.
        finished: whether that run came to its end.
        batches: number of each batch that is journaled -> rows set aside in it.
        context: what it takes to read one row of the file again.
    """

    run: int = 1
    finished: bool = False
    batches: dict[str, int] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)


class ImportMemory:
    """The state of one import, kept in a file beside the staged ones.

    Args:
        folder: of the staged files.
        reader: of the file; its bytes and its mapping make the import the same.
        source: the key of the source.
    """

    def __init__(self, folder: Path, reader: FileReader, source: str) -> None:
        fingerprint, mapping = reader.fingerprint(), as_toml(replace(reader.mapping, reasons=()))
        told = f"{VERSION}\0{fingerprint}\0{source}\0{mapping}"
        self.key = hashlib.blake2b(told.encode(), digest_size=12).hexdigest()
        self._folder = folder
        self._context = {
            "file": reader.path.name,
            "source": source,
            "format": reader.form.format.value,
            "columns": list(reader.columns),
            "delimiter": reader.delimiter,
            "mapping": mapping,
        }
        self._file = folder / f"import-{self.key}.json"

    @contextmanager
    def held(self) -> Iterator[ImportState]:
        """The state, while no other process imports the same file. A finished import begins its next run."""
        with (self._folder / f"import-{self.key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = self._read()
            if state.finished:
                state = ImportState(run=state.run + 1)
            state.context = self._context
            self.write(state)
            yield state

    def has_finished_before(self, state: ImportState) -> bool:
        """Whether the same file was imported to its end before: then what is set aside stands in quarantine already."""
        return state.run > 1

    def write(self, state: ImportState) -> None:
        """Keep the state, whatever happens to this process."""
        fresh = self._file.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(asdict(state)))
        fresh.replace(self._file)

    def staged_name(self, state: ImportState, batch: int) -> str:
        """The name of the staged file of one batch."""
        return f"{self.key}-{state.run}-{batch:06d}.parquet"

    def _read(self) -> ImportState:
        try:
            return ImportState(**json.loads(self._file.read_text()))
        except (OSError, ValueError, TypeError):
            return ImportState()


def find_context(folder: Path, *, file: str, source: str) -> dict[str, Any] | None:
    """How the file of this name was last read under `source`; None where nothing is remembered of it."""
    for path in sorted(folder.glob("import-*.json"), key=lambda path: path.stat().st_mtime, reverse=True):
        context = ImportState(**json.loads(path.read_text())).context
        if context.get("file") == file and context.get("source") == source:
            return context
    return None


def find_staged(folder: Path, *, file: str, source: str) -> list[Path]:
    """The staged files that still stand of the last import of this file that set rows aside.

    A corrected file has the same name and sets none aside: its rows are those that come back.
    """
    for path in sorted(folder.glob("import-*.json"), key=lambda path: path.stat().st_mtime, reverse=True):
        state = ImportState(**json.loads(path.read_text()))
        is_it = state.context.get("file") == file and state.context.get("source") == source
        if is_it and any(state.batches.values()):
            return sorted(folder.glob(f"{path.stem.removeprefix('import-')}-*.parquet"))
    return []
