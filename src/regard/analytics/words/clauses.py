"""What a small word does to the others: negation turns them round, and after a "but" they count more."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from regard.analytics.arrays import Floats
from regard.analytics.words.tokens import Flags, Hashes, Tokens, Whole, numbers_of

# A negator reaches this many words, and no further than its clause.
REACH = 4
# In Armenian the negated verb stands after what it negates too ("լավ չէր").
BACKWARDS = ("hy",)
# As much more or less as people were found to weigh what stands on either side.
LESS, MORE = 0.5, 1.5
METHOD = (
    f"a negator turns the {REACH} words after it within its clause; in a sentence with a contrast the part after 'but' "
    f"counts {MORE:g}, that before and what is conceded {LESS:g}"
)
SOURCE = "Das & Chen (2007), Management Science 53(9), 1375-1388; Hutto & Gilbert (2014), ICWSM, 216-225"


@dataclass(frozen=True, slots=True, eq=False)
class Clauses:
    """How each token stands.

    Args:
        number: array (tokens,), the clause of each, counted through. turned: whether a negator reaches it.
        weight: how much it counts, by which side of a contrast it stands on.
    """

    number: Whole
    turned: Flags
    weight: Floats


@functools.cache
def lexicon(language: str) -> dict[str, list[str]]:
    """The word lists of a language: negators, contrast, concession, positive, negative, hard, easy."""
    text = files("regard.analytics.words").joinpath("lexica", f"{language}.toml").read_text(encoding="utf-8")
    lists = tomllib.loads(text)
    return {key: [word for one in given.split() for word in _bent(one)] for key, given in lists.items()}


def _bent(entry: str) -> list[str]:
    """The words that an entry stands for.

    >>> _bent("enjoy--ed-able"), _bent("well")
    (['enjoy', 'enjoyed', 'enjoyable'], ['well'])
    """
    stem, *endings = entry.split("-")
    return [stem + ending for ending in endings] or [stem]


@functools.cache
def listed(language: str, key: str) -> Hashes:
    """The numbers of the words of one list."""
    return numbers_of(lexicon(language)[key])


def among(tokens: Tokens, languages: NDArray[np.str_], key: str) -> Flags:
    """Whether each token stands in the list of this name of its text's language: array (tokens,)."""
    found = np.zeros(len(tokens.number), dtype=np.bool_)
    spoken = languages[tokens.text]
    for one in set(languages.tolist()) - {"unknown"}:
        mine = np.flatnonzero(spoken == one)
        found[mine] = np.isin(tokens.number[mine], listed(one, key))
    return found


def tell_clauses(tokens: Tokens, languages: NDArray[np.str_]) -> Clauses:
    """The clauses of tokens, what negators reach in them, and what counts more.

    Args:
        languages: array (texts,).
    Source: Hutto & Gilbert (2014), ICWSM, 216-225 (heuristic 4).
    """
    begins = np.diff(tokens.sentence, prepend=-1) > 0
    contrast = among(tokens, languages, "contrast") & ~begins
    concession = among(tokens, languages, "concession")
    number = np.cumsum(begins | tokens.pause | contrast | concession) - 1
    negates = among(tokens, languages, "negators")
    turned = _reached(negates, number)
    backwards = np.isin(languages, BACKWARDS)[tokens.text]
    turned |= backwards & _reached(negates[::-1], number[::-1])[::-1]
    return Clauses(number, turned, _weights(tokens, number, contrast, concession))


def _reached(negates: Flags, number: Whole) -> Flags:
    """Whether a negator stands at most `REACH` words before a token in its clause."""
    if not len(number):
        return negates
    at = np.arange(len(number))
    last = np.maximum.accumulate(np.where(negates, at, -1))
    before = np.concatenate([[-1], last[:-1]])
    return np.asarray((before >= 0) & (at - before <= REACH) & (number == number[np.maximum(before, 0)]))


def _weights(tokens: Tokens, number: Whole, contrast: Flags, concession: Flags) -> Floats:
    n = len(number)
    if not n:
        return np.empty(0)
    last_but = np.full(tokens.n_sentences, -1)
    np.maximum.at(last_but, tokens.sentence[contrast], np.flatnonzero(contrast))
    conceded = np.zeros(int(number[-1]) + 1, dtype=np.bool_)
    conceded[number[concession]] = True
    # A sentence that is all concession is set against nothing.
    whole = np.ones(tokens.n_sentences, dtype=np.bool_)
    whole[tokens.sentence[~conceded[number]]] = False
    less = (np.arange(n) < last_but[tokens.sentence]) | (conceded[number] & ~whole[tokens.sentence])
    has = np.zeros(tokens.n_sentences, dtype=np.bool_)
    has[tokens.sentence[less]] = True
    return np.where(less, LESS, np.where(has[tokens.sentence], MORE, 1.0))
