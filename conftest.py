"""What tests of commands share: each data folder has an operational store of its own, on PostgreSQL too."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest


@pytest.fixture(scope="session")
def new_database() -> Callable[[str], str]:
    """Makes a database on the server of an address of another. Returns: its address."""

    def make(cluster: str) -> str:
        import psycopg

        name = f"t{uuid4().hex}"
        with psycopg.connect(cluster, autocommit=True) as connection:
            connection.execute(f'create database "{name}"')
        return urlsplit(cluster)._replace(path=f"/{name}").geturl()

    return make


@pytest.fixture(scope="session")
def environment_of(new_database: Callable[[str], str]) -> Callable[[Path], dict[str, str]]:
    """What commands over a data folder find in their environment, besides what the tests found in theirs."""
    given = os.environ.get("REGARD_DATABASE_URL")

    @functools.cache
    def environment(folder: Path) -> dict[str, str]:
        store = {"REGARD_DATABASE_URL": new_database(given)} if given else {}
        return {"REGARD_DATA_DIR": str(folder), **store}

    return environment
