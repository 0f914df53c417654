"""What customers are happy or unhappy about: words that many use, and how positive the clauses are in which they stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from regard.analytics.arrays import EstimateArrays, Floats, floats
from regard.analytics.ratios.linearised import ratio_arrays
from regard.analytics.ratios.summed import Sums, Whole, sums_by_customer
from regard.analytics.shares.clustered import share_clustered_arrays
from regard.analytics.words.clauses import among, tell_clauses
from regard.analytics.words.common import is_common
from regard.analytics.words.language import UNKNOWN
from regard.analytics.words.models import FEELING, POLARITY, model
from regard.analytics.words.sentiment import Feelings
from regard.analytics.words.tokens import Flags, Hashes

# An aspect stands in this many texts at least, and is looked for in the first of them.
FEWEST, LOOKED_THROUGH = 5, 20_000
SHORTEST = 3
# A word that makes a clause good or bad by itself is a verdict, not what the verdict is about.
NEUTRAL_WORD = 3.0
METHOD = (
    "aspects: words that many texts use, that are neither common in the language nor positive or negative themselves, with the mean "
    "score of the clauses in which they stand; no grammar is read"
)
SOURCE = "Hu & Liu (2004), KDD, 168-177"


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """Which word stands in which text, once for each, with the mean score of its clauses there: arrays (mentions,)."""

    number: Hashes
    score: Floats
    owner: Whole


NONE = Mentions(np.zeros(0, np.uint64), np.zeros(0), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class AspectScores:
    """Array entries are aspects, the most frequent first.

    Args:
        words: as they are written most often. score: the mean over texts, from -1 to 1. negative: the share below 0.
    """

    words: list[str]
    score: EstimateArrays
    negative: EstimateArrays


class Aspects:
    """Counts aspects batch by batch; which words they are is settled by the first batches."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._n_texts = 0
        self._waiting: list[Mentions] = []
        self._kept: list[Mentions] | None = None
        self._names: dict[int, Counter[str]] = {}
        self._numbers: Hashes | None = None
        self._sums = np.zeros((4, 0))

    def add(self, found: Feelings, owners: Whole | None = None) -> None:
        """Count the aspects of one batch; `owners`, array (texts,), says whose each text is, in every batch or in none."""
        if not self._most:
            return
        self._n_texts += len(found.languages)
        mentions = _mentions(found, owners)
        if owners is not None and self._kept is None:
            self._kept = []
        if self._numbers is not None:
            self._count(mentions)
            return
        self._waiting.append(mentions)
        self._name(found)
        if self._n_texts >= LOOKED_THROUGH:
            self._settle()

    def told(self) -> AspectScores:
        """The aspects with what is told of each."""
        if self._numbers is None:
            self._settle()
        order = np.argsort(-self._sums[0], kind="stable")[: self._most]
        assert self._numbers is not None
        words = [self._names[int(one)].most_common(1)[0][0] for one in self._numbers[order]]
        m, sx, sy, sxx, syy, sxy = self._totals()
        score = ratio_arrays(m, sx, sy[0], sxx, syy[0], sxy[0], bounds=(-1.0, 1.0))
        negative = share_clustered_arrays(m, sx, sy[1], sxx, syy[1], sxy[1])
        return AspectScores(words, score[order], negative[order])

    def _totals(self) -> Sums:
        """Those of the score and of being below 0: each text as one of its own, or those of one customer together."""
        n, total, squares, negative = self._sums
        if self._kept is None:
            values = floats([total, negative])
            return n, n, values, n, floats([squares, negative]), values
        at, score, owner = (
            np.concatenate([getattr(one, name) for one in (NONE, *self._kept)])
            for name in ("number", "score", "owner")
        )
        return sums_by_customer(owner, [score, score < 0], at.astype(np.int64), len(n))

    def _name(self, found: Feelings) -> None:
        tokens = found.tokens
        for at in np.flatnonzero(_may_be(found)):
            self._names.setdefault(int(tokens.number[at]), Counter())[tokens.word(int(at)).lower()] += 1

    def _settle(self) -> None:
        """Choose the words from what has been read; twice as many as are wanted, since later texts may rank them otherwise."""
        numbers = np.concatenate([one.number for one in (NONE, *self._waiting)])
        known, counts = np.unique(numbers, return_counts=True)
        enough = counts >= FEWEST
        order = np.argsort(-counts[enough], kind="stable")[: 2 * self._most]
        self._numbers = np.sort(known[enough][order])
        self._sums = np.zeros((4, len(self._numbers)))
        for mentions in self._waiting:
            self._count(mentions)
        self._waiting = []
        kept = {int(one) for one in self._numbers}
        self._names = {number: names for number, names in self._names.items() if number in kept}

    def _count(self, mentions: Mentions) -> None:
        if self._numbers is None or not len(self._numbers):
            return
        at = np.minimum(np.searchsorted(self._numbers, mentions.number), len(self._numbers) - 1)
        mine = self._numbers[at] == mentions.number
        at, score = at[mine], mentions.score[mine]
        if self._kept is not None:
            self._kept.append(Mentions(at.astype(np.uint64), score, mentions.owner[mine]))
        for row, values in enumerate((np.ones(len(at)), score, score**2, score < 0)):
            self._sums[row] += np.bincount(at, values, len(self._numbers))


def _may_be(found: Feelings) -> Flags:
    """Which tokens may name an aspect: array (tokens,)."""
    tokens = found.tokens
    long = tokens.past - tokens.first >= SHORTEST
    zero = tokens.letters[tokens.first] == ord("0")
    told = found.languages[tokens.text] != UNKNOWN
    return np.asarray(long & ~zero & told & ~is_common(tokens.number) & ~_is_verdict(found))


def _is_verdict(found: Feelings) -> Flags:
    """Whether a word stands in a list of positive or negative words, or weighs as much by what was learnt."""
    tokens, weight = found.tokens, np.zeros(len(found.tokens.number))
    spoken = found.languages[tokens.text]
    length = np.bincount(tokens.sentence, minlength=tokens.n_sentences)[tokens.sentence]
    for one in set(found.languages.tolist()) - {UNKNOWN}:
        mine = spoken == one
        # Alone in its sentence, a word would weigh more by the root of how many there are.
        weight[mine] = found.sentences.alone[mine] * np.sqrt(length[mine]) * model(one).slopes[POLARITY]
    listed = among(tokens, found.languages, "positive") | among(tokens, found.languages, "negative")
    return np.asarray(listed | (np.abs(weight) > NEUTRAL_WORD))


def _mentions(found: Feelings, owners: Whole | None) -> Mentions:
    """Every aspect that may be."""
    tokens = found.tokens
    at = np.flatnonzero(_may_be(found))
    scores = _clause_scores(found)[at]
    key, place = np.unique(
        np.stack([tokens.text[at].astype(np.uint64), tokens.number[at]]), axis=1, return_inverse=True
    )
    place = place.ravel()
    mean = np.bincount(place, scores) / np.maximum(np.bincount(place), 1)
    text = key[0].astype(np.int64)
    return Mentions(key[1], floats(mean), text if owners is None else owners[text])


def _clause_scores(found: Feelings) -> Floats:
    """The score of the clause in which each token stands: array (tokens,)."""
    tokens, told = found.tokens, found.sentences
    clause = tell_clauses(tokens, found.languages).number
    n_clauses = int(clause[-1]) + 1 if len(clause) else 0
    size = np.bincount(clause, minlength=n_clauses)[clause]
    whole = np.bincount(tokens.sentence, minlength=tokens.n_sentences)[tokens.sentence]
    slopes, offsets = _lines(found)
    sums = np.bincount(clause, told.polarity, n_clauses)[clause]
    # A clause is as long as itself, not as its sentence.
    log_odds = sums * np.sqrt(whole / size) * slopes + offsets
    feeling = np.nan_to_num(expit(told.log_odds[tokens.sentence, FEELING]))
    return floats(feeling * (2 * expit(log_odds) - 1))


def _lines(found: Feelings) -> tuple[Floats, Floats]:
    spoken = found.languages[found.tokens.text]
    slopes, offsets = np.zeros(len(spoken)), np.zeros(len(spoken))
    for one in set(found.languages.tolist()) - {UNKNOWN}:
        mine = spoken == one
        slopes[mine], offsets[mine] = model(one).slopes[POLARITY], model(one).offsets[POLARITY]
    return slopes, offsets
