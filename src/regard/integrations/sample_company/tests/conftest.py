"""A small sample company, written once for all tests of a worker."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from regard.integrations.sample_company.generate import Written, generate

UNTIL = date(2026, 11, 22)
CUSTOMERS = 2_000


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="session")
def written(folder: Path) -> Written:
    return generate(folder, customers=CUSTOMERS, seed=7, until=UNTIL)


@pytest.fixture(scope="session")
def tables(written: Written) -> duckdb.DuckDBPyConnection:
    """Views `interactions` and `people` over the files."""
    folder = written.interactions[0].parent.parent
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    for name in ("interactions", "people"):
        connection.execute(f"create view {name} as select * from read_parquet('{folder}/{name}/*.parquet')")
    return connection
