"""The hub of a data folder, as commands are given it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from regard.cli.hub import open_hub
from regard.kernel.errors import InvalidInput

HEAVY = ("django", "scipy", "sqlglot", "rich", "pyarrow", "lz4")


def make_folder(folder: Path) -> None:
    with sqlite3.connect(folder / "regard.sqlite3") as store:
        store.execute("CREATE TABLE organisation_organisationsetting (id, zone, currency, ces_threshold)")
        store.execute("INSERT INTO organisation_organisationsetting VALUES (1, 'Europe/Athens', 'EUR', 6)")
    store.close()


def test_a_hub_tells_what_its_organisation_chose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_folder(tmp_path)
    monkeypatch.setenv("REGARD_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("REGARD_DATABASE_URL", raising=False)
    with open_hub() as hub:
        assert (hub.zone.key, hub.currency, hub.defaults) == ("Europe/Athens", "EUR", {"easy_from": 6.0})


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGARD_DATA_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(InvalidInput, match="nowhere"), open_hub():
        pass


def test_a_figure_of_the_hub_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    make_folder(tmp_path)
    code = (
        "import sys\nfrom regard.cli.main import main\n"
        "main(['metric', 'nps', '--by', 'unit', '--every', 'week', '--json'])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={"REGARD_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stderr.strip() == "[]"
