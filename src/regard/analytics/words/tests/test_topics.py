"""Topics found and taught; the texts are made up here, no customer's words."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.arrays import floats
from regard.analytics.words.novelty import tell_novelty
from regard.analytics.words.taught import Taught, Teacher
from regard.analytics.words.terms import learn_terms
from regard.analytics.words.topics import find_topics
from regard.kernel.errors import InvalidInput, NotEnoughData

PLANTED = {
    "delivery": "parcel courier doorstep shipment tracking",
    "bill": "invoice overcharged billing statement fee",
    "app": "login password screen crashes update",
}


def made(n: int, seed: int = 1) -> tuple[list[str], list[str]]:
    """Texts of some words of one of three topics among others that all share; and the topic of each."""
    generator = np.random.default_rng(seed)
    topics = generator.choice(list(PLANTED), n, p=[0.5, 0.3, 0.2]).tolist()
    texts = []
    for topic in topics:
        words = [
            *generator.choice(PLANTED[topic].split(), 3, replace=False),
            *generator.choice("monday friday company".split(), 1),
        ]
        texts.append(" ".join(generator.permutation(words)))
    return texts, topics


def test_planted_topics_are_found_named_and_stable() -> None:
    texts, truth = made(300)
    found = find_topics(texts, 3, resamples=3)
    told, _ = found.nearest(found.terms.weighted(found.terms.counts(texts)))
    for at, topic in enumerate(PLANTED):
        assert set(" ".join(found.words[at]).split()) <= set(PLANTED[topic].split())
        assert np.mean(told[np.array(truth) == topic] == at) > 0.95
    assert (found.stability > 0.5).all()


def test_the_same_texts_give_the_same_topics() -> None:
    texts, _ = made(120)
    one, other = (find_topics(texts, 3, resamples=2) for _ in range(2))
    assert one.words == other.words
    np.testing.assert_array_equal(one.directions, other.directions)
    np.testing.assert_array_equal(one.stability, other.stability)


def test_words_that_no_topic_has_give_no_topic() -> None:
    found = find_topics(made(200)[0], 3, resamples=0)
    told, near = found.nearest(found.terms.weighted(found.terms.counts(["", "sunshine", "the and of"])))
    assert told.tolist() == [-1, -1, -1]
    assert near.tolist() == [0, 0, 0]
    assert np.isnan(found.stability).all()


def test_terms_are_weighted_as_scikit_learn_does() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts, _ = made(80)
    terms, counts = learn_terms(texts)
    single = [at for at, name in enumerate(terms.names) if " " not in name]
    names = [terms.names[at] for at in single]
    theirs = TfidfVectorizer(vocabulary=names, sublinear_tf=True, norm=None).fit_transform(texts).toarray()
    ours = counts[:, single].toarray()
    ours = np.where(ours > 0, 1 + np.log(np.maximum(ours, 1)), 0) * terms.rarity[single]
    np.testing.assert_allclose(ours, theirs)


def test_too_little_is_refused_with_what_to_do() -> None:
    with pytest.raises(NotEnoughData, match="--topics N"):
        find_topics(made(10)[0], 3)
    with pytest.raises(NotEnoughData, match="there are 3 and "):
        find_topics(["late parcel", "rude waiter", "cold tea"] * 20, 4)
    with pytest.raises(NotEnoughData, match="hardly differ"):
        find_topics(["The parcel was late"] * 60, 2)
    with pytest.raises(NotEnoughData, match="nothing to group by"):
        find_topics(["blue", "green", "the"], 2)
    with pytest.raises(InvalidInput, match="at least two"):
        find_topics(made(50)[0], 1)


def test_keywords_phrases_and_beginnings_tell_a_taught_topic() -> None:
    teacher = Teacher([Taught("money", ("refund*", "money back")), Taught("staff", ("rude", "Personál"))])
    texts = [
        "They refunded me",
        "I want my Money  back!",
        "money, then back",
        "RUDE, no refund",
        "personal",
        "fund",
        "",
    ]
    told, _ = teacher.nearest(texts)
    assert told.tolist() == [0, 0, -1, 0, 1, -1, -1]


def test_examples_tell_a_taught_topic_by_likeness() -> None:
    teacher = Teacher(
        [Taught("late", examples=("the parcel arrived too late", "late delivery of my parcel"))]
    )
    told, near = teacher.nearest(["My parcel was late", "The soup tasted wonderful"])
    assert told.tolist() == [0, -1]
    assert 0.25 <= near[0] <= 1


def test_an_edit_of_one_taught_topic_changes_no_other() -> None:
    one, other = Taught("late", examples=("the parcel arrived late",)), Taught("bill", ("invoice",))
    texts = ["parcel is late", "wrong invoice", "screen is dark"]
    before = Teacher([one, other]).nearest(texts)[0]
    after = Teacher([one, Taught("bill", ("invoice", "screen"))]).nearest(texts)[0]
    assert before.tolist() == [0, 1, -1]
    assert after.tolist() == [0, 1, 1]


def test_nobody_taught_anything_tells_nothing() -> None:
    assert Teacher([]).nearest(["refund"])[0].tolist() == [-1]


def test_what_is_new_is_told_by_an_exact_test() -> None:
    found = tell_novelty(floats([9, 5, 3]), floats([1, 45, 0]), 100, 900)
    assert found.is_new.tolist() == [True, False, False]
    assert found.expected.tolist() == [1.0, 5.0, pytest.approx(0.3)]
    # P(at least 9 of 10 | 1 in 10) = 10 * .1^9 * .9 + .1^10
    assert found.p[0] == pytest.approx(10 * 0.1**9 * 0.9 + 0.1**10)
    assert np.isnan(found.p_adjusted[2])
    with pytest.raises(NotEnoughData, match="nothing to compare"):
        tell_novelty(floats([1]), floats([0]), 10, 0)


def false_alarms(runs: int) -> float:
    """The share of runs with an alarm where nothing is new: 60 terms of all frequencies, thinned by chance."""
    generator = np.random.default_rng(3)
    rates, alarms = np.geomspace(0.002, 0.3, 60), 0
    for _ in range(runs):
        latest, before = (generator.binomial(n, rates) for n in (200, 1800))
        alarms += bool(tell_novelty(floats(latest), floats(before), 200, 1800).is_new.any())
    return alarms / runs


def test_where_nothing_is_new_alarms_are_rare() -> None:
    assert false_alarms(300) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


@pytest.mark.long
def test_where_nothing_is_new_alarms_keep_to_the_rate_that_is_said() -> None:
    assert false_alarms(5000) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 5000)
