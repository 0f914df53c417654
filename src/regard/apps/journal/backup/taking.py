"""Takes a backup while the server runs: one tar file with everything that an installation holds.

The warehouse is copied before the operational store. So whatever the warehouse holds is known to the store, and what
came in between stands in the journal and is projected again after a restore.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection

from regard.apps.journal import queries, services
from regard.kernel.errors import InvalidInput, Temporary
from regard.warehouse.log import Log

MANIFEST = "manifest.json"
FORMAT = 1
STORE = {"sqlite": "store.sqlite3", "postgresql": "store.dump"}
TRIES = 5

Progress = Callable[[int, int], None]


def take_backup(
    target: Path, *, now: datetime, progress: Progress = lambda done, total: None
) -> dict[str, object]:
    """Write a backup to `target`, which appears only when it is whole. Returns its manifest.

    Args:
        progress: told the bytes done and the bytes in all.

    Raises: InvalidInput where `target` exists; Temporary where a store does not answer.
    """
    if target.exists():
        raise InvalidInput(f"{target} exists already; a backup never overwrites one.")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            manifest = _write(stream, now, progress)
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(target)
        services.note_copy("backup", target, now=now)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(stream: io.BufferedWriter, now: datetime, progress: Progress) -> dict[str, object]:
    folder: Path = settings.REGARD.data_dir
    with tempfile.TemporaryDirectory(dir=settings.REGARD.temporary_dir) as held:
        warehouse = hold_warehouse(Path(held))
        store = copy_store(Path(held))
        files = [
            (STORE[connection.vendor], store),
            ("secret", folder / "secret"),
            *warehouse,
            *staged_files(folder),
        ]
        total, done = sum(path.stat().st_size for _, path in files), 0
        entries = {}
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, path in files:
                archive.add(path, name, recursive=False)
                entries[name] = {"size": path.stat().st_size, "sha256": fingerprint(path)}
                done += path.stat().st_size
                progress(done, total)
            manifest: dict[str, object] = {
                "format": FORMAT,
                "regard": version("regard"),
                "made_at": now.isoformat(),
                "store": connection.vendor,
                "warehouse": bool(warehouse),
                "last_segment": queries.last_seq(),
                "files": entries,
            }
            add_text(archive, MANIFEST, json.dumps(manifest, indent=1), now)
    return manifest


def add_text(archive: tarfile.TarFile, name: str, text: str, now: datetime) -> None:
    """Add a small file from memory."""
    content = text.encode()
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode = len(content), int(now.timestamp()), 0o600
    archive.addfile(info, io.BytesIO(content))


def fingerprint(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_store(held: Path) -> Path:
    """A consistent copy of the operational store, made while others write."""
    if connection.vendor == "sqlite":
        copy = held / STORE["sqlite"]
        source = sqlite3.connect(settings.DATABASES["default"]["NAME"])
        with closing(source), closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return copy
    copy = held / STORE["postgresql"]
    run_postgres(["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={copy}"])
    return copy


def run_postgres(command: list[str]) -> None:
    """Run one of PostgreSQL's own tools on the operational store. Raises: Temporary with what it said."""
    given = settings.DATABASES["default"]
    environment = {
        **os.environ,
        "PGDATABASE": given["NAME"],
        **{f"PG{k.upper()}": v for k, v in given["OPTIONS"].items()},
    }
    for name, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD")):
        if given[key]:
            environment[name] = given[key]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Temporary(
            f"{command[0]} is not installed here; it comes with PostgreSQL's client programs."
        ) from None
    if done.returncode:
        raise Temporary(f"{command[0]} failed: {done.stderr.strip()[-500:]}")


def hold_warehouse(held: Path) -> list[tuple[str, Path]]:
    """The files of one snapshot of the warehouse, held fast by links so that a clean-up cannot take them away."""
    url = settings.REGARD.warehouse_url
    if "://" in url and not url.startswith("file://"):
        return []
    root = Path(url.removeprefix("file://"))
    if not any(root.glob("*/_delta_log")):
        return []
    for _ in range(TRIES):
        try:
            return [
                (
                    f"warehouse/{path.relative_to(root)}",
                    _hold(path, held / "warehouse" / path.relative_to(root)),
                )
                for path in snapshot_files(root)
            ]
        except FileNotFoundError:
            continue  # A file was cleaned up while we looked: look again.
    raise Temporary("The warehouse changed faster than it could be copied. Try again.")


def snapshot_files(root: Path) -> Iterator[Path]:
    """The files that make up the present state of each table: its data files and its own log up to that version."""
    snapshot = Log.open(str(root)).snapshot()
    for table, number in snapshot.versions.items():
        folder = root / table
        for path in sorted((folder / "_delta_log").iterdir()):
            digits = path.name.partition(".")[0]
            if path.is_file() and digits.isdigit() and int(digits) <= number:
                yield path
        for address in snapshot.files[table]:
            path = Path(address.removeprefix("file://"))
            yield path if path.is_absolute() else folder / path


def _hold(path: Path, link: Path) -> Path:
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists():
        os.link(path, link)
    return link


def staged_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The staged files that segments still need."""
    for name in queries.list_staged_paths():
        if (folder / name).exists():
            yield name, folder / name
