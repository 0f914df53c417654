from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from regard.integrations.sample_company.loading import remember
from regard.kernel.errors import InvalidInput

TODAY = date(2026, 11, 22)


def regard(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    """What `regard sample … --json` prints, run as people run it."""
    done = subprocess.run(
        [sys.executable, "-m", "regard.cli.main", "sample", *arguments, "--json"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_company_is_loaded_through_the_ordinary_import_and_only_once(
    tmp_path: Path, environment_of: Callable[[Path], dict[str, str]]
) -> None:
    first = regard(environment_of(tmp_path), "--customers", "30", "--until", "2026-11-22")
    assert first["n_new"] == first["n_read"] > 1000
    assert (first["n_known"], first["n_rejected"]) == (0, 0)
    again = regard(environment_of(tmp_path), "--customers", "30")
    assert (again["n_new"], again["n_known"]) == (0, first["n_new"])
    assert not (tmp_path / "tmp" / "sample").exists()


def test_the_airports_files_can_be_had_without_an_installation(tmp_path: Path) -> None:
    regard({"REGARD_DATA_DIR": str(tmp_path / "hub")}, "--airport", "--out", str(tmp_path / "files"))
    assert len(list((tmp_path / "files" / "cuts").glob("*.csv"))) == 8
    assert len(list((tmp_path / "files" / "maps").glob("*.toml"))) == 8
    assert not (tmp_path / "hub").exists()


def test_a_second_day_goes_on_with_the_company_of_the_first(tmp_path: Path) -> None:
    note = tmp_path / "sample.json"
    assert remember(note, 30, 7, None, TODAY).until == "2026-11-22"
    assert remember(note, 30, 7, None, date(2026, 11, 23)).until == "2026-11-22"


def test_another_company_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    note = tmp_path / "sample.json"
    remember(note, 30, 7, None, TODAY)
    for customers, seed, until in ((31, 7, None), (30, 8, None), (30, 7, date(2026, 1, 1))):
        with pytest.raises(InvalidInput, match="30 customers, seed 7, until 2026-11-22"):
            remember(note, customers, seed, until, TODAY)
