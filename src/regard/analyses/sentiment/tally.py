"""What was told of many texts, counted batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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


@dataclass(slots=True, eq=False)
class Tally:
    """Counts over texts.

    Args:
        verdicts: by language, how many are negative, neutral, positive, and without a verdict.
        scores: by language n, sum and sum of squares of the score.
        emotions: by language, how many have each emotion, and of how many it could be told.
        owners: array (texts,), whose text each is, from 0; None where nobody said.
        rows: of the texts so far language, verdict and score, kept where owners are known.
        effort: of those that speak of effort n, sum and sum of squares, and how many speak of hard more than of easy.
    """

    owners: NDArray[np.int64] | None = None
    rows: list[tuple[NDArray[np.str_], NDArray[np.int8], NDArray[np.float32]]] = field(default_factory=list)
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
        if self.owners is not None:
            self.rows.append((found.languages, found.verdict.astype(np.int8), found.score.astype(np.float32)))
        self.n_wordless += len(texts) - len(np.unique(found.tokens.text))
        for one in np.unique(found.languages).tolist():
            mine = found.languages == one
            self.verdicts[one] += np.bincount(found.verdict[mine] % 4, minlength=4)
            if one == UNKNOWN:
                continue
            told = found.score[mine & (found.verdict >= 0)]
            self.scores[one] += [len(told), told.sum(), (told**2).sum()]
            given = found.emotions[mine]
            if model(one).knows_emotions:
                self.emotions[one][:-1] += (given >= model(one).thresholds).sum(axis=0)
                self.emotions[one][-1] += len(given)
        effort = found.effort[np.isfinite(found.effort)]
        self.effort += [len(effort), effort.sum(), (effort**2).sum(), (effort > 0).sum()]
        self._keep_examples(texts, found, words)

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
