"""Rows that tell of several things at once: an order, what was answered about it, and words."""

from __future__ import annotations

from collections import Counter

import pytest

from regard.warehouse.files.declared import parse_mapping
from regard.warehouse.files.tests.conftest import ReadFile
from regard.warehouse.files.toml import as_toml

HEAD = "Order ID,Customer,Order date,Amount,Rating,What could we improve?\n"
ROWS = "".join(
    f"{1000 + i},c{i % 7},2026-03-{1 + i % 28:02},{20 + i}.50,{1 + i % 5},The parcel came {i} days too late.\n"
    for i in range(40)
)


def test_an_order_with_a_rating_is_an_order_and_an_answer(read: ReadFile) -> None:
    taken = read(HEAD + ROWS)
    assert Counter(row["kind"] for row in taken.rows) == {"order.placed": 40, "survey.answered": 40}
    for row in taken.rows:
        is_order = row["kind"] == "order.placed"
        assert (row["amount_minor"] is not None) == is_order
        assert (row["score"] is None) == (row["text"] is None) == is_order
    threads = Counter(row["thread"] for row in taken.rows)
    assert set(threads.values()) == {2}
    assert "order_too" in {getattr(reason, "code", "") for reason in taken.reader.mapping.reasons}


def test_the_same_rows_in_another_order_have_the_same_ids(read: ReadFile) -> None:
    lines = ROWS.splitlines(keepends=True)
    ids = [
        {row["interaction_id"] for row in read(HEAD + "".join(some)).rows} for some in (lines, lines[::-1])
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 80


@pytest.mark.parametrize("wrong", ["abc,4,odd\n", "12.00,7x,odd\n"])
def test_a_row_of_which_one_part_cannot_be_read_is_set_aside_whole(read: ReadFile, wrong: str) -> None:
    before = read(HEAD + ROWS)
    taken = read(HEAD + ROWS + "2000,c1,2026-03-05," + wrong)
    assert {row["interaction_id"] for row in taken.rows} == {row["interaction_id"] for row in before.rows}
    assert [line for line, *_ in taken.rejected] == [42]


def test_a_row_without_an_answer_is_an_order_alone(read: ReadFile) -> None:
    taken = read(HEAD + ROWS + "2000,c1,2026-03-05,12.00,,\n")
    assert [row["kind"] for row in taken.rows if row["thread"] == "2000"] == ["order.placed"]


def test_saying_the_kind_makes_it_one_interaction(read: ReadFile) -> None:
    mapping = (
        '[columns]\noccurred_at = "Order date"\namount = "Amount"\nscore = "Rating"\n'
        '[constants]\nkind = "survey.answered"\nmetric = "rating"\n'
    )
    taken = read(HEAD + ROWS, mapping=mapping)
    assert Counter(row["kind"] for row in taken.rows) == {"survey.answered": 40}


def test_the_guess_survives_being_written_down(read: ReadFile) -> None:
    mapping = read(HEAD + ROWS).reader.mapping
    again = parse_mapping(as_toml(mapping))
    assert (again.fields, again.blocks) == (mapping.fields, mapping.blocks)


def test_each_of_two_open_questions_keeps_its_words(read: ReadFile) -> None:
    content = "Date;NPS;Reason for your score;Any other comments?\n" + "".join(
        f'{1 + i % 28:02}.03.2026;{i % 11};"It took {i} days, far too long.";"{"" if i % 2 else f"Thanks for all{chr(10)}and a second line; {i}"}"\n'
        for i in range(40)
    )
    rows = read(content).rows
    assert Counter(row["kind"] for row in rows) == {"survey.answered": 40, "comment.written": 20}
    assert all("too long" in row["text"] for row in rows if row["score"] is not None)


def test_a_code_beside_an_order_is_neither_an_answer_nor_words(read: ReadFile) -> None:
    content = "Order date,Customer,Amount,Reason\n" + "".join(
        f"2026-03-{1 + i % 28:02},c{i},{i}.00,{'gift for somebody' if i % 2 else 'own use'}\n"
        for i in range(40)
    )
    taken = read(content)
    assert not taken.reader.mapping.blocks
    assert {row["kind"] for row in taken.rows} == {"order.placed"}
