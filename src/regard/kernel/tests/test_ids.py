"""The id of an interaction is the same everywhere and for ever."""

from __future__ import annotations

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from regard.kernel.ids import interaction_id

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1f"), max_size=40)


def test_the_id_of_a_message_never_changes() -> None:
    assert interaction_id("shop", "m-1").hex() == "d96d4cf6f13273c6fa71c2dd334bc9cd"
    assert interaction_id("κατάστημα", "հ-1").hex() == "77a00d33e72fe7340defc2e2e5542e2e"


def test_source_and_message_do_not_run_into_each_other() -> None:
    assert interaction_id("ab", "c") != interaction_id("a", "bc")
    assert len(interaction_id("", "")) == 16


@given(st.lists(st.tuples(words, words), min_size=1, max_size=20))
def test_duckdb_makes_the_same_id(pairs: list[tuple[str, str]]) -> None:
    with duckdb.connect() as connection:
        for source, message in pairs:
            made = connection.execute("select unhex(md5(? || chr(31) || ?))", [source, message]).fetchone()
            assert made == (interaction_id(source, message),)
