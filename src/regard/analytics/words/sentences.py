"""How positive each sentence is, and by how much each of its words makes it so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.words.grams import Grams
from regard.analytics.words.language import UNKNOWN
from regard.analytics.words.models import FEELING, N_COLUMNS, NEUTRAL, POLARITY, Model, chances_of, model
from regard.analytics.words.tokens import Tokens, Whole


@dataclass(frozen=True, slots=True, eq=False)
class Sentences:
    """What was told of each sentence that holds a word, in order of the texts.

    Args:
        text: array (sentences,), whose it is. chances: array (sentences, 3), of negative, neutral, positive; not a number in
            a language that is unknown or unmeasured. verdict: array (sentences,), a place in `CLASSES`; -1 where none is told.
        score: array (sentences,), from -1 to 1. log_odds: array (sentences, columns), see `models`.
        pull: array (tokens,), by how much each word draws its sentence's verdict towards what it is.
        polarity: array (tokens,), by how much each word makes it positive; alone: without what it does in pairs.
    """

    text: Whole
    chances: Floats
    verdict: Whole
    score: Floats
    log_odds: Floats
    pull: Floats
    polarity: Floats
    alone: Floats


def tell_sentences(tokens: Tokens, found: Grams, spoken: NDArray[np.str_]) -> Sentences:
    n, n_tokens = tokens.n_sentences, len(tokens.number)
    text = tokens.text_of_sentence
    log_odds = np.full((n, N_COLUMNS), np.nan)
    polarity, feeling, alone = np.zeros(n_tokens), np.zeros(n_tokens), np.zeros(n_tokens)
    of_sentence = tokens.sentence[found.token]
    speech = spoken[text]
    for one in sorted(set(spoken.tolist()) - {UNKNOWN}):
        learnt = model(one)
        mine = np.flatnonzero(speech[of_sentence] == one)
        rows = learnt.row[found.place[mine]].astype(np.int64)
        mine, rows = mine[rows < len(learnt.weights) - 1], rows[rows < len(learnt.weights) - 1]
        sums = _sums(learnt, rows, found.value[mine], of_sentence[mine], n)
        here = np.flatnonzero(speech == one)
        log_odds[here] = learnt.log_odds(sums[here])
        for column, into in ((POLARITY, polarity), (FEELING, feeling)):
            part = learnt.weights[rows, column] * found.value[mine]
            into += shared(part, found.token[mine], found.pair[mine], n_tokens)
            if column == POLARITY:
                single = ~found.pair[mine]
                alone += np.bincount(found.token[mine[single]], part[single], n_tokens)
    chances = chances_of(log_odds)
    told = np.isfinite(chances[:, 0])
    verdict = np.where(told, np.argmax(np.nan_to_num(chances), axis=1), -1)
    of_token = verdict[tokens.sentence]
    pull = np.where(
        of_token == NEUTRAL, -feeling, np.where(of_token < 0, 0.0, polarity * (of_token - NEUTRAL))
    )
    score = floats(chances[:, 2] - chances[:, 0])
    return Sentences(text, chances, verdict, score, log_odds, floats(pull), polarity, alone)


def shared(part: Floats, token: Whole, pair: NDArray[np.bool_], n: int) -> Floats:
    """What each token weighs, from the parts of its grams; the two words of a pair share alike: array (n,)."""
    part = np.where(pair, part / 2, part)
    return floats(np.bincount(token, part, n) + np.bincount(token[pair] - 1, part[pair], n))


def _sums(learnt: Model, rows: Whole, value: Floats, sentence: Whole, n: int) -> Floats:
    """The weights of grams, added up in each sentence: array (n, columns)."""
    from scipy.sparse import csr_matrix

    x = csr_matrix((value, (sentence, rows)), shape=(n, len(learnt.weights)))
    return floats(x @ learnt.weights)
