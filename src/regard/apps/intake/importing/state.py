"""What is remembered of the staging of one file, so that the same command goes on where it was stopped."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from regard.warehouse.files.reader import FileReader
from regard.warehouse.files.toml import as_toml

# Raised when the way of cutting files into batches or of making ids changes.
VERSION = 3


@dataclass(slots=True)
class ImportState:
    """One file under one source and one mapping.

    Args:
        run: counts complete imports of it; each stages its rows anew, so that what is known is recognised by its id.
        finished: whether that run came to its end.
        batches: number of each batch that is journaled -> rows set aside in it.
    """

    run: int = 1
    finished: bool = False
    batches: dict[str, int] = field(default_factory=dict)


class ImportMemory:
    """The state of one import, kept in a file beside the staged ones.

    Args:
        folder: of the staged files.
        key: the same for the same import, see `key_of`.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.key = key
        self._folder = folder
        self._file = folder / f"import-{self.key}.json"

    @contextmanager
    def held(self) -> Iterator[ImportState]:
        """The state, while no other process imports the same file. A finished import begins its next run."""
        with (self._folder / f"import-{self.key}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = self._read()
            if state.finished:
                state = ImportState(run=state.run + 1)
            self.write(state)
            yield state

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


def key_of(reader: FileReader, source: str) -> str:
    """The same for the same bytes under the same source, read by the same mapping, whatever the file is called."""
    mapping = as_toml(replace(reader.mapping, reasons=()))
    told = f"{VERSION}\0{reader.fingerprint()}\0{source}\0{mapping}"
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def list_staged(folder: Path, key: str) -> list[Path]:
    """The staged files that still stand of an import."""
    return sorted(folder.glob(f"{key}-*.parquet"))
