"""A warehouse of each test's own."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _own_warehouse(settings: Settings, tmp_path: Path) -> None:
    settings.REGARD = dataclasses.replace(
        settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse")
    )
