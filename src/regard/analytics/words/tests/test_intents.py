"""What customers want, told from texts made up here: the small sets are no customer's words."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from regard.analytics.words.agreement import agreement
from regard.analytics.words.calibration import best_threshold, calibration_error, fit_scaling
from regard.analytics.words.cited import cite
from regard.analytics.words.features import frame_of, learn_features, said_before, words_of
from regard.analytics.words.intents import Intents, learn_intents
from regard.kernel.errors import InvalidInput, NotEnoughData

MADE = {
    "refund": ("money back", "a refund", "my payment returned", "refunded"),
    "delivery": ("my parcel", "the delivery", "my package", "the shipment"),
    "password": ("my password", "a login code", "my account access", "the sign in"),
    "other": ("the weather", "a joke", "some music", "a poem"),
}
STARTS = ("I want", "please tell me about", "where is", "can you help with", "it is about", "hello,")


def made(n: int, seed: int) -> tuple[list[str], list[str]]:
    """Texts put together by lot from a start and a matter; no customer's words."""
    generator = np.random.default_rng(seed)
    labels = [list(MADE)[at] for at in generator.integers(0, len(MADE), n)]
    texts = [
        f"{STARTS[generator.integers(0, len(STARTS))]} {MADE[label][generator.integers(0, 4)]} {generator.integers(0, 99)}"
        for label in labels
    ]
    return texts, labels


@pytest.fixture(scope="module")
def intents() -> Intents:
    return learn_intents(*made(160, 1), out_of_scope="other")


def test_texts_not_seen_are_told_rightly(intents: Intents) -> None:
    texts, labels = made(100, 2)
    assert agreement(labels, intents.verdicts(texts).labels, out_of_scope="other").accuracy.value > 0.95


def test_misspelt_words_are_told_too(intents: Intents) -> None:
    assert intents.verdicts(["i wnat a refnd", "where is my parcell"]).labels == ["refund", "delivery"]


def test_what_nobody_taught_is_out_of_scope(intents: Intents) -> None:
    texts, labels = made(160, 1)
    inside = [at for at, label in enumerate(labels) if label != "other"]
    taught = learn_intents([texts[at] for at in inside], [labels[at] for at in inside], out_of_scope="other")
    assert taught.threshold is not None
    assert 0.3 < taught.threshold < 1
    assert taught.verdicts(["zebras yawn", "a refund"]).labels == ["other", "refund"]


def test_every_verdict_cites_the_word_that_made_it(intents: Intents) -> None:
    texts = ["hello, where is my Parcel 12", "please, a refund", ""]
    first, second, nothing = cite(intents, texts)
    assert (first[0].word, second[0].word, nothing) == ("Parcel", "refund", [])
    assert first[0].weight >= first[-1].weight > 0


def test_the_same_texts_give_the_same_answer(intents: Intents) -> None:
    again = learn_intents(*made(160, 1), out_of_scope="other")
    texts, _ = made(50, 3)
    assert again.threshold == intents.threshold
    assert (again.verdicts(texts).chances == intents.verdicts(texts).chances).all()


def test_two_labels_have_a_line_between_them() -> None:
    taught = learn_intents(["yes", "yes please", "ok yes", "no", "no thanks", "oh no"], ["y"] * 3 + ["n"] * 3)
    assert taught.verdicts(["yes it is", "no it is not"]).labels == ["y", "n"]
    assert taught.threshold is None


@pytest.mark.parametrize(
    ("texts", "labels", "said"),
    [
        (["a", "b", "c"], ["x", "x", "x"], "nothing to tell apart"),
        (["a", "b", "c"], ["x", "x", "y"], "'y' has one"),
        (["", "  ", " "] * 2, ["x", "y", "x"] * 2, "No text holds a word"),
    ],
)
def test_what_cannot_be_learnt_is_refused(texts: list[str], labels: list[str], said: str) -> None:
    with pytest.raises((InvalidInput, NotEnoughData), match=said):
        learn_intents(texts, labels)


def test_chances_come_true_as_often_as_they_say() -> None:
    """Truth drawn from known chances: the slope is found again, and scores twice as steep give half of it."""
    generator = np.random.default_rng(5)
    scores = generator.normal(0, 1, (6000, 4))
    chances = np.exp(1.7 * scores) / np.exp(1.7 * scores).sum(axis=1, keepdims=True)
    truth = (generator.random((6000, 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(0, 3)
    scaling = fit_scaling(scores, truth)
    assert scaling.slope == pytest.approx(1.7, abs=0.1)
    assert fit_scaling(2 * scores, truth).slope == pytest.approx(scaling.slope / 2, rel=1e-3)
    told = scaling.chances(scores)
    assert calibration_error(told.max(axis=1), told.argmax(axis=1) == truth) < 0.02


def test_the_threshold_tells_most_rows_rightly() -> None:
    chances = np.array([[0.9, 0.05, 0.05], [0.55, 0.35, 0.1], [0.45, 0.35, 0.2], [0.4, 0.4, 0.2]])
    assert best_threshold(chances, np.array([0, 0, 2, 2]), 2) == pytest.approx(0.46)
    assert best_threshold(chances, np.array([0, 0, 0, 1]), None) == pytest.approx(
        np.quantile([0.9, 0.55, 0.45, 0.4], 0.05)
    )


def test_macro_f1_is_that_of_scikit_learn() -> None:
    generator = np.random.default_rng(3)
    truth, told = (["abcd"[at] for at in generator.integers(0, k, 200)] for k in (4, 3))
    found = agreement(truth, told, out_of_scope="d")
    assert found.macro_f1 == pytest.approx(f1_score(truth, told, average="macro"))
    assert found.out_of_scope is not None
    assert found.out_of_scope.value == 0
    assert found.in_scope is not None
    assert found.in_scope.n == sum(one != "d" for one in truth)


def test_digits_and_marks_are_words_of_their_own_kind() -> None:
    assert words_of("Που είναι το δέμα 4711;") == ["που", "είναι", "το", "δέμα", "0000"]
    assert frame_of("") == ["length 0"]
    features, x = learn_features(["order 12", "order 34", "ok"])
    assert (x[0] != x[1]).nnz == 0
    assert features.rows(["zzz 9"]).shape[1] == x.shape[1]


def spoken(n: int, seed: int) -> tuple[list[str], list[str], list[str]]:
    """Conversations of two turns, of which the second says the same whatever is wanted."""
    texts, labels = made(n, seed)
    turns = [turn for text in texts for turn in (text, "yes please")]
    return turns, [label for label in labels for _ in (0, 1)], [f"{at}" for at in range(n) for _ in (0, 1)]


def test_what_was_said_before_tells_what_a_yes_means() -> None:
    texts, labels, threads = spoken(120, 1)
    learnt = learn_intents(
        texts, labels, before=said_before(texts, threads), threads=threads, out_of_scope="other"
    )
    new, truth, apart = spoken(60, 2)
    assert agreement(truth, learnt.verdicts(new, said_before(new, apart)).labels).accuracy.value > 0.85
    assert agreement(truth[1::2], learnt.verdicts(new[1::2]).labels).accuracy.value < 0.6
    assert cite(learnt, new[:1], said_before(new[:1], apart[:1]))[0]


def test_a_label_of_one_conversation_is_learnt_from_none_of_it_where_it_is_left_out() -> None:
    texts, labels, threads = spoken(60, 3)
    texts, labels, threads = (
        [*texts, "rare bird", "a rare bird"],
        [*labels, "bird", "bird"],
        [*threads, "b", "b"],
    )
    learnt = learn_intents(texts, labels, before=said_before(texts, threads), threads=threads)
    assert learnt.verdicts(["rare bird"]).labels == ["bird"]


def test_rows_of_no_conversation_hear_nothing() -> None:
    assert said_before(["a", "b"], [None, None]) == [["turn 0"], ["turn 0"]]
