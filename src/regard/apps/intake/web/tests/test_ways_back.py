"""A row of a file that was refused is corrected cell by cell on its page, and comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from regard.apps.intake.importing.services import import_files
from regard.apps.intake.web.tests.test_sources import _own_warehouse, signed_in
from regard.apps.journal import queries

__all__ = ["_own_warehouse"]
pytestmark = pytest.mark.django_db(transaction=True)
ROWS = (
    "customer_id,answered_at,nps\n"
    + "".join(f"c{n},2026-03-{n:02},9\n" for n in range(1, 29))
    + "bo,soon,8\n"
)


def test_a_refused_row_comes_back_with_the_cell_that_was_corrected(tmp_path: Path) -> None:
    for name in ("staged", "tmp"):
        (tmp_path / name).mkdir(exist_ok=True)
    file = tmp_path / "answers.csv"
    file.write_text(ROWS)
    import_files([file], source="answers")
    (row,) = queries.list_quarantine()
    client = signed_in()
    page = client.get(f"/operations/quarantine/{row.id}/").content.decode()
    assert 'name="cell:answered_at"' in page
    assert 'value="soon"' in page
    refused = client.post(f"/operations/quarantine/{row.id}/", {"cell:answered_at": "later"})
    assert refused.status_code == 400
    told = client.post(
        f"/operations/quarantine/{row.id}/",
        {"cell:answered_at": "later"},
        headers={"accept-language": "el"},
    ).content.decode()
    assert "<span>Ακόμη δεν μπορεί να μπει: " in told
    assert "may still not" not in told
    assert (
        client.post(f"/operations/quarantine/{row.id}/", {"cell:answered_at": "2026-03-01"}).status_code
        == 302
    )
    assert queries.find_quarantined(row.id).state == "replayed"  # type: ignore[union-attr]
