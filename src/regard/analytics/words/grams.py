"""Words, pairs of words and pieces of words as hashed places, each with the token that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.words.clauses import Clauses
from regard.analytics.words.marks import SPACE
from regard.analytics.words.tokens import Flags, Hashes, Tokens, Whole, mixed, rolling

BITS = 20
PIECES = (3, 4, 5)
# A piece of a word tells less than the word.
PIECE_WEIGHT = 0.4
TURNED, PAIRED = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
MASK = np.uint64((1 << BITS) - 1)
SOURCE = "Weinberger et al. (2009), ICML, 1113-1120; Joachims (1998), ECML, 137-142"


@dataclass(frozen=True, slots=True, eq=False)
class Grams:
    """What was found in some tokens.

    Args:
        place: array (grams,), the hash of each, below 2 ** BITS. token: whose it is; a pair is its second word's.
        value: how much it counts, such that the squares in each sentence add up to 1.
        pair: whether it is a pair.
    """

    place: Whole
    token: Whole
    value: Floats
    pair: Flags

    def __len__(self) -> int:
        return len(self.place)


def find_grams(tokens: Tokens, clauses: Clauses) -> Grams:
    """The grams of tokens; words that a negator reaches are others than the same words without it.

    Source: Weinberger et al. (2009), ICML, 1113-1120.
    """
    turn = np.where(clauses.turned, TURNED, np.uint64(0))
    words = tokens.number ^ turn
    n = len(words)
    pairs = np.flatnonzero(np.diff(tokens.sentence) == 0) + 1
    paired = mixed(words[pairs - 1] * PAIRED + words[pairs])
    pieces, owner = _pieces(tokens)
    numbers = np.concatenate([words, paired, pieces ^ turn[owner]])
    token = np.concatenate([np.arange(n), pairs, owner])
    value = np.ones(len(numbers))
    value[n + len(pairs) :] = PIECE_WEIGHT
    value *= clauses.weight[token]
    sentence = tokens.sentence[token]
    length = np.sqrt(np.bincount(sentence, value**2, tokens.n_sentences))
    pair = np.zeros(len(numbers), dtype=np.bool_)
    pair[n : n + len(pairs)] = True
    return Grams((mixed(numbers) & MASK).astype(np.int64), token, value / length[sentence], pair)


def _pieces(tokens: Tokens) -> tuple[Hashes, Whole]:
    """The numbers of pieces within words, the gaps beside a word counted in, and whose they are."""
    letters = tokens.letters
    owner = np.full(len(letters), -1, dtype=np.int64)
    spans = tokens.past - tokens.first
    inner = np.repeat(tokens.first - np.cumsum(spans) + spans, spans) + np.arange(spans.sum())
    owner[inner] = np.repeat(np.arange(len(spans)), spans)
    sums, back = rolling(letters)
    found: list[Hashes] = []
    whose: list[Whole] = []
    for size in PIECES:
        starts = np.flatnonzero(_fits(owner, letters, size))
        found.append(mixed((sums[starts + size] - sums[starts]) * back[starts]) + np.uint64(size))
        whose.append(owner[starts + 1])
    return np.concatenate(found), np.concatenate(whose)


def _fits(owner: Whole, letters: NDArray[np.uint32], size: int) -> NDArray[np.bool_]:
    """Where a piece of this size begins: all but its ends are letters of one word, its ends that or gaps."""
    n = len(owner) - size + 1
    if n <= 0:
        return np.zeros(0, dtype=np.bool_)
    inside = owner[1 : n + 1]
    fits = (inside >= 0) & (owner[size - 2 : size - 2 + n] == inside)
    head, tail = owner[:n], owner[size - 1 : size - 1 + n]
    fits &= (head == inside) | (letters[:n] == SPACE)
    fits &= (tail == inside) | (letters[size - 1 : size - 1 + n] == SPACE)
    return np.asarray(fits, dtype=np.bool_)
