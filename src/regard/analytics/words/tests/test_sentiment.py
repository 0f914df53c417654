"""How customers feel, told from their words; the sentences are made up here, no customer's words."""

from __future__ import annotations

import numpy as np
import pytest

from regard.analytics.words.models import N_COLUMNS, NEGATIVE, NEUTRAL, POSITIVE, model, packed, unpacked
from regard.analytics.words.sentiment import tell_feelings

GOOD = [
    "The driver was friendly and very helpful.", "I am happy with this.", "Το προσωπικό ήταν πολύ ευγενικό.",
    "Obsługa była bardzo miła i pomocna.", "Очень вежливый персонал, спасибо!", "Սպասարկումը շատ լավն էր, շնորհակալություն։",
]  # fmt: skip
BAD = [
    "What a terrible, awful mess.", "I am not happy with this.", "Απαράδεκτη και πολύ κακή εξυπηρέτηση.",
    "Paczka przyszła uszkodzona, fatalna obsługa.", "Ждал два часа, никто не ответил. Ужас!", "Սպասարկումը վատ էր։",
]  # fmt: skip


def scores(*texts: str) -> list[float]:
    return [float(one) for one in tell_feelings(texts).score]


def test_good_and_bad_are_told_in_every_language() -> None:
    assert tell_feelings(GOOD).verdict.tolist() == [POSITIVE] * len(GOOD)
    assert tell_feelings(BAD).verdict.tolist() == [NEGATIVE] * len(BAD)
    assert (
        tell_feelings(["My parcel number is 4711.", "Paczka przyszła we wtorek."]).verdict.tolist()
        == [NEUTRAL] * 2
    )


@pytest.mark.parametrize(
    ("praise", "complaint"),
    [
        ("Everything was perfect, highly recommended.", "You charged me twice, this is unacceptable."),
        ("Άψογη συνεργασία, το συνιστώ.", "Η εξυπηρέτηση ήταν απαίσια."),
        ("Πολύ νόστιμο φαγητό και καθαρό δωμάτιο.", "Αγενείς υπάλληλοι και πανάκριβες τιμές."),
        ("Pyszne jedzenie i czysty pokój.", "Czekałem dwie godziny, skandal."),
        ("Всё быстро и удобно, рекомендую.", "Грубый персонал и завышенные цены."),
        ("Վարորդը շատ քաղաքավարի էր:", "Կոպիտ էին և անտարբեր:"),
    ],
)
def test_what_customers_often_say_is_told_however_it_is_bent(praise: str, complaint: str) -> None:
    assert tell_feelings([praise, complaint]).verdict.tolist() == [POSITIVE, NEGATIVE]


def test_facts_are_neutral_outside_english_too() -> None:
    facts = ["Το δέμα ήρθε την Τρίτη.", "Посылка пришла во вторник.", "Ծանրոցը երեքշաբթի օրը եկավ:"]
    assert tell_feelings(facts).verdict[:2].tolist() == [NEUTRAL] * 2


@pytest.mark.parametrize(
    ("plain", "negated"),
    [
        ("I am happy with this.", "I am not happy with this."),
        ("Το προσωπικό ήταν ευγενικό.", "Το προσωπικό δεν ήταν ευγενικό."),
        ("Obsługa była miła.", "Obsługa nie była miła."),
        ("Персонал вежливый.", "Персонал не вежливый."),
        ("Սպասարկումը լավ էր։", "Սպասարկումը լավ չէր։"),
    ],
)
def test_negation_turns_praise_round(plain: str, negated: str) -> None:
    praise, blame = scores(plain, negated)
    assert praise > 0.1
    assert blame < 0


@pytest.mark.parametrize(
    ("good", "but", "bad"),
    [
        ("the food was good", "but", "the service was terrible"),
        ("η ποιότητα είναι καλή", "αλλά", "η εξυπηρέτηση απαράδεκτη"),
        ("jedzenie dobre", "ale", "obsługa fatalna"),
        ("еда отличная", "но", "обслуживание ужасное"),
    ],
)
def test_what_stands_after_a_but_counts_more(good: str, but: str, bad: str) -> None:
    ends_bad, ends_good = scores(f"{good}, {but} {bad}", f"{bad}, {but} {good}")
    assert ends_bad < ends_good - 0.1


def test_the_words_that_made_a_verdict_are_cited() -> None:
    found = tell_feelings(["Very friendly staff", "The Awful mess again", "Փաթեթը վատն էր"])
    cited = found.words()
    assert "friendly" in cited[0]
    assert "Awful" in cited[1]
    assert cited[2][0] == "վատն"


def test_chances_add_up_and_a_language_without_measurement_gives_none() -> None:
    found = tell_feelings([*GOOD, "Wo bleibt mein Paket, ich warte schon lange"])
    np.testing.assert_allclose(found.chances[:5].sum(axis=1), 1)
    assert np.isnan(found.chances[5:]).all()
    assert found.verdict.tolist()[-2:] == [POSITIVE, -1]
    assert np.isnan(found.score[-1])
    assert np.isfinite(found.emotions[:5]).all()
    assert np.isnan(found.emotions[5:]).all()


def test_how_a_text_is_told_does_not_depend_on_its_neighbours() -> None:
    texts = [*GOOD, "", *BAD]
    together = tell_feelings(texts)
    for at, one in enumerate(texts):
        alone = tell_feelings([one])
        np.testing.assert_allclose(alone.score[0], together.score[at])
        assert alone.words()[0] == together.words()[at]


def test_effort_is_told_by_words_for_it() -> None:
    found = tell_feelings(
        [
            "It was easy and quick",
            "Not easy",
            "So complicated, I waited for hours",
            "Blue",
            "Το βρήκα δύσκολο",
        ]
    )
    np.testing.assert_array_equal(found.effort, [-1, 1, 1, np.nan, 1])


def test_no_texts_are_told_nothing() -> None:
    assert len(tell_feelings([]).verdict) == 0
    assert tell_feelings(["", "!"]).verdict.tolist() == [-1, -1]


def test_weights_are_kept_within_one_step_of_255() -> None:
    generator = np.random.default_rng(1)
    weights = generator.normal(size=(50, N_COLUMNS))
    weights[:, 3] = 0
    places = np.sort(generator.choice(1 << 20, 50, replace=False))
    one = np.ones(N_COLUMNS)
    found = unpacked(packed(places, weights, one, one, one[:8], [False, True, True]))
    np.testing.assert_allclose(found.weights[:-1], weights, atol=np.abs(weights).max() / 254 + 1e-6)
    assert found.row[places].tolist() == list(range(50))
    assert (found.row == 50).sum() == (1 << 20) - 50


@pytest.mark.parametrize("language", ["en", "el", "hy", "pl", "ru"])
def test_every_model_is_there(language: str) -> None:
    assert model(language).is_measured == (language != "hy")
