"""Sources: added once, whoever adds them."""

from __future__ import annotations

import pytest

from regard.apps.intake import services
from regard.apps.intake.queries import SourceRow, find_source
from regard.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db


def test_who_loses_the_race_to_add_a_source_gets_the_winners(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def find_late(key: str) -> SourceRow | None:
        nonlocal looks
        looks += 1
        if looks == 1:
            services.add_source(key, kind="file", title="The winner's")
            return None
        return find_source(key)

    monkeypatch.setattr(services, "find_source", find_late)
    assert services.ensure_source("files").title == "The winner's"


def test_a_source_that_cannot_be_added_is_refused_all_the_same() -> None:
    with pytest.raises(InvalidInput, match="is named with"):
        services.ensure_source("No Good")


def test_files_come_from_a_source_of_files() -> None:
    assert services.ensure_source("files").kind == "file"
