"""What was told of many texts, counted batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.words.language import LANGUAGES, UNKNOWN
from regard.analytics.words.models import EMOTIONS, NEUTRAL, model
from regard.analytics.words.sentiment import Feelings

EXAMPLES = 3
# An example is short enough to be read at a glance, and has enough words to say something.
LENGTHS = (20, 240)


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what was told of it."""

    text: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What was told of each text, as arrays (texts,): language, verdict, score, its emotions as bits, and effort."""

    language: NDArray[np.str_]
    verdict: NDArray[np.int8]
    score: NDArray[np.float32]
    emotions: NDArray[np.uint8]
    effort: NDArray[np.float32]


@dataclass(slots=True, eq=False)
class Tally:
    """Counts over texts.

    Args:
        verdicts: by language, how many are negative, neutral, positive, and without a verdict.
        scores: by language n, sum and sum of squares of the score.
        emotions: by language, how many have each emotion, and of how many it could be told.
        owners: array (texts,), whose text each is, from 0; None where nobody said.
        kept: of each batch what was told of each text, where owners are known.
        effort: of those that speak of effort n, sum and sum of squares, and how many speak of hard more than of easy.
    """

    owners: NDArray[np.int64] | None = None
    kept: list[Rows] = field(default_factory=list)
    n: int = 0
    n_wordless: int = 0
    verdicts: dict[str, Floats] = field(
        default_factory=lambda: {one: np.zeros(4) for one in (*LANGUAGES, UNKNOWN)}
    )
    scores: dict[str, Floats] = field(default_factory=lambda: {one: np.zeros(3) for one in LANGUAGES})
    emotions: dict[str, Floats] = field(
        default_factory=lambda: {one: np.zeros(len(EMOTIONS) + 1) for one in LANGUAGES}
    )
    effort: Floats = field(default_factory=lambda: np.zeros(4))
    examples: dict[int, list[Example]] = field(default_factory=lambda: {-1: [], 1: []})

    def add(self, texts: Sequence[str], found: Feelings, words: Sequence[Sequence[str]]) -> None:
        """Count what was told of one batch."""
        self.n += len(texts)
        self.n_wordless += len(texts) - len(np.unique(found.tokens.text))
        has = np.zeros((len(texts), len(EMOTIONS)), dtype=np.bool_)
        for one in np.unique(found.languages).tolist():
            mine = found.languages == one
            self.verdicts[one] += np.bincount(found.verdict[mine] % 4, minlength=4)
            if one == UNKNOWN:
                continue
            told = found.score[mine & (found.verdict >= 0)]
            self.scores[one] += [len(told), told.sum(), (told**2).sum()]
            if knows_emotions(one):
                has[mine] = found.emotions[mine] >= model(one).thresholds
                self.emotions[one] += [*has[mine].sum(axis=0), mine.sum()]
        effort = found.effort[np.isfinite(found.effort)]
        self.effort += [len(effort), effort.sum(), (effort**2).sum(), (effort > 0).sum()]
        self._keep_examples(texts, found, words)
        if self.owners is not None:
            bits = np.packbits(has, axis=1)[:, 0]
            told = found.verdict.astype(np.int8), found.score.astype(np.float32), bits
            self.kept.append(Rows(found.languages, *told, found.effort.astype(np.float32)))

    def owners_of(self, n: int) -> NDArray[np.int64] | None:
        """Whose the last `n` texts counted are; None where nobody said."""
        return None if self.owners is None else self.owners[self.n - n : self.n]

    @property
    def rows(self) -> Rows:
        """What was told of each text so far, where owners are known."""
        if len(self.kept) > 1:
            columns = [[getattr(one, name.name) for one in self.kept] for name in fields(Rows)]
            self.kept = [Rows(*(np.concatenate(column) for column in columns))]
        return self.kept[0]

    def _keep_examples(self, texts: Sequence[str], found: Feelings, words: Sequence[Sequence[str]]) -> None:
        for side, kept in self.examples.items():
            strength = np.where(found.verdict == NEUTRAL + side, side * found.score, -1.0)
            for at in np.argsort(-strength, kind="stable")[: 4 * EXAMPLES]:
                if strength[at] > 0 and LENGTHS[0] <= len(texts[at]) <= LENGTHS[1] and words[at]:
                    one = Example(texts[at], float(found.score[at]), tuple(words[at]))
                    if one.text not in [other.text for other in kept]:
                        kept.append(one)
            kept.sort(key=lambda one: -side * one.score)
            del kept[EXAMPLES:]

    @property
    def total(self) -> Floats:
        """How many are negative, neutral, positive, and without a verdict, in all languages."""
        return floats(np.sum(list(self.verdicts.values()), axis=0))

    @property
    def score(self) -> Floats:
        """n, sum and sum of squares of the score, in all languages."""
        return floats(np.sum(list(self.scores.values()), axis=0))


def knows_emotions(language: str) -> bool:
    """Whether emotions were learnt in a language."""
    return language in LANGUAGES and model(language).knows_emotions
