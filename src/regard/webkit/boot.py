"""Starts Django over one data folder. Every command that needs the hub calls `setup` first."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from regard.kernel.errors import InvalidInput

SETTINGS = "regard.server.settings"
DATA_DIR = "REGARD_DATA_DIR"
DEFAULT_DATA_DIR = "regard-data"
FILES = ("regard.sqlite3", "secret", "projector.lock")


@dataclass(frozen=True, slots=True)
class Installation:
    """Where this installation keeps its things and how much of the machine it may take.

    `secret` signs sessions and keys the hashes of identifiers: it never leaves the data folder. `keep_backups_days` is
    how long the organisation keeps a backup, as the proof of an erasure says.
    """

    data_dir: Path
    warehouse_url: str
    database_url: str
    secret: bytes
    memory_limit: str
    threads: int
    max_waiting_segments: int
    max_waiting_bytes: int
    public_url: str
    keep_backups_days: int = 35
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    @property
    def staged_dir(self) -> Path:
        """Folder of the Parquet segments that large imports stage."""
        return self.data_dir / "staged"

    @property
    def temporary_dir(self) -> Path:
        return self.data_dir / "tmp"

    @property
    def projector_lock(self) -> Path:
        return self.data_dir / "projector.lock"


def data_dir() -> Path:
    """The data folder that the environment names, made absolute."""
    return Path(os.environ.get(DATA_DIR) or DEFAULT_DATA_DIR).expanduser().absolute()


def make_data_dir(folder: Path) -> None:
    """Lay out `folder` and give it its secret where it has none yet; harmless to repeat.

    Raises: InvalidInput where the folder cannot be made, or what is in it may not be read and written.
    """
    parts = (folder, folder / "warehouse", folder / "staged", folder / "tmp")
    try:
        for part in parts:
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"The data folder {folder} cannot be made: {error.strerror}. "
            f"Set {DATA_DIR} to a folder that may be written."
        ) from error
    for path in (*parts, *(folder / name for name in FILES if (folder / name).exists())):
        if not os.access(path, os.R_OK | os.W_OK):
            raise InvalidInput(
                f"{path} may not be read or written by this user. Run Regard as the user who owns the data folder, "
                f"or set {DATA_DIR} to another."
            )
    secret = folder / "secret"
    if secret.exists():
        return
    fresh = folder / "tmp" / f"secret-{os.getpid()}"
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_hex(32))
    try:
        os.link(fresh, secret)  # Atomic: of two first starts at once, one secret wins.
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def setup(*, migrate: bool = True) -> None:
    """Make the data folder ready, start Django and bring the operational store up to date.

    Args:
        migrate: False leaves pending migrations alone (children of `regard serve`, `regard doctor`).
    """
    folder = data_dir()
    os.environ[DATA_DIR] = str(folder)
    make_data_dir(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    if migrate:
        run_pending_migrations(folder)


def run_pending_migrations(folder: Path) -> None:
    """Bring the operational store to this release; two processes at once take turns."""
    import fcntl

    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    with (folder / "tmp" / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
