"""How customers feel, sentence by sentence, told from their words: sentiment, emotion, and the words that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.words import clauses, effort, grams, language, models
from regard.analytics.words.clauses import among, tell_clauses
from regard.analytics.words.common import is_common
from regard.analytics.words.effort import tell_effort
from regard.analytics.words.grams import find_grams
from regard.analytics.words.language import LANGUAGES, tell_languages
from regard.analytics.words.models import FIRST_EMOTION, NEUTRAL, model
from regard.analytics.words.sentences import Sentences, tell_sentences
from regard.analytics.words.tokens import Tokens, Whole, cut_tokens

CITED = 3
METHOD = f"{language.METHOD}; {models.METHOD}; {clauses.METHOD}; {effort.METHOD}"
SOURCE = f"{models.SOURCE}; {grams.SOURCE}; {clauses.SOURCE}; {language.SOURCE}"


@dataclass(frozen=True, slots=True, eq=False)
class Feelings:
    """What was told of some texts.

    Args:
        languages: array (texts,), "unknown" where none of those asked for.
        chances, verdict, score: of each text, as in `Sentences`. emotions: array (texts, emotions), not a number where the
            model of the language knows none. effort: array (texts,), from -1 (easy) to 1 (hard); not a number where
            nothing is said of it.
    """

    tokens: Tokens
    sentences: Sentences
    languages: NDArray[np.str_]
    chances: Floats
    verdict: Whole
    score: Floats
    emotions: Floats
    effort: Floats

    def words(self, *, most: int = CITED) -> list[list[str]]:
        """The words that made the verdict of each text, as they were written, the weightiest first."""
        found: list[list[str]] = [[] for _ in self.languages]
        pull = self.sentences.pull
        told = np.flatnonzero(pull > 0)
        told = told[self._agrees(told) & self._tells(told)]
        for at in told[np.lexsort((-pull[told], self.tokens.text[told]))]:
            mine = found[self.tokens.text[at]]
            word = self.tokens.word(at)
            if len(mine) < most and word not in mine:
                mine.append(word)
        return found

    def _tells(self, at: Whole) -> NDArray[np.bool_]:
        """Whether these are negators, or words that are not too common to tell a reader anything."""
        small = is_common(self.tokens.number)[at]
        return ~small | among(self.tokens, self.languages, "negators")[at]

    def _agrees(self, at: Whole) -> NDArray[np.bool_]:
        """Whether these tokens stand in a sentence whose verdict is that of its text."""
        of_sentence = self.sentences.verdict[self.tokens.sentence[at]]
        return np.asarray(of_sentence == self.verdict[self.tokens.text[at]])


def tell_feelings(texts: Sequence[str], languages: Sequence[str] = LANGUAGES) -> Feelings:
    """How the writers of `texts` feel.

    A text is as feeling as its most feeling sentence, and as positive as its sentences are on average, each counting as
    it feels.

    Args:
        languages: those that may occur, of `LANGUAGES`.
    Raises: InvalidInput for a language that is not known.
    Source: Hutto & Gilbert (2014), ICWSM, 216-225; Platt (1999).

    >>> found = tell_feelings(["The driver was friendly and very helpful.", "What a terrible, awful mess."])
    >>> found.verdict.tolist(), found.words()[0]
    ([2, 0], ['friendly', 'helpful'])
    """
    spoken = tell_languages(texts, languages)
    tokens = cut_tokens(texts)
    standing = tell_clauses(tokens, spoken)
    found = tell_sentences(tokens, find_grams(tokens, standing), spoken)
    chances = _of_texts(found, len(texts))
    told = np.isfinite(chances[:, 0])
    verdict = np.where(told, np.argmax(np.nan_to_num(chances), axis=1), -1)
    return Feelings(
        tokens, found, spoken, _measured(chances, spoken), verdict, floats(chances[:, 2] - chances[:, 0]),
        _emotions(found, spoken), tell_effort(tokens, standing, spoken),
    )  # fmt: skip


def _of_texts(found: Sentences, n: int) -> Floats:
    """The chances of each text from those of its sentences: array (n, 3)."""
    told = np.isfinite(found.chances[:, 0])
    text, feeling = found.text[told], 1 - found.chances[told, NEUTRAL]
    most = np.full(n, np.nan)
    np.fmax.at(most, text, feeling)
    positive = found.chances[told, 2] / np.maximum(feeling, 1e-12)
    weight = np.maximum(np.bincount(text, feeling, n), 1e-12)
    mean = np.bincount(text, positive * feeling, n) / weight
    return floats(np.stack([most * (1 - mean), 1 - most, most * mean], axis=1))


def _measured(chances: Floats, spoken: NDArray[np.str_]) -> Floats:
    """The chances, without those of languages in which nothing was measured."""
    found = chances.copy()
    for one in set(spoken.tolist()) - {language.UNKNOWN}:
        if not model(one).is_measured:
            found[spoken == one] = np.nan
    return found


def _emotions(found: Sentences, spoken: NDArray[np.str_]) -> Floats:
    """The chance of each emotion in each text, the mean over its sentences: array (texts, emotions)."""
    from scipy.special import expit

    n = len(spoken)
    each = expit(found.log_odds[:, FIRST_EMOTION:])
    told = np.isfinite(each[:, 0])
    size = np.bincount(found.text[told], minlength=n)
    sums = np.stack([np.bincount(found.text[told], column[told], n) for column in each.T], axis=1)
    means = np.divide(sums, size[:, None], out=np.full(sums.shape, np.nan), where=size[:, None] > 0)
    for one in set(spoken.tolist()) - {language.UNKNOWN}:
        if not model(one).knows_emotions:
            means[spoken == one] = np.nan
    return floats(means)
