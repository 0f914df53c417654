"""How an organisation's own customers feel: learnt from the scores that stand beside their words."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.words.calibration import Scaling, Whole, fit_scaling
from regard.analytics.words.clauses import tell_clauses
from regard.analytics.words.grams import BITS, find_grams
from regard.analytics.words.models import CLASSES
from regard.analytics.words.sentences import shared
from regard.analytics.words.sentiment import CITED, Feelings, tell_feelings
from regard.analytics.words.tokens import Flags
from regard.kernel.errors import NotEnoughData

FOLDS = 4
MARGIN = 2.0
FEWEST = 30
METHOD = (
    "sentiment learnt from the scores beside the words: multinomial logistic regression on hashed words, pairs and pieces of words "
    f"and on what the shipped model says; chances from rows left out of fitting ({FOLDS} folds)"
)
SOURCE = (
    "Fan et al. (2008), JMLR 9, 1871-1874; Guo et al. (2017), ICML, 1321-1330; Daume (2007), ACL, 256-263"
)


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Texts as what is learnt from: what the shipped model says of them, and a sparse row of grams for each.

    Args:
        before: array (texts, 3), the log chances of the shipped model; zeros where it says nothing.
    """

    feelings: Feelings
    grams: Any
    before: Floats
    token: Whole
    place: Whole
    value: Floats
    pair: Flags

    def __len__(self) -> int:
        return len(self.before)


@dataclass(frozen=True, slots=True, eq=False)
class Adapted:
    """What was learnt.

    Args:
        present: the places in `CLASSES` of the classes that occur. weights: array (classes, grams). prior: array (classes, 3),
            how much the shipped model counts.
    """

    present: Whole
    weights: Floats
    prior: Floats
    offsets: Floats
    scaling: Scaling

    def chances(self, given: Prepared) -> Floats:
        """Of negative, neutral, positive: array (texts, 3)."""
        found = np.zeros((len(given), len(CLASSES)))
        found[:, self.present] = self.scaling.chances(self.scores(given))
        return found

    def scores(self, given: Prepared) -> Floats:
        """How far each text lies on each class's side: array (texts, classes)."""
        return floats(given.grams @ self.weights.T + given.before @ self.prior.T + self.offsets)

    def words(self, given: Prepared, *, most: int = CITED) -> list[list[str]]:
        """The words that made the likeliest class of each text, the weightiest first."""
        tokens = given.feelings.tokens
        best = self.scores(given).argmax(axis=1)
        apart = self.weights - self.weights.mean(axis=0)
        mine = best[tokens.text[given.token]]
        part = apart[mine, given.place] * given.value
        pull = shared(floats(part), given.token, given.pair, len(tokens.text))
        sign = (self.present[best] - 1)[tokens.text]
        lean = self.prior[:, 2] - self.prior[:, 0]
        pull = pull + given.feelings.sentences.polarity * sign * np.abs(lean).mean()
        found: list[list[str]] = [[] for _ in range(len(given))]
        told = np.flatnonzero(pull > 0)
        for at in told[np.lexsort((-pull[told], tokens.text[told]))]:
            words, word = found[tokens.text[at]], tokens.word(int(at))
            if len(words) < most and word not in words:
                words.append(word)
        return found


def prepare(texts: Sequence[str], languages: Sequence[str]) -> Prepared:
    """What is learnt from and told by, of each text."""
    from scipy.sparse import csr_matrix

    feelings = tell_feelings(texts, languages)
    tokens = feelings.tokens
    found = find_grams(tokens, tell_clauses(tokens, feelings.languages))
    text = tokens.text[found.token]
    length = np.sqrt(np.bincount(text, found.value**2, len(texts)))
    value = found.value / length[text]
    grams = csr_matrix((value, (text, found.place)), shape=(len(texts), 1 << BITS))
    chances = feelings.chances
    before = np.where(np.isfinite(chances), np.log(np.clip(chances, 1e-3, 1.0)), np.log(1 / 3))
    return Prepared(
        feelings, grams, floats(before - np.log(1 / 3)), found.token, found.place, floats(value), found.pair
    )


def learn_adapted(given: Prepared, truth: Whole, *, seed: int = 2) -> Adapted:
    """Learn how customers feel from what the scores beside their words say.

    Args:
        truth: array (texts,), places in `CLASSES`.
        seed: start of the random numbers by which rows are dealt to folds.
    Raises: NotEnoughData below thirty texts, or with fewer than five of each of two classes.
    Source: Fan et al. (2008), JMLR 9, 1871-1874; Guo et al. (2017), ICML, 1321-1330.
    """
    check_enough(truth)
    present, place = np.unique(truth, return_inverse=True)
    folds = np.random.default_rng(seed).permutation(len(truth)) % FOLDS
    scores = np.empty((len(truth), len(present)))
    for fold in range(FOLDS):
        out = folds == fold
        weights, prior, offsets = _fit(given, place, ~out, len(present))
        scores[out] = given.grams[out] @ weights.T + given.before[out] @ prior.T + offsets
    whole = np.ones(len(truth), dtype=np.bool_)
    return Adapted(present, *_fit(given, place, whole, len(present)), fit_scaling(floats(scores), place))


def check_enough(truth: Whole) -> None:
    """Raises: NotEnoughData where there is too little to learn from."""
    counts = np.bincount(truth, minlength=len(CLASSES))
    if len(truth) < FEWEST or (counts >= 5).sum() < 2 or (counts[counts > 0] < 5).any():
        listed = ", ".join(f"{n:,} {name}" for n, name in zip(counts.tolist(), CLASSES, strict=True))
        raise NotEnoughData(
            f"Too few scored texts to learn from: {listed}. At least {FEWEST} are needed, and five of each kind that occurs. "
            "Give more rows, or leave --score out."
        )


def _fit(given: Prepared, place: Whole, rows: Any, n: int) -> tuple[Floats, Floats, Floats]:
    """Weights of grams (classes, grams), of what was told before (classes, 3), and offsets (classes,)."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    x = hstack([given.grams[rows], csr_matrix(given.before[rows])]).tocsr()
    used = np.unique(x.indices)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # where scores hardly follow from words, it may end before it stands quite still
        model = LogisticRegression(C=MARGIN, max_iter=100, tol=1e-3).fit(x[:, used], place[rows])
    weights = np.zeros((n, x.shape[1]))
    learnt = np.searchsorted(model.classes_, np.arange(n))
    if len(model.classes_) < n:
        raise NotEnoughData(
            "A kind of score is too rare to be learnt. Give more rows of it, or leave it out."
        )
    coefficients = model.coef_ if n > 2 else np.vstack([-model.coef_, model.coef_]) / 2
    offsets = model.intercept_ if n > 2 else np.concatenate([-model.intercept_, model.intercept_]) / 2
    weights[:, used] = coefficients[learnt]
    return floats(weights[:, :-3]), floats(weights[:, -3:]), floats(offsets[learnt])
