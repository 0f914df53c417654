"""Rows without message id: the same file renamed, sorted anew or grown adds only what is new; equal rows all count."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regard.warehouse.files import reader
from regard.warehouse.files.tests.conftest import ReadFile

HEADER = "customer,occurred_at,kind,amount\n"


def line(number: int) -> str:
    return f"u{number % 3},2026-05-{1 + number % 28:02d},order.placed,{number}.50\n"


def test_equal_rows_all_count(read: ReadFile) -> None:
    assert len(read(HEADER + line(1) * 3 + line(2)).ids) == 4


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.integers(0, 8), min_size=1, max_size=12), data=st.data())
def test_ids_do_not_depend_on_name_or_order_and_a_grown_file_keeps_the_old_ones(
    read: ReadFile, rows: list[int], data: st.DataObject
) -> None:
    before = read(HEADER + "".join(map(line, rows)))
    more = data.draw(st.lists(st.integers(0, 8), max_size=5))
    grown = data.draw(st.permutations(rows + more))
    after = read(HEADER + "".join(map(line, grown)), name="renamed.csv")
    assert len(before.ids) == len(rows)
    assert len(after.ids) == len(grown)
    assert before.ids <= after.ids


def test_ids_do_not_depend_on_how_a_file_is_cut(read: ReadFile, monkeypatch: object) -> None:
    rows = HEADER + "".join(line(i % 50) for i in range(60_000))
    whole = read(rows)
    import pytest

    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    monkeypatch.setattr(reader, "ROWS_PER_BATCH", 20_000)
    assert read(rows).ids == whole.ids
    assert len(whole.ids) == 60_000


def test_several_interactions_of_a_row_have_ids_of_their_own_and_share_a_thread(read: ReadFile) -> None:
    found = read(
        "day,recommend,food,words\n2026-05-01,9,4,fine\n2026-05-01,,5,\n",
        mapping="""
        [columns]
        occurred_at = "day"
        [[interaction]]
        metric = "nps"
        score = "recommend"
        [[interaction]]
        metric = "csat"
        score = "food"
        [[interaction]]
        kind = "comment.written"
        text = "words"
        """,
    )
    assert sorted((row["metric"] or "", row["score"], row["text"]) for row in found.rows) == [
        ("", None, "fine"),
        ("csat", 4.0, None),
        ("csat", 5.0, None),
        ("nps", 9.0, None),
    ]
    assert len(found.ids) == 4
    assert len({row["thread"] for row in found.rows}) == 2
