"""The warehouse as pages read it: always the newest state, at little cost where nothing was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from regard.warehouse.log import Log
from regard.webkit.hub import Hub


def test_the_tables_are_opened_only_when_something_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log.open(tmp_path / "warehouse")
    hub = Hub(str(tmp_path / "warehouse"), memory_limit="256MB", threads=1)
    before = hub.refresh()
    asked = 0
    versions = Log.versions

    def count(self: Log) -> dict[str, int]:
        nonlocal asked
        asked += 1
        return versions(self)

    monkeypatch.setattr(Log, "versions", count)
    assert [hub.refresh() for _ in range(5)] == [before] * 5
    assert asked == 0
    log.replace_units([("north", "North", None)])
    assert hub.refresh() != before
    with hub.cursor() as cursor:
        assert cursor.execute("SELECT unit FROM units").fetchall() == [("north",)]
