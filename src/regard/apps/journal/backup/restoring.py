"""Restores a backup: the data folder as it was, and a new epoch, so that no position of the old life counts."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from regard.kernel.errors import InvalidInput, Temporary
from regard.kernel.registry import Registry


@dataclass(frozen=True, slots=True)
class Carried:
    """What a restore must not undo: taken from the store before, put into the restored one.

    Args:
        take: reads it from the present store.
        read: reads the like from files that a person kept, once the restored secret holds.
        put: writes all of it into the restored store.
    """

    key: str
    take: Callable[[], Any]
    read: Callable[[Sequence[Path]], list[Any]]
    put: Callable[[list[Any], datetime], None]


CARRIED: Registry[Carried] = Registry("carried")


def restore_backup(
    source: Path, *, replace: bool, now: datetime, proofs: Sequence[Path] = ()
) -> dict[str, object]:
    """Put the installation back as it was when `source` was taken. Returns the backup's manifest.

    Everything that the warehouse lacks is projected again from the journal. What the data folder held before is moved
    aside into `before-restore-…` within it, never deleted. What was erased since the backup is erased again.

    Raises: InvalidInput where the file is no backup, is damaged, or the data folder is in use and `replace` not given;
        Temporary where the server runs.
    """
    from django.conf import settings
    from django.db import connection

    folder: Path = settings.REGARD.data_dir
    with stopped(folder):
        if is_used(folder) and not replace:
            raise InvalidInput(f"{folder} holds data already. To move them aside and restore: --replace.")
        fresh = folder / "tmp" / f"restore-{now:%Y%m%d-%H%M%S}"
        manifest = unpack(source, fresh)
        if manifest["store"] != connection.vendor:
            raise InvalidInput(
                f"This backup is of {manifest['store']}; the settings name {connection.vendor}. "
                "Set or unset REGARD_DATABASE_URL."
            )
        erased = [(one, one.take()) for one in CARRIED]
        connection.close()
        aside(folder, folder / f"before-restore-{now:%Y%m%d-%H%M%S}")
        put_in_place(fresh, folder)
    begin_new_life(folder)
    for one, taken in erased:
        one.put([taken, *one.read(proofs)], now)
    finish_errands()
    return manifest


@contextmanager
def stopped(folder: Path) -> Iterator[None]:
    """Hold the right to project, so that nothing is projected meanwhile. Raises: Temporary where another has it."""
    from regard.apps.journal.projection.fence import Fence, NotElected

    fence = Fence(folder / "projector.lock")
    try:
        fence.acquire()
    except NotElected:
        raise Temporary("The server or an import is running on this data folder. Stop it first.") from None
    try:
        yield
    finally:
        fence.release()


def is_used(folder: Path) -> bool:
    """Whether the data folder, or the server it names, holds anything to lose."""
    from regard.apps.journal import queries
    from regard.webkit.boot import run_pending_migrations

    run_pending_migrations(folder)
    return queries.last_seq() > 0 or any((folder / "warehouse").glob("*/*"))


def unpack(source: Path, fresh: Path) -> dict[str, object]:
    """Unpack a backup and check every file against its fingerprint. Raises: InvalidInput."""
    from regard.apps.journal.backup.taking import FORMAT, MANIFEST, fingerprint

    try:
        with tarfile.open(source) as archive:
            archive.extractall(fresh, filter="data")
        manifest = read_manifest(fresh / MANIFEST)
        files = manifest["files"]
        if not isinstance(files, dict):
            raise ValueError("its manifest lists no files")
        damaged = [name for name, entry in files.items() if fingerprint(fresh / name) != entry["sha256"]]
        format_of, _ = manifest["format"], manifest["store"]
    except (OSError, tarfile.TarError, KeyError, TypeError, ValueError, RecursionError) as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise InvalidInput(f"{source} is not a whole backup of Regard: {error}.") from None
    if damaged or format_of != FORMAT:
        shutil.rmtree(fresh, ignore_errors=True)
        raise InvalidInput(
            f"{source} is damaged or of another release: {', '.join(damaged[:3]) or 'format'}."
        )
    return manifest


def read_manifest(path: Path) -> dict[str, object]:
    """What a backup says of itself. Raises: ValueError where it is no JSON object."""
    found = json.loads(path.read_text())
    if not isinstance(found, dict):
        raise ValueError("its manifest is no JSON object")
    return found


def aside(folder: Path, old: Path) -> None:
    """Move what the folder holds into `old`."""
    for name in (
        "regard.sqlite3",
        "regard.sqlite3-wal",
        "regard.sqlite3-shm",
        "secret",
        "warehouse",
        "staged",
    ):
        if (folder / name).exists():
            old.mkdir(mode=0o700, exist_ok=True)
            (folder / name).rename(old / name)


def put_in_place(fresh: Path, folder: Path) -> None:
    """Move what was unpacked to where it belongs, and the operational store into its server."""
    from regard.apps.journal.backup.taking import STORE, run_postgres
    from regard.webkit.boot import make_data_dir

    if (fresh / STORE["sqlite"]).exists():
        (fresh / STORE["sqlite"]).rename(folder / "regard.sqlite3")
    else:
        dump = str(fresh / STORE["postgresql"])
        run_postgres(["pg_restore", "--clean", "--if-exists", "--no-owner", "--dbname=", dump])
    for name in ("secret", "warehouse", "staged"):
        if (fresh / name).exists():
            (fresh / name).rename(folder / name)
    shutil.rmtree(fresh)
    make_data_dir(folder)


def begin_new_life(folder: Path) -> None:
    """Take the restored secret, bring the store up to this release and renew the epoch."""
    from django.conf import settings

    from regard.apps.journal import services
    from regard.webkit.boot import run_pending_migrations

    settings.REGARD = replace(settings.REGARD, secret=(folder / "secret").read_bytes().strip())
    run_pending_migrations(folder)
    services.renew_epoch()


def finish_errands() -> None:
    """Do at once what the projector is to do first: what was erased must not wait for the server's start."""
    from regard.apps.journal.projector import Projector

    projector = Projector()
    try:
        projector.finish_errands()
    finally:
        projector.stop()
