"""What a customer wants, told from what they wrote, and when to say that it is nothing known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.words import calibration, features
from regard.analytics.words.calibration import Scaling, Whole, best_threshold, fit_scaling, within
from regard.analytics.words.features import learn_features, words_of
from regard.kernel.errors import InvalidInput, NotEnoughData

FOLDS = 3
MARGIN = 0.2
METHOD = (
    "linear support vectors, one label against the rest, on words, pairs of words, pieces of words and how a text begins and "
    f"ends; chances and threshold from rows left out of fitting ({FOLDS} folds)"
)
SOURCE = f"Fan et al. (2008), JMLR 9, 1871-1874; {features.SOURCE}; {calibration.SOURCE}"
Progress = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What was told of some texts.

    Args:
        labels: the label of each text. chance: array (n,), that of its likeliest label, which is another one where the text is
            out of scope because nothing is likely enough.
        chances: array (n, labels).
    """

    labels: list[str]
    chance: Floats
    chances: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Intents:
    """What was learnt.

    Args:
        labels: those that can be told by example. n: how many examples there were of each.
        out_of_scope: the label of what is nothing known, None where nobody asked for it.
        threshold: below this chance a text is out of scope; None where nobody asked for it.
    """

    labels: tuple[str, ...]
    n: dict[str, int]
    union: Any
    weights: Floats
    offsets: Floats
    scaling: Scaling
    out_of_scope: str | None
    threshold: float | None

    def scores(self, texts: Sequence[str]) -> Floats:
        """How far each text lies on each label's side: array (n, labels)."""
        return floats(self.union.transform(list(texts)) @ self.weights.T + self.offsets)

    def verdicts(self, texts: Sequence[str]) -> Verdicts:
        """The label of each text, with its chance."""
        chances = self.scaling.chances(self.scores(texts))
        out = self.labels.index(self.out_of_scope) if self.out_of_scope in self.labels else None
        best, chance = chances.argmax(axis=1), chances.max(axis=1)
        told = [self.labels[at] for at in best]
        if self.out_of_scope is not None and self.threshold is not None:
            unsure = within(chances, out).max(axis=1) < self.threshold
            told = [self.out_of_scope if doubt else one for one, doubt in zip(told, unsure, strict=True)]
        return Verdicts(told, floats(chance), chances)


def learn_intents(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    out_of_scope: str | None = None,
    seed: int = 2,
    progress: Progress | None = None,
) -> Intents:
    """Learn from labelled texts what customers want.

    Chances are calibrated, and the threshold is chosen, on rows left out of fitting; the model is fitted to all rows then.

    Args:
        texts: what was written; an empty one tells what saying nothing means. labels: one each, every one at least twice.
        out_of_scope: the label of what is nothing known; examples of it may be among `labels`, or not.

    Raises: NotEnoughData below two labels or without a word; InvalidInput for a label seen once.
    Source: Fan et al. (2008), JMLR 9, 1871-1874; Guo et al. (2017), ICML, 1321-1330.
    """
    names, truth = _check(texts, labels, out_of_scope)
    held = _held_out(texts, truth, len(names), seed, progress)
    scaling = fit_scaling(held, truth)
    threshold = None
    if out_of_scope is not None:
        out_at = names.index(out_of_scope) if out_of_scope in names else None
        threshold = best_threshold(scaling.chances(held), truth, out_at)
    union, x = learn_features(texts)
    weights, offsets = _fit(x, truth, seed)
    if progress:
        progress()
    counted = Counter(labels)
    n = {name: counted[name] for name in names}
    return Intents(names, n, union, weights, offsets, scaling, out_of_scope, threshold)


def _held_out(
    texts: Sequence[str], truth: Whole, n_labels: int, seed: int, progress: Progress | None
) -> Floats:
    """The scores of each text by what was learnt without its fold: array (n, labels)."""
    folds = _cut(truth, seed)
    scores = np.empty((len(texts), n_labels))
    for fold in range(FOLDS):
        left = folds == fold
        union, x = learn_features([one for one, out in zip(texts, left, strict=True) if not out])
        weights, offsets = _fit(x, truth[~left], seed)
        kept = [one for one, out in zip(texts, left, strict=True) if out]
        scores[left] = union.transform(kept) @ weights.T + offsets
        if progress:
            progress()
    return floats(scores)


def _check(
    texts: Sequence[str], labels: Sequence[str], out_of_scope: str | None
) -> tuple[tuple[str, ...], Whole]:
    counted = Counter(labels)
    once = [name for name, n in counted.items() if n < 2]
    if once:
        raise InvalidInput(f"Each label needs two examples; '{once[0]}' has one. Give more, or leave it out.")
    if not any(words_of(one) for one in texts):
        raise NotEnoughData(
            "No text holds a word to learn from. Name the column that holds what was written."
        )
    if len(counted.keys() - {out_of_scope}) < 2:
        raise NotEnoughData(
            "There is nothing to tell apart: fewer than two labels in scope have two or more examples. Give rows of others."
        )
    names = tuple(sorted(counted))
    place = {name: at for at, name in enumerate(names)}
    return names, np.array([place[one] for one in labels], dtype=np.int64)


def _fit(x: Any, truth: Whole, seed: int) -> tuple[Floats, Floats]:
    """Weights (labels, features) and offsets (labels,) of one label against the rest."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=MARGIN, dual=True, random_state=seed, max_iter=5_000).fit(x, truth)
    weights, offsets = floats(model.coef_), floats(model.intercept_)
    if len(weights) == 1:
        # Of two labels there is one line, and each stands on its own side of it.
        return floats(np.vstack([-weights, weights])), floats(np.concatenate([-offsets, offsets]))
    return weights, offsets


def _cut(truth: Whole, seed: int) -> Whole:
    """The fold of each row, by lot, each label dealt out evenly, so that none is missing from what is fitted."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(truth))
    order = order[np.argsort(truth[order], kind="stable")]
    folds = np.empty(len(truth), dtype=np.int64)
    folds[order] = np.arange(len(truth)) % FOLDS
    return folds
