"""Comments by language, topic and sentiment, composed of whole sentences so that their grammar holds."""

from __future__ import annotations

from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from regard.integrations.sample_company.company import LANGUAGES
from regard.integrations.sample_company.rows import Dictionary
from regard.integrations.sample_company.words.cells import Bank

TOPICS = ("late", "delivery", "goods", "price", "shop", "agent", "waiting", "self_service")
SENTIMENTS = ("bad", "mixed", "good")


def bank_of(language: str) -> Bank:
    """The bank of one language."""
    bank: Bank = import_module(f"regard.integrations.sample_company.words.{language}").BANK
    return bank


def sentiment_of(metric: str, score: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places in SENTIMENTS: detractors, passives, promoters; 1–2, 3, 4–5; 1–3, 4, 5–7."""
    low, high = {"nps": (7, 9), "csat": (3, 4), "ces": (4, 5)}[metric]
    return (score >= low).astype(np.int64) + (score >= high)


class CommentTable:
    """All comments as numbers of a dictionary: for each language, topic and sentiment, a list of equal length."""

    def __init__(self, dictionary: Dictionary) -> None:
        lists = [[[compose(bank_of(language), topic, sentiment) for sentiment in SENTIMENTS] for topic in TOPICS]
                 for language in LANGUAGES]  # fmt: skip
        self._longest = max(len(cell) for by_topic in lists for by_feeling in by_topic for cell in by_feeling)
        numbers = [
            dictionary.numbers(cell) for by_topic in lists for by_feeling in by_topic for cell in by_feeling
        ]
        self._lengths = np.array([len(cell) for cell in numbers])
        self._numbers = np.zeros((len(numbers), self._longest), dtype=np.int32)
        for row, cell in enumerate(numbers):
            self._numbers[row, : len(cell)] = cell

    def pick(
        self, rng: np.random.Generator, language: NDArray[np.int64], topic: NDArray[np.str_], metric: str,
        score: NDArray[np.int64],
    ) -> NDArray[np.int32]:  # fmt: skip
        """A comment that fits each answer."""
        topics = np.zeros(len(topic), dtype=np.int64)
        for place, name in enumerate(TOPICS):
            topics[topic == name] = place
        row = (language * len(TOPICS) + topics) * len(SENTIMENTS) + sentiment_of(metric, score)
        place = (rng.random(len(row)) * self._lengths[row]).astype(np.int64)
        return np.asarray(self._numbers[row, place], dtype=np.int32)


def compose(bank: Bank, topic: str, sentiment: str) -> list[str]:
    """Every comment of a cell: each first sentence with each that may follow it; none where nobody says it."""
    first, then = bank.get((topic, sentiment), ((), ()))
    return [f"{one} {two}".strip() for one in first for two in then]
