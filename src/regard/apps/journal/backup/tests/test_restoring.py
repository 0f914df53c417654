from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from regard.apps.journal.backup.restoring import unpack
from regard.kernel.errors import InvalidInput


@pytest.mark.parametrize(
    "manifest",
    [
        "[]",
        '{"files": []}',
        '{"files": {"secret": 1}}',
        '{"files": {}}',
        '{"files": {}, "format": 1}',
        "[" * 100_000,
    ],
)
def test_a_backup_with_a_strange_manifest_is_refused(tmp_path: Path, manifest: str) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    (tmp_path / "secret").write_text("s")
    source = tmp_path / "backup.tar"
    with tarfile.open(source, "w") as archive:
        for name in ("manifest.json", "secret"):
            archive.add(tmp_path / name, name)
    with pytest.raises(InvalidInput, match="not a whole backup"):
        unpack(source, tmp_path / "fresh")
    assert not (tmp_path / "fresh").exists()
