from __future__ import annotations

from pathlib import Path

import pytest

from regard.apps.intake.exporting.bringing_back import import_folder
from regard.apps.intake.exporting.services import export
from regard.kernel.errors import InvalidInput


@pytest.mark.parametrize("manifest", ["[]", '{"version": 1}', "[" * 100_000])
def test_a_folder_with_a_strange_manifest_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(InvalidInput, match="no folder made by `regard export`"):
        import_folder(tmp_path)


@pytest.mark.django_db
def test_a_period_that_ends_before_it_starts_is_not_exported(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with pytest.raises(InvalidInput, match="before it starts"):
        export(folder=target, since="2026-05-02", until="2026-05-01")
    assert not target.exists()


@pytest.mark.django_db
def test_a_file_whose_ending_names_no_format_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"'ex1\.zip' does not say which format"):
        export(out=tmp_path / "ex1.zip")
    assert not any(tmp_path.iterdir())
