"""Texts as arrays of words."""

from __future__ import annotations

import numpy as np

from regard.analytics.words.clauses import LESS, MORE, tell_clauses
from regard.analytics.words.grams import find_grams
from regard.analytics.words.tokens import Tokens, cut_tokens, numbers_of


def words(tokens: Tokens) -> list[str]:
    return [tokens.word(one) for one in range(len(tokens.start))]


def test_words_are_cited_as_they_were_written() -> None:
    found = cut_tokens(["Ինչո՞ւ է այսպես։ Լավ է", "", "It's ΑΨΟΓΟ 😀!!"])
    assert words(found) == ["Ինչո՞ւ", "է", "այսպես", "Լավ", "է", "It's", "ΑΨΟΓΟ", "😀", "!", "!"]
    assert found.text.tolist() == [0] * 5 + [2] * 5
    assert found.sentence.tolist() == [0, 0, 0, 1, 1, 2, 2, 2, 2, 2]


def test_accents_capitals_and_apostrophes_make_no_difference() -> None:
    for one, other in (
        ("Żółty", "zolty"),
        ("ΆΨΟΓΟ", "άψογο"),
        ("don’t", "dont"),
        ("Ёлка", "елка"),
        ("47", "11"),
    ):
        assert numbers_of([one]) == numbers_of([other])
    assert numbers_of(["late"]) != numbers_of(["later"])


def test_no_text_and_no_word_give_no_token() -> None:
    for texts in ([], [""], ["...", " \n "]):
        found = cut_tokens(texts)
        assert (len(found.start), found.n_sentences, found.n_texts) == (0, 0, len(texts))


def test_a_negator_reaches_the_words_after_it_and_no_further_than_its_clause() -> None:
    found = cut_tokens(["It was not very good, I liked the soup"])
    turned = tell_clauses(found, np.array(["en"])).turned
    assert [one for one, is_turned in zip(words(found), turned, strict=True) if is_turned] == ["very", "good"]


def test_in_armenian_a_negator_reaches_back_too() -> None:
    found = cut_tokens(["Սպասարկումը լավ չէր"])
    assert tell_clauses(found, np.array(["hy"])).turned.tolist() == [True, True, False]


def test_what_stands_after_a_but_counts_more_and_what_is_conceded_less() -> None:
    found = cut_tokens(["Fine, but slow", "Although slow, fine", "Fine and slow", "But why"])
    weight = tell_clauses(found, np.full(4, "en")).weight
    assert weight.tolist() == [LESS, MORE, MORE, LESS, LESS, MORE, 1, 1, 1, 1, 1]


def test_the_squares_of_a_sentences_grams_add_up_to_one() -> None:
    found = cut_tokens(["Where is my parcel? I waited.", "Ok 😀"])
    grams = find_grams(found, tell_clauses(found, np.full(2, "en")))
    np.testing.assert_allclose(np.bincount(found.sentence[grams.token], grams.value**2), 1)
    # "ok": the word, " ok", "ok ", " ok "; the sign: itself, between its gaps, and the pair.
    assert (found.text[grams.token] == 1).sum() == 7


def test_equal_words_have_equal_grams_wherever_they_stand() -> None:
    found = cut_tokens(["Refund my refund", "xyz", "refund"])
    grams = find_grams(found, tell_clauses(found, np.full(3, "en")))
    kinds = [sorted(grams.place[grams.token == at].tolist()) for at in (0, 2, 4)]
    assert kinds[0] == kinds[2]
    assert set(kinds[0]) <= set(kinds[1])
