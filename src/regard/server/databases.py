"""The operational store from its address: a SQLite file in the data folder, or PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

BUSY_SECONDS = 20


def sqlite(path: Path) -> dict[str, Any]:
    """Settings of a SQLite store that survives power loss: write-ahead log, every commit synced.

    A transaction takes the write lock when it begins, so that it never fails half way for want of it. What is deleted
    is overwritten: erased words must not stand on freed pages.
    """
    # The journal is folded into the file every 40 MB instead of every 4: bulk writes then touch a page once, not dozens
    # of times, which takes a fifth off a whole import.
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": BUSY_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; "
            "PRAGMA secure_delete=ON; PRAGMA wal_autocheckpoint=10000;",
        },
    }


def postgresql(url: str) -> dict[str, Any]:
    """Settings of a PostgreSQL store from `postgresql://user:password@host:port/name?sslmode=…`.

    Raises: ValueError where the address is of another kind or names no database.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise ValueError("expected postgresql://user:password@host:port/name")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    # Tells in pg_stat_activity which process a connection belongs to, the elected projector among them.
    options.setdefault("application_name", f"regard-{os.getpid()}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
