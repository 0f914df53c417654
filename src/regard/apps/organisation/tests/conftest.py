"""Quick passwords, as the slow hash is not what these tests are about, and a warehouse of each test's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Pages asked for in another language leave nothing behind for the next test."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_warehouse(settings: Settings, tmp_path: Path) -> None:
    settings.REGARD = dataclasses.replace(
        settings.REGARD, data_dir=tmp_path, warehouse_url=str(tmp_path / "warehouse")
    )
