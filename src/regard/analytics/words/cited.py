"""The words that made a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regard.analytics.words.features import WORD
from regard.analytics.words.intents import Before, Intents

CITED = 3
METHOD = "a word counts by how much the log odds of the verdict fall when it is left out"
SOURCE = "Li, Monroe & Jurafsky (2016), arXiv 1612.08220"


@dataclass(frozen=True, slots=True)
class Cited:
    """A word of a text, as it was written, and by how much the log odds of the best label fall without it."""

    word: str
    weight: float


def cite(
    intents: Intents, texts: Sequence[str], before: Before | None = None, *, most: int = CITED
) -> list[list[Cited]]:
    """The words that speak for the likeliest label of each text, the weightiest first.

    Each word is left out in turn and the rest is judged again, so that what stands here is what the model does, pairs and
    pieces of words included. A text that only repeats itself, or whose words all speak for other labels, cites none.

    Args:
        before: what was said before each text; it stays as it is.
        most: how many words of a text are cited at the most.
    Source: Li, Monroe & Jurafsky (2016), arXiv 1612.08220.
    """
    owners, words, without = [], [], []
    for place, text in enumerate(texts):
        for found in WORD.finditer(text):
            owners.append(place)
            words.append(found.group())
            without.append(f"{text[: found.start()]} {text[found.end() :]}")
    cited: list[list[Cited]] = [[] for _ in texts]
    if not owners:
        return cited
    whole = intents.scaling.chances(intents.scores(texts, before))
    best = whole.argmax(axis=1)
    owner = np.array(owners)
    odds = _log_odds(whole[owner, best[owner]])
    same = None if before is None else [before[at] for at in owners]
    after = _log_odds(
        intents.scaling.chances(intents.scores(without, same))[np.arange(len(owner)), best[owner]]
    )
    falls = odds - after
    for at in np.argsort(-falls, kind="stable"):
        if falls[at] > 0 and len(cited[owner[at]]) < most:
            cited[owner[at]].append(Cited(words[at], float(falls[at])))
    return cited


def _log_odds(
    chance: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    tiny = np.clip(chance, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(tiny) - np.log1p(-tiny), dtype=np.float64)
