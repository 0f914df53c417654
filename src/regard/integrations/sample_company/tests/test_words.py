from __future__ import annotations

import re

import numpy as np
import pytest

from regard.integrations.sample_company.company import LANGUAGES
from regard.integrations.sample_company.rows import Dictionary
from regard.integrations.sample_company.words.comments import (
    SENTIMENTS,
    TOPICS,
    CommentTable,
    bank_of,
    compose,
    sentiment_of,
)

LETTERS = {
    "en": r"[A-Za-z’'\-]",
    "el": r"[Ά-ώἀ-ῼ']",
    "pl": r"[A-Za-zĄąĆćĘęŁłŃńÓóŚśŹźŻż]",
    "ru": r"[А-Яа-яЁё\-]",
    "hy": r"[Ա-Ֆա-ևՙ-՟]",
}
PUNCTUATION = r"[ .,;!?:—։՝՞՜՛0-9«»-]"


def every_comment(language: str) -> list[str]:
    bank = bank_of(language)
    return [
        comment for topic in TOPICS for feeling in SENTIMENTS for comment in compose(bank, topic, feeling)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_hundreds_of_different_comments_about_the_same_things(language: str) -> None:
    comments = every_comment(language)
    assert len(set(comments)) == len(comments) >= 400
    assert bank_of(language).keys() == bank_of("en").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_are_whole_sentences_in_the_letters_of_their_language(language: str) -> None:
    for comment in every_comment(language):
        assert re.fullmatch(f"(?:{LETTERS[language]}|{PUNCTUATION})+", comment), comment
        assert comment[-1] in ".!?։"
        assert "  " not in comment


def test_nobody_waits_and_is_happy() -> None:
    assert compose(bank_of("en"), "waiting", "good") == []


def test_feelings_follow_the_usual_cuts() -> None:
    assert sentiment_of("nps", np.array([6, 7, 8, 9])).tolist() == [0, 1, 1, 2]
    assert sentiment_of("csat", np.array([2, 3, 4])).tolist() == [0, 1, 2]
    assert sentiment_of("ces", np.array([3, 4, 5])).tolist() == [0, 1, 2]


def test_a_comment_is_picked_from_its_own_cell() -> None:
    dictionary = Dictionary()
    table = CommentTable(dictionary)
    rng = np.random.default_rng(1)
    for place, language in enumerate(LANGUAGES):
        picked = table.pick(rng, np.full(50, place), np.full(50, "late"), "nps", np.full(50, 3))
        cell = compose(bank_of(language), "late", "bad")
        assert {dictionary.words[number - 1] for number in picked} <= set(cell)
