from __future__ import annotations

from regard.warehouse.files.tests.conftest import ReadFile


def test_a_line_nested_beyond_reason_is_rejected_and_the_rest_is_read(read: ReadFile) -> None:
    good = '{"customer":"u","occurred_at":"2026-05-01","kind":"order.placed"}\n'
    found = read(good + "[" * 100_000 + "\n" + good.replace('"u"', '"v"'), name="events.ndjson")
    assert found.reasons == {2: "not_json"}
    assert [row["user_id"] for row in found.rows] == ["u", "v"]
