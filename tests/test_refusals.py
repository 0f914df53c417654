"""Refusals in the reader's language."""

from __future__ import annotations

import ast
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from regard.kernel.errors import InvalidInput, unknown_name
from regard.metrics.conditions import parse_condition
from regard.metrics.moments import read_time
from regard.webkit.catalogues import PACKAGE
from regard.webkit.refusals import SENTENCES, refusal_of


def test_every_sentence_with_places_that_a_floor_below_says_can_be_said_in_other_languages() -> None:
    told = set()
    for source in (PACKAGE / "metrics").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%(" in node.value:
                told.add(node.value)
    assert told == set(SENTENCES)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("el", "Το «yesterday» δεν είναι χρόνος· γράψτε"),
        ("pl", "„yesterday” nie jest czasem; napisz"),
        ("ru", "«yesterday» — не время; напишите"),
        ("hy", "«yesterday»-ը ժամանակ չէ"),
    ],
)
def test_a_reader_is_told_in_their_language_what_was_given_and_what_to_do(language: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_time("yesterday", ZoneInfo("UTC"))
    with translation.override(language):
        found = refusal_of(refused.value)
    assert found.text.startswith(said)
    assert found.lang == ""
    assert str(refused.value).startswith("'yesterday' is no time; write 2026-01-31")


def test_the_nearest_name_and_those_that_are_known_are_told() -> None:
    error = unknown_name("dimension", "chanel", ["channel", "unit"])
    with translation.override("pl"):
        text = refusal_of(error).text
    assert text == "Nie ma „chanel” (wymiar). Czy chodzi o „channel”? Znane: channel, unit."
    assert str(error) == "There is no dimension 'chanel'. Did you mean 'channel'? Known: channel, unit."


def test_what_a_filter_may_not_hold_is_named_in_words() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_condition("score > (select 1)", lambda table, name: name)
    with translation.override("ru"):
        assert "содержит: подзапрос." in refusal_of(refused.value).text


def test_a_sentence_that_only_english_has_says_so() -> None:
    with translation.override("el"):
        assert refusal_of(InvalidInput("100% wrong")) == ("100% wrong", "en")
    assert refusal_of(InvalidInput("100% wrong")) == ("100% wrong", "")
