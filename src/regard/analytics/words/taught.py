"""Topics that somebody taught by a few keywords or examples; each stands by itself, so that an edit changes no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.words.clauses import tell_clauses
from regard.analytics.words.grams import BITS, find_grams
from regard.analytics.words.terms import may_name
from regard.analytics.words.tokens import Flags, Tokens, Whole, cut_tokens, runs

# A text is like the examples of a topic where it points this far in the direction of their mean (cosine).
LIKE = 0.25
METHOD = (
    f"taught topics: a text has one where it holds a keyword of it, else where it is like its examples (cosine at least {LIKE:g} "
    "with their mean, on hashed words and pieces of words); of several, that with most keywords, else the likest"
)
SOURCE = "Rocchio (1971), The SMART Retrieval System, 313-323"


@dataclass(frozen=True, slots=True)
class Taught:
    """One taught topic.

    Args:
        keywords: words or phrases; one that ends in * stands for all words that begin so.
    """

    name: str
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Teacher:
    """Tells which taught topic each text has."""

    topics: Sequence[Taught]
    _means: list[Floats] = field(default_factory=list)

    def nearest(self, texts: Sequence[str]) -> tuple[Whole, Floats]:
        """The topic of each text, -1 for none, and how near it is (above 1 by a keyword): arrays (texts,)."""
        tokens = cut_tokens(texts)
        near = np.zeros((len(texts), len(self.topics)))
        for place, topic in enumerate(self.topics):
            for keyword in topic.keywords:
                near[:, place] += np.bincount(tokens.text[_holds(tokens, keyword)], minlength=len(texts)) > 0
        likes = self._likes(tokens)
        near = np.where(near > 0, 1 + near, np.where(likes >= LIKE, likes, 0.0))
        best = near.argmax(axis=1) if len(self.topics) else np.zeros(len(texts), dtype=np.int64)
        nearness = near[np.arange(len(texts)), best] if len(self.topics) else np.zeros(len(texts))
        return np.where(nearness > 0, best, -1), floats(nearness)

    def _likes(self, tokens: Tokens) -> Floats:
        if not any(one.examples for one in self.topics):
            return np.zeros((tokens.n_texts, len(self.topics)))
        if not self._means:
            self._means = [_mean(one.examples) for one in self.topics]
        rows = _rows(tokens)
        return floats(np.stack([rows @ one for one in self._means], axis=1))


def _holds(tokens: Tokens, keyword: str) -> Whole:
    """Where a keyword begins: places of tokens."""
    begins, wanted = keyword.endswith("*"), cut_tokens([keyword.rstrip("*")])
    n = len(wanted.number)
    if not n or n > len(tokens.number):
        return np.empty(0, dtype=np.int64)
    at = np.arange(len(tokens.number) - n + 1)
    fits = tokens.text[at] == tokens.text[at + n - 1]
    for step in range(n):
        is_open = begins and step == n - 1
        fits &= (
            _begins(tokens, wanted)[at + step] if is_open else tokens.number[at + step] == wanted.number[step]
        )
    return np.asarray(at[fits], dtype=np.int64)


def _begins(tokens: Tokens, wanted: Tokens) -> Flags:
    """Whether each token begins with the last one of `wanted`."""
    length = int(wanted.past[-1] - wanted.first[-1])
    long = tokens.past - tokens.first >= length
    heads = runs(tokens.letters, tokens.first, np.minimum(tokens.first + length, tokens.past))
    return np.asarray(long & (heads == wanted.number[-1]))


def _mean(examples: Sequence[str]) -> Floats:
    """The direction of some examples: array (2 ** BITS,), of length 1; zeros without any."""
    if not examples:
        return np.zeros(1 << BITS)
    total = np.asarray(_rows(cut_tokens(examples)).sum(axis=0)).ravel()
    return floats(total / max(float(np.linalg.norm(total)), 1e-12))


def _rows(tokens: Tokens) -> Any:
    """Hashed grams of each text, without words too common to tell, brought to length 1: sparse (texts, 2 ** BITS)."""
    from scipy.sparse import csr_matrix
    from sklearn.preprocessing import normalize

    found = find_grams(tokens, tell_clauses(tokens, np.full(tokens.n_texts, "unknown")))
    kept = may_name(tokens)[found.token] & ~found.pair
    text = tokens.text[found.token[kept]]
    x = csr_matrix((found.value[kept], (text, found.place[kept])), shape=(tokens.n_texts, 1 << BITS))
    return normalize(x)
