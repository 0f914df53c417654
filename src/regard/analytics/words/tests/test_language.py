"""In which language a text is written."""

from __future__ import annotations

import pytest

from regard.analytics.words.language import tell_languages
from regard.kernel.errors import InvalidInput

SAID = {
    "en": ["Where is my parcel?", "The staff were friendly and quick.", "open", "I want a refund now"],
    "el": ["Πού είναι το δέμα μου;", "Άψογη εξυπηρέτηση", "ok, ευχαριστώ"],
    "hy": ["Որտե՞ղ է իմ ապրանքը։", "Շնորհակալ եմ"],
    "pl": ["Gdzie jest moja paczka?", "Obsługa była bardzo miła", "nie dziala od wczoraj"],
    "ru": ["Где моя посылка?", "Очень вежливый персонал"],
    "unknown": [
        "Wo bleibt mein Paket, ich warte schon seit Montag", "Le colis est arrivé en retard et cassé",
        "Обслуговування було дуже погане і нічого не працює", "El personal fue muy amable con nosotros",
        "荷物はどこですか", "", "4711", "?!",
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", SAID)
def test_each_language_is_told(language: str) -> None:
    assert tell_languages(SAID[language]).tolist() == [language] * len(SAID[language])


def test_only_those_that_may_occur_are_told() -> None:
    texts = ["Πού είναι το δέμα;", "Где моя посылка?", "Gdzie jest moja paczka od poniedziałku?"]
    assert tell_languages(texts, ["en", "ru"]).tolist() == ["unknown", "ru", "unknown"]


def test_one_text_does_not_change_anothers_language() -> None:
    together = tell_languages(["ok", "Где моя посылка?", "Obsługa była miła"])
    assert together.tolist() == [
        tell_languages([one])[0] for one in ("ok", "Где моя посылка?", "Obsługa była miła")
    ]


def test_a_language_that_is_not_known_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInput, match="eng"):
        tell_languages(["hello"], ["eng"])
    with pytest.raises(InvalidInput, match="No language"):
        tell_languages(["hello"], [])
