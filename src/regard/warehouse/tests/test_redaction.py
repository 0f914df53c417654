"""How much of what identifies a person is blanked, and how much else with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import duckdb
import pytest

from regard.warehouse.redaction import redacted_sql
from regard.warehouse.tests.redaction_examples import TO_BLANK, TO_KEEP


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        yield made


def redacted(connection: duckdb.DuckDBPyConnection, *texts: str | None) -> list[str | None]:
    sql = f"SELECT {redacted_sql('text')} FROM (SELECT unnest(?::VARCHAR[]) AS text)"
    return [row[0] for row in connection.execute(sql, [list(texts)]).fetchall()]


def leaks(secret: str, result: str) -> bool:
    """Whether five letters or digits of the secret in a row are still there."""
    plain, left = ("".join(filter(str.isalnum, text)) for text in (secret, result))
    return any(plain[start : start + 5] in left for start in range(len(plain) - 4))


def test_most_of_what_identifies_is_blanked(connection: duckdb.DuckDBPyConnection) -> None:
    given: Counter[str] = Counter()
    blanked: Counter[str] = Counter()
    results = redacted(connection, *(example[2] for example in TO_BLANK))
    for (language, kind, _, secret), result in zip(TO_BLANK, results, strict=True):
        is_gone = not leaks(secret, result or "")
        for group in (language, kind, "all"):
            given[group] += 1
            blanked[group] += is_gone
    for group in given:
        print(
            f"blanked {group:6} {blanked[group]:3} of {given[group]:3} ({blanked[group] / given[group]:.0%})"
        )
    assert blanked["all"] / given["all"] >= 0.9
    assert all(blanked[group] / given[group] >= 0.8 for group in given)


def test_most_other_numbers_stay(connection: duckdb.DuckDBPyConnection) -> None:
    results = redacted(connection, *TO_KEEP)
    kept = [sentence for sentence, result in zip(TO_KEEP, results, strict=True) if sentence == result]
    print(f"left as they are: {len(kept)} of {len(TO_KEEP)} ({len(kept) / len(TO_KEEP):.0%})")
    assert len(kept) / len(TO_KEEP) >= 0.9


def test_the_words_around_stay(connection: duckdb.DuckDBPyConnection) -> None:
    text = "Late again! Write to a@example.com or call +30 694 5123456, order 4711.\nΚαλή χρονιά."
    assert redacted(connection, text) == [
        "Late again! Write to [email] or call [phone], order 4711.\nΚαλή χρονιά."
    ]


@pytest.mark.parametrize("text", [None, "", "fine", "0", "@", "\N{GRINNING FACE}" * 50])
def test_texts_without_anything_to_blank_stay(
    connection: duckdb.DuckDBPyConnection, text: str | None
) -> None:
    assert redacted(connection, text) == [text]


def test_redacting_twice_changes_nothing_more(connection: duckdb.DuckDBPyConnection) -> None:
    once = redacted(connection, *(example[2] for example in TO_BLANK))
    assert redacted(connection, *once) == once
