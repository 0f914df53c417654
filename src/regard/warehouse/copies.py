"""Copies of a remote table's files on this machine, because DuckDB reads files and its readers of object storage cannot
be installed everywhere. The files of a Delta table never change, so a copy is made once and is never stale.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

from regard.kernel.errors import InvalidInput, Temporary

AT_ONCE = 8
# Whoever still asks with an older list of files finds them this long.
KEEP_SECONDS = 30 * 60


class Copies:
    """The copies of the files under `url`, in a folder that only this user can read.

    It stands in the system's folder for temporary files (TMPDIR), and processes of one machine share it.
    """

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.folder = machine_folder() / sha256(self.url.encode()).hexdigest()[:16]
        self._missed_at: dict[Path, float] = {}

    def bring(self, paths: Iterable[str]) -> list[str]:
        """Addresses on this machine of the files at `paths` below the url, each fetched where it is not here yet.

        Raises: Temporary where one cannot be had now.
        """
        wanted = {path: self.folder / path for path in paths}
        missing = [path for path, place in wanted.items() if not place.exists()]
        if missing:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(self._fetch, missing))
        return [str(place) for place in wanted.values()]

    def drop_others(self, paths: Iterable[str], *, keep_seconds: float = KEEP_SECONDS) -> None:
        """Remove the copies of files that are no longer listed, once they have been missed for so long."""
        listed = {self.folder / path for path in paths}
        now = time.monotonic()
        gone = {place for place in self.folder.rglob("*.parquet") if place not in listed}
        self._missed_at = {place: self._missed_at.get(place, now) for place in gone}
        for place, missed_at in self._missed_at.items():
            if now - missed_at >= keep_seconds:
                place.unlink(missing_ok=True)

    def _fetch(self, path: str) -> None:
        place = self.folder / path
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving = place.with_name(f".{uuid4().hex}")
        import obstore

        try:
            with arriving.open("wb") as out:
                for part in obstore.get(self._store, path).stream():
                    out.write(part)
            arriving.replace(place)  # of two processes that fetch the same, either's is right
        except OSError as error:  # what obstore raises, and a full disk
            raise Temporary(f"{self.url}/{path} could not be fetched: {error}.") from error
        finally:
            arriving.unlink(missing_ok=True)

    @cached_property
    def _store(self) -> Any:
        try:
            from obstore.store import from_url
        except ModuleNotFoundError:
            raise InvalidInput(
                "A warehouse on object storage needs one more package: pip install 'regard[object-storage]'."
            ) from None
        return from_url(self.url)


def machine_folder() -> Path:
    """Where this user's temporary files of all warehouses elsewhere stand."""
    folder = Path(tempfile.gettempdir()) / f"regard-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
