from __future__ import annotations

from pathlib import Path

import pytest

from regard.kernel.errors import InvalidInput
from regard.webkit.boot import make_data_dir


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file" / "data", Path("/proc/x")):
        with pytest.raises(InvalidInput, match=f"{folder} cannot be made"):
            make_data_dir(folder)


def test_a_data_folder_of_another_user_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_data_dir(tmp_path / "data")
    store = tmp_path / "data" / "regard.sqlite3"
    store.touch()
    # Root may do everything, so the system is asked in our place.
    monkeypatch.setattr("os.access", lambda path, mode: path != store)
    with pytest.raises(InvalidInput, match=r"regard\.sqlite3 may not be read or written"):
        make_data_dir(tmp_path / "data")
