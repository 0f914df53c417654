"""What a customer wants, told from what they wrote, and when to say that it is nothing known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from regard.analytics.arrays import Flags, Floats, floats
from regard.analytics.words import calibration, features
from regard.analytics.words.calibration import Scaling, Whole, best_threshold, fit_scaling, within
from regard.analytics.words.features import Features, learn_features, words_of
from regard.kernel.errors import InvalidInput, NotEnoughData

FOLDS = 3
MARGIN = 0.2
# How far from its side everything lies where a label has no example.
NEVER = -2.0
T = TypeVar("T")
METHOD = (
    "linear support vectors, one label against the rest, on words, pairs of words, pieces of words and how a text begins and "
    f"ends; chances and threshold from rows left out of fitting ({FOLDS} folds)"
)
SOURCE = f"Fan et al. (2008), JMLR 9, 1871-1874; {features.SOURCE}; {calibration.SOURCE}"
Progress = Callable[[], None]
# For each text, what was said before it in its conversation: see `features.said_before`.
Before = Sequence[list[str]]


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
    features: Features
    weights: Floats
    offsets: Floats
    scaling: Scaling
    out_of_scope: str | None
    threshold: float | None

    def scores(self, texts: Sequence[str], before: Before | None = None) -> Floats:
        """How far each text lies on each label's side: array (n, labels)."""
        return floats(self.features.rows(texts, before) @ self.weights.T + self.offsets)

    def verdicts(self, texts: Sequence[str], before: Before | None = None) -> Verdicts:
        """The label of each text, with its chance."""
        chances = self.scaling.chances(self.scores(texts, before))
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
    before: Before | None = None,
    threads: Sequence[Hashable] | None = None,
    out_of_scope: str | None = None,
    seed: int = 2,
    progress: Progress | None = None,
) -> Intents:
    """Learn from labelled texts what customers want.

    Chances are calibrated, and the threshold is chosen, on rows left out of fitting; the model is fitted to all rows then.

    Args:
        texts: what was written; an empty one tells what saying nothing means. labels: one each, every one at least twice.
        before: what was said before each text, which is learnt from too. threads: the conversation of each text; a conversation is
            left out of fitting as a whole.
        out_of_scope: the label of what is nothing known; examples of it may be among `labels`, or not.

    Raises: NotEnoughData below two labels or without a word; InvalidInput for a label seen once.
    Source: Fan et al. (2008), JMLR 9, 1871-1874; Guo et al. (2017), ICML, 1321-1330.
    """
    names, truth = _check(texts, labels, out_of_scope)
    folds = _cut(truth, seed) if threads is None else _cut_threads(threads, seed)
    held = _held_out(texts, before, truth, folds, seed, progress)
    scaling = fit_scaling(held, truth)
    threshold = None
    if out_of_scope is not None:
        out_at = names.index(out_of_scope) if out_of_scope in names else None
        threshold = best_threshold(scaling.chances(held), truth, out_at)
    learnt, x = learn_features(texts, before)
    weights, offsets = _fit(x, truth, len(names), seed)
    if progress:
        progress()
    counted = Counter(labels)
    n = {name: counted[name] for name in names}
    return Intents(names, n, learnt, weights, offsets, scaling, out_of_scope, threshold)


def _held_out(
    texts: Sequence[str],
    before: Before | None,
    truth: Whole,
    folds: Whole,
    seed: int,
    progress: Progress | None,
) -> Floats:
    """The scores of each text by what was learnt without its fold: array (n, labels)."""
    n_labels = int(truth.max()) + 1
    scores = np.empty((len(texts), n_labels))
    for fold in range(FOLDS):
        left = folds == fold
        if not left.any():
            continue
        kept, out = _rows(texts, ~left), _rows(texts, left)
        learnt, x = learn_features(kept, None if before is None else _rows(before, ~left))
        weights, offsets = _fit(x, truth[~left], n_labels, seed)
        rows = learnt.rows(out, None if before is None else _rows(before, left))
        scores[left] = rows @ weights.T + offsets
        if progress:
            progress()
    return floats(scores)


def _rows(values: Sequence[T], chosen: Flags) -> list[T]:
    return [one for one, is_chosen in zip(values, chosen, strict=True) if is_chosen]


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


def _fit(x: Any, truth: Whole, n_labels: int, seed: int) -> tuple[Floats, Floats]:
    """Weights (labels, features) and offsets (labels,) of one label against the rest; one that is not there is never told."""
    from sklearn.svm import LinearSVC

    present = np.unique(truth)
    if len(present) < 2:
        raise NotEnoughData(
            "Nearly all examples of a label stand in one conversation. Give more conversations, or --no-thread."
        )
    model = LinearSVC(C=MARGIN, dual=True, random_state=seed, max_iter=5_000).fit(x, truth)
    found, apart = floats(model.coef_), floats(model.intercept_)
    if len(found) == 1:
        # Of two labels there is one line, and each stands on its own side of it.
        found, apart = floats(np.vstack([-found, found])), floats(np.concatenate([-apart, apart]))
    if len(present) == n_labels:
        return found, apart
    weights, offsets = np.zeros((n_labels, x.shape[1])), np.full(n_labels, NEVER)
    weights[present], offsets[present] = found, apart
    return floats(weights), floats(offsets)


def _cut(truth: Whole, seed: int) -> Whole:
    """The fold of each row, by lot, each label dealt out evenly, so that none is missing from what is fitted."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(truth))
    order = order[np.argsort(truth[order], kind="stable")]
    folds = np.empty(len(truth), dtype=np.int64)
    folds[order] = np.arange(len(truth)) % FOLDS
    return folds


def _cut_threads(threads: Sequence[Hashable], seed: int) -> Whole:
    """The fold of each row, by lot, the same for all rows of a conversation."""
    place: dict[Hashable, int] = {}
    numbers = [
        place.setdefault((one, at if one is None else 0), len(place)) for at, one in enumerate(threads)
    ]
    return (np.random.default_rng(seed).permutation(len(place)) % FOLDS)[numbers]
