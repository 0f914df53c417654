"""What customers write about: topics found in their words, how stable they are, and which topic each text has."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats, floats
from regard.analytics.words import terms
from regard.analytics.words.terms import Terms, learn_terms
from regard.analytics.words.tokens import Whole
from regard.kernel.errors import InvalidInput, NotEnoughData

NAMED_BY, COMPARED = 4, 10
RESAMPLES, RESAMPLED = 6, 0.8
# A text has a topic where it points this far in its direction (cosine).
NEAR = 0.08
# Below this overlap of its words a topic is another one each time.
STABLE = 0.5
METHOD = (
    f"{terms.METHOD}; topics by non-negative matrix factorisation; a text has the topic to which it is nearest (cosine at least "
    f"{NEAR:g}), one at the most; names by class-based TF-IDF; stability: the mean overlap (Jaccard) of a topic's {COMPARED} "
    f"words with those found again in {RESAMPLES} samples of {RESAMPLED:.0%} of the texts"
)
SOURCE = (
    f"{terms.SOURCE}; Lee & Seung (1999), Nature 401, 788-791; Grootendorst (2022), arXiv 2203.05794; "
    "Greene, O'Callaghan & Cunningham (2014), ECML PKDD, 498-513"
)
Progress = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class Topics:
    """What was found.

    Args:
        words: the words that name each topic, the most telling first. directions: array (topics, terms), each of length 1.
        stability: array (topics,), from 0 to 1; not a number where there were too few texts to sample.
    """

    terms: Terms
    words: list[list[str]]
    directions: Floats
    stability: Floats

    def nearest(self, weighted: Any) -> tuple[Whole, Floats]:
        """The topic of each row of weighted terms, -1 for none, and how near it is: arrays (texts,)."""
        near = floats(weighted @ self.directions.T)
        best = near.argmax(axis=1)
        nearness = near[np.arange(len(near)), best]
        return np.where(nearness >= NEAR, best, -1), nearness


def find_topics(
    texts: Sequence[str],
    n_topics: int,
    *,
    seed: int = 2,
    resamples: int = RESAMPLES,
    progress: Progress | None = None,
) -> Topics:
    """Topics of texts, the largest first.

    Args:
        n_topics: how many are looked for.
        resamples: how many samples the stability rests on.
    Raises: InvalidInput below two topics; NotEnoughData below five texts a topic, or with too few words.
    Source: Lee & Seung (1999), Nature 401, 788-791; Grootendorst (2022), arXiv 2203.05794.
    """
    if n_topics < 2:
        raise InvalidInput(f"{n_topics} topics were asked for; at least two can be told apart.")
    known, counts = learn_terms(texts)
    usable = np.flatnonzero(np.diff(counts.indptr) > 0)
    _check_enough([texts[at] for at in usable.tolist()], len(known.names), n_topics)
    counts = counts[usable]
    x = known.weighted(counts)
    parts = _factors(x, n_topics, seed)
    topic = floats(x @ _unit(parts).T).argmax(axis=1)
    order = np.argsort(-np.bincount(topic, minlength=n_topics), kind="stable")
    parts = parts[order]
    if progress:
        progress()
    stability = _stability(x, parts, seed, resamples, progress)
    topic = np.argsort(order)[topic]
    return Topics(known, _names(known, counts, topic, n_topics), _unit(parts), stability)


def _check_enough(texts: Sequence[str], n_words: int, n_topics: int) -> None:
    if len(texts) < 5 * n_topics:
        raise NotEnoughData(
            f"{n_topics} topics need {5 * n_topics:,} texts with words that others use too; there are {len(texts):,}. Give more texts, "
            "or look for fewer: --topics N."
        )
    different = len(set(texts))
    if min(different, n_words) < n_topics:
        raise NotEnoughData(
            f"{n_topics} topics need as many different texts, and words that others use too; there are {different:,} and "
            f"{n_words:,}. Give more texts, or look for fewer: --topics N."
        )


def _factors(x: Any, n_topics: int, seed: int) -> Floats:
    """The parts of which the rows of `x` are made: array (topics, terms)."""
    from sklearn.decomposition import NMF

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it may end before it stands quite still
        model = NMF(n_topics, init="nndsvda", random_state=seed, max_iter=150, tol=1e-3).fit(x)
    return floats(model.components_)


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return floats(rows / np.maximum(length, 1e-12))


def _stability(x: Any, parts: Floats, seed: int, resamples: int, progress: Progress | None) -> Floats:
    """How much of each topic's words is found again in samples: array (topics,)."""
    from scipy.optimize import linear_sum_assignment

    generator = np.random.default_rng(seed)
    n_topics, size = len(parts), int(RESAMPLED * x.shape[0])
    if size < 5 * n_topics or not resamples:
        return np.full(n_topics, np.nan)
    top, total = _top(parts), np.zeros(n_topics)
    for _ in range(resamples):
        rows = np.sort(generator.choice(x.shape[0], size, replace=False))
        again = _top(_factors(x[rows], n_topics, seed))
        overlap = np.array([[_jaccard(one, other) for other in again] for one in top])
        mine, theirs = linear_sum_assignment(-overlap)
        total[mine] += overlap[mine, theirs]
        if progress:
            progress()
    return floats(total / resamples)


def _top(parts: Floats) -> list[frozenset[int]]:
    return [frozenset(np.argsort(-part, kind="stable")[:COMPARED].tolist()) for part in parts]


def _jaccard(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other)


def _names(known: Terms, counts: Any, topic: Whole, n_topics: int) -> list[list[str]]:
    """The words that are more frequent in each topic than elsewhere. Source: Grootendorst (2022), arXiv 2203.05794."""
    from scipy.sparse import csr_matrix

    groups = csr_matrix((np.ones(len(topic)), (topic, np.arange(len(topic)))), shape=(n_topics, len(topic)))
    each = floats((groups @ counts).todense())
    share = each / np.maximum(each.sum(axis=1, keepdims=True), 1)
    weight = share * np.log1p(each.sum() / n_topics / np.maximum(each.sum(axis=0), 1))
    return [_distinct(known.names, np.argsort(-one, kind="stable"), one) for one in weight]


def _distinct(names: Sequence[str], order: NDArray[np.int64], weight: Floats) -> list[str]:
    """The first of these names that do not say again what another said."""
    found: list[str] = []
    for at in order[:40]:
        name = names[at]
        if weight[at] <= 0 or len(found) == NAMED_BY:
            break
        if any(set(name.split()) <= set(one.split()) for one in found):
            continue
        found = [one for one in found if not set(one.split()) <= set(name.split())] + [name]
    return found
