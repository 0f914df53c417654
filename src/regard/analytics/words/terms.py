"""Words and pairs of words that may name what a text is about, counted and weighted by how rare they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from regard.analytics.arrays import Floats, floats
from regard.analytics.words.common import is_common
from regard.analytics.words.grams import PAIRED
from regard.analytics.words.tokens import Flags, Hashes, Tokens, Whole, cut_tokens, mixed
from regard.kernel.errors import NotEnoughData

SHORTEST = 3
# A term stands in this many texts at least, and in no more than this share of them.
FEWEST, MOST_SHARE = 3, 0.5
MOST_TERMS = 20_000
METHOD = "words and pairs of words weighted by how rare they are (TF-IDF)"
SOURCE = "Salton & Buckley (1988), Inf. Process. Manag. 24, 513-523"


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms that are looked for.

    Args:
        numbers: array (terms,), rising. names: how each is written most often. rarity: array (terms,), its weight.
    """

    numbers: Hashes
    names: list[str]
    rarity: Floats

    def counts(self, texts: Sequence[str]) -> Any:
        """How often each term stands in each text: a sparse matrix (texts, terms)."""
        from scipy.sparse import csr_matrix

        tokens = cut_tokens(texts)
        number, text, _ = found_terms(tokens)
        at = np.minimum(np.searchsorted(self.numbers, number), len(self.numbers) - 1)
        known = self.numbers[at] == number
        x = csr_matrix(
            (np.ones(known.sum()), (text[known], at[known])), shape=(len(texts), len(self.numbers))
        )
        x.sum_duplicates()
        return x

    def weighted(self, counts: Any) -> Any:
        """Rows of length 1, of counts dampened and weighted by rarity; a row without a term stays empty."""
        from sklearn.preprocessing import normalize

        x = counts.copy()
        x.data = 1 + np.log(x.data)
        return normalize(x.multiply(self.rarity).tocsr())


def learn_terms(texts: Sequence[str]) -> tuple[Terms, Any]:
    """The terms of texts, and how often each stands in each: a sparse matrix (texts, terms).

    Raises: NotEnoughData where no term stands in enough texts.
    Source: Salton & Buckley (1988), Inf. Process. Manag. 24, 513-523.
    """
    tokens = cut_tokens(texts)
    number, text, token = found_terms(tokens)
    kinds, place = np.unique(number, return_inverse=True)
    once = np.unique(place.astype(np.int64) * max(len(texts), 1) + text)
    in_texts = np.bincount(once // max(len(texts), 1), minlength=len(kinds))
    enough = (in_texts >= FEWEST) & (in_texts <= max(MOST_SHARE * len(texts), FEWEST))
    kept = np.flatnonzero(enough)
    if len(kept) < 2 <= (in_texts > max(MOST_SHARE * len(texts), FEWEST)).sum():
        raise NotEnoughData(
            f"The texts hardly differ: beside words that stand in more than {MOST_SHARE:.0%} of them there is nothing to group by. "
            "Name the column with what was written in customers' own words."
        )
    if len(kept) < 2:
        raise NotEnoughData(
            f"No two words stand in {FEWEST} texts or more each, so that there is nothing to group by. Give more texts."
        )
    kept = np.sort(kept[np.argsort(-in_texts[kept], kind="stable")[:MOST_TERMS]])
    first = np.full(len(kinds), len(place))
    np.minimum.at(first, place, np.arange(len(place)))
    is_pair = first >= _n_single(tokens)
    names = [_name(tokens, int(token[first[at]]), bool(is_pair[at])) for at in kept]
    rarity = floats(np.log((1 + len(texts)) / (1 + in_texts[kept])) + 1)
    terms = Terms(kinds[kept], names, rarity)
    return terms, terms.counts(texts)


def found_terms(tokens: Tokens) -> tuple[Hashes, Whole, Whole]:
    """Every term of tokens: its number, its text, and its last token; single words first, then pairs."""
    named = np.flatnonzero(may_name(tokens))
    pairs = named[1:][np.diff(named) == 1]
    pairs = pairs[tokens.sentence[pairs] == tokens.sentence[pairs - 1]]
    pairs = pairs[~tokens.pause[pairs]]
    paired = mixed(tokens.number[pairs - 1] * PAIRED + tokens.number[pairs])
    last = np.concatenate([named, pairs])
    return np.concatenate([tokens.number[named], paired]), tokens.text[last], last


def may_name(tokens: Tokens) -> Flags:
    """Whether a word may name something: array (tokens,)."""
    long = tokens.past - tokens.first >= SHORTEST
    return np.asarray(long & (tokens.letters[tokens.first] != ord("0")) & ~is_common(tokens.number))


def _n_single(tokens: Tokens) -> int:
    return int(may_name(tokens).sum())


def _name(tokens: Tokens, last: int, is_pair: bool) -> str:
    words = [tokens.word(last - 1), tokens.word(last)] if is_pair else [tokens.word(last)]
    return " ".join(words).lower()
